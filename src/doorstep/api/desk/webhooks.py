"""`/api/desk/webhooks`: the organization's own endpoints, and sending a range again."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.screens import row_id
from doorstep.webhooks import actions, queries
from doorstep.webhooks.model import ENDPOINTS_MAX

TAG = ["Webhooks"]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class EndpointLine(msgspec.Struct, kw_only=True):
    """A URL that hears of events; `last_error` is a code, null while it works."""

    id: int
    url: str
    dialect: str
    created_at: datetime
    failing_since: datetime | None
    failures: int
    last_error: str | None
    disabled_at: datetime | None
    disabled_because: str | None


class EndpointList(msgspec.Struct, kw_only=True):
    """Every endpoint but those of vendors, oldest first; at most 50."""

    endpoints: list[EndpointLine]


class Range(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Deliveries made from `since` until before `until`; `also_taken` those that arrived too."""

    since: Moment
    until: Moment
    also_taken: bool = False


class Replayed(msgspec.Struct, kw_only=True):
    """How many deliveries are on their way again; 1000 is the most at once, oldest first."""

    deliveries: int


@get("/webhooks", tags=TAG, responses=problems())
async def list_endpoints(api: OrgScope) -> EndpointList:
    """Every endpoint, and how it does."""
    api.require(Right.ADMINISTER)
    found = await queries.page(api, rows_max=ENDPOINTS_MAX)
    return EndpointList(
        endpoints=[msgspec.convert(one, EndpointLine, from_attributes=True) for one in found]
    )


@post(
    "/webhooks/{endpoint_id:int}/replays",
    status_code=200,
    tags=TAG,
    responses=problems(404, 409, 422),
)
async def replay_deliveries(api: OrgScope, *, endpoint_id: int, data: JSONBody[Range]) -> Replayed:
    """Send what was made in a time and not taken again: the same bytes under the same ids."""
    number = await actions.replay(
        api,
        endpoint_id=row_id(endpoint_id),
        since=data.since,
        until=data.until,
        also_taken=data.also_taken,
    )
    return Replayed(deliveries=number)


ROUTES = [list_endpoints, replay_deliveries]
