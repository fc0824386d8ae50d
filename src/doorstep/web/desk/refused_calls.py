"""Refused calls: each with its faults in words, and the way from a mended one into a call."""

import uuid

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import refused_calls
from doorstep.leads.throttle import THROTTLED
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import FIELD_CHARACTERS_MAX, Form
from doorstep.web.desk.posts import shown_body
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see

ROWS_MAX = 50


@get("/calls/refused")
async def refused_list(page: OrgScope, before: uuid.UUID | None = None) -> Page:
    """One page of refused calls, newest first."""
    page.require(Right.READ)
    found = await refused_calls.page(page, before=before, rows_max=ROWS_MAX + 1)
    shown = found[:ROWS_MAX]
    return await screen(
        page,
        "desk/refused_calls.html",
        place="inbox",
        calls=shown,
        older=shown[-1].id if len(found) > ROWS_MAX else None,
        before=before,
    )


@get("/calls/refused/{refused_id:uuid}")
async def refused_page(page: OrgScope, *, refused_id: uuid.UUID, view: Query = "") -> Page:
    """One refused call with all of its faults and a body to mend."""
    page.require(Right.READ)
    shown = await _shown(page, refused_id, raw=view == "raw")
    return await screen(page, "desk/refused_call.html", place="inbox", **shown)


@post("/calls/refused/{refused_id:uuid}/call", status_code=200)
async def mend(page: OrgScope, *, refused_id: uuid.UUID, form: Form) -> Page | Redirect:
    """Make a call of it as edited; the form again with what is still wrong."""
    page.require(Right.INVITE)
    text = form.get("body", "")
    try:
        call_id = await refused_calls.mend(page, refused_id=refused_id, body=text.encode())
    except Invalid as invalid:
        problem = " ".join(line for lines in invalid.fields.values() for line in lines)
        shown = await _shown(page, refused_id, raw=False)
        again = {"edited": text, "problem": problem}
        page_text = await piece(page, "desk/refused_call.html", place="inbox", **shown | again)
        return html(page_text, status=422)
    return see(f"/calls/{call_id}?said=mended")


async def _shown(scope: OrgScope, refused_id: uuid.UUID, *, raw: bool) -> dict[str, object]:
    examined = await refused_calls.examine(scope, refused_id=refused_id)
    return {
        "call": examined.call,
        "faults": examined.faults,
        "raw": raw,
        "body": shown_body(examined.body, client=examined.client),
        "edited": examined.edited,
        "editable": len(examined.edited) <= FIELD_CHARACTERS_MAX,
        "throttled": examined.call.outcome == THROTTLED,
        "problem": "",
    }
