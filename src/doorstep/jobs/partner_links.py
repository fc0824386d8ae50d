"""Links that show chosen parts of a job to one partner, such as an insurer, without an account.

The link is a public name followed by 128 bits that only this server can make of the row's id and
that name: nothing secret is stored, and yet the link can be shown again to those who may share.
What a link shows is chosen when it is made. The homeowner's name, phone and e-mail never are.
"""

import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import partner_link_queries as queries
from doorstep.jobs.model import Job
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Conflict, Gone, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.signing import Signer
from doorstep.orgs.model import OrgScope, Right

PURPOSE = "partner-link"
PATH = "/partner"
NAME_BYTES = 9
NAME_CHARACTERS = 12
TOKEN = re.compile(r"[A-Za-z0-9_-]{34}")
RECIPIENT_CHARACTERS_MAX = 120
NOTE_CHARACTERS_MAX = 1000
DAYS_MAX = 366
LIVE_LINKS_MAX = 20
"""Of one job."""
SHOWN_MAX = 50
OPENINGS_MAX = 500
"""Of one link; later ones are not written down."""
SAME_VISIT = timedelta(minutes=10)
OPENINGS_SHOWN_MAX = 50

ADDRESS, MODEL, MEASUREMENTS = "address", "model", "measurements"
PHOTOS, FILES = "photos", "files"
SHOWS = (ADDRESS, MODEL, MEASUREMENTS, PHOTOS, FILES)
"""What a link can show; files are those of the other parts that it shows."""
WITHOUT_ADDRESS = "A house"


@dataclass(frozen=True, kw_only=True)
class PartnerLink:
    """One row of `partner_links`, with how often it was opened."""

    id: uuid.UUID
    job_id: int
    name: str
    recipient: str
    note: str
    shows: list[str]
    actor: str
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime
    ended: bool
    openings: int
    last_opened_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Somebody opened a link."""

    link_id: uuid.UUID
    device: str | None
    browser: str | None
    network: str
    opened_at: datetime


def link_for(signer: Signer, base_url: str, *, link: PartnerLink) -> str:
    """The address that shows whoever holds it what was chosen."""
    mac = signer.mac(PURPOSE, _message(link.id, link.name))
    return f"{base_url}{PATH}/{link.name}{mac}"


async def make(  # allow: sizes what a member says of a link, by name
    scope: OrgScope, *, job_id: int, recipient: str, note: str, shows: Collection[str], days: int
) -> PartnerLink:
    """A new link, which ends after so many days; Conflict when the job has enough of them."""
    scope.require(Right.INVITE)
    job = await jobs.find(scope, job_id=job_id)
    recipient, note = " ".join(recipient.split()), note.strip()
    _check(recipient=recipient, note=note, shows=shows, days=days)
    await queries.lock_job(scope, job_id=job.id)
    if await queries.count_live(scope, job_id=job.id) >= LIVE_LINKS_MAX:
        raise Conflict(f"This job has {LIVE_LINKS_MAX} partner links that work. End one of them.")
    link_id = uuid7()
    await queries.insert(
        scope,
        link_id=link_id,
        job_id=job.id,
        name=secrets.token_urlsafe(NAME_BYTES),
        recipient=recipient,
        note=note,
        shows=[part for part in SHOWS if part in shows],
        life=timedelta(days=days),
    )
    await record(scope, "partner_link.made", job_id=job.id, link_id=str(link_id), to=recipient)
    return await find(scope, job_id=job.id, link_id=link_id)


async def find(scope: OrgScope, *, job_id: int, link_id: uuid.UUID) -> PartnerLink:
    """The link; NotFound when it is not there or not this job's."""
    scope.require(Right.INVITE)
    return await _find(scope, job_id=job_id, link_id=link_id)


