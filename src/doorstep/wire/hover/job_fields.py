"""From the parameters of a job to what is meant, or every fault at once."""

import uuid
from dataclasses import dataclass

from doorstep.jobs.change_queries import CHANGEABLE
from doorstep.jobs.model import Property
from doorstep.kit.errors import Invalid
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Org, OrgScope
from doorstep.wire.hover.asking import (
    BLANK,
    Faults,
    client_identifier,
    deliverable,
    short,
    test_state,
    wallet,
)
from doorstep.wire.hover.encoding import Tree, branch


@dataclass(frozen=True, kw_only=True)
class WantedJob:
    """What a create call asks for; everything is checked but the wallet."""

    place: Property
    deliverable_id: int
    client_identifier: uuid.UUID
    wallet_id: int | None
    test_state: str | None


def read_job(tree: Tree, *, org: Org) -> WantedJob:
    """What a create call asks for; Invalid naming every field that is wrong."""
    job = branch(tree, "job")
    faults: Faults = {}
    values = {name: short(job, name, faults=faults) for name in sorted(CHANGEABLE)}
    name = values["name"] or values["location_line_1"]
    if name is None:
        faults["name"] = [BLANK]
    if org.external_identifier_required and values["external_identifier"] is None:
        faults["external_identifier"] = [BLANK]
    wanted = WantedJob(
        place=Property(
            name=name or "",
            line_1=values["location_line_1"],
            line_2=values["location_line_2"],
            city=values["location_city"],
            region=values["location_region"],
            postal_code=values["location_postal_code"],
            country=values["location_country"] or "US",
            customer_name=values["customer_name"],
            customer_email=values["customer_email"],
            customer_phone=values["customer_phone"],
            external_identifier=values["external_identifier"],
        ),
        deliverable_id=deliverable(job, org=org, faults=faults),
        client_identifier=client_identifier(job, faults) or uuid.uuid4(),
        wallet_id=wallet({}, request={}, job=job),
        test_state=test_state(job, faults),
    )
    if faults:
        raise Invalid(fields=faults)
    return wanted


def changed_fields(job: Tree) -> dict[str, str | None]:
    """The columns that an update names; a blank one is emptied, where that may be."""
    faults: Faults = {}
    values = {name: short(job, name, faults=faults) for name in sorted(CHANGEABLE) if name in job}
    faults |= {
        name: [BLANK]
        for name in ("name", "location_country")
        if name in values and values[name] is None
    }
    if faults:
        raise Invalid(fields=faults)
    return values


async def wallet_of(scope: OrgScope, wanted: WantedJob) -> int | None:
    """What pays: the named wallet, or the organization's own."""
    if wanted.wallet_id is None:
        return await orgs.default_wallet_id(scope)
    if not await orgs.wallet_exists(scope, wallet_id=wanted.wallet_id):
        raise Invalid(fields={"wallet_id": ["is not one of your wallets"]})
    return wanted.wallet_id
