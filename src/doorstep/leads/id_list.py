"""Vendors and case types with the ids that they have already, many at once, from CSV."""

import csv
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from doorstep.kit.errors import Conflict, Invalid
from doorstep.kit.ids import uuid7
from doorstep.leads import referrer_queries, vendor_queries
from doorstep.leads.vendors import guid_in, name_in
from doorstep.orgs.model import OrgScope, Right

HEAD = ("kind", "name", "guid")
LINES_MAX = 200
LINE = "Line "
SOURCE, CASE_TYPE = "source", "case type"
KINDS = {SOURCE: SOURCE, "vendor": SOURCE, CASE_TYPE: CASE_TYPE, "case_type": CASE_TYPE}


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
    faults: dict[str, list[str]] = {}
    listed = list(_read(text, faults=faults))
    await referrer_queries.lock(scope)
    for kind, taken in (
        (SOURCE, vendor_queries.taken_referrers),
        (CASE_TYPE, vendor_queries.taken_guids),
    ):
        mine = [one for one in listed if one.kind == kind]
        used = await taken(scope, among=[one.guid for one in mine])
        for one in mine:
            if one.guid in used:
                _fault(faults, one.line, f"A {kind} with this GUID is there already.")
            used.add(one.guid)
    if not listed and not faults:
        _fault(faults, 1, "There is nothing on the list.")
    if faults:
        raise Invalid(fields=dict(sorted(faults.items(), key=_number)))
    for one in listed:
        await _add(scope, one)
    return len(listed)


def _read(text: str, *, faults: dict[str, list[str]]) -> Iterator[Listed]:
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    try:
        for cells in reader:
            values = [cell.strip() for cell in cells]
            number = reader.line_num
            if number > LINES_MAX:
                _fault(faults, number, f"A list has at most {LINES_MAX} lines.")
                return
            if not any(values) or tuple(cell.lower() for cell in values) == HEAD:
                continue
            try:
                yield _line(values, number=number)
            except Invalid as invalid:
                for lines in invalid.fields.values():
                    _fault(faults, number, *lines)
    except csv.Error:
        _fault(faults, reader.line_num, "This is no CSV.")


def _line(values: list[str], *, number: int) -> Listed:
    if len(values) != len(HEAD):
        raise Invalid(fields={"line": [f"A line is {','.join(HEAD)}."]})
    kind, name, guid = values
    if kind.lower() not in KINDS:
        raise Invalid(fields={"kind": [f"The kind is {SOURCE} or {CASE_TYPE}."]})
    own = guid_in(guid)
    if own is None:
        raise Invalid(fields={"guid": ["The GUID is missing."]})
    return Listed(line=number, kind=KINDS[kind.lower()], name=name_in(name), guid=own)


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


def _number(fault: tuple[str, list[str]]) -> int:
    return int(fault[0].removeprefix(LINE))


def _fault(faults: dict[str, list[str]], line: int, *sentences: str) -> None:
    faults.setdefault(f"{LINE}{line}", []).extend(sentences)