async def of_job(scope: OrgScope, *, job_id: int) -> list[PartnerLink]:
    """The newest links of a job, newest first, ended ones too."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    rows = await queries.of_job(scope, job_id=job_id, rows_max=SHOWN_MAX)
    return [PartnerLink(**row) for row in rows]


async def openings(scope: OrgScope, *, link_ids: Collection[uuid.UUID]) -> list[Opening]:
    """The newest openings of each of these links, newest first."""
    scope.require(Right.INVITE)
    rows = await queries.openings(
        scope, link_ids=list(link_ids), rows_of_link_max=OPENINGS_SHOWN_MAX
    )
    return [Opening(**row) for row in rows]


async def revoke(scope: OrgScope, *, job_id: int, link_id: uuid.UUID) -> None:
    """End a link at once and for good; a second time is nothing."""
    scope.require(Right.INVITE)
    found = await _find(scope, job_id=job_id, link_id=link_id)
    if await queries.revoke(scope, link_id=link_id):
        await record(
            scope,
            "partner_link.revoked",
            job_id=job_id,
            link_id=str(link_id),
            to=found.recipient,
        )


async def open_link(db: Database, signer: Signer, *, token: str) -> tuple[int, uuid.UUID]:
    """(organization, link) of a token; NotFound alike for every token that is none of ours."""
    if TOKEN.fullmatch(token) is None:
        raise NotFound
    name, mac = token[:NAME_CHARACTERS], token[NAME_CHARACTERS:]
    async with db.transaction(Role.GATE) as tx:
        row = await queries.find_by_name(tx, name=name)
    # A name that does not exist costs a comparison as well, so that time tells nothing.
    link_id = row["id"] if row else uuid.UUID(int=0)
    genuine = signer.verify(PURPOSE, _message(link_id, name), mac=mac)
    if row is None or not genuine:
        raise NotFound
    return row["org_id"], link_id


async def shown(scope: OrgScope, *, link_id: uuid.UUID) -> tuple[PartnerLink, Job]:
    """The link and what it shows of its job; Gone alike for one that ended and one revoked."""
    link = await _find(scope, job_id=None, link_id=link_id)
    if link.ended:
        raise Gone("This link has ended. Ask whoever sent it for a new one.")
    return link, shown_job(await jobs.find(scope, job_id=link.job_id), shows=link.shows)


def shown_job(job: Job, *, shows: Collection[str]) -> Job:
    """The job without its people and numbers of other programs, and without place unless chosen."""
    bare = replace(
        job, customer_name=None, customer_email=None, customer_phone=None, external_identifier=None
    )
    if ADDRESS in shows:
        return replace(bare, name=job.location_line_1 or WITHOUT_ADDRESS)
    return replace(
        bare,
        name=WITHOUT_ADDRESS,
        location_line_1=None,
        location_line_2=None,
        location_city=None,
        location_region=None,
        location_postal_code=None,
    )


async def note_opening(
    scope: OrgScope,
    *,
    link: PartnerLink,
    device: str | None,
    browser: str | None,
    network: str,
) -> None:
    """Write down that somebody opened the link; the first time is an event.

    Who comes again within ten minutes is the same visit. Past 500 nothing more is kept.
    """
    noted = await queries.insert_opening(
        scope,
        link_id=link.id,
        visitor=(device, browser, network),
        same_visit=SAME_VISIT,
        rows_max=OPENINGS_MAX,
    )
    if noted and not link.openings:
        await record(
            scope,
            "partner_link.opened",
            job_id=link.job_id,
            link_id=str(link.id),
            to=link.recipient,
        )


async def _find(scope: OrgScope, *, job_id: int | None, link_id: uuid.UUID) -> PartnerLink:
    row = await queries.find(scope, link_id=link_id)
    if row is None or job_id not in (None, row["job_id"]):
        raise NotFound
    return PartnerLink(**row)


def _check(*, recipient: str, note: str, shows: Collection[str], days: int) -> None:
    faults: dict[str, list[str]] = {}
    if not 0 < len(recipient) <= RECIPIENT_CHARACTERS_MAX:
        faults["recipient"] = [f"has 1 to {RECIPIENT_CHARACTERS_MAX} characters"]
    if len(note) > NOTE_CHARACTERS_MAX:
        faults["note"] = [f"has at most {NOTE_CHARACTERS_MAX} characters"]
    if not set(shows) <= set(SHOWS):
        faults["shows"] = [f"are some of {', '.join(SHOWS)}"]
    elif not set(shows) & {MODEL, MEASUREMENTS, PHOTOS}:
        faults["shows"] = ["holds the model, the measurements or the photos"]
    if not 1 <= days <= DAYS_MAX:
        faults["days"] = [f"is from 1 to {DAYS_MAX}"]
    if faults:
        raise Invalid(fields=faults)


def _message(link_id: uuid.UUID, name: str) -> str:
    return f"{link_id}:{name}"
