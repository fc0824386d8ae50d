"""The page of one lead: clean facts beside the post as it came."""

import json
import uuid
from dataclasses import dataclass

from litestar import get

from doorstep.events import queries as events
from doorstep.kit.errors import NotFound
from doorstep.leads import calls
from doorstep.leads import queries as leads
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import consent, inbox_queries
from doorstep.web.desk.job_queries import member_names
from doorstep.web.desk.lead_cost import cost_shown
from doorstep.web.desk.screens import Page, Query, screen
from doorstep.web.desk.story import told

RAW_CHARACTERS_MAX = 100_000


@dataclass(frozen=True, kw_only=True)
class Post:
    """What the vendor sent: as it came, and laid out for reading."""

    peer: str
    client: str
    raw: str
    laid_out: str
    size: int


@get("/leads/{lead_id:uuid}")
async def lead_page(
    page: OrgScope, *, lead_id: uuid.UUID, view: Query = "", said: Query = ""
) -> Page:
    """Everything about one lead."""
    page.require(Right.READ)
    lead = await leads.find(page, lead_id=lead_id)
    row = await inbox_queries.find(page, lead_id=lead_id)
    if lead is None or row is None:
        raise NotFound
    return await screen(
        page,
        "desk/lead.html",
        place="inbox",
        said=said,
        lead=lead,
        row=row,
        raw=view == "raw",
        post=await _post(page, lead.post_id),
        events=told(await events.of_lead(page, lead_id=lead_id)),
        members=await member_names(page),
        cost=await cost_shown(page, lead_id=lead_id),
        calls=await calls.of_lead(page, lead_id=lead_id),
        **await consent.shown(page, lead_id=lead_id),
    )


async def _post(scope: OrgScope, post_id: uuid.UUID) -> Post | None:
    found = await leads.find_post(scope, post_id=post_id)
    if found is None:
        return None
    body: bytes = found["body"]
    text = body.decode("utf-8", "replace")[:RAW_CHARACTERS_MAX]
    return Post(
        peer=found["peer"],
        client=str(found["headers"].get("user-agent", "")),
        raw=text,
        laid_out=laid_out(text),
        size=len(body),
    )


def laid_out(text: str) -> str:
    """A key a line where the text is JSON, with its line breaks seen; else as it is."""
    try:
        values = json.loads(text)
    except ValueError:
        return text
    return json.dumps(values, indent=2, ensure_ascii=False)
