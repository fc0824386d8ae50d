"""`/api/desk/jobs/{job_id}/place`: where a job's house stands, and what phones found."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.captures import place_check_queries
from doorstep.jobs import actions as jobs
from doorstep.jobs import place_queries, places
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.screens import row_id

TAG = ["Jobs"]
PATH = "/jobs/{job_id:int}/place"


class NewPlace(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Degrees, as maps and phones have them (WGS 84)."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class FoundAt(msgspec.Struct, kw_only=True):
    """What one phone found: `yes`, `no` or `unknown`; `metres` only where that was allowed."""

    answer: str
    metres: int | None
    checked_at: datetime


class Place(msgspec.Struct, kw_only=True):
    """Where the house stands, null if nobody said, and what phones found, the last one first."""

    latitude: float | None
    longitude: float | None
    checks: list[FoundAt]


@get(PATH, tags=TAG, responses=problems(404))
async def show_place(api: OrgScope, *, job_id: int) -> Place:
    """Where the house stands, and whether the phones were there."""
    api.require(Right.READ)
    job = await jobs.find(api, job_id=row_id(job_id))
    latitude, longitude = await place_queries.find(api, job_id=job.id) or (None, None)
    found = await place_check_queries.of_job(api, job_id=job.id)
    return Place(
        latitude=latitude,
        longitude=longitude,
        checks=[msgspec.convert(one, FoundAt, from_attributes=True) for one in found],
    )


@put(PATH, status_code=204, tags=TAG, responses=problems(404, 422))
async def put_place(api: OrgScope, *, job_id: int, data: JSONBody[NewPlace]) -> None:
    """Say where the house stands, so that phones can say whether they are there."""
    await places.put(api, job_id=row_id(job_id), latitude=data.latitude, longitude=data.longitude)


@delete(PATH, tags=TAG, responses=problems(404))
async def delete_place(api: OrgScope, *, job_id: int) -> None:
    """Say it no more."""
    await places.remove(api, job_id=row_id(job_id))


ROUTES = [show_place, put_place, delete_place]
