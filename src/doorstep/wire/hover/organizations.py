"""Wallets, users and the organization itself."""

from typing import Any

from litestar import Response, get, patch

from doorstep.api.description.calls import call
from doorstep.jobs.model import DELIVERABLES
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs import queries
from doorstep.orgs.model import Member, Org, OrgScope, Right
from doorstep.wire.hover.acting import acting_user
from doorstep.wire.hover.asking import BLANK, Faults, needed
from doorstep.wire.hover.declared import organizations as declared
from doorstep.wire.hover.encoding import (
    AnyRequest,
    Tree,
    branch,
    flag,
    nest,
    read_tree,
    text,
    whole,
)
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.shapes import pagination

TAG = "Organization"
WALLETS = "/api/v2/wallets"
USERS = "/api/v2/users"
ORGS = "/api/v1/orgs"
BOUGHT = ["Job"]
"""What a wallet of ours pays for."""


@get(
    [WALLETS, WALLETS + ".json"],
    opt=call(TAG, query=declared.ListWallets, answer=declared.WalletList),
)
async def wallets(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """The organization's wallets; none is shared by another."""
    page, per = read_page(nest(request.query_params.multi_items()))
    org = await queries.find_org(api)
    rows, total = await queries.page_wallets(api, start=(page - 1) * per, rows_max=per)
    return {
        "pagination": pagination(page=page, per=per, total=total),
        "results": [_wallet(row["id"], org) for row in rows],
    }


@get(
    [USERS, USERS + ".json"],
    opt=call(TAG, query=declared.ListUsers, answer=declared.UserList),
)
async def users(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """The organization's active users, by id."""
    tree = nest(request.query_params.multi_items())
    page, per = read_page(tree)
    admins = flag(tree, "admin", default=False)
    if (text(tree, "state") or "activated") != "activated":
        rows, total = list[Member](), 0
    else:
        rows, total = await queries.page_members(
            api,
            search=text(tree, "search"),
            role="admin" if admins else None,
            start=(page - 1) * per,
            rows_max=per,
        )
    return {
        "pagination": pagination(page=page, per=per, total=total),
        "results": [user(row) for row in rows],
    }


@get(
    [USERS + "/profile", USERS + "/profile.json"],
    opt=call(TAG, query=declared.ShowProfile, answer=declared.Profile),
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
                "preferences": _preferences(org),
                "plan": None,
            }
        ],
    }


@get([ORGS, ORGS + ".json"], opt=call(TAG, answer=declared.OrgList))
async def orgs(api: OrgScope) -> dict[str, Any]:
    """The one organization of the token."""
    return {"orgs": [await _org(api)]}


@get(
    ORGS + "/{org_id:str}",
    opt=call(TAG, answer=declared.WrappedOrg),
)
async def show_org(org_id: str, api: OrgScope) -> dict[str, Any]:
    """The token's organization."""
    _refuse_others(api, org_id)
    return {"org": await _org(api)}


@patch(
    ORGS + "/{org_id:str}",
    status_code=204,
    opt=call(TAG, body=declared.OrgUpdate),
)
async def update_org(request: AnyRequest, *, org_id: str, api: OrgScope) -> Response[None]:
    """Change its names and preferences."""
    _refuse_others(api, org_id)
    api.require(Right.ADMINISTER)
    values = _changed(branch(await read_tree(request), "org"))
    await queries.update_org(api, values=values)
    return Response(None, status_code=204)


def user(member: Member) -> dict[str, Any]:
    """A user as lists show it; the two names are the words of the one that we have."""
    first, _, last = member.name.partition(" ")
    return {
        "id": member.id,
        "first_name": first,
        "last_name": last,
        "email": member.email,
        "acl_template": member.role,
        "aasm_state": "activated",
    }


def _refuse_others(scope: OrgScope, org_id: str) -> None:
    if numeric(org_id) != scope.org_id:
        raise NotFound


async def _org(scope: OrgScope) -> dict[str, Any]:
    org = await queries.find_org(scope)
    wallet_id = await queries.default_wallet_id(scope)
    return {
        "id": org.id,
        "parent_id": None,
        "kind": "dealer",
        "name": org.name,
        "ancestral_name": org.name,
        "customer_display_name": org.customer_display_name,
        "deliverable_id": org.default_deliverable_id,
        "deliverable_ids": sorted(DELIVERABLES),
        "available_deliverable_ids": sorted(DELIVERABLES),
        "preferences": {
            **_preferences(org),
            "open_identifier_links": await queries.has_open_links(scope),
        },
        "wallet": None if wallet_id is None else _wallet(wallet_id, org),
    }


def _preferences(org: Org) -> dict[str, Any]:
    return {
        "external_identifier_label": org.external_identifier_label,
        "external_identifier_required": org.external_identifier_required,
        "deliverable_id": org.default_deliverable_id,
    }


def _wallet(wallet_id: int, org: Org) -> dict[str, Any]:
    return {
        "id": wallet_id,
        "preferred": False,
        "shared": False,
        "allowed_good_types": BOUGHT,
        "org": {
            "name": org.name,
            "customer_display_name": org.customer_display_name,
            "invoiced": False,
        },
        "external_identifier_patterns": [],
        "external_identifier_strict_validation": False,
    }


def _changed(org: Tree) -> dict[str, str | int | bool]:
    faults: Faults = {}
    values: dict[str, str | int | bool] = {
        name: needed(org, name, faults=faults)
        for name in ("name", "customer_display_name")
        if name in org
    }
    wanted = branch(org, "preferences_attributes") if "preferences_attributes" in org else {}
    if "external_identifier_label" in wanted:
        values["external_identifier_label"] = needed(
            wanted, "external_identifier_label", faults=faults
        )
    for name in ("external_identifier_required", "open_identifier_links"):
        if name in wanted:
            values[name] = flag(wanted, name, default=False)
    if "deliverable_id" in wanted:
        number = whole(wanted, "deliverable_id")
        values["default_deliverable_id"] = number or 0
        if number not in DELIVERABLES:
            faults["deliverable_id"] = [BLANK if number is None else "is not a deliverable"]
    if faults:
        raise Invalid(fields=faults)
    return values


ROUTES = [wallets, users, profile, orgs, show_org, update_org]
