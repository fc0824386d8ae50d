"""`/api/v3/jobs`: the current list and show."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
from litestar import get

from doorstep.api.description.calls import call
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope
from doorstep.photos import records
from doorstep.web.services import Services
from doorstep.wire.hover import job_list_queries, job_queries
from doorstep.wire.hover.acting import acting_user_if_named
from doorstep.wire.hover.declared import jobs_v3 as declared
from doorstep.wire.hover.encoding import AnyRequest, Tree, flag, nest, text, whole
from doorstep.wire.hover.job_filter import SORTINGS, Filter
from doorstep.wire.hover.job_shapes_v3 import job_v3
from doorstep.wire.hover.jobs import TAG, addresses_of, deliverables, found, searched
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.states import RECONSTRUCTION_STATES, states_of

PATH = "/api/v3/jobs"
SECONDS_MAX = 1 << 33


@get(
    [PATH, PATH + ".json"],
    opt=call(TAG, query=declared.ListJobsV3, answer=declared.JobV3List),
)
async def index(request: AnyRequest, *, services: Services, api: OrgScope) -> dict[str, Any]:
    """Jobs, newest first unless told otherwise."""
    tree = nest(request.query_params.multi_items())
    await acting_user_if_named(api, tree)
    page, per = read_page(tree)
    if flag(tree, "example", default=False):
        return _listed([], page=page, more=False)
    wanted = Filter(
        archived=flag(tree, "archived", default=False),
        states=_states(tree),
        deliverable_ids=deliverables(tree),
        updated_since=_since(tree),
        search=searched(tree),
        sort=_sorting(tree),
    )
    ids = await job_list_queries.page(api, wanted, start=(page - 1) * per, rows_max=per + 1)
    rows = await job_queries.list_of(api, job_ids=ids[:per])
    return _listed(await _shown(api, rows, services=services), page=page, more=len(ids) > per)


@get(
    PATH + "/{job_id:str}",
    opt=call(TAG, query=declared.ShowJob, answer=declared.JobV3),
)
async def show(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> dict[str, Any]:
    """One job with everything."""
    row = await found(api, job_id=numeric(job_id))
    await acting_user_if_named(api, nest(request.query_params.multi_items()))
    return (await _shown(api, [row], services=services))[0]


async def _shown(
    scope: OrgScope, rows: list[asyncpg.Record], *, services: Services
) -> list[dict[str, Any]]:
    job_ids = [row["id"] for row in rows]
    models = await job_queries.models(scope, job_ids=job_ids)
    addresses = await addresses_of(scope, job_ids=job_ids, services=services)
    requests = [row["request_id"] for row in rows if row["request_id"] is not None]
    sessions = await records.of_requests(scope, capture_request_ids=requests)
    return [
        job_v3(
            row,
            models=models[row["id"]],
            sessions=[one for one in sessions if one.capture_request_id == row["request_id"]],
            addresses=addresses,
        )
        for row in rows
    ]


def _listed(results: list[dict[str, Any]], *, page: int, more: bool) -> dict[str, Any]:
    pagination = {"current_page": page, "next_page": page + 1 if more else None}
    return {"results": results, "pagination": pagination}


def _states(tree: Tree) -> list[str] | None:
    wanted = text(tree, "reconstruction_state")
    if wanted is None:
        return None
    if wanted not in RECONSTRUCTION_STATES.values():
        raise Invalid(fields={"reconstruction_state": ["is not a state"]})
    return states_of(wanted)


def _since(tree: Tree) -> datetime | None:
    seconds = whole(tree, "updated_since")
    if seconds is None:
        return None
    if not 0 <= seconds < SECONDS_MAX:
        raise Invalid(fields={"updated_since": ["must be Unix seconds"]})
    return datetime.fromtimestamp(seconds, UTC)


def _sorting(tree: Tree) -> tuple[str, str]:
    column = text(tree, "sort_by") or "created_at"
    order = (text(tree, "sort_order") or "DESC").upper()
    if order not in ("ASC", "DESC"):
        raise Invalid(fields={"sort_order": ["must be ASC or DESC"]})
    if (column, order) not in SORTINGS:
        raise Invalid(fields={"sort_by": ["must be completed_at, created_at or updated_at"]})
    return column, order


ROUTES = [index, show]
