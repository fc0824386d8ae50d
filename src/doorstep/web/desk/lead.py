"""The page of one lead: facts beside the post as it came, what became of it, who it may be."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from litestar import get

from doorstep.events import queries as events
from doorstep.events.model import Event
from doorstep.kit.errors import AppError, NotFound
from doorstep.leads import calls, dispositions, duplicates, merges
from doorstep.leads import queries as leads
from doorstep.leads.dispositions import REASONS, Disposition
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import consent, inbox_queries
from doorstep.web.desk.job_queries import member_names
from doorstep.web.desk.lead_cost import cost_shown
from doorstep.web.desk.post_text import PostText, post_text
from doorstep.web.desk.rules import plan_of
from doorstep.web.desk.screens import Page, Query, html, piece
from doorstep.web.desk.story import MERGED_HERE, told


@get("/leads/{lead_id:uuid}")
async def lead_page(
    page: OrgScope, *, lead_id: uuid.UUID, view: Query = "", said: Query = ""
) -> Page:
    """Everything about one lead."""
    page.require(Right.READ)
    return html(await _page(page, lead_id, raw=view == "raw", said=said))


async def lead_again(
    scope: OrgScope, lead_id: uuid.UUID, *, problem: AppError, typed: Mapping[str, str]
) -> Page:
    """The page once more, with what did not work and what was typed."""
    text = await _page(scope, lead_id, problem=problem.text, typed=typed)
    return html(text, status=problem.status)


async def _page(scope: OrgScope, lead_id: uuid.UUID, **shown: object) -> str:
    lead = await leads.find(scope, lead_id=lead_id)
    row = await inbox_queries.find(scope, lead_id=lead_id)
    if lead is None or row is None:
        raise NotFound
    kept_id = await merges.merged_into(scope, lead_id=lead_id)
    merged = await inbox_queries.find_many(
        scope, lead_ids=await merges.merged(scope, lead_id=lead_id)
    )
    history = await dispositions.history(scope, lead_id=lead_id)
    values: dict[str, object] = {
        "lead": lead,
        "row": row,
        "kept": await inbox_queries.find(scope, lead_id=kept_id) if kept_id else None,
        "merged": merged,
        "newest": history[0] if history else None,
        "standing": dispositions.standing(history),
        "reasons": REASONS,
        "candidates": await duplicates.candidates(scope, lead=lead),
        "post": await _post(scope, lead.post_id),
        "events": await _timeline(
            scope, lead_id, history=history, merged_ids=[one.id for one in merged]
        ),
        "members": await member_names(scope),
        "cost": await cost_shown(scope, lead_id=lead_id),
        "calls": await calls.of_lead(scope, lead_id=lead_id),
        "raw": False,
        "said": "",
        "problem": "",
        "typed": {},
        **await consent.shown(scope, lead_id=lead_id),
        **await plan_of(scope, lead_id=lead_id),
    }
    return await piece(scope, "desk/lead.html", place="inbox", **values | shown)


async def _timeline(
    scope: OrgScope,
    lead_id: uuid.UUID,
    *,
    history: list[Disposition],
    merged_ids: list[uuid.UUID],
) -> list[Event]:
    """The lead's events with the notes of its decisions, and the merges into it."""
    notes: dict[object, str | None] = {
        row.number: row.note for row in history if row.withdraws is None
    }
    own = [
        replace(event, payload=event.payload | {"note": notes.get(event.payload.get("number"))})
        for event in await events.of_lead(scope, lead_id=lead_id)
    ]
    merges_here = [
        replace(event, name=MERGED_HERE)
        for event in await events.of_leads(scope, lead_ids=merged_ids, name="lead.merged")
    ]
    return told(sorted(own + merges_here, key=lambda event: event.id, reverse=True))


async def _post(scope: OrgScope, post_id: uuid.UUID) -> PostText | None:
    found = await leads.find_post(scope, post_id=post_id)
    if found is None:
        return None
    return post_text(found["body"], headers=found["headers"], peer=found["peer"])
