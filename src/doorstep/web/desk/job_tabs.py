"""What each tab of a job's page shows, and the frame round all of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from doorstep.builds import coverage
from doorstep.builds.model import BuildFile
from doorstep.builds.queries import published_files
from doorstep.captures import place_check_queries
from doorstep.captures import queries as capture_rows
from doorstep.captures.invitations import subject_ref
from doorstep.captures.model import SPOTS, STRUCTURE_TEXTS
from doorstep.events import accesses
from doorstep.events import queries as events
from doorstep.jobs import changes, notes, partner_links, place_queries, share_queries
from doorstep.jobs import queries as job_rows
from doorstep.jobs.model import DELIVERABLES, Job, JobState
from doorstep.jobs.shares import Share
from doorstep.messages import queries as messages
from doorstep.messages.model import Message
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Member, OrgScope, Right
from doorstep.photos import records
from doorstep.photos.records import SessionRecord
from doorstep.web.desk import consent, earlier, job_queries, measurements, viewing
from doorstep.web.desk.job_partners import DAYS
from doorstep.web.desk.job_queries import Asked
from doorstep.web.desk.measurements import Measured
from doorstep.web.desk.screens import member_id
from doorstep.web.desk.story import happened, told
from doorstep.web.desk.walk import described, walk
from doorstep.web.services import Services
from doorstep.webhooks import delivery_queries

BUSY = (JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.PROCESSING, JobState.PAYING)
OPEN_REQUEST = ("new", "connected")
MESSAGES_MAX = 6
SHARES_SHOWN_MAX = 20
DELIVERIES_SHOWN_MAX = 50
PARTS = {
    "address": "Address",
    "model": "Model",
    "measurements": "Measurements",
    "photos": "Photos",
    "files": "Files to download",
}
"""What a partner's link can show."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A tab of a job that somebody looks at."""

    scope: OrgScope
    services: Services
    job: Job
    tab: str
    asked: Asked | None = None
    link: str | None = None


class Frame(TypedDict):
    """What stands round every tab."""

    job: Job
    tab: str
    asked: Asked | None
    link: str | None
    counts: job_queries.Counts
    people: list[Member]
    members: dict[str, str]
    me: int
    busy: bool
    build: job_queries.Progress | None
    seen: str
    spots: tuple[str, ...]


class Numbers(TypedDict):
    """The published files and the record among them."""

    files: dict[str, BuildFile]
    measured: Measured | None


Values = Mapping[str, object]


async def find_frame(shown: Shown) -> Frame:
    """The head of the page: the house, its state, what can be done, how much each tab holds."""
    scope, job = shown.scope, shown.job
    asked = await job_queries.asked(scope, job_id=job.id)
    return {
        "job": job,
        "tab": shown.tab,
        "asked": asked,
        "link": await link_of(scope, services=shown.services, job=job, asked=asked),
        "counts": await job_queries.counts(scope, job_id=job.id),
        "people": await orgs.list_members(scope),
        "members": await job_queries.member_names(scope),
        "me": member_id(scope),
        "busy": job.state in BUSY,
        "build": await job_queries.progress(scope, job_id=job.id),
        "seen": await job_queries.seen(scope, job=job),
        "spots": SPOTS,
    }


async def model(shown: Shown) -> Values:
    """The model, the numbers beside it, and who was asked."""
    scope, job = shown.scope, shown.job
    texted = shown.asked.lead_id if shown.asked and shown.asked.phone and shown.link else None
    return {
        **await _measured(shown),
        "viewer": await viewing.find(scope, shown.services.storage, job=job),
        "stands": await place_queries.find(scope, job_id=job.id),
        "place_checks": await place_check_queries.of_job(scope, job_id=job.id),
        "text_warning": await consent.warning(scope, lead_id=texted),
        "orders": await _orders(scope, job=job),
        "messages": await _messages(scope, shown.asked),
        **await _structures(scope, job=job),
    }


async def photos(shown: Shown) -> Values:
    """The pictures round the house, how they were taken, and what is missing."""
    scope, job = shown.scope, shown.job
    _, record = await _record(shown)
    shots = await job_queries.photos(scope, job_id=job.id)
    return {
        "lacking": record.lacking if record else frozenset(),
        "photos": shots,
        "walk": walk(shots),
        "described": described,
        "skipped": await job_queries.skipped(scope, job_id=job.id),
        "sessions": await _sessions(scope, shown.asked),
        "coverage": await coverage.latest_of_job(scope, job_id=job.id),
    }


