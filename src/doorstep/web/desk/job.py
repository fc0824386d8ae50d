"""The page of one job, its live progress, its files and what can be done with it."""

import uuid

from litestar import Response, get, post
from litestar.response import Redirect, Stream

from doorstep.builds import actions as builds
from doorstep.builds import coverage
from doorstep.builds.queries import published_files
from doorstep.captures import actions as captures
from doorstep.captures import place_check_queries
from doorstep.captures import queries as capture_rows
from doorstep.captures.invitations import subject_ref
from doorstep.captures.model import SPOTS, STRUCTURE_TEXTS
from doorstep.events import accesses
from doorstep.events import queries as events
from doorstep.jobs import actions as jobs
from doorstep.jobs import changes, notes, place_queries, share_queries
from doorstep.jobs import queries as job_rows
from doorstep.jobs.model import DELIVERABLES, Job, JobState
from doorstep.jobs.shares import Share
from doorstep.kit.errors import NotFound
from doorstep.messages import queries as messages
from doorstep.messages.model import Message
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos import actions as photos
from doorstep.photos import records
from doorstep.photos.model import Size
from doorstep.photos.records import SessionRecord
from doorstep.web.desk import consent, job_queries, measurements
from doorstep.web.desk.qr import qr_code
from doorstep.web.desk.screens import (
    Page,
    Query,
    html,
    member_id,
    nothing_new,
    piece,
    row_id,
    screen,
    see,
)
from doorstep.web.desk.story import happened, told
from doorstep.web.services import Services
from doorstep.webhooks import delivery_queries
from doorstep.webhooks.model import Delivery

BUSY = (JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.PROCESSING, JobState.PAYING)
OPEN_REQUEST = ("new", "connected")
MESSAGES_MAX = 6
SHARES_SHOWN_MAX = 20
DELIVERIES_SHOWN_MAX = 20
MEASURING_FILES = ("measurements.json", "evidence.json", "dense.glb")
# A build's files and a photo's copies never change under their address.
KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


@get("/jobs/{job_id:int}")
async def job_page(page: OrgScope, *, services: Services, job_id: int, said: Query = "") -> Page:
    """Everything about one job."""
    page.require(Right.READ)
    job = await jobs.find(page, job_id=row_id(job_id))
    return await screen(
        page,
        "desk/job.html",
        place="jobs",
        said=said,
        **await _everything(page, services=services, job=job),
    )


@get("/jobs/{job_id:int}/stage")
async def stage(page: OrgScope, *, job_id: int, seen: Query = "") -> Response[str]:
    """A running build's progress; the whole page again once there is more to see than that."""
    page.require(Right.READ)
    job = await jobs.find(page, job_id=row_id(job_id))
    if await _seen(page, job) != seen:
        return Response("", headers={"HX-Refresh": "true"})
    if job.state not in BUSY:
        return nothing_new()
    progress = await job_queries.progress(page, job_id=job.id)
    return html(
        await piece(page, "desk/job_stage.html", job=job, build=progress, files={}, seen=seen)
    )


@get("/jobs/{job_id:int}/link.svg")
async def link_qr(page: OrgScope, *, services: Services, job_id: int) -> Response[bytes]:
    """The homeowner's link as a QR code, for somebody who stands beside them."""
    page.require(Right.INVITE)
    job = await jobs.find(page, job_id=row_id(job_id))
    asked = await job_queries.asked(page, job_id=job.id)
    link = await _link(page, services=services, job=job, asked=asked)
    if link is None:
        raise NotFound
    return qr_code(link)


@post("/jobs/{job_id:int}/invitation")
async def invite_again(page: OrgScope, job_id: int) -> Redirect:
    """Send the invitation once more."""
    request = await capture_rows.find_of_job(page, job_id=row_id(job_id))
    if request is None:
        raise NotFound
    await captures.invite_again(page, request_id=request.id)
    return see(f"/jobs/{job_id}?said=invited")


@post("/jobs/{job_id:int}/build")
async def build_again(page: OrgScope, job_id: int) -> Redirect:
    """Build once more from the photos that are there."""
    await builds.order_again(page, job_id=row_id(job_id))
    return see(f"/jobs/{job_id}?said=building")


@get("/jobs/{job_id:int}/files/{name:str}")
async def job_file(page: OrgScope, *, services: Services, job_id: int, name: str) -> Stream:
    """A published file of the job's model."""
    page.require(Right.READ)
    found = await builds.file_of_job(page, job_id=row_id(job_id), tree="org", name=name)
    if name in MEASURING_FILES:
        await accesses.note_read(page, job_id=job_id, what=name)
    return Stream(
        services.storage.stream(found.key),
        media_type=found.media_type,
        headers={**KEPT, "Content-Length": str(found.bytes)},
    )


@get("/jobs/{job_id:int}/structures/{structure:str}/{name:str}")
async def structure_file(
    page: OrgScope, *, services: Services, job_id: int, structure: str, name: str
) -> Stream:
    """A published file of the model of a structure beside the house."""
    page.require(Right.READ)
    found = await builds.file_of_job(
        page, job_id=row_id(job_id), tree="org", name=name, structure=structure
    )
    return Stream(
        services.storage.stream(found.key),
        media_type=found.media_type,
        headers={**KEPT, "Content-Length": str(found.bytes)},
    )


