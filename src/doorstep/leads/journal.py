"""The journal of refused posts: see them, understand them, and release one into an intake."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.leads import batches, journal_queries, queries
from doorstep.leads.faults import Fault, faults_in, mended
from doorstep.leads.model import RELEASED, Entry, Post, new_lead
from doorstep.leads.parsing import Unreadable, parse
from doorstep.leads.reading import Refusal, case_type_in, parse_guid, read
from doorstep.orgs.model import OrgScope, Right

FENCES = {
    "network": "It came from an address that is not on this source's list.",
    "signature": "Its signature is missing or wrong.",
    "throttled": "More posts came in one second than are taken.",
}


@dataclass(frozen=True, kw_only=True)
class RefusedPost:
    """A line of the list."""

    id: uuid.UUID
    received_at: datetime
    source_id: uuid.UUID | None
    source: str | None
    outcome: str
    error: str
    peer: str
    lead_id: uuid.UUID | None
    """The intake that it was released into."""


@dataclass(frozen=True, kw_only=True)
class Examination:
    """Everything about one refused post: its faults, a body to edit, a letter to its vendor."""

    post: RefusedPost
    faults: tuple[Fault, ...]
    body: str
    message: str


async def page(
    scope: OrgScope, *, before: uuid.UUID | None = None, rows_max: int = 50
) -> list[RefusedPost]:
    """Refused posts newest first, those before this one."""
    rows = await journal_queries.list_refused(scope, before=before, rows_max=rows_max)
    return [RefusedPost(**row) for row in rows]


async def examine(scope: OrgScope, *, post_id: uuid.UUID) -> Examination:
    """One refused post with all of its faults; NotFound when there is none of this id."""
    post, body, content_type = await _refused(scope, post_id)
    faults = faults_in(body, content_type=content_type)
    if not any(fault.key in ("", "Referrer", "Type") for fault in faults):
        faults += await _unknown(scope, body, content_type=content_type)
    if post.outcome in FENCES:
        faults.append(Fault(key="", sentence=FENCES[post.outcome]))
    if not faults:
        faults.append(Fault(key="", sentence="Nothing is wrong with it any more: release it."))
    return Examination(
        post=post,
        faults=tuple(faults),
        body=mended(body, content_type=content_type),
        message=_letter(post, faults),
    )


async def release(scope: OrgScope, *, post_id: uuid.UUID, body: bytes) -> uuid.UUID:
    """Make an intake of a refused post, as edited; the lead's id.

    The refused post stays as it came; what was released is a post of its own in the
    journal. The same rules hold as at the door, repeats included.
    """
    scope.require(Right.INVITE)
    post, _, _ = await _refused(scope, post_id)
    if post.lead_id is not None:
        raise Conflict("This post was released already.")
    try:
        reading = read(body)
    except Refusal as refusal:
        raise Invalid(fields={"body": [refusal.error]}) from None
    origin = await queries.find_origin(
        scope.tx,
        captorra_id=reading.captorra_id,
        referrer=reading.referrer,
        case_type=reading.case_type,
    )
    if not origin.known or origin.org_id != scope.org_id:
        raise Invalid(fields={"body": ["Referrer/Type GUID does not exist."]})
    again = Post(
        id=uuid7(),
        org_id=scope.org_id,
        source_id=origin.source_id,
        peer=str(scope.actor),
        headers={"released-from": str(post_id)},
        body=body,
        outcome="accepted",
    )
    lead = new_lead(
        uuid7(),
        reading.values,
        case_type_id=origin.case_type_id,
        rules=origin.rules,
        notes=reading.notes,
        tags=(RELEASED,),
    )
    (written,) = await batches.write_in(scope.tx, [Entry(post=again, lead=lead)])
    assert written.lead_id is not None
    if not await journal_queries.insert_release(scope, post_id=post_id, lead_id=written.lead_id):
        raise Conflict("This post was released already.")
    return written.lead_id


async def _refused(scope: OrgScope, post_id: uuid.UUID) -> tuple[RefusedPost, bytes, bytes]:
    found = await journal_queries.find_refused(scope, post_id=post_id)
    if found is None:
        raise NotFound
    facts = dict(found)
    body, headers = facts.pop("body"), facts.pop("headers")
    return RefusedPost(**facts), body, str(headers.get("content-type", "")).encode()


async def _unknown(scope: OrgScope, body: bytes, *, content_type: bytes) -> list[Fault]:
    """What the organization's own sources and case types say about the two GUIDs."""
    try:
        values = parse(body, content_type=content_type).values
    except Unreadable:
        return []
    faults: list[Fault] = []
    for key, text in (("Referrer", values.get("Referrer")), ("Type", case_type_in(values))):
        if text is None:
            continue
        row = await journal_queries.find_guid(scope, guid=parse_guid(text))
        kind, other = ("source", "case type") if key == "Referrer" else ("case type", "source")
        mine = {"source": row["source"], "case type": row["case_type"]}
        off = {"source": row["source_off"], "case type": row["case_type_off"]}
        if mine[kind] is not None:
            if off[kind]:
                faults.append(Fault(key=key, sentence=f"The {kind} {mine[kind]} is switched off."))
            if kind == "source" and row["ended_at"] is not None:
                faults.append(Fault(key=key, sentence=_ended(row)))
        elif mine[other] is not None:
            sentence = f"This GUID is your {other} {mine[other]}, sent as {key}."
            faults.append(Fault(key=key, sentence=sentence))
        else:
            faults.append(Fault(key=key, sentence=f"You have no {kind} with this {key}."))
    return faults


def _ended(row: asyncpg.Record) -> str:
    return (
        f"This Referrer ended on {row['ended_at']:%Y-%m-%d %H:%M} UTC; "
        f"the new one is in use since {row['used_since']:%Y-%m-%d %H:%M} UTC."
    )


def _letter(post: RefusedPost, faults: list[Fault]) -> str:
    when = f"{post.received_at:%Y-%m-%d %H:%M:%S} UTC"
    lines = [f"Your post of {when} was answered with: {post.error}", ""]
    lines += [f"- {fault.sentence}" for fault in faults]
    return "\n".join(lines)
