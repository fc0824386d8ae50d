"""The time zones that a house may lie in."""

from doorstep.kit.zones import zones_of
from doorstep.leads.regions import two_letters
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope


async def zones_at(
    scope: OrgScope, *, region: str | None, postal_code: str | None
) -> tuple[str, ...]:
    """The zones of an address; the organization's where the address tells none."""
    named = region or ""
    found = zones_of(region=two_letters(named) or named, postal_code=postal_code)
    return found or ((await orgs.find_org(scope)).time_zone,)
