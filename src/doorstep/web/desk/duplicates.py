"""Two leads side by side: the same person, or two."""

import uuid
from dataclasses import dataclass

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Conflict, NotFound
from doorstep.leads import duplicates, merges
from doorstep.leads import queries as leads
from doorstep.leads.model import Lead, ten_digits
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import inbox_queries
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.screens import Page, html, piece, see

EXTRA_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of the comparison."""

    label: str
    older: str
    newer: str
    differs: bool


@get("/leads/{lead_id:uuid}/duplicates/{other_id:uuid}")
async def compare(page: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> Page:
    """Both leads, the older one first."""
    page.require(Right.READ)
    return html(await _page(page, lead_id=lead_id, other_id=other_id))


@post("/leads/{lead_id:uuid}/duplicates/{other_id:uuid}/merge")
async def merge(
    page: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """Keep the older one for both."""
    older, newer = await _pair(page, lead_id, other_id)
    seen = number_in(form, "seen")
    try:
        await merges.merge(page, lead_id=newer.id, into_id=older.id, seen=seen)
    except Conflict as problem:
        text = await _page(page, lead_id=lead_id, other_id=other_id, problem=problem.text)
        return html(text, status=problem.status)
    return see(f"/leads/{older.id}?said=merged")


@post("/leads/{lead_id:uuid}/merge/withdrawal")
async def undo_merge(page: OrgScope, *, lead_id: uuid.UUID) -> Redirect:
    """Let a merged lead stand for itself again."""
    await merges.undo(page, lead_id=lead_id)
    return see(f"/leads/{lead_id}?said=unmerged")


@post("/leads/{lead_id:uuid}/duplicates/{other_id:uuid}/parting")
async def part(page: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> Redirect:
    """They are two people."""
    await duplicates.part(page, lead_id=lead_id, other_id=other_id)
    return see(f"/leads/{lead_id}?said=parted")


@post("/leads/{lead_id:uuid}/duplicates/{other_id:uuid}/parting/withdrawal")
async def rejoin(page: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> Redirect:
    """They may be one person after all."""
    await duplicates.rejoin(page, lead_id=lead_id, other_id=other_id)
    return see(f"/leads/{lead_id}/duplicates/{other_id}")


async def _page(
    scope: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID, problem: str = ""
) -> str:
    older, newer = await _pair(scope, lead_id, other_id)
    rows = await inbox_queries.find_many(scope, lead_ids=[older.id, newer.id])
    merged = {one.id: await merges.merged_into(scope, lead_id=one.id) for one in (older, newer)}
    return await piece(
        scope,
        "desk/duplicates.html",
        place="inbox",
        lead=older if older.id == lead_id else newer,
        other=newer if older.id == lead_id else older,
        older=older,
        newer=newer,
        rows=sorted(rows, key=lambda row: row.id != older.id),
        reasons=duplicates.reasons(newer, older),
        facts=_facts(older, newer),
        parted=await duplicates.parted(scope, lead_id=lead_id, other_id=other_id),
        merged=merged,
        problem=problem,
    )


async def _pair(scope: OrgScope, *ids: uuid.UUID) -> tuple[Lead, Lead]:
    """(older, newer)."""
    found = [await leads.find(scope, lead_id=one) for one in set(ids)]
    both = [lead for lead in found if lead is not None]
    if len(both) != len(ids):
        raise NotFound
    older, newer = sorted(both, key=lambda lead: (lead.received_at, lead.id))
    return older, newer


def _facts(older: Lead, newer: Lead) -> list[Fact]:
    """What either has, line by line; further keys of the vendors come last."""
    sides = [_texts(older), _texts(newer)]
    labels = dict.fromkeys([*sides[0], *sides[1]])
    pairs = [(label, sides[0].get(label, ""), sides[1].get(label, "")) for label in labels]
    return [
        Fact(label=label, older=one, newer=two, differs=_plain(one) != _plain(two))
        for label, one, two in pairs
        if one or two
    ]


def _texts(lead: Lead) -> dict[str, str]:
    region = " ".join(one for one in (lead.region, lead.postal_code) if one)
    known = {
        "Name": lead.name,
        "Phone": lead.primary_phone,
        "Second phone": lead.secondary_phone,
        "E-mail": lead.email,
        "Address": ", ".join(one for one in (lead.address, lead.city, region) if one),
        "County": lead.county,
        "Best time": lead.best_time,
        "Case type": lead.case_type,
        "Details": lead.details,
        "Keyword": lead.keyword,
        "Vendor's number": lead.vendor_lead_id,
    }
    extra = {key: str(text) for key, text in list(lead.extra.items())[:EXTRA_MAX]}
    return {label: text or "" for label, text in known.items()} | extra


def _plain(text: str) -> str:
    return ten_digits(text) or " ".join(text.casefold().split())
