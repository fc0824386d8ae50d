"""The outbox: every message, what became of it, and what a person can do about it."""

import uuid
from collections.abc import Awaitable, Callable
from html import escape

from litestar import Response, get, post
from litestar.response import Redirect

from doorstep.captures import invitations
from doorstep.kit.errors import NotFound
from doorstep.messages import actions, queries
from doorstep.messages.model import BY_HAND, SENDABLE_AGAIN, Channel, Message
from doorstep.messages.segments import size_of
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import consent
from doorstep.web.desk.qr import qr_code
from doorstep.web.desk.screens import Page, Query, html, nothing_new, piece, screen, see
from doorstep.web.services import Services

ROWS_MAX = 50
BY_HAND_SHOWN = "hand"

# A letter may bring its own styles and nothing else; the frame has no origin and no scripts.
LETTER_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    "X-Frame-Options": "SAMEORIGIN",
}


@get("/outbox")
async def outbox(page: OrgScope, *, before: uuid.UUID | None = None, show: Query = "") -> Page:
    """One page of messages, newest first; `show=hand` for those that somebody must see to."""
    page.require(Right.READ)
    shown = await _messages(page, before, by_hand=show == BY_HAND_SHOWN)
    return await screen(page, "desk/outbox.html", place="outbox", **shown)


@get("/outbox/rows")
async def rows(page: OrgScope, *, seen: Query = "", show: Query = "") -> Page:
    """The newest page's rows again if one of them has changed since `seen`."""
    page.require(Right.READ)
    shown = await _messages(page, None, by_hand=show == BY_HAND_SHOWN)
    if shown["seen"] == seen:
        return nothing_new()
    return html(await piece(page, "desk/outbox_rows.html", **shown))


@get("/outbox/{message_id:uuid}")
async def message(
    page: OrgScope, *, services: Services, message_id: uuid.UUID, said: Query = ""
) -> Page:
    """One message as its reader sees it, with every try."""
    page.require(Right.READ)
    found = await actions.find(page, message_id=message_id)
    rendered = await actions.rendered(page, message_id, resolve=_links(page, services))
    return await screen(
        page,
        "desk/message.html",
        place="outbox",
        said=said,
        message=found,
        rendered=rendered,
        size=size_of(rendered.text) if found.channel == Channel.SMS else None,
        has_link=bool(found.link_ref) and Right.INVITE in page.actor.rights,
        attempts=await queries.attempts(page, message_id=message_id),
        can_send_again=found.state in SENDABLE_AGAIN,
        can_mark=found.state in BY_HAND,
        text_warning=await _text_warning(page, found),
    )


@get("/outbox/{message_id:uuid}/letter")
async def letter(page: OrgScope, *, services: Services, message_id: uuid.UUID) -> Page:
    """The HTML of a message, for a frame that can do nothing."""
    page.require(Right.READ)
    found = await actions.rendered(page, message_id, resolve=_links(page, services))
    answer = html(found.html or f"<pre>{escape(found.text)}</pre>")
    answer.headers.update(LETTER_HEADERS)
    return answer


@get("/outbox/{message_id:uuid}/qr.svg")
async def qr(page: OrgScope, *, services: Services, message_id: uuid.UUID) -> Response[bytes]:
    """The message's link as a QR code."""
    page.require(Right.INVITE)
    found = await actions.rendered(page, message_id, resolve=services.links.resolve)
    if found.link is None:
        raise NotFound
    return qr_code(found.link)


@post("/outbox/{message_id:uuid}/copies")
async def send_again(page: OrgScope, message_id: uuid.UUID) -> Redirect:
    """Send the same words once more, as a new message."""
    new_id = await invitations.send_again(page, message_id)
    return see(f"/outbox/{new_id}?said=again")


@post("/outbox/{message_id:uuid}/sent")
async def mark_sent(page: OrgScope, message_id: uuid.UUID) -> Redirect:
    """Note that somebody sent it in another way."""
    await actions.mark_sent(page, message_id)
    return see(f"/outbox/{message_id}?said=marked")


async def _messages(
    scope: OrgScope, before: uuid.UUID | None, *, by_hand: bool
) -> dict[str, object]:
    found = await queries.page(scope, before_id=before, by_hand=by_hand, rows_max=ROWS_MAX + 1)
    shown = found[:ROWS_MAX]
    return {
        "messages": shown,
        "older": shown[-1].id if len(found) > ROWS_MAX else None,
        "before": before,
        "by_hand": by_hand,
        "show": f"&show={BY_HAND_SHOWN}" if by_hand else "",
        "seen": _seen(shown),
    }


async def _text_warning(scope: OrgScope, message: Message) -> str:
    """What to think of before a text is sent again."""
    if message.channel != Channel.SMS:
        return ""
    return await consent.warning(scope, lead_id=await invitations.lead_of(scope, message=message))


def _seen(shown: list[Message]) -> str:
    """Changes with the newest message and with any message's state."""
    newest = shown[0].id.hex if shown else ""
    return newest + "".join(f"{one.state[:2]}{one.attempts}" for one in shown)


def _links(scope: OrgScope, services: Services) -> Callable[[OrgScope, str], Awaitable[str]]:
    """Real links for those who may invite: whoever holds one can take the photos."""
    if Right.INVITE in scope.actor.rights:
        return services.links.resolve
    return _hidden


async def _hidden(_scope: OrgScope, _ref: str) -> str:
    return "(your role does not show links)"
