"""Wallets, and the organization itself with its preferences."""

from typing import Any

from litestar import Response, get, patch

from doorstep.api.description.calls import call
from doorstep.jobs.model import DELIVERABLES
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs import queries, wallet_queries
from doorstep.orgs.model import ROLE_RIGHTS, Org, OrgScope, Preferences, Right
from doorstep.wire.hover.asking import BLANK, Faults, needed, short
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
ORGS = "/api/v1/orgs"
COLUMNS = {
    "default_acl_template": "default_role",
    "ordering_email": "ordering_email",
    "preferred_siding_waste_factor": "siding_waste_percent",
    "preferred_roofing_waste_factor": "roofing_waste_percent",
    "include_pro_user_name_in_invite_messages": "names_requester",
    "require_job_approval": "require_job_approval",
    "invite_by_email": "invites_by_email",
    "invite_by_text": "invites_by_text",
    "open_identifier_links": "open_identifier_links",
}
"""What each preference of the wire is with us; the last four are our own."""
FLAGS = tuple(list(COLUMNS)[4:])
WASTE_PERCENT_MAX = 100
BOUGHT = ["Job"]
"""What a wallet of ours pays for."""
TEMPLATES = {
    **{role: role for role in ROLE_RIGHTS},
    "job_manager": "manager",
    "pro_plus": "member",
    "pro": "member",
    "lite": "member",
}
"""Role by the names that clients know."""
PUBLISHED = {"member": "pro_plus"}
"""What a role is called there, where its published name is known."""

Values = dict[str, str | int | bool | None]


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
    [WALLETS + "/{wallet_id:str}/available_deliverables" + end for end in ("", ".json")],
    opt=call(TAG, answer=declared.AvailableDeliverables),
)
async def available_deliverables(wallet_id: str, api: OrgScope) -> dict[str, Any]:
    """What can be ordered at this wallet's expense, and what it costs; 0 is free."""
    if not await queries.wallet_exists(api, wallet_id=numeric(wallet_id)):
        raise NotFound
    prices = await wallet_queries.prices(api)
    return {
        "results": [
            {"id": number, "name": name, "price_cents": prices.get(number, 0)}
            for number, name in DELIVERABLES.items()
        ]
    }


@get([ORGS, ORGS + ".json"], opt=call(TAG, answer=declared.OrgList))
async def orgs(api: OrgScope) -> dict[str, Any]:
    """The one organization of the token."""
    return {"orgs": [await whole_org(api)]}


@get(
    ORGS + "/{org_id:str}",
    opt=call(TAG, answer=declared.WrappedOrg),
)
async def show_org(org_id: str, api: OrgScope) -> dict[str, Any]:
    """The token's organization."""
    refuse_others(api, org_id)
    return {"org": await whole_org(api)}


@patch(
    ORGS + "/{org_id:str}",
    status_code=204,
    opt=call(TAG, body=declared.OrgUpdate),
)
async def update_org(request: AnyRequest, *, org_id: str, api: OrgScope) -> Response[None]:
    """Change its names and preferences."""
    refuse_others(api, org_id)
    api.require(Right.ADMINISTER)
    values = _changed(branch(await read_tree(request), "org"))
    await queries.update_org(api, values=values)
    return Response(None, status_code=204)


def refuse_others(scope: OrgScope, org_id: str) -> None:
    """NotFound for every organization but the token's own."""
    if numeric(org_id) != scope.org_id:
        raise NotFound


async def whole_org(scope: OrgScope) -> dict[str, Any]:
    """The organization with its preferences and its first wallet."""
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
        "preferences": _preferences(org, await queries.find_preferences(scope)),
        "wallet": None if wallet_id is None else _wallet(wallet_id, org),
    }


def _preferences(org: Org, chosen: Preferences) -> dict[str, Any]:
    return {
        "id": org.id,
        "org_id": org.id,
        "created_at": iso_millis(chosen.created_at),
        "updated_at": iso_millis(chosen.updated_at),
        **first_preferences(org),
        "external_identifier_strict_validation": False,
        **{name: getattr(chosen, column) for name, column in COLUMNS.items()},
        "default_acl_template": template_of(chosen.default_role),
    }


def template_of(role: str) -> str:
    """The role by the name that clients compare with."""
    return PUBLISHED.get(role, role)


def first_preferences(org: Org) -> dict[str, Any]:
    """The preferences that a profile shows too."""
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


def _changed(org: Tree) -> Values:
    faults: Faults = {}
    values: Values = {
        name: needed(org, name, faults=faults)
        for name in ("name", "customer_display_name")
        if name in org
    }
    if "preferences_attributes" in org:
        values |= _chosen(branch(org, "preferences_attributes"), faults)
    if faults:
        raise Invalid(fields=faults)
    return values


def _chosen(wanted: Tree, faults: Faults) -> Values:
    values: Values = {}
    if "external_identifier_label" in wanted:
        values["external_identifier_label"] = needed(
            wanted, "external_identifier_label", faults=faults
        )
    if "external_identifier_required" in wanted:
        values["external_identifier_required"] = flag(
            wanted, "external_identifier_required", default=False
        )
    for name in FLAGS:
        if name in wanted:
            values[COLUMNS[name]] = flag(wanted, name, default=False)
    if "deliverable_id" in wanted:
        number = whole(wanted, "deliverable_id")
        values["default_deliverable_id"] = number or 0
        if number not in DELIVERABLES:
            faults["deliverable_id"] = [BLANK if number is None else "is not a deliverable"]
    for name in ("preferred_siding_waste_factor", "preferred_roofing_waste_factor"):
        if name in wanted:
            percent = values[COLUMNS[name]] = whole(wanted, name)
            if percent is not None and not 0 <= percent <= WASTE_PERCENT_MAX:
                faults[name] = [f"must be between 0 and {WASTE_PERCENT_MAX}"]
    return values | _words(wanted, faults)


def _words(wanted: Tree, faults: Faults) -> Values:
    values: Values = {}
    if "ordering_email" in wanted:
        values["ordering_email"] = short(wanted, "ordering_email", faults=faults)
    if "default_acl_template" in wanted:
        template = text(wanted, "default_acl_template") or ""
        values["default_role"] = TEMPLATES.get(template)
        if template not in TEMPLATES:
            faults["default_acl_template"] = [f"must be one of {', '.join(TEMPLATES)}"]
    return values


ROUTES = [wallets, available_deliverables, orgs, show_org, update_org]
