"""Deliverable change requests: order a build of photos that were only taken, or a fuller one."""

from typing import Any

from litestar import Response, get, post

from doorstep.api.description.calls import call
from doorstep.jobs import actions as jobs
from doorstep.jobs import change_queries, changes
from doorstep.jobs.change_queries import DeliverableChange
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Forbidden, Invalid, NotFound
from doorstep.orgs.model import ROLE_RIGHTS, OrgScope, Right
from doorstep.wire.hover.acting import acting_user, acting_user_if_named
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.asking import BLANK
from doorstep.wire.hover.declared import deliverable_changes as declared
from doorstep.wire.hover.encoding import AnyRequest, Tree, branch, nest, read_tree, whole
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.shapes import pagination

TAG = "Deliverable changes"
OF_MODEL = "/api/v3/models/{model_id:str}/deliverable_change_requests"
OLD = "/api/v2/deliverable_change_requests"


@post(
    [OF_MODEL, OF_MODEL + ".json"],
    status_code=201,
    opt=call(TAG, body=declared.NewChange, answer=declared.DeliverableChange, once=True),
)
async def create(request: AnyRequest, *, model_id: str, api: OrgScope) -> Response[bytes]:
    """Order something else of a model, in an admin's name."""
    tree = await read_tree(request)
    job_id = await _job_of(api, model_id)

    async def order() -> dict[str, Any]:
        return await _ordered(api, tree, wanted=tree, job_id=job_id)

    return await once(request, api, tree=tree, status=201, work=order)


@get(
    [OF_MODEL + "/price", OF_MODEL + "/price.json"],
    opt=call(TAG, query=declared.WantedPrice, answer=declared.Price),
)
async def price(request: AnyRequest, *, model_id: str, api: OrgScope) -> dict[str, Any]:
    """What ordering something else of a model would be charged."""
    tree = nest(request.query_params.multi_items())
    job_id = await _job_of(api, model_id)
    deliverable_id = whole(tree, "new_deliverable_id")
    if deliverable_id is None:
        raise Invalid(fields={"new_deliverable_id": [BLANK]})
    cents = await changes.price_of(api, job_id=job_id, deliverable_id=deliverable_id)
    return {"new_deliverable_id": deliverable_id, "price_cents": cents}


@get(
    [OF_MODEL, OF_MODEL + ".json"],
    opt=call(TAG, query=declared.ListChanges, answer=declared.DeliverableChangeList),
)
async def index(request: AnyRequest, *, model_id: str, api: OrgScope) -> dict[str, Any]:
    """What was ordered of a model, newest first."""
    tree = nest(request.query_params.multi_items())
    return await _listed(api, tree, job_id=await _job_of(api, model_id))


@post(
    [OLD, OLD + ".json"],
    status_code=201,
    opt=call(
        TAG,
        body=declared.NewOldChange,
        answer=declared.DeliverableChange,
        once=True,
        fails=(404,),
    ),
)
async def create_old(request: AnyRequest, api: OrgScope) -> Response[bytes]:
    """The older call, which names the job."""
    tree = await read_tree(request)
    wanted = branch(tree, "deliverable_change_request")
    job_id = whole(wanted, "job_id")
    if job_id is None:
        raise Invalid(fields={"job_id": [BLANK]})

    async def order() -> dict[str, Any]:
        return await _ordered(api, tree, wanted=wanted, job_id=job_id)

    return await once(request, api, tree=tree, status=201, work=order)


@get(
    [OLD, OLD + ".json"],
    opt=call(
        TAG, query=declared.ListOldChanges, answer=declared.DeliverableChangeList, fails=(404,)
    ),
)
async def index_old(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """What was ordered of a job, newest first."""
    tree = nest(request.query_params.multi_items())
    job_id = whole(tree, "job_id")
    if job_id is None:
        raise Invalid(fields={"job_id": [BLANK]})
    return await _listed(api, tree, job_id=job_id)


async def _ordered(scope: OrgScope, tree: Tree, *, wanted: Tree, job_id: int) -> dict[str, Any]:
    await jobs.find(scope, job_id=job_id)
    member = await acting_user(scope, tree)
    if Right.ADMINISTER not in ROLE_RIGHTS[member.role]:
        raise Forbidden("Name an admin of the organization as the acting user.")
    deliverable_id = whole(wanted, "new_deliverable_id")
    if deliverable_id is None:
        raise Invalid(fields={"new_deliverable_id": [BLANK]})
    change = await changes.order_deliverable(
        scope, job_id=job_id, deliverable_id=deliverable_id, user_id=member.id
    )
    return shape(change)


async def _listed(scope: OrgScope, tree: Tree, *, job_id: int) -> dict[str, Any]:
    await jobs.find(scope, job_id=job_id)
    await acting_user_if_named(scope, tree)
    page, per = read_page(tree)
    rows, total = await change_queries.deliverable_changes(
        scope, job_id=job_id, start=(page - 1) * per, rows_max=per
    )
    return {
        "pagination": pagination(page=page, per=per, total=total),
        "results": [shape(row) for row in rows],
    }


async def _job_of(scope: OrgScope, model_id: str) -> int:
    job_id = await change_queries.find_job_of_model(scope, model_id=numeric(model_id))
    if job_id is None:
        raise NotFound
    return job_id


def shape(change: DeliverableChange) -> dict[str, Any]:
    """The documented object; a change is complete as soon as it is asked for."""
    return {
        "id": change.id,
        "job_id": change.job_id,
        "user_id": change.user_id,
        "new_deliverable_id": change.new_deliverable_id,
        "old_deliverable_id": change.old_deliverable_id,
        "changed_at": iso_millis(change.changed_at),
        "created_at": iso_millis(change.created_at),
        "updated_at": iso_millis(change.updated_at),
        "state": change.state,
    }


ROUTES = [create, price, index, create_old, index_old]
