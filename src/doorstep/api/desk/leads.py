"""`/api/desk/leads`: find leads, read one with its post and its timeline, ask for photos."""

import uuid
from datetime import datetime
from typing import Any, Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from doorstep.api.desk.answers import PAGE_ROWS, Limit, RowId, problems
from doorstep.api.desk.finding import find_lead
from doorstep.captures import actions as captures
from doorstep.events import queries as events
from doorstep.kit.errors import Invalid
from doorstep.leads.model import Lead
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import inbox_queries
from doorstep.web.desk.inbox_queries import LeadRow, Looking

TAG = ["Leads"]


class LeadLine(msgspec.Struct, kw_only=True):
    """A lead as lists have it; `minutes` is its age.

    `disposition` is null for an open lead, `decisions` how often somebody decided, and
    `first_touched_at` when somebody first did something about it.
    """

    id: uuid.UUID
    received_at: datetime
    minutes: int
    name: str
    email: str | None
    phone: str | None
    address: str
    source: str
    case_type: str | None
    tags: list[str]
    warnings: list[str]
    disposition: str | None
    reason: str | None
    decisions: int
    first_touched_at: datetime | None
    possible_duplicate: bool
    merged: bool
    capture_request_id: int | None
    capture_request_state: str | None
    job_id: int | None
    job_state: str | None


class LeadList(msgspec.Struct, kw_only=True):
    """Leads newest first; `next` is what `before` asks for the page after this one with."""

    leads: list[LeadLine]
    next: uuid.UUID | None


class LeadFacts(LeadLine, kw_only=True):
    """One lead with everything that its vendor sent; `extra` holds the keys of its own."""

    vendor_lead_id: str | None
    first_name: str
    last_name: str
    primary_phone: str | None
    secondary_phone: str | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    county: str | None
    best_time: str | None
    details: str | None
    keyword: str | None
    extra: dict[str, Any]
    post_id: uuid.UUID


class TimelineEvent(msgspec.Struct, kw_only=True):
    """Something that happened with a lead, or with what came of it."""

    id: uuid.UUID
    name: str
    occurred_at: datetime
    actor: str
    payload: dict[str, Any]


class Timeline(msgspec.Struct, kw_only=True):
    """What happened, newest first."""

    events: list[TimelineEvent]


class AskForPhotos(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who asks: the letters are signed with this member's name.

    Without a `language` they go in the organization's first, and later ones in that of the phone
    that opens the link.
    """

    requesting_user_id: RowId
    language: Literal["en", "es"] | None = None


class Asked(msgspec.Struct, kw_only=True):
    """The request for photos and its draft job."""

    capture_request_id: int
    identifier: str
    job_id: int


@get("/leads", tags=TAG, responses=problems(404))
async def list_leads(
    api: OrgScope,
    *,
    looking: Looking,
    before: FromQuery[uuid.UUID | None] = None,
    limit: Limit = PAGE_ROWS,
) -> LeadList:
    """Leads newest first, narrowed by the same filters as the inbox."""
    api.require(Right.READ)
    found = await inbox_queries.page(
        api, looking=looking, before=await _anchor(api, before), rows_max=limit + 1
    )
    shown = found.rows[:limit]
    return LeadList(
        leads=[LeadLine(**_line(row)) for row in shown],
        next=shown[-1].id if len(found.rows) > limit else None,
    )


@get("/leads/{lead_id:uuid}", tags=TAG, responses=problems(404))
async def show_lead(api: OrgScope, *, lead_id: uuid.UUID) -> LeadFacts:
    """Everything about one lead."""
    api.require(Right.READ)
    lead = await find_lead(api, lead_id)
    row = await inbox_queries.find(api, lead_id=lead_id)
    assert row is not None
    return LeadFacts(**_line(row), **_facts(lead))


@get("/leads/{lead_id:uuid}/timeline", tags=TAG, responses=problems(404))
async def show_timeline(api: OrgScope, *, lead_id: uuid.UUID) -> Timeline:
    """What happened with the lead and with the photos that it was asked for; at most 200 events."""
    api.require(Right.READ)
    await find_lead(api, lead_id)
    return Timeline(
        events=[
            TimelineEvent(
                id=event.id,
                name=event.name,
                occurred_at=event.occurred_at,
                actor=event.actor,
                payload=event.payload,
            )
            for event in await events.of_lead(api, lead_id=lead_id)
        ]
    )


@post("/leads/{lead_id:uuid}/capture-request", tags=TAG, responses=problems(404, 409, 422))
async def ask_for_photos(
    api: OrgScope, *, lead_id: uuid.UUID, data: JSONBody[AskForPhotos]
) -> Asked:
    """Ask the lead's person for photos, as one click in the inbox does."""
    api.require(Right.INVITE)
    lead = await find_lead(api, lead_id)
    if await orgs.find_member(api, user_id=data.requesting_user_id) is None:
        raise Invalid(fields={"requesting_user_id": ["is not an active user of this organization"]})
    made = await captures.ask_for_photos(
        api, lead=lead, requesting_user_id=data.requesting_user_id, language=data.language
    )
    return Asked(capture_request_id=made.id, identifier=made.identifier, job_id=made.job_id)


async def _anchor(scope: OrgScope, before: uuid.UUID | None) -> tuple[datetime, uuid.UUID] | None:
    if before is None:
        return None
    lead = await find_lead(scope, before)
    return lead.received_at, lead.id


def _line(row: LeadRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "received_at": row.received_at,
        "minutes": row.minutes,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "address": row.address,
        "source": row.source,
        "case_type": row.case_type,
        "tags": row.tags,
        "warnings": row.warnings,
        "disposition": row.disposition,
        "reason": row.reason,
        "decisions": row.number,
        "first_touched_at": row.first_touched_at,
        "possible_duplicate": row.suspected,
        "merged": row.merged,
        "capture_request_id": row.request_id,
        "capture_request_state": row.request_state,
        "job_id": row.job_id,
        "job_state": row.job_state,
    }


def _facts(lead: Lead) -> dict[str, Any]:
    own = set(LeadFacts.__struct_fields__) - set(LeadLine.__struct_fields__) - {"street"}
    return {name: getattr(lead, name) for name in own} | {"street": lead.address}


ROUTES = [list_leads, show_lead, show_timeline, ask_for_photos]
