"""`/api/desk/calls`: tracked calls, the lead that each belongs to, and a person's word on it."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from litestar import delete, get, put
from litestar.params import FromQuery

from doorstep.api.desk.answers import PAGE_ROWS, Limit, problems
from doorstep.leads import calls
from doorstep.leads.calls import Anchor
from doorstep.orgs.model import OrgScope, Right

TAG = ["Calls"]


class CallLine(msgspec.Struct, kw_only=True):
    """A call with its lead and why; `lead_id` is null while it belongs to none."""

    id: uuid.UUID
    called_at: datetime
    name: str
    ani: str
    vendor_call_id: str | None
    extra: dict[str, Any]
    warnings: list[str]
    lead_id: uuid.UUID | None
    lead_name: str | None
    reason: str | None


class CallList(msgspec.Struct, kw_only=True):
    """Calls newest first; `next` asks for the page after this one."""

    calls: list[CallLine]
    next: uuid.UUID | None


class CallCandidate(msgspec.Struct, kw_only=True):
    """A lead that the call may belong to; `parted` is whether somebody said that it does not."""

    id: uuid.UUID
    name: str
    source: str
    received_at: datetime
    reason: str
    parted: bool


class CallFacts(CallLine, kw_only=True):
    """One call with the leads that it may belong to."""

    candidates: list[CallCandidate]


@get("/calls", tags=TAG, responses=problems(404))
async def list_calls(
    api: OrgScope,
    *,
    matched: FromQuery[bool | None] = None,
    before: FromQuery[uuid.UUID | None] = None,
    limit: Limit = PAGE_ROWS,
) -> CallList:
    """Calls newest first, all or those with a lead or without one."""
    api.require(Right.READ)
    anchor = None
    if before is not None:
        last = await calls.find(api, call_id=before)
        anchor = Anchor(called_at=last.called_at, id=last.id)
    found = await calls.page(api, matched=matched, before=anchor, rows_max=limit)
    return CallList(
        calls=[msgspec.convert(one, CallLine, from_attributes=True) for one in found.calls],
        next=found.older.id if found.older else None,
    )


@get("/calls/{call_id:uuid}", tags=TAG, responses=problems(404))
async def show_call(api: OrgScope, *, call_id: uuid.UUID) -> CallFacts:
    """One call, and the leads that it may belong to."""
    api.require(Right.READ)
    call = await calls.find(api, call_id=call_id)
    line = msgspec.convert(call, CallLine, from_attributes=True)
    return CallFacts(
        **msgspec.structs.asdict(line),
        candidates=[
            CallCandidate(
                id=one.id,
                name=one.name,
                source=one.source,
                received_at=one.received_at,
                reason=one.reason,
                parted=one.parted_by is not None,
            )
            for one in await calls.candidates(api, call=call)
        ],
    )


@put(
    "/calls/{call_id:uuid}/lead/{lead_id:uuid}",
    status_code=204,
    tags=TAG,
    responses=problems(404, 409),
)
async def join_call(api: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Say that the call belongs to this lead."""
    await calls.join(api, call_id=call_id, lead_id=lead_id)


@delete("/calls/{call_id:uuid}/lead/{lead_id:uuid}", tags=TAG, responses=problems(404, 409))
async def part_call(api: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Say that it does not; it goes to the next best lead, or to none."""
    await calls.part(api, call_id=call_id, lead_id=lead_id)


ROUTES = [list_calls, show_call, join_call, part_call]
