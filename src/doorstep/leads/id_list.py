"""Vendors and case types with the ids that they have already, many at once, from CSV."""

import uuid
from dataclasses import dataclass

from doorstep.kit.errors import Conflict, Invalid
from doorstep.kit.ids import uuid7
from doorstep.leads import referrer_queries, vendor_queries
from doorstep.leads.pasted import Faults, read_lines
from doorstep.leads.vendors import guid_in, name_in
from doorstep.orgs.model import OrgScope, Right

HEAD = ("kind", "name", "guid")
LINES_MAX = 200
SOURCE, CASE_TYPE = "source", "case type"
KINDS = {SOURCE: SOURCE, "vendor": SOURCE, CASE_TYPE: CASE_TYPE, "case_type": CASE_TYPE}
TAKEN = {SOURCE: vendor_queries.taken_referrers, CASE_TYPE: vendor_queries.taken_guids}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One good line."""

    line: int
    kind: str
    name: str
    guid: uuid.UUID


async def take(scope: OrgScope, *, text: str) -> int:
    """Add everything on the list, `kind,name,guid` a line; how many they are.

    With one line that is wrong nothing is added: Invalid then has a field for each of them,
    `Line 3`.
    """
    scope.require(Right.ADMINISTER)
    faults = Faults()
    listed: list[Listed] = []
    for line, cells in read_lines(text, heads=[HEAD], lines_max=LINES_MAX, faults=faults):
        try:
            listed.append(_listed(cells, line=line))
        except Invalid as invalid:
            faults.add(line, invalid)
    await referrer_queries.lock(scope)
    for kind, taken in TAKEN.items():
        mine = [one for one in listed if one.kind == kind]
        used = await taken(scope, among=[one.guid for one in mine])
        for one in mine:
            if one.guid in used:
                faults.add(one.line, f"A {kind} with this GUID is there already.")
            used.add(one.guid)
    faults.settle()
    for one in listed:
        await _add(scope, one)
    return len(listed)


def _listed(cells: list[str], *, line: int) -> Listed:
    if len(cells) != len(HEAD):
        raise Invalid(fields={"line": [f"A line is {','.join(HEAD)}."]})
    kind, name, guid = cells
    if kind.lower() not in KINDS:
        raise Invalid(fields={"kind": [f"The kind is {SOURCE} or {CASE_TYPE}."]})
    own = guid_in(guid)
    if own is None:
        raise Invalid(fields={"guid": ["The GUID is missing."]})
    return Listed(line=line, kind=KINDS[kind.lower()], name=name_in(name), guid=own)


async def _add(scope: OrgScope, one: Listed) -> None:
    if one.kind == SOURCE:
        await vendor_queries.insert_source(
            scope, source_id=uuid7(), name=one.name, referrer=one.guid
        )
        return
    made = await vendor_queries.insert_case_type(
        scope, case_type_id=uuid7(), name=one.name, guid=one.guid
    )
    if not made:
        raise Conflict("Somebody else added one of these case types just now. Try again.")
