"""What one lead cost, entered on its page."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.leads import cost_queries, costs
from doorstep.orgs.model import OrgScope
from doorstep.orgs.money import amount_text
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import see


@post("/leads/{lead_id:uuid}/cost")
async def enter(page: OrgScope, *, lead_id: uuid.UUID, form: Form) -> Redirect:
    """Set what the lead cost, or that nobody knows."""
    await costs.record_lead(page, lead_id=lead_id, amount=form.get("amount", ""))
    return see(f"/leads/{lead_id}?said=cost")


async def cost_shown(scope: OrgScope, *, lead_id: uuid.UUID) -> str:
    """What the lead cost, as its page says it; empty when nobody knows."""
    cents = await cost_queries.of_lead(scope, lead_id=lead_id)
    return "" if cents is None else amount_text(cents)
