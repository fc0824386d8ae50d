"""What the administrators are told by e-mail when an endpoint does not work."""

import html
from urllib.parse import urlsplit

from doorstep.messages import actions as messages
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.webhooks.model import VENDOR, Endpoint

FAILING = (
    "Webhooks to {host} have been failing for a day",
    (
        "Since {since} the webhook endpoint at {host} took no delivery. The last failure was: "
        "{error}. We go on trying. After five days without a success the endpoint is switched "
        "off; what it missed can be sent again from {place}."
    ),
)
DISABLED = (
    "Webhooks to {host} are switched off",
    (
        "The webhook endpoint at {host} is switched off. The last failure was: {error}. When it "
        "works again, switch it on and send again what it missed, both on {place}."
    ),
)


async def failing(scope: OrgScope, *, endpoint: Endpoint) -> None:
    """It has failed for a day."""
    await _tell(scope, endpoint=endpoint, kind="webhook_failing", words=FAILING)


async def disabled(scope: OrgScope, *, endpoint: Endpoint) -> None:
    """It is switched off."""
    await _tell(scope, endpoint=endpoint, kind="webhook_disabled", words=DISABLED)


async def _tell(scope: OrgScope, *, endpoint: Endpoint, kind: str, words: tuple[str, str]) -> None:
    # The host alone: some receivers keep a secret in the rest of the URL.
    values = {
        "host": urlsplit(endpoint.url).hostname or "",
        "since": f"{endpoint.failing_since:%d %B %Y, %H:%M} UTC",
        "error": endpoint.last_error or "",
        "place": "its vendor's page" if endpoint.dialect == VENDOR else "the Webhooks page",
    }
    subject, text = (part.format(**values) for part in words)
    for member in await orgs.list_members(scope):
        if member.role != "admin":
            continue
        await messages.queue(
            scope,
            channel="email",
            kind=kind,
            to_name=member.name,
            to_address=member.email,
            subject=subject,
            text_body=f"{text}\n",
            html_body=f"<p>{html.escape(text)}</p>\n",
            subject_ref=f"webhook_endpoint:{endpoint.id}",
        )
