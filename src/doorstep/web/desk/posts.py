"""Refused posts: each with its faults in words, and the way from a mended one into a lead."""

import json
import uuid
from dataclasses import dataclass

import asyncpg
from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import journal
from doorstep.leads import queries as leads
from doorstep.leads.parsing import Unreadable, parse
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import FIELD_CHARACTERS_MAX, Form
from doorstep.web.desk.post_text import RAW_CHARACTERS_MAX, laid_out
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see

ROWS_MAX = 50


@dataclass(frozen=True, kw_only=True)
class Body:
    """What was sent: as bytes came, and laid out for reading."""

    raw: str
    laid_out: str
    size: int
    client: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A source or a case type that a mended post may be given to."""

    name: str
    guid: uuid.UUID


@get("/posts")
async def posts(page: OrgScope, before: uuid.UUID | None = None) -> Page:
    """One page of refused posts, newest first."""
    page.require(Right.READ)
    found = await journal.page(page, before=before, rows_max=ROWS_MAX + 1)
    shown = found[:ROWS_MAX]
    return await screen(
        page,
        "desk/posts.html",
        place="inbox",
        posts=shown,
        older=shown[-1].id if len(found) > ROWS_MAX else None,
        before=before,
    )


@get("/posts/{post_id:uuid}")
async def post_page(page: OrgScope, *, post_id: uuid.UUID, view: Query = "") -> Page:
    """One refused post with all of its faults, a letter to its vendor and a body to mend."""
    page.require(Right.READ)
    return await screen(
        page, "desk/post.html", place="inbox", **await _shown(page, post_id, raw=view == "raw")
    )


@post("/posts/{post_id:uuid}/lead", status_code=200)
async def release(page: OrgScope, *, post_id: uuid.UUID, form: Form) -> Page | Redirect:
    """Make a lead of the post as edited; the form again with what is still wrong."""
    page.require(Right.INVITE)
    text = form.get("body", "")
    try:
        body = await _addressed(page, text, form=form)
        lead_id = await journal.release(page, post_id=post_id, body=body)
    except Invalid as invalid:
        problem = " ".join(line for lines in invalid.fields.values() for line in lines)
        shown = await _shown(page, post_id, raw=False)
        again = {"edited": text, "problem": problem, "chosen": form}
        return html(await piece(page, "desk/post.html", place="inbox", **shown | again), status=422)
    return see(f"/leads/{lead_id}?said=released")


async def _addressed(scope: OrgScope, text: str, *, form: Form) -> bytes:
    """The body with the GUIDs of the source and the case type that were chosen, if any were."""
    sources, case_types = await _choices(scope)
    chosen = {
        "Referrer": sources.get(form.get("source", "")),
        "Type": case_types.get(form.get("case_type", "")),
    }
    ours = {key: str(choice.guid) for key, choice in chosen.items() if choice}
    if not ours:
        return text.encode()
    try:
        values = parse(text.encode()).values
    except Unreadable as unreadable:
        problem = f"This cannot be read: {unreadable}."
        raise Invalid(fields={"body": [problem]}) from unreadable
    return json.dumps(values | ours, ensure_ascii=False).encode()


async def _choices(scope: OrgScope) -> tuple[dict[str, Choice], dict[str, Choice]]:
    """Sources and case types in use, by their ids; the secret GUIDs stay on this side."""
    sources = [(row, row["referrer"]) for row in await leads.list_sources(scope)]
    case_types = [(row, row["guid"]) for row in await leads.list_case_types(scope)]
    return _in_use(sources), _in_use(case_types)


def _in_use(rows: list[tuple[asyncpg.Record, uuid.UUID]]) -> dict[str, Choice]:
    return {
        str(row["id"]): Choice(name=row["name"], guid=guid)
        for row, guid in rows
        if row["disabled_at"] is None
    }


async def _shown(scope: OrgScope, post_id: uuid.UUID, *, raw: bool) -> dict[str, object]:
    examined = await journal.examine(scope, post_id=post_id)
    found = await leads.find_post(scope, post_id=post_id)
    assert found is not None
    sources, case_types = await _choices(scope)
    return {
        "examined": examined,
        "post": examined.post,
        "raw": raw,
        "body": shown_body(found["body"], client=str(found["headers"].get("user-agent", ""))),
        "edited": examined.body,
        "editable": len(examined.body) <= FIELD_CHARACTERS_MAX,
        "sources": sources,
        "case_types": case_types,
        "chosen": {},
        "problem": "",
    }


def shown_body(content: bytes, *, client: str) -> Body:
    """The bytes of a post for a page: as they came and laid out."""
    text = content.decode("utf-8", "replace")[:RAW_CHARACTERS_MAX]
    raw = content[:RAW_CHARACTERS_MAX].decode("utf-8", "backslashreplace")
    return Body(raw=raw, laid_out=laid_out(text), size=len(content), client=client)