async def measured(shown: Shown) -> Values:
    """Every number of the record, beside what earlier builds measured."""
    values = await _measured(shown)
    found, job = values["measured"], shown.job
    if found is None:
        return {**values, "earlier": None}
    compared = await earlier.compare(
        shown.scope, shown.services.storage, job_id=job.id, now=found.record
    )
    return {**values, "earlier": compared}


async def files(shown: Shown) -> Values:
    """What can be downloaded."""
    return {
        **await _measured(shown),
        **await _structures(shown.scope, job=shown.job),
    }


async def timeline(shown: Shown) -> Values:
    """What happened and what members wrote, newest first."""
    scope, job_id = shown.scope, shown.job.id
    return {
        "happened": happened(
            told(await events.of_job(scope, job_id=job_id)),
            await notes.of_job(scope, job_id=job_id),
        ),
    }


async def deliveries(shown: Shown) -> Values:
    """What other programs were told of the job, for those who look after them."""
    shown.scope.require(Right.ADMINISTER)
    return {
        "deliveries": await delivery_queries.of_job(
            shown.scope, job_id=shown.job.id, rows_max=DELIVERIES_SHOWN_MAX
        )
    }


async def sharing(shown: Shown) -> Values:
    """The links that show the job to people without an account, for those who may share."""
    shown.scope.require(Right.INVITE)
    rows, _ = await share_queries.page(
        shown.scope, job_id=shown.job.id, start=0, rows_max=SHARES_SHOWN_MAX
    )
    live = [one for one in (Share(**row) for row in rows) if not one.expired]
    partners = await partner_links.of_job(shown.scope, job_id=shown.job.id)
    openings = await partner_links.openings(shown.scope, link_ids=[one.id for one in partners])
    return {
        "shares": [(one, shown.services.links.share(one.salt)) for one in live],
        "partners": [
            (
                one,
                None if one.ended else shown.services.links.partner(one),
                [opening for opening in openings if opening.link_id == one.id],
            )
            for one in partners
        ],
        "days": DAYS,
        "parts": PARTS,
    }


TABS: dict[str, Callable[[Shown], Awaitable[Values]]] = {
    "": model,
    "photos": photos,
    "measurements": measured,
    "files": files,
    "timeline": timeline,
    "deliveries": deliveries,
    "sharing": sharing,
}
"""Each tab by the last part of its address; the model has none."""


async def link_of(
    scope: OrgScope, *, services: Services, job: Job, asked: Asked | None
) -> str | None:
    """The homeowner's link, for those who may invite, while it still opens something."""
    if asked is None or asked.state not in OPEN_REQUEST or asked.expired:
        return None
    if Right.INVITE not in scope.actor.rights:
        return None
    request = await capture_rows.find_of_job(scope, job_id=job.id)
    return services.links.capture(request) if request else None


async def _measured(shown: Shown) -> Numbers:
    """The published files and the numbers among them; who reads these is noted."""
    found, record = await _record(shown)
    if record is not None:
        await accesses.note_read(shown.scope, job_id=shown.job.id, what="measurements")
    return {"files": found, "measured": record}


async def _record(shown: Shown) -> tuple[dict[str, BuildFile], Measured | None]:
    published = await published_files(shown.scope, job_id=shown.job.id, tree="org")
    found = {file.name: file for file in published}
    return found, await measurements.find(shown.services.storage, found)


async def _structures(scope: OrgScope, *, job: Job) -> dict[str, object]:
    return {
        "structures": await job_rows.named_models(scope, job_id=job.id),
        "structure_kind": {text: name for name, text in STRUCTURE_TEXTS.items()}.get,
    }


async def _orders(scope: OrgScope, *, job: Job) -> list[tuple[int, str, int]]:
    """(deliverable, its name, cents) of what can be ordered of the photos now."""
    if Right.ADMINISTER not in scope.actor.rights or job.state != JobState.COMPLETE:
        return []
    return [
        (one, DELIVERABLES[one], await changes.price_of(scope, job_id=job.id, deliverable_id=one))
        for one in sorted(changes.UPGRADES.get(job.deliverable_id, ()), reverse=True)
    ]


async def _sessions(scope: OrgScope, asked: Asked | None) -> list[SessionRecord]:
    if asked is None:
        return []
    return await records.of_requests(scope, capture_request_ids=[asked.id])


async def _messages(scope: OrgScope, asked: Asked | None) -> list[Message]:
    if asked is None:
        return []
    return await messages.of_subject(
        scope, subject_ref=subject_ref(asked.id), rows_max=MESSAGES_MAX
    )
