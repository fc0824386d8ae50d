"""What an admin changes about members and the organization, on the page of the settings."""

from litestar import post
from litestar.response import Redirect

from doorstep.auth import members
from doorstep.kit.errors import Invalid
from doorstep.messages import joining
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import ROLE_RIGHTS, OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import row_id, see

SWITCHES = ("require_job_approval", "names_requester", "invites_by_email", "invites_by_text")


@post("/members/{user_id:int}/invitation")
async def send_invitation(page: OrgScope, user_id: int) -> Redirect:
    """Send the one-time link by e-mail."""
    await joining.send(page, user_id=row_id(user_id))
    return see("/settings?said=invited#members")


@post("/members/{user_id:int}/role")
async def change_role(page: OrgScope, *, user_id: int, form: Form) -> Redirect:
    """Another role, and whether the member's jobs wait for approval."""
    page.require(Right.ADMINISTER)
    role = form.get("role", "")
    if role not in ROLE_RIGHTS:
        raise Invalid("Choose a role.")
    number = row_id(user_id)
    await members.change_role(page, user_id=number, role=role)
    await members.require_approval(page, user_id=number, required="approval" in form)
    return see("/settings?said=role#members")


@post("/members/{user_id:int}/end")
async def deactivate(page: OrgScope, user_id: int) -> Redirect:
    """End a member's access."""
    await members.deactivate(page, user_id=row_id(user_id))
    return see("/settings?said=ended#members")


@post("/preferences")
async def choose(page: OrgScope, form: Form) -> Redirect:
    """Write the organization's switches; one that is not sent is off."""
    page.require(Right.ADMINISTER)
    await orgs.update_org(page, values={name: name in form for name in SWITCHES})
    return see("/settings?said=preferences#preferences")
