"""Where a job's house stands: written by the organization, compared by the homeowner's phone."""

import re

from doorstep.jobs import actions as jobs
from doorstep.jobs import place_queries
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope, Right

LATITUDE_MAX, LONGITUDE_MAX = 90, 180
TYPED = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,8})?)[,;\s]+(-?\d{1,3}(?:\.\d{1,8})?)\s*")


def read(text: str) -> tuple[float, float]:
    """(latitude, longitude) as maps write them, `33.6189, -117.9289`; Invalid otherwise."""
    found = TYPED.fullmatch(text)
    if found is None:
        raise Invalid(fields={"place": ["is written as 33.6189, -117.9289"]})
    return float(found[1]), float(found[2])


async def put(scope: OrgScope, *, job_id: int, latitude: float, longitude: float) -> None:
    """Say where the house stands."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    if not (abs(latitude) <= LATITUDE_MAX and abs(longitude) <= LONGITUDE_MAX):
        raise Invalid(fields={"place": ["is no place on earth"]})
    await place_queries.put(scope, job_id=job_id, latitude=latitude, longitude=longitude)


async def remove(scope: OrgScope, *, job_id: int) -> None:
    """Say it no more: phones ask nothing."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    await place_queries.remove(scope, job_id=job_id)
