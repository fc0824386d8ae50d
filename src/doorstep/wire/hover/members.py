"""Users of the organization: list, profile, invite, change, remove."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from litestar import Response, delete, get, patch, post

from doorstep.api.description.calls import call
from doorstep.auth import members
from doorstep.kit.errors import Invalid, NotFound
from doorstep.messages import joining
from doorstep.orgs import queries
from doorstep.orgs.model import ROLE_RIGHTS, Member, OrgScope, Right
from doorstep.wire.hover.acting import acting_user
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.asking import BLANK, Faults, needed, short
from doorstep.wire.hover.declared import members as declared
from doorstep.wire.hover.declared import organizations
from doorstep.wire.hover.encoding import AnyRequest, Tree, branch, flag, nest, read_tree, text
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.organizations import (
    ORGS,
    TEMPLATES,
    first_preferences,
    refuse_others,
    template_of,
)
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.shapes import pagination

TAG = "Members"
USERS = "/api/v2/users"
OF_ORG = ORGS + "/{org_id:str}/users"
ONE = OF_ORG + "/{user_id:str}"
STATES = {"activated": False, "invited": True}
ACL: dict[Right, dict[str, list[str]]] = {
    Right.READ: {
        "jobs": ["view_all"],
        "machete_features": ["measurements"],
        "measurements": ["propdf", "pro_premium_pdf"],
        "orgs": ["read"],
        "users": ["read"],
    },
    Right.INVITE: {"jobs": ["manage_all", "assign", "accesses"], "machete_features": ["share"]},
    Right.APPROVE: {"jobs": ["approve"]},
    Right.ADMINISTER: {
        "billing_auths": ["billing"],
        "users": ["add", "remove", "update", "manage_permissions"],
        "orgs": ["manage", "billing"],
    },
}
"""What each right of ours is called there."""
LISTS = (
    *("jobs", "billing_auths", "users", "orgs", "org_settings", "machete_features", "ordering"),
    *("measurements", "emails"),
)


@get(
    [USERS, USERS + ".json"],
    opt=call(TAG, query=organizations.ListUsers, answer=organizations.UserList),
)
async def users(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """The organization's members, by id; those who left are not among them."""
    tree = nest(request.query_params.multi_items())
    page, per = read_page(tree)
    state = text(tree, "state")
    if state is not None and state not in STATES:
        raise Invalid(fields={"state": ["must be activated or invited"]})
    rows, total = await queries.page_members(
        api,
        search=text(tree, "search"),
        role="admin" if flag(tree, "admin", default=False) else None,
        invited=None if state is None else STATES[state],
        start=(page - 1) * per,
        rows_max=per,
    )
    return {
        "pagination": pagination(page=page, per=per, total=total),
        "results": [user(row) for row in rows],
    }


