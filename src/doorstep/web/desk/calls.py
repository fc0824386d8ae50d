"""Calls: which lead each belongs to and why, and a person's word on it."""

import uuid
from datetime import datetime
from typing import Annotated

from litestar import get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from doorstep.kit.errors import NotFound
from doorstep.leads import call_queries, calls
from doorstep.leads.calls import Anchor
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.job_queries import member_names
from doorstep.web.desk.posts import shown_body
from doorstep.web.desk.screens import Page, Query, screen, see

ROWS_MAX = 50
SHOWN = {"": None, "matched": True, "unmatched": False}

Before = Annotated[str, QueryParameter(required=False, max_length=80)]


@get("/calls")
async def call_list(page: OrgScope, show: Query = "", before: Before = "") -> Page:
    """One page of calls, newest first."""
    page.require(Right.READ)
    if show not in SHOWN:
        raise NotFound
    found = await calls.page(
        page, matched=SHOWN[show], before=_anchor(before) if before else None, rows_max=ROWS_MAX
    )
    return await screen(
        page,
        "desk/calls.html",
        place="inbox",
        show=show,
        before=before,
        calls=found.calls,
        older=_spelled(found.older) if found.older else "",
    )


@get("/calls/{call_id:uuid}")
async def call_page(
    page: OrgScope, *, call_id: uuid.UUID, view: Query = "", said: Query = ""
) -> Page:
    """One call with its lead, the leads that it may belong to, and the post as it came."""
    page.require(Right.READ)
    call = await calls.find(page, call_id=call_id)
    posted = await call_queries.find_post(page, call_id=call_id)
    found = await calls.candidates(page, call=call)
    return await screen(
        page,
        "desk/call.html",
        place="inbox",
        said=said,
        call=call,
        candidates=[one for one in found if one.parted_by is None],
        parted=[one for one in found if one.parted_by is not None],
        members=await member_names(page),
        received_at=posted["received_at"],
        peer=posted["peer"],
        body=shown_body(posted["body"], client=str(posted["headers"].get("user-agent", ""))),
        raw=view == "raw",
    )


@post("/calls/{call_id:uuid}/lead")
async def join(page: OrgScope, *, call_id: uuid.UUID, form: Form) -> Redirect:
    """It belongs to this lead."""
    await calls.join(page, call_id=call_id, lead_id=_lead_id(form))
    return see(f"/calls/{call_id}?said=joined")


@post("/calls/{call_id:uuid}/partings")
async def part(page: OrgScope, *, call_id: uuid.UUID, form: Form) -> Redirect:
    """It does not."""
    await calls.part(page, call_id=call_id, lead_id=_lead_id(form))
    return see(f"/calls/{call_id}?said=parted")


@post("/calls/{call_id:uuid}/partings/{lead_id:uuid}/undoing")
async def rejoin(page: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> Redirect:
    """It was wrong to say that it does not."""
    await calls.rejoin(page, call_id=call_id, lead_id=lead_id)
    return see(f"/calls/{call_id}?said=undone")


def _lead_id(form: Form) -> uuid.UUID:
    """The lead that was chosen: its id, or the address of its page as somebody pasted it."""
    text = form.get("lead_id", "").strip().partition("?")[0].rstrip("/")
    try:
        return uuid.UUID(text.rpartition("/")[2])
    except ValueError as error:
        raise NotFound from error


def _spelled(anchor: Anchor) -> str:
    return f"{anchor.called_at:%Y-%m-%dT%H:%M:%S.%f}Z.{anchor.id.hex}"


def _anchor(text: str) -> Anchor:
    called_at, _, call_id = text.rpartition(".")
    try:
        moment = datetime.fromisoformat(called_at)
        if moment.tzinfo is None:
            raise NotFound
        return Anchor(called_at=moment, id=uuid.UUID(hex=call_id))
    except ValueError as error:
        raise NotFound from error
