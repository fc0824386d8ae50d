"""Consent to texts: what proves it, what a person noted, and whether a text may go out.

A text that goes out by itself because of a lead needs proof that its person agreed, where
the organization asks for that. One that a member sends with a click of their own does
not; a note that the person wants no texts stops both.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from doorstep.events.actions import record as record_event
from doorstep.kit.errors import Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.leads import consent_queries
from doorstep.leads.parsing import Unreadable, parse
from doorstep.leads.proofs import TEXTS, Proof, Told, proofs_in, told_in
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right

HOW = {
    "phone": "on the phone",
    "in_person": "in person",
    "writing": "in writing",
    "message": "by e-mail or text",
    "other": "otherwise",
}
NOTE_CHARACTERS_MAX = 1000
NO_CONSENT = "no_consent"
WITHDRAWN = "consent_withdrawn"
MEMBER = "user"


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a person noted: whether they agreed, how that was said, and who noted it when."""

    id: uuid.UUID
    given: bool
    how: str
    note: str
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Everything that is known about a lead's consent; the notes newest first."""

    proofs: tuple[Proof, ...]
    told: Told
    noted: bool | None
    """What the newest note says: agreed, wants none, or no note."""
    notes: tuple[Note, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether the last word is that the person wants no texts."""
        return self.noted is False

    @property
    def proven(self) -> bool:
        """Whether something shows that the person agreed, and no note that they do not."""
        return self.noted is True or (self.noted is None and bool(self.proofs or self.told.whole))


async def find(scope: OrgScope, *, lead_id: uuid.UUID) -> Consent:
    """What is known of this lead's consent; NotFound when there is no such lead."""
    row = await consent_queries.find(scope, lead_id=lead_id)
    if row is None:
        raise NotFound
    notes = [Note(**one) for one in await consent_queries.list_notes(scope, lead_id=lead_id)]
    found = of_post(dict(row), noted=notes[0].given if notes else None)
    return replace(found, notes=tuple(notes))


def of_post(row: Mapping[str, Any], *, noted: bool | None) -> Consent:
    """As `of_lead`, and from `headers` and `body` of the post where the columns hold less."""
    facts = dict(row)
    return of_lead(facts | _whole(facts), noted=noted)


def of_lead(row: Mapping[str, Any], *, noted: bool | None) -> Consent:
    """What the columns `extra`, `details` and `tracking` of a lead hold."""
    texts = {"Details": row["details"] or "", "Tracking": row["tracking"] or ""}
    values = {key: str(text) for key, text in row["extra"].items()} | texts
    return Consent(proofs=proofs_in(values), told=told_in(values), noted=noted)


async def note(scope: OrgScope, *, lead_id: uuid.UUID, given: bool, how: str, text: str) -> None:
    """Note that the person agreed to texts, or wants none; Invalid without saying how."""
    scope.require(Right.INVITE)
    text = text.strip()
    fields: dict[str, list[str]] = {}
    if how not in HOW:
        fields["how"] = [f"is one of {', '.join(HOW)}"]
    if not 0 < len(text) <= NOTE_CHARACTERS_MAX:
        fields["note"] = [f"says how you know, in at most {NOTE_CHARACTERS_MAX} characters"]
    if fields:
        raise Invalid(fields=fields)
    new = {"id": uuid7(), "given": given, "how": how, "note": text}
    if not await consent_queries.insert(scope, lead_id=lead_id, note=new):
        raise NotFound
    await record_event(scope, "lead.consent_noted", lead_id=lead_id, given=given, how=how)


async def text_obstacle(scope: OrgScope, *, lead_id: uuid.UUID) -> str | None:
    """Why no text goes to this lead's person now, as a code, or None.

    A member's own click needs no proof; a task, a rule or an integration does.
    """
    consent = await find(scope, lead_id=lead_id)
    if consent.withdrawn:
        return WITHDRAWN
    if scope.actor.kind == MEMBER or consent.proven:
        return None
    return NO_CONSENT if await orgs.texts_need_consent(scope) else None


def _whole(row: Mapping[str, Any]) -> dict[str, str]:
    """The two texts as they came, where the columns hold less of them."""
    if row["body"] is None:
        return {}
    content_type = str(row["headers"].get("content-type", "")).encode()
    try:
        values = parse(row["body"], content_type=content_type).values
    except Unreadable:
        return {}
    return {key.lower(): values[key] for key in TEXTS if key in values}