@get("/photos/{photo_id:uuid}/{size:str}")
async def photo(
    page: OrgScope, *, services: Services, photo_id: uuid.UUID, size: str
) -> Response[bytes]:
    """A served copy of a photo, never the original with its place and device."""
    page.require(Right.READ)
    if size not in list(Size):
        raise NotFound
    content = await photos.open_picture(page, services.storage, photo_id=photo_id, size=Size(size))
    return Response(content, media_type="image/jpeg", headers=KEPT)


async def _everything(scope: OrgScope, *, services: Services, job: Job) -> dict[str, object]:
    published = await published_files(scope, job_id=job.id, tree="org")
    files = {file.name: file for file in published}
    asked = await job_queries.asked(scope, job_id=job.id)
    link = await _link(scope, services=services, job=job, asked=asked)
    measured = await measurements.find(services.storage, files)
    if measured is not None:
        await accesses.note_read(scope, job_id=job.id, what="measurements")
    texted = asked.lead_id if asked and asked.phone and link else None
    return {
        "job": job,
        "asked": asked,
        "stands": await place_queries.find(scope, job_id=job.id),
        "place_checks": await place_check_queries.of_job(scope, job_id=job.id),
        "link": link,
        "text_warning": await consent.warning(scope, lead_id=texted),
        "build": await job_queries.progress(scope, job_id=job.id),
        "files": files,
        "measured": measured,
        "sessions": await _sessions(scope, asked),
        "photos": await job_queries.photos(scope, job_id=job.id),
        "skipped": await job_queries.skipped(scope, job_id=job.id),
        "happened": happened(
            told(await events.of_job(scope, job_id=job.id)),
            await notes.of_job(scope, job_id=job.id),
        ),
        "deliveries": await _deliveries(scope, job=job),
        "people": await orgs.list_members(scope),
        "me": member_id(scope),
        "orders": await _orders(scope, job=job),
        "coverage": await coverage.latest_of_job(scope, job_id=job.id),
        "messages": await _messages(scope, asked),
        "members": await job_queries.member_names(scope),
        "busy": job.state in BUSY,
        "spots": SPOTS,
        "structures": await job_rows.named_models(scope, job_id=job.id),
        "structure_names": STRUCTURE_TEXTS,
        "structure_kind": {text: name for name, text in STRUCTURE_TEXTS.items()}.get,
        "shares": await _shares(scope, services=services, job=job),
        "seen": await _seen(scope, job),
    }


async def _deliveries(scope: OrgScope, *, job: Job) -> list[Delivery]:
    """What other programs were told of the job, for those who look after them."""
    if Right.ADMINISTER not in scope.actor.rights:
        return []
    return await delivery_queries.of_job(scope, job_id=job.id, rows_max=DELIVERIES_SHOWN_MAX)


async def _orders(scope: OrgScope, *, job: Job) -> list[tuple[int, str, int]]:
    """(deliverable, its name, cents) of what can be ordered of the photos now."""
    if Right.ADMINISTER not in scope.actor.rights or job.state != JobState.COMPLETE:
        return []
    return [
        (one, DELIVERABLES[one], await changes.price_of(scope, job_id=job.id, deliverable_id=one))
        for one in sorted(changes.UPGRADES.get(job.deliverable_id, ()), reverse=True)
    ]


async def _seen(scope: OrgScope, job: Job) -> str:
    """Changes when the page has more to show than a build's progress."""
    if job.state != JobState.UPLOADING:
        return job.state
    return f"{job.state}-{await job_queries.arrivals(scope, job_id=job.id)}"


async def _shares(scope: OrgScope, *, services: Services, job: Job) -> list[tuple[Share, str]]:
    """The links that still show the model, for those who may share."""
    if Right.INVITE not in scope.actor.rights:
        return []
    rows, _ = await share_queries.page(scope, job_id=job.id, start=0, rows_max=SHARES_SHOWN_MAX)
    live = [one for one in (Share(**row) for row in rows) if not one.expired]
    return [(one, services.links.share(one.salt)) for one in live]


async def _sessions(scope: OrgScope, asked: job_queries.Asked | None) -> list[SessionRecord]:
    if asked is None:
        return []
    return await records.of_requests(scope, capture_request_ids=[asked.id])


async def _messages(scope: OrgScope, asked: job_queries.Asked | None) -> list[Message]:
    if asked is None:
        return []
    return await messages.of_subject(
        scope, subject_ref=subject_ref(asked.id), rows_max=MESSAGES_MAX
    )


async def _link(
    scope: OrgScope, *, services: Services, job: Job, asked: job_queries.Asked | None
) -> str | None:
    """The homeowner's link, for those who may invite, while it still opens something."""
    if asked is None or asked.state not in OPEN_REQUEST or asked.expired:
        return None
    if Right.INVITE not in scope.actor.rights:
        return None
    request = await capture_rows.find_of_job(scope, job_id=job.id)
    return services.links.capture(request) if request else None
