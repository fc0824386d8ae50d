"""`/api/desk/posts`: the journal of posts, the refused ones with their faults, and releasing one."""

import uuid
from datetime import datetime

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery, JSONBody

from doorstep.api.desk.answers import PAGE_ROWS, Limit, problems
from doorstep.kit.errors import NotFound
from doorstep.leads import journal
from doorstep.leads import queries as leads
from doorstep.orgs.model import OrgScope, Right

TAG = ["Posts"]


class RefusedLine(msgspec.Struct, kw_only=True):
    """A refused post; `lead_id` is the lead that it was released into."""

    id: uuid.UUID
    received_at: datetime
    source_id: uuid.UUID | None
    source: str | None
    outcome: str
    error: str
    peer: str
    lead_id: uuid.UUID | None


class RefusedList(msgspec.Struct, kw_only=True):
    """Refused posts newest first; `next` asks for the page after this one."""

    posts: list[RefusedLine]
    next: uuid.UUID | None


class Fault(msgspec.Struct, kw_only=True):
    """One thing that is wrong with a post; `key` is empty where no key is to blame."""

    key: str
    sentence: str


class Refused(RefusedLine, kw_only=True):
    """A refused post with all of its faults, a body to mend, and a letter to its vendor."""

    faults: list[Fault]
    body: str
    message: str


class Mended(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The JSON text of the post as it should have been."""

    body: str


class Released(msgspec.Struct, kw_only=True):
    """The lead that came of it."""

    lead_id: uuid.UUID


@get("/posts/refused", tags=TAG, responses=problems())
async def list_refused(
    api: OrgScope,
    *,
    before: FromQuery[uuid.UUID | None] = None,
    limit: Limit = PAGE_ROWS,
) -> RefusedList:
    """Refused posts, newest first."""
    api.require(Right.READ)
    found = await journal.page(api, before=before, rows_max=limit + 1)
    shown = found[:limit]
    return RefusedList(
        posts=[msgspec.convert(one, RefusedLine, from_attributes=True) for one in shown],
        next=shown[-1].id if len(found) > limit else None,
    )


@get("/posts/refused/{post_id:uuid}", tags=TAG, responses=problems(404))
async def show_refused(api: OrgScope, *, post_id: uuid.UUID) -> Refused:
    """One refused post, explained."""
    api.require(Right.READ)
    found = await journal.examine(api, post_id=post_id)
    line = msgspec.structs.asdict(msgspec.convert(found.post, RefusedLine, from_attributes=True))
    return Refused(
        **line,
        faults=[Fault(key=one.key, sentence=one.sentence) for one in found.faults],
        body=found.body,
        message=found.message,
    )


@post("/posts/refused/{post_id:uuid}/lead", tags=TAG, responses=problems(404, 409, 422))
async def release(api: OrgScope, *, post_id: uuid.UUID, data: JSONBody[Mended]) -> Released:
    """Make a lead of a refused post as mended; the door's own rules hold, repeats included."""
    api.require(Right.INVITE)
    return Released(lead_id=await journal.release(api, post_id=post_id, body=data.body.encode()))


@get(
    "/posts/{post_id:uuid}/body",
    tags=TAG,
    responses=problems(404),
    media_type="application/octet-stream",
)
async def show_body(api: OrgScope, *, post_id: uuid.UUID) -> Response[bytes]:
    """What a vendor sent, byte for byte; of an accepted post or a refused one."""
    api.require(Right.READ)
    found = await leads.find_post(api, post_id=post_id)
    if found is None:
        raise NotFound
    name = f'attachment; filename="{post_id}.txt"'
    return Response(
        found["body"],
        media_type="application/octet-stream",
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


ROUTES = [list_refused, show_refused, release, show_body]
