"""What was measured of a job's house, once it is ready to be given out."""

from dataclasses import dataclass

from doorstep.builds import queries
from doorstep.builds.measured import evidence
from doorstep.builds.measured.record import BYTES_MAX, NAME, Record, read
from doorstep.builds.model import BuildFile, BuildPhoto
from doorstep.captures import actions as captures
from doorstep.captures.model import HOUSE, PROFESSIONAL
from doorstep.events import accesses
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import CAPTURE_ONLY, Job, JobState
from doorstep.jobs.partner_links import MEASUREMENTS, PartnerLink
from doorstep.kit.errors import NotFound
from doorstep.kit.storage import Storage
from doorstep.orgs.model import OrgScope, Right


@dataclass(frozen=True, kw_only=True)
class Published:
    """The measurement record of a job's current model, and the files beside it."""

    job: Job
    content: bytes
    record: Record
    files: dict[str, BuildFile]


async def measured(
    scope: OrgScope,
    storage: Storage,
    *,
    job: Job,
    part: str | None = None,
    structure: str = HOUSE,
) -> Published:
    """The measurements of one of the job's structures; NotFound, with the reason, until then.

    Who reads them is noted, with the part of the house if only one is looked at.
    """
    scope.require(Right.READ)
    return await _measured(scope, storage, job=job, part=part, structure=structure)


async def measured_by_professional(
    scope: OrgScope, storage: Storage, *, capture_request_id: int
) -> Published:
    """The same for a professional who took the photos; a homeowner finds nothing, ever."""
    request = await captures.find(scope, request_id=capture_request_id)
    if request.signup_type != PROFESSIONAL:
        raise NotFound
    return await _measured(scope, storage, job=await jobs.find(scope, job_id=request.job_id))


async def measured_for_partner(
    scope: OrgScope, storage: Storage, *, link: PartnerLink, job: Job
) -> Published:
    """The same for whoever holds a link that shows numbers, of the job as the link shows it."""
    if MEASUREMENTS not in link.shows:
        raise NotFound
    return await _measured(scope, storage, job=job)


async def _measured(
    scope: OrgScope,
    storage: Storage,
    *,
    job: Job,
    part: str | None = None,
    structure: str = HOUSE,
) -> Published:
    if job.state != JobState.COMPLETE:
        raise NotFound(f"There are no measurements yet: the job is {job.state}.")
    if job.deliverable_id == CAPTURE_ONLY:
        raise NotFound("Only photos were ordered of this job; order a model of them first.")
    found = await queries.published_files(scope, job_id=job.id, tree="org", structure=structure)
    files = {file.name: file for file in found}
    content = await content_of(storage, files.get(NAME))
    record = read(content)
    if record is None:
        raise NotFound("This job's model was built without measurements.")
    if part is not None and part not in record.part_ids:
        raise NotFound
    what = "measurements" if part is None else f"measurements of {part}"
    await accesses.note_read(scope, job_id=job.id, what=what)
    return Published(job=job, content=content, record=record, files=files)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A photo of the job, and what is drawn over it."""

    photo: BuildPhoto
    lines: tuple[evidence.Line, ...]


async def shown(scope: OrgScope, storage: Storage, *, found: Published, part: str) -> list[Shown]:
    """The photos from which a part of a measured house was made out, the best first.

    Empty when the model came without proofs, or when its photos are gone.
    """
    known = evidence.read(await content_of(storage, found.files.get(evidence.NAME)))
    proofs = evidence.proofs_of(part, record=found.record, evidence=known)
    listed = await queries.photos_of_model(scope, job_id=found.job.id)
    photos = {photo.name: photo for photo in listed}
    return [
        Shown(photo=photos[proof.photo], lines=proof.lines)
        for proof in proofs
        if proof.photo in photos
    ]


async def content_of(storage: Storage, file: BuildFile | None) -> bytes:
    """The record's bytes; empty when there is no such file, or one too large to read."""
    if file is None or file.bytes > BYTES_MAX:
        return b""
    try:
        return await storage.get(file.key)
    except FileNotFoundError:
        return b""
