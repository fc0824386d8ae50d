"""The lead that a call is about."""

import uuid

from doorstep.kit.errors import NotFound
from doorstep.leads import queries as leads
from doorstep.leads.model import Lead
from doorstep.orgs.model import OrgScope


async def find_lead(scope: OrgScope, lead_id: uuid.UUID) -> Lead:
    """The lead; NotFound when it is not there or not this organization's."""
    lead = await leads.find(scope, lead_id=lead_id)
    if lead is None:
        raise NotFound
    return lead
