"""How an organization numbers its jobs, and the time zone that it works in."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from doorstep.events.actions import record
from doorstep.kit.errors import Invalid
from doorstep.orgs import queries
from doorstep.orgs.model import OrgScope, Right

LABEL_CHARACTERS_MAX = 40
CONTINENTS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"),
    *("Indian", "Pacific"),
)


@cache
def time_zones() -> tuple[str, ...]:
    """The zones of this machine's tzdata that are named after a place."""
    return tuple(
        sorted(name for name in available_timezones() if name.partition("/")[0] in CONTINENTS)
    )


async def change(scope: OrgScope, *, values: Mapping[str, str | bool]) -> None:
    """Write zone, label and rule; Invalid with every fault."""
    scope.require(Right.ADMINISTER)
    label = " ".join(str(values["external_identifier_label"]).split())
    faults = {}
    if values["time_zone"] not in time_zones():
        faults["time_zone"] = ["is one of the list"]
    if not 0 < len(label) <= LABEL_CHARACTERS_MAX:
        faults["external_identifier_label"] = [f"has 1 to {LABEL_CHARACTERS_MAX} characters"]
    if faults:
        raise Invalid(fields=faults)
    org = await queries.find_org(scope)
    wanted = {**values, "external_identifier_label": label}
    changed = {name: value for name, value in wanted.items() if getattr(org, name) != value}
    if changed:
        await queries.update_org(scope, values=changed)
        await record(scope, "organization.changed", changed=sorted(changed))
