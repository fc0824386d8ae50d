"""`/api/v1/instant_design`: Doorstep paints no designs, so what lists them is empty."""

from typing import Any

from litestar import get

from doorstep.api.description.calls import call
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover.declared import instant_design as declared
from doorstep.wire.hover.encoding import AnyRequest, nest, whole
from doorstep.wire.hover.paging import pagination_v1, read_page

TAG = "Jobs"
PATH = "/api/v1/instant_design"


@get(
    [PATH + "/leads", PATH + "/leads.json"],
    opt=call(TAG, query=declared.ListDesignLeads, answer=declared.DesignLeadList),
)
async def leads(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """Always empty: the leads of vendors are under `/api/desk`."""
    assert api.org_id
    page, per = read_page(nest(request.query_params.multi_items()))
    return {"leads": [], "meta": {"pagination": pagination_v1(page=page, per=per, total=0)}}


@get(
    [PATH + "/images", PATH + "/images.json"],
    opt=call(TAG, query=declared.ListDesigns, answer=declared.DesignList, fails=(404,)),
)
async def images(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """Always empty, for a job of the organization; no lead has any."""
    tree = nest(request.query_params.multi_items())
    job_id = whole(tree, "job_id")
    if job_id is not None:
        await jobs.find(api, job_id=job_id)
    if whole(tree, "lead_id") is not None:
        raise NotFound
    return {"images": []}


ROUTES = [leads, images]
