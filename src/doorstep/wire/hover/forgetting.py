"""Kept answers of a homeowner who wished to be forgotten: the same calls, without the person."""

import msgspec

from doorstep.captures import actions as captures
from doorstep.events.model import Event
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover import answer_queries, shapes

PERSONAL = (
    *("capturing_user_name", "capturing_user_email", "capturing_user_phone"),
    *("claim_number", "job_attributes"),
)


async def forget(scope: OrgScope, event: Event) -> None:
    """Let repeated calls get the request as it is now; the key goes on making nothing again."""
    assert event.capture_request_id is not None
    request = await captures.find(scope, request_id=event.capture_request_id)
    now = shapes.capture_request(request)
    for row in await answer_queries.of_request(scope, request_id=request.id):
        body = msgspec.json.decode(row["body"]) | {name: now[name] for name in PERSONAL}
        await answer_queries.rewrite(
            scope,
            client=row["client"],
            route=row["route"],
            key=row["key"],
            body=msgspec.json.encode(body),
        )
