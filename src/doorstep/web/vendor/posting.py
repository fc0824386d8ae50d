"""A vendor's last posts with the answers that they got, a refused one sent once more, and leads."""

import uuid

from litestar import Response, get, post
from litestar.response import Redirect

from doorstep.kit.errors import NotFound
from doorstep.leads import vendor_posts, vendor_statuses
from doorstep.leads.faults import Fault, mended
from doorstep.leads.model import Rules
from doorstep.leads.reading import SYNTAX, Refusal
from doorstep.leads.throttle import THROTTLED
from doorstep.leads.vendor_faults import FENCES, vendor_faults
from doorstep.leads.vendor_posts import POSTS_MAX, Replay, VendorPost
from doorstep.leads.vendor_statuses import LEADS_MAX
from doorstep.web.desk.forms import FIELD_CHARACTERS_MAX, Form
from doorstep.web.desk.post_text import RAW_CHARACTERS_MAX, laid_out
from doorstep.web.desk.screens import Query, see
from doorstep.web.services import Services
from doorstep.web.vendor.dry_running import LABELS, Result, encoded, head_of, pace, posted, run
from doorstep.web.vendor.visits import AnyRequest, Visit
from doorstep.wire.captorra import answers
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.requests import BODY_BYTES_MAX
from doorstep.wire.captorra.statuses import PATH as STATUS_PATH


@get("/posts")
async def posts(visit: Visit) -> Response[str]:
    """The newest posts."""
    found = await vendor_posts.newest(visit.scope, source_id=visit.source.id)
    shown = [(one, _answer(visit, one)) for one in found]
    return visit.show("posts.html", place="posts", posts=shown, most=POSTS_MAX)


@get("/posts/{post_id:uuid}")
async def post_page(visit: Visit, *, post_id: uuid.UUID, said: Query = "") -> Response[str]:
    """One post: what was answered, what is wrong with it, and its body."""
    found = await vendor_posts.find(visit.scope, source_id=visit.source.id, post_id=post_id)
    edited = mended(found.body, content_type=found.content_type)
    return await _page(visit, found, edited=edited, said=said)


@post("/posts/{post_id:uuid}/replay", status_code=200)
async def replay(
    request: AnyRequest, *, visit: Visit, services: Services, post_id: uuid.UUID, form: Form
) -> Response[str] | Redirect:
    """Take the edited body as a new post; the form again with what is still wrong."""
    found = await vendor_posts.find(visit.scope, source_id=visit.source.id, post_id=post_id)
    taker = Replay(visit.scope, source_id=visit.source.id, post=found)
    pace.admit(str(visit.source.id))
    text, label = form.get("body", ""), form.get("label", "json")
    sent = posted(request, label=label, signature=form.get("signature", ""))
    result = await run(visit, services, body=encoded(text, label=label), sent=sent, taker=taker)
    if not result.accepted:
        return await _page(visit, found, edited=text, label=label, result=result)
    taker.settle()
    assert taker.entry is not None
    return see(f"{visit.link}/posts/{taker.entry.post.id}?said=replayed")


@get("/leads")
async def leads(visit: Visit) -> Response[str]:
    """How the newest leads stand, if the firm lets the vendor know."""
    if not visit.page.shows_status:
        raise NotFound
    found = await vendor_statuses.newest(visit.scope, source_id=visit.source.id)
    return visit.show(
        "leads.html", place="leads", leads=found, most=LEADS_MAX, status_path=STATUS_PATH
    )


async def _page(
    visit: Visit,
    found: VendorPost,
    *,
    edited: str,
    label: str = "json",
    result: Result | None = None,
    said: str = "",
) -> Response[str]:
    answer = _answer(visit, found)
    text = found.body.decode("utf-8", "backslashreplace")[:RAW_CHARACTERS_MAX]
    return visit.show(
        "post.html",
        place="posts",
        status=422 if result else 200,
        post=found,
        head=head_of(answer),
        answer=answer.body.decode(),
        faults=await _faults(visit, found),
        body=laid_out(text),
        edited=edited,
        editable=len(edited) <= FIELD_CHARACTERS_MAX,
        label=label,
        labels=LABELS,
        signed=visit.source.rules.signature_salt is not None,
        result=result,
        said=said,
    )


async def _faults(visit: Visit, found: VendorPost) -> list[Fault]:
    """What is wrong with a refused post as things stand now."""
    if found.taken:
        return []
    if found.outcome == THROTTLED:
        return [Fault(key="", sentence=f"{found.error}. Nothing of them was stored.")]
    return vendor_faults(
        found.body,
        content_type=found.content_type,
        outcome=found.outcome,
        peer=found.peer,
        known=await visit.known(),
    )


def _answer(visit: Visit, found: VendorPost) -> Answer:
    """What the post was answered with, under the source's rules as they are now."""
    # Whom a fence keeps out is answered as if there were no source.
    rules = Rules() if found.outcome in FENCES else visit.source.rules
    if found.taken and found.lead_id is not None:
        return answers.accepted(found.lead_id, rules=rules)
    if found.outcome == THROTTLED:
        return answers.TOO_MANY
    answer = answers.refused(Refusal(found.outcome, found.error), rules=rules)
    too_large = found.outcome == SYNTAX[0] and found.size >= BODY_BYTES_MAX
    return answer.with_status(413) if too_large else answer


ROUTES = [posts, post_page, replay, leads]
