"""`/api/desk/jobs/{job_id}/...`: what is decided about one job, as on its page."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import RowId, acting, problems
from doorstep.api.desk.leads import Timeline, TimelineEvent
from doorstep.api.desk.repeats import AnyRequest, Key, made_once
from doorstep.builds import actions as builds
from doorstep.captures import actions as captures
from doorstep.captures import ownership, reopenings
from doorstep.captures import queries as requests
from doorstep.captures.model import SPOTS
from doorstep.events import queries as events
from doorstep.jobs import actions as jobs
from doorstep.jobs import approvals, changes
from doorstep.jobs.model import DELIVERABLES, JobState
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.screens import row_id

TAG = ["Jobs"]
JOB = "/jobs/{job_id:int}"


class ActingMember(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The member in whose name it is done."""

    user_id: RowId


class NewOrder(ActingMember, kw_only=True):
    """What is to be made of the photos, as `GET` of the same address offers it."""

    deliverable_id: RowId


class Offer(msgspec.Struct, kw_only=True):
    """Something that can be ordered now, and the cents that it costs."""

    deliverable_id: int
    name: str
    cents: int


class Offers(msgspec.Struct, kw_only=True):
    """Everything that can be ordered of the job's photos now."""

    offers: list[Offer]


class MorePhotos(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One or more spots from which photos are lacking, and what to look for there."""

    spots: Annotated[list[str], msgspec.Meta(max_length=len(SPOTS))]
    note: str = ""


@put(JOB + "/owner", status_code=204, tags=TAG, responses=problems(404, 422))
async def reassign_job(api: OrgScope, *, job_id: int, data: JSONBody[ActingMember]) -> None:
    """Give the job, and the request that it came from, to another member."""
    await ownership.reassign(api, job_id=row_id(job_id), user_id=data.user_id)


@put(JOB + "/archive", status_code=204, tags=TAG, responses=problems(404))
async def archive_job(api: OrgScope, *, job_id: int) -> None:
    """Take the job out of the lists; a second time is nothing."""
    await changes.archive(api, job_id=row_id(job_id))


@delete(JOB + "/archive", tags=TAG, responses=problems(404))
async def unarchive_job(api: OrgScope, *, job_id: int) -> None:
    """Put the job back into the lists; a second time is nothing."""
    await changes.unarchive(api, job_id=row_id(job_id))


@post(JOB + "/approval", status_code=204, tags=TAG, responses=problems(404, 409, 422))
async def approve_job(api: OrgScope, *, job_id: int, data: JSONBody[ActingMember]) -> None:
    """Let a job that waits go on, in a member's name."""
    await jobs.find(api, job_id=row_id(job_id))
    await acting(api, user_id=data.user_id)
    await approvals.approve(api, job_id=job_id, user_id=data.user_id)


@post(JOB + "/refusal", status_code=204, tags=TAG, responses=problems(404, 409))
async def decline_job(api: OrgScope, *, job_id: int) -> None:
    """Cancel a job that waits: nothing is built and nothing charged; the photos stay."""
    await approvals.decline(api, job_id=row_id(job_id))


@get(JOB + "/orders", tags=TAG, responses=problems(404))
async def list_offers(api: OrgScope, *, job_id: int) -> Offers:
    """What can be ordered of the job's photos now, and for how much."""
    api.require(Right.ADMINISTER)
    job = await jobs.find(api, job_id=row_id(job_id))
    if job.state != JobState.COMPLETE:
        return Offers(offers=[])
    return Offers(
        offers=[
            Offer(
                deliverable_id=one,
                name=DELIVERABLES[one],
                cents=await changes.price_of(api, job_id=job.id, deliverable_id=one),
            )
            for one in sorted(changes.UPGRADES.get(job.deliverable_id, ()))
        ]
    )


@post(JOB + "/orders", status_code=204, tags=TAG, responses=problems(404, 409, 422))
async def order_of_job(
    api: OrgScope,
    *,
    request: AnyRequest,
    job_id: int,
    data: JSONBody[NewOrder],
    _key: Key = None,
) -> None:
    """Order something else of the photos; it is charged as the offer says."""
    api.require(Right.ADMINISTER)
    await jobs.find(api, job_id=row_id(job_id))

    async def make() -> int:
        await acting(api, user_id=data.user_id)
        change = await changes.order_deliverable(
            api, job_id=job_id, deliverable_id=data.deliverable_id, user_id=data.user_id
        )
        return change.id

    await made_once(request, api, asked=data, make=make)


@post(JOB + "/more-photos", status_code=204, tags=TAG, responses=problems(404, 409, 422))
async def ask_for_more(
    api: OrgScope,
    *,
    request: AnyRequest,
    job_id: int,
    data: JSONBody[MorePhotos],
    _key: Key = None,
) -> None:
    """Open the capture again for these spots, and write to the homeowner."""
    api.require(Right.INVITE)
    request_id = await _request_of(api, job_id)

    async def make() -> int:
        asked = await reopenings.reopen(
            api, request_id=request_id, spots=data.spots, note=data.note
        )
        return asked.id

    await made_once(request, api, asked=data, make=make)


@post(JOB + "/invitation", status_code=204, tags=TAG, responses=problems(404, 409, 422))
async def invite_again(api: OrgScope, *, job_id: int) -> None:
    """Send the homeowner the invitation once more."""
    await captures.invite_again(api, request_id=await _request_of(api, job_id))


@post(JOB + "/builds", status_code=204, tags=TAG, responses=problems(404, 409, 422))
async def build_again(api: OrgScope, *, job_id: int) -> None:
    """Build once more from the photos that are there."""
    await builds.order_again(api, job_id=row_id(job_id))


@get(JOB + "/timeline", tags=TAG, responses=problems(404))
async def show_job_timeline(api: OrgScope, *, job_id: int) -> Timeline:
    """What happened with the job; at most 200 events, newest first. Notes are apart."""
    api.require(Right.READ)
    await jobs.find(api, job_id=row_id(job_id))
    found = await events.of_job(api, job_id=job_id)
    return Timeline(
        events=[msgspec.convert(one, TimelineEvent, from_attributes=True) for one in found]
    )


async def _request_of(scope: OrgScope, job_id: int) -> int:
    found = await requests.find_of_job(scope, job_id=row_id(job_id))
    if found is None:
        raise NotFound
    return found.id


ROUTES = [
    reassign_job,
    archive_job,
    unarchive_job,
    approve_job,
    decline_job,
    list_offers,
    order_of_job,
    ask_for_more,
    invite_again,
    build_again,
    show_job_timeline,
]
