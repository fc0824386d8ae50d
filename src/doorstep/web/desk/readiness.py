"""Is everything ready: red, amber or green with the fix beside it, and a test letter."""

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import TooMany
from doorstep.orgs.model import OrgScope, Right
from doorstep.readiness import actions, letters
from doorstep.readiness.checks import TITLES
from doorstep.web.desk.screens import Page, Query, html, member_id, piece, screen, see
from doorstep.web.services import Services

PATH = "/settings/readiness"


@get(PATH)
async def readiness(page: OrgScope, *, services: Services, said: Query = "") -> Page:
    """Every check; those that ask outside come a moment later."""
    shown = await _shown(page, services)
    return await screen(page, "desk/readiness.html", place="settings", said=said, **shown)


@get(PATH + "/findings")
async def findings(page: OrgScope, *, services: Services) -> Page:
    """The list alone, for the page's script."""
    shown = await _shown(page, services)
    return html(await piece(page, "desk/readiness_findings.html", **shown))


@post(PATH + "/checks")
async def check_again(page: OrgScope, *, services: Services) -> Redirect:
    """Ask everything outside once more."""
    await actions.look(page, services.keeper, again=True)
    return see(PATH)


@post(PATH + "/letters", status_code=200)
async def send_letter(page: OrgScope, *, services: Services) -> Page | Redirect:
    """A test letter to who asks for it."""
    try:
        await letters.send(page, user_id=member_id(page))
    except TooMany as error:
        shown = await _shown(page, services) | {"said": "", "problem": error.text}
        text = await piece(page, "desk/readiness.html", place="settings", **shown)
        return html(text, status=error.status)
    return see(f"{PATH}?said=sent#letter")


async def _shown(scope: OrgScope, services: Services) -> dict[str, object]:
    scope.require(Right.ADMINISTER)
    return {
        "report": await actions.look(scope, services.keeper),
        "titles": TITLES,
        "letter": await letters.last(scope),
        "problem": "",
    }
