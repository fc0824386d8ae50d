"""What the administrators are told by e-mail when an endpoint does not work."""

from urllib.parse import urlsplit

from doorstep.messages import actions as messages
from doorstep.messages import texts
from doorstep.messages.values import HOST, moment
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.webhooks import postback_queries
from doorstep.webhooks.model import VENDOR, Endpoint


async def failing(scope: OrgScope, *, endpoint: Endpoint) -> None:
    """It has failed for a day."""
    assert endpoint.failing_since is not None
    since = moment(endpoint.failing_since)
    await _tell(scope, endpoint=endpoint, kind="webhook_failing", since=since)


async def disabled(scope: OrgScope, *, endpoint: Endpoint) -> None:
    """It is switched off."""
    await _tell(scope, endpoint=endpoint, kind="webhook_disabled")


async def _tell(scope: OrgScope, *, endpoint: Endpoint, kind: str, **told: str) -> None:
    # The host alone: some receivers keep a secret in the rest of the URL.
    host = urlsplit(endpoint.url).hostname or ""
    values = {HOST: host, "error": endpoint.last_error or ""} | told
    words = await texts.compose(scope, kind=kind, values=values)
    page = await _page_of(scope, endpoint)
    for member in await orgs.list_members(scope):
        if member.role != "admin":
            continue
        await messages.queue(
            scope,
            channel="email",
            kind=kind,
            to_name=member.name,
            to_address=member.email,
            subject=words.subject,
            text_body=words.text,
            html_body=words.html,
            subject_ref=f"webhook_endpoint:{endpoint.id}",
            link_ref=page,
        )


async def _page_of(scope: OrgScope, endpoint: Endpoint) -> str:
    if endpoint.dialect == VENDOR:
        postback = await postback_queries.find_by_endpoint(scope, endpoint_id=endpoint.id)
        if postback is not None:
            return f"postbacks:{postback.source_id}"
    return "webhooks:"
