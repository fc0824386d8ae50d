"""What becomes of a lead: dispositions, duplicates, merges, and consent to texts."""

import uuid
from datetime import datetime

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.api.desk.finding import find_lead
from doorstep.leads import consent, dispositions, duplicates, merges
from doorstep.orgs.model import OrgScope, Right

TAG = ["Leads"]


class NewDisposition(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a lead became.

    `disposition` is contacted, qualified, signed, rejected, duplicate or returned; rejected and
    returned need a `reason`. `seen` is the number of the decision that the caller knows, 0 for
    none: another one since then is a conflict. Without it whatever is there is overruled.
    """

    disposition: str
    reason: str | None = None
    note: str | None = None
    seen: int | None = None


class Decision(msgspec.Struct, kw_only=True):
    """A decision about a lead, or the withdrawal of the one numbered `withdraws`.

    `disposition` is null where the lead is open again.
    """

    number: int
    disposition: str | None
    reason: str | None
    note: str | None
    withdraws: int | None
    actor: str
    created_at: datetime


class Decisions(msgspec.Struct, kw_only=True):
    """Everything that was decided about a lead, newest first."""

    dispositions: list[Decision]


class Lookalike(msgspec.Struct, kw_only=True):
    """Another lead that may be the same person, and why."""

    id: uuid.UUID
    name: str
    source: str
    received_at: datetime
    reasons: list[str]


class Lookalikes(msgspec.Struct, kw_only=True):
    """The leads that this one looks like and that nobody merged or parted.

    `merged_into` is the lead that is kept for this one.
    """

    candidates: list[Lookalike]
    merged_into: uuid.UUID | None


class MergeInto(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The lead that is kept for both."""

    into_id: uuid.UUID
    seen: int | None = None


class Proof(msgspec.Struct, kw_only=True):
    """A certificate's address or a token, and the key in which it came."""

    kind: str
    value: str
    found_in: str


class ConsentNote(msgspec.Struct, kw_only=True):
    """What a person noted of somebody's consent."""

    given: bool
    how: str
    note: str
    actor: str
    recorded_at: datetime


class ConsentFacts(msgspec.Struct, kw_only=True):
    """What shows that the person agreed to texts; `proven` is whether any of it does."""

    proven: bool
    withdrawn: bool
    proofs: list[Proof]
    notes: list[ConsentNote]


class NewConsentNote(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """That the person agreed, or wants no texts; and how that was said."""

    given: bool
    how: str
    note: str


@get("/leads/{lead_id:uuid}/dispositions", tags=TAG, responses=problems(404))
async def list_dispositions(api: OrgScope, *, lead_id: uuid.UUID) -> Decisions:
    """Everything that was decided about a lead."""
    api.require(Right.READ)
    await find_lead(api, lead_id)
    rows = await dispositions.history(api, lead_id=lead_id)
    return Decisions(
        dispositions=[msgspec.convert(row, Decision, from_attributes=True) for row in rows]
    )


@post("/leads/{lead_id:uuid}/dispositions", tags=TAG, responses=problems(404, 409, 422))
async def dispose(api: OrgScope, *, lead_id: uuid.UUID, data: JSONBody[NewDisposition]) -> Decision:
    """Decide what became of a lead."""
    made = await dispositions.dispose(
        api,
        lead_id=lead_id,
        disposition=data.disposition,
        reason=data.reason,
        note=data.note,
        seen=data.seen,
    )
    return msgspec.convert(made, Decision, from_attributes=True)


@delete(
    "/leads/{lead_id:uuid}/dispositions/{number:int}",
    status_code=200,
    tags=TAG,
    responses=problems(404, 409),
)
async def withdraw_disposition(api: OrgScope, *, lead_id: uuid.UUID, number: int) -> Decision:
    """Take the lead's last decision back; the row that says so."""
    made = await dispositions.withdraw(api, lead_id=lead_id, number=number)
    return msgspec.convert(made, Decision, from_attributes=True)


@get("/leads/{lead_id:uuid}/duplicates", tags=TAG, responses=problems(404))
async def list_duplicates(api: OrgScope, *, lead_id: uuid.UUID) -> Lookalikes:
    """The leads that may be the same person."""
    api.require(Right.READ)
    found = await duplicates.candidates(api, lead=await find_lead(api, lead_id))
    return Lookalikes(
        candidates=[
            Lookalike(
                id=one.lead.id,
                name=one.lead.name,
                source=one.lead.source,
                received_at=one.lead.received_at,
                reasons=list(one.reasons),
            )
            for one in found
        ],
        merged_into=await merges.merged_into(api, lead_id=lead_id),
    )


@post("/leads/{lead_id:uuid}/merge", status_code=204, tags=TAG, responses=problems(404, 409, 422))
async def merge(api: OrgScope, *, lead_id: uuid.UUID, data: JSONBody[MergeInto]) -> None:
    """Keep another lead for both; nothing of either is lost."""
    await merges.merge(api, lead_id=lead_id, into_id=data.into_id, seen=data.seen)


@delete("/leads/{lead_id:uuid}/merge", tags=TAG, responses=problems(404, 409))
async def undo_merge(api: OrgScope, *, lead_id: uuid.UUID) -> None:
    """Let the lead stand for itself again, as it was decided before."""
    await merges.undo(api, lead_id=lead_id)


@post(
    "/leads/{lead_id:uuid}/partings/{other_id:uuid}",
    status_code=204,
    tags=TAG,
    responses=problems(404, 409),
)
async def part(api: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> None:
    """Say that they are two people; the pair is not offered again."""
    await duplicates.part(api, lead_id=lead_id, other_id=other_id)


@delete("/leads/{lead_id:uuid}/partings/{other_id:uuid}", tags=TAG, responses=problems(404, 409))
async def undo_parting(api: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> None:
    """Take that back."""
    await duplicates.rejoin(api, lead_id=lead_id, other_id=other_id)


@get("/leads/{lead_id:uuid}/consent", tags=TAG, responses=problems(404))
async def show_consent(api: OrgScope, *, lead_id: uuid.UUID) -> ConsentFacts:
    """What shows that the person agreed to texts."""
    api.require(Right.READ)
    await find_lead(api, lead_id)
    return await _consent(api, lead_id)


@post("/leads/{lead_id:uuid}/consent", tags=TAG, responses=problems(404, 422))
async def note_consent(
    api: OrgScope, *, lead_id: uuid.UUID, data: JSONBody[NewConsentNote]
) -> ConsentFacts:
    """Note what the person said; what shows it afterwards."""
    await consent.note(api, lead_id=lead_id, given=data.given, how=data.how, text=data.note)
    return await _consent(api, lead_id)


async def _consent(scope: OrgScope, lead_id: uuid.UUID) -> ConsentFacts:
    found = await consent.find(scope, lead_id=lead_id)
    return ConsentFacts(
        proven=found.proven,
        withdrawn=found.withdrawn,
        proofs=[msgspec.convert(one, Proof, from_attributes=True) for one in found.proofs],
        notes=[msgspec.convert(one, ConsentNote, from_attributes=True) for one in found.notes],
    )


ROUTES = [
    list_dispositions,
    dispose,
    withdraw_disposition,
    list_duplicates,
    merge,
    undo_merge,
    part,
    undo_parting,
    show_consent,
    note_consent,
]
