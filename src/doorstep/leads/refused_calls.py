"""Refused calls: see them, understand them, and make a call of a mended one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.leads import call_queries, refused_call_queries
from doorstep.leads.call_reading import FLAT, REQUIRED, read_call
from doorstep.leads.faults import Fault, mended, missing, why_unreadable
from doorstep.leads.parsing import Unreadable, parse
from doorstep.leads.reading import Refusal
from doorstep.leads.throttle import THROTTLED
from doorstep.orgs.model import OrgScope, Right

FENCES = {THROTTLED: "More calls came in one second than are taken."}


@dataclass(frozen=True, kw_only=True)
class RefusedCall:
    """A line of the list."""

    id: uuid.UUID
    received_at: datetime
    outcome: str
    error: str
    peer: str
    call_id: uuid.UUID | None
    """The call that was made of it."""


@dataclass(frozen=True, kw_only=True)
class Examination:
    """Everything about one refused call: its faults, a body to edit, and the body as it came."""

    call: RefusedCall
    faults: tuple[Fault, ...]
    edited: str
    body: bytes
    client: str


async def page(
    scope: OrgScope, *, before: uuid.UUID | None = None, rows_max: int = 50
) -> list[RefusedCall]:
    """Refused calls newest first, those before this one."""
    rows = await refused_call_queries.page(scope, before=before, rows_max=rows_max)
    return [RefusedCall(**row) for row in rows]


async def examine(scope: OrgScope, *, refused_id: uuid.UUID) -> Examination:
    """One refused call with all of its faults; NotFound when there is none of this id."""
    row = await refused_call_queries.find(scope, refused_id=refused_id)
    if row is None:
        raise NotFound
    facts = dict(row)
    body, headers = facts.pop("body"), facts.pop("headers")
    call = RefusedCall(**facts)
    content_type = str(headers.get("content-type", "")).encode()
    if call.outcome in FENCES:
        faults = [Fault(key="", sentence=FENCES[call.outcome])]
    else:
        faults = faults_in(body, content_type=content_type)
    return Examination(
        call=call,
        faults=tuple(faults),
        edited=mended(body, content_type=content_type),
        body=body,
        client=str(headers.get("user-agent", "")),
    )


def faults_in(body: bytes, *, content_type: bytes = b"") -> list[Fault]:
    """Every fault of a call at once."""
    try:
        values = parse(body, content_type=content_type, flat=FLAT).values
    except Unreadable as unreadable:
        return [Fault(key="", sentence=why_unreadable(body, str(unreadable)))]
    found = list(missing(values, required=REQUIRED))
    return found or [Fault(key="", sentence="Nothing is wrong with it any more: take it.")]


async def mend(scope: OrgScope, *, refused_id: uuid.UUID, body: bytes) -> uuid.UUID:
    """Make a call of a refused one, as edited; its id. The refused one stays as it came."""
    scope.require(Right.INVITE)
    examined = await examine(scope, refused_id=refused_id)
    if examined.call.call_id is not None:
        raise Conflict("A call was made of this already.")
    try:
        call = read_call(body)
    except Refusal as refusal:
        raise Invalid(fields={"body": [refusal.error]}) from None
    call_id = await call_queries.insert(
        scope.tx,
        call=call,
        peer=str(scope.actor),
        headers={"mended-from": str(refused_id)},
        body=body,
    )
    if call_id is None:
        raise Invalid(fields={"body": ["This CaptorraId is not yours."]})
    if not await refused_call_queries.insert_mended(scope, refused_id=refused_id, call_id=call_id):
        raise Conflict("A call was made of this already.")
    return call_id
