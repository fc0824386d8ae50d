"""The link at the end of a reminder: no more of them. Opening it changes nothing; a click does.

Mail programs post to it by themselves (RFC 8058), without cookies; the link is the proof.
"""

from litestar import MediaType, Response, get, post

from doorstep.auth.scopes import open_scope
from doorstep.kit.errors import NotFound
from doorstep.messages import report_queries
from doorstep.messages.marks import Letter
from doorstep.messages.tasks import marks_of
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, OrgScope
from doorstep.web.services import Services
from doorstep.web.templates import render

PATH = "/unsubscribe/{token:str}"
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@get(PATH)
async def ask(token: str, *, services: Services) -> Response[str]:
    """The page with the button: scanners of mail open links, and press none."""
    letter = _letter(services, token)
    async with open_scope(services.db, org_id=letter[0], actor=_actor(letter)) as scope:
        return await _page(scope, token=token, done=False)


@post(PATH, status_code=200)
async def stop(token: str, *, services: Services) -> Response[str]:
    """No more reminders by e-mail from this organization to this address."""
    letter = _letter(services, token)
    async with open_scope(services.db, org_id=letter[0], actor=_actor(letter)) as scope:
        if not await report_queries.stop_reminders(scope, message_id=letter[1]):
            raise NotFound
        return await _page(scope, token=token, done=True)


def _letter(services: Services, token: str) -> Letter:
    letter = marks_of(services.settings).unsubscribed(token)
    if letter is None:
        raise NotFound
    return letter


def _actor(letter: Letter) -> Actor:
    return Actor(kind="reader", id=str(letter[1]))


async def _page(scope: OrgScope, *, token: str, done: bool) -> Response[str]:
    org = await orgs.find_org(scope)
    text = render("unsubscribe.html", org=org.customer_display_name, token=token, done=done)
    return Response(text, media_type=MediaType.HTML, headers=HEADERS)


ROUTES = [ask, stop]
