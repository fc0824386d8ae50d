"""The card on a source's page that gives its vendor a page of its own."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.leads import queries as leads
from doorstep.leads import vendor_pages
from doorstep.leads.vendor_pages import link_for
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import see
from doorstep.web.services import Services


async def vendor_card(
    scope: OrgScope, services: Services, *, source_id: uuid.UUID
) -> dict[str, object]:
    """What the card shows: the link, if there is one, and what lies behind it."""
    found = await vendor_pages.find(scope, source_id=source_id)
    rows = await leads.list_case_types(scope)
    link = ""
    if found.name is not None:
        base_url = services.settings.base_url
        link = link_for(services.signer, base_url, source_id=source_id, name=found.name)
    return {
        "vendor_page": found,
        "vendor_link": link,
        "shown_types": [
            (row["id"], row["name"], row["id"] not in found.hidden_case_types)
            for row in rows
            if row["disabled_at"] is None
        ],
    }


@post("/sources/{source_id:uuid}/page")
async def make_link(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """Give the vendor a link, or a new one."""
    await vendor_pages.make_link(page, source_id=source_id)
    return see(f"/sources/{source_id}?said=linked#vendor-page")


@post("/sources/{source_id:uuid}/page/removal")
async def revoke_link(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """End the link."""
    await vendor_pages.revoke_link(page, source_id=source_id)
    return see(f"/sources/{source_id}?said=unlinked#vendor-page")


@post("/sources/{source_id:uuid}/page/shown")
async def choose(page: OrgScope, *, source_id: uuid.UUID, form: Form) -> Redirect:
    """Say what the vendor sees."""
    page.require(Right.ADMINISTER)
    held = await vendor_pages.find(page, source_id=source_id)
    offered = {row["id"] for row in await leads.list_case_types(page) if row["disabled_at"] is None}
    unticked = {one for one in offered if form.get(f"type-{one}") != "yes"}
    await vendor_pages.choose(
        page,
        source_id=source_id,
        shows_status=form.get("shows_status") == "yes",
        hidden_case_types=(held.hidden_case_types - offered) | unticked,
    )
    return see(f"/sources/{source_id}?said=shown#vendor-page")
