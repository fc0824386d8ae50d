"""The organization and its members."""

from litestar import get, post
from litestar.response import Redirect

from doorstep.auth import actions as auth
from doorstep.auth import members
from doorstep.kit.errors import NotFound
from doorstep.messages.model import Channel, checked_address
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import ROLE_RIGHTS, OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, member_id, piece, row_id, screen
from doorstep.web.services import Services

NAME_CHARACTERS_MAX = 120
ROLE_TEXTS = {
    "admin": "everything, with members, vendors and webhooks",
    "manager": "sees everything, asks for photos and approves jobs",
    "member": "sees everything and asks for photos",
    "approver": "sees everything and approves jobs",
}


@get("/settings")
async def settings(page: OrgScope, said: Query = "") -> Page:
    """Organization, members, and one's own password."""
    page.require(Right.READ)
    return await screen(
        page, "desk/settings.html", place="settings", said=said, **await _shown(page)
    )


@post("/members", status_code=200)
async def add_member(page: OrgScope, *, services: Services, form: Form) -> Page | Redirect:
    """Add a member; the page again with their one-time link, or with what is wrong."""
    page.require(Right.ADMINISTER)
    values = {name: form.get(name, "").strip() for name in ("name", "email", "role")}
    problem = await _problem(page, values)
    if problem:
        text = await _page(page, problem=problem, values=values)
        return html(text, status=422)
    new_id = await members.invite(page, **values)
    return html(
        await _page(page, link=await _link(page, services=services, user_id=new_id), for_id=new_id)
    )


@post("/members/{user_id:int}/sign-in-link", status_code=200)
async def make_link(page: OrgScope, *, services: Services, user_id: int) -> Page:
    """A new one-time link for a member, shown once."""
    page.require(Right.ADMINISTER)
    if await orgs.find_member(page, user_id=row_id(user_id)) is None:
        raise NotFound
    return html(
        await _page(
            page, link=await _link(page, services=services, user_id=user_id), for_id=user_id
        )
    )


async def _link(scope: OrgScope, *, services: Services, user_id: int) -> str:
    secret = await auth.make_sign_in_link(scope, user_id=user_id)
    return f"{services.settings.base_url}/sign-in/link/{secret}"


async def _problem(scope: OrgScope, values: dict[str, str]) -> str:
    if not 0 < len(values["name"]) <= NAME_CHARACTERS_MAX:
        return "Give the member a name."
    if checked_address(Channel.EMAIL, values["email"])[1]:
        return "This is no e-mail address."
    if values["role"] not in ROLE_RIGHTS:
        return "Choose a role."
    if await orgs.find_member_by_email(scope, email=values["email"]):
        return "Somebody here has this address already."
    return ""


async def _page(scope: OrgScope, **more: object) -> str:
    shown = await _shown(scope) | more
    return await piece(scope, "desk/settings.html", place="settings", said="", **shown)


async def _shown(scope: OrgScope) -> dict[str, object]:
    return {
        "org": await orgs.find_org(scope),
        "texts_need_consent": await orgs.texts_need_consent(scope),
        "chosen": await orgs.find_preferences(scope),
        "members": await orgs.list_members(scope),
        "me": member_id(scope),
        "roles": ROLE_TEXTS,
        "values": {"name": "", "email": "", "role": "member"},
        "problem": "",
        "link": "",
        "for_id": 0,
    }