@get(
    [USERS + "/profile", USERS + "/profile.json"],
    opt=call(TAG, query=organizations.ShowProfile, answer=organizations.Profile),
)
async def profile(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """The acting user, with the organization."""
    member = await acting_user(api, nest(request.query_params.multi_items()))
    org = await queries.find_org(api)
    shown = user(member)
    return {
        **{name: shown[name] for name in ("id", "first_name", "last_name", "email")},
        "time_zone": org.time_zone,
        "upload_secret": None,
        "orgs": [
            {
                "id": org.id,
                "name": org.name,
                "example_jobs_cloned": False,
                "feature_access": {},
                "preferences": first_preferences(org),
                "plan": None,
            }
        ],
    }


@post(
    [OF_ORG, OF_ORG + ".json"],
    status_code=201,
    opt=call(TAG, body=declared.NewMember, answer=declared.WrappedMember, once=True),
)
async def invite(request: AnyRequest, *, org_id: str, api: OrgScope) -> Response[bytes]:
    """A new member; nothing is sent until that is asked for."""
    refuse_others(api, org_id)
    tree = await read_tree(request)

    async def work() -> dict[str, Any]:
        wanted = _read_invited(branch(tree, "user"))
        role = wanted["role"] or (await queries.find_preferences(api)).default_role
        user_id = await members.invite(api, email=wanted["email"], name=wanted["name"], role=role)
        return {"user": await _shown(api, user_id)}

    return await once(request, api, tree=tree, status=201, work=work)


@post(
    [ONE + "/send_invitation_email", ONE + "/send_invitation_email.json"],
    status_code=200,
    opt=call(TAG, body=declared.Nothing, answer=declared.WrappedMember, once=True),
)
async def send_invitation(
    request: AnyRequest, *, org_id: str, user_id: str, api: OrgScope
) -> Response[bytes]:
    """Send the one-time link by e-mail; each e-mail has a link of its own."""
    refuse_others(api, org_id)

    async def work() -> dict[str, Any]:
        await joining.send(api, user_id=numeric(user_id))
        return {"user": await _shown(api, numeric(user_id))}

    return await once(request, api, tree=await read_tree(request), status=200, work=work)


@patch(
    ONE,
    status_code=200,
    opt=call(TAG, body=declared.MemberUpdate, answer=declared.WrappedMember, fails=(409,)),
)
async def change(
    request: AnyRequest, *, org_id: str, user_id: str, api: OrgScope
) -> dict[str, Any]:
    """Another role, or whether the member's jobs wait for approval."""
    refuse_others(api, org_id)
    wanted = branch(await read_tree(request), "user")
    faults: Faults = {}
    role = _role(wanted, faults)
    if faults:
        raise Invalid(fields=faults)
    number = numeric(user_id)
    if role is not None:
        await members.change_role(api, user_id=number, role=role)
    if "require_job_approval" in wanted:
        required = flag(wanted, "require_job_approval", default=False)
        await members.require_approval(api, user_id=number, required=required)
    return {"user": await _shown(api, number)}


@delete(ONE, status_code=204, opt=call(TAG, fails=(409,)))
async def remove(org_id: str, *, user_id: str, api: OrgScope) -> None:
    """End a member's access; what they made stays."""
    refuse_others(api, org_id)
    await members.deactivate(api, user_id=numeric(user_id))


def user(member: Member) -> dict[str, Any]:
    """A user as lists show it; the two names are the words of the one that we have."""
    first, _, last = member.name.partition(" ")
    return {
        "id": member.id,
        "first_name": first,
        "last_name": last,
        "email": member.email,
        "acl_template": template_of(member.role),
        "aasm_state": "invited" if member.invited_at else "activated",
        "require_job_approval": member.require_job_approval,
    }


async def _shown(scope: OrgScope, user_id: int) -> dict[str, Any]:
    """The documented object of an invitation, with what lists show of a user."""
    member = await queries.find_member(scope, user_id=user_id)
    if member is None:
        raise NotFound
    access = {
        "org_id": scope.org_id,
        "user_id": member.id,
        "free_job_quota": 0,
        "acl_template": template_of(member.role),
        "acl_options": None,
        "cc_admin_on_emails": False,
    }
    named: dict[str, list[str]] = {name: [] for name in LISTS}
    for right, lists in ACL.items():
        for name, words in lists.items() if right in ROLE_RIGHTS[member.role] else ():
            named[name] += words
    options = {
        "template": template_of(member.role),
        **named,
        "id": str(scope.org_id),
        "kind": "dealer",
    }
    return {**user(member), "accesses": [access], "acl_options": {"orgs": [options]}}


def _read_invited(wanted: Tree) -> dict[str, str]:
    faults: Faults = {}
    names = [short(wanted, name, faults=faults) for name in ("first_name", "last_name")]
    name = short(wanted, "name", faults=faults) or " ".join(one for one in names if one)
    email = needed(wanted, "email", faults=faults)
    role = _role(wanted, faults)
    if not name:
        faults["first_name"] = [BLANK]
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        faults.setdefault("email", ["is invalid"])
    if faults:
        raise Invalid(fields=faults)
    return {"name": name, "email": email, "role": role or ""}


def _role(wanted: Tree, faults: Faults) -> str | None:
    template = text(wanted, "acl_template")
    if template is not None and template not in TEMPLATES:
        faults["acl_template"] = [f"must be one of {', '.join(TEMPLATES)}"]
    return TEMPLATES.get(template or "")


ROUTES = [users, profile, invite, send_invitation, change, remove]
