"""Archive or reassign many jobs at once, told job by job, and take it back."""

import uuid
from collections.abc import Sequence

from doorstep.captures import batch_queries as queries
from doorstep.captures import ownership
from doorstep.captures.batch_queries import Item, JobBatch
from doorstep.jobs import changes
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right

JOBS_MAX = 100
ARCHIVE, UNARCHIVE, REASSIGN = "archive", "unarchive", "reassign"
VERBS = (ARCHIVE, UNARCHIVE, REASSIGN)

DONE, ALREADY, NOT_THERE, CHANGED = "done", "already", "not_found", "changed_since"
"""What became of one job: only `done` is taken back, unless it was changed since."""


async def run(
    scope: OrgScope, *, verb: str, job_ids: Sequence[int], user_id: int | None = None
) -> JobBatch:
    """Do it to each job that is there; Invalid without jobs, a verb, or a member to give them to."""
    scope.require(Right.INVITE)
    wanted = sorted(set(job_ids))
    await _check(scope, verb=verb, wanted=wanted, user_id=user_id)
    found = await queries.lock_jobs(scope, job_ids=wanted)
    items: list[Item] = []
    for job_id in wanted:
        job = found.get(job_id)
        if job is None:
            items.append({"job_id": job_id, "outcome": NOT_THERE})
        elif verb == REASSIGN:
            items.append(await _reassign(scope, job_id, owner=job["user_id"], to=user_id))
        elif job["archived"] is (verb == ARCHIVE):
            items.append({"job_id": job_id, "outcome": ALREADY})
        else:
            await _archive(scope, job_id, verb=verb)
            items.append({"job_id": job_id, "outcome": DONE})
    batch_id = uuid7()
    to = user_id if verb == REASSIGN else None
    await queries.insert(scope, batch_id=batch_id, verb=verb, user_id=to, items=items)
    return await find(scope, batch_id=batch_id)


async def find(scope: OrgScope, *, batch_id: uuid.UUID) -> JobBatch:
    """The batch; NotFound when it is not there or not this organization's."""
    scope.require(Right.READ)
    batch = await queries.find(scope, batch_id=batch_id)
    if batch is None:
        raise NotFound
    return batch


async def undo(scope: OrgScope, *, batch_id: uuid.UUID) -> JobBatch:
    """Take back what was done, but for jobs that were changed since; Conflict a second time."""
    scope.require(Right.INVITE)
    batch = await queries.lock(scope, batch_id=batch_id)
    if batch is None:
        raise NotFound
    if batch.undone_at is not None:
        raise Conflict("This was taken back already.")
    done = [item for item in batch.items if item["outcome"] == DONE]
    found = await queries.lock_jobs(scope, job_ids=[item["job_id"] for item in done])
    items: list[Item] = []
    for item in done:
        job_id = item["job_id"]
        job = found.get(job_id)
        if job is None:
            outcome = NOT_THERE
        elif batch.verb == REASSIGN:
            outcome = await _give_back(scope, item, owner=job["user_id"], given_to=batch.user_id)
        elif job["archived"] is (batch.verb == ARCHIVE):
            await _archive(scope, job_id, verb=UNARCHIVE if job["archived"] else ARCHIVE)
            outcome = DONE
        else:
            outcome = CHANGED
        items.append({"job_id": job_id, "outcome": outcome})
    await queries.set_undone(scope, batch_id=batch_id, items=items)
    return await find(scope, batch_id=batch_id)


async def _check(scope: OrgScope, *, verb: str, wanted: Sequence[int], user_id: int | None) -> None:
    if verb not in VERBS:
        raise Invalid(fields={"verb": [f"is one of {', '.join(VERBS)}"]})
    if not 0 < len(wanted) <= JOBS_MAX:
        raise Invalid(fields={"job_ids": [f"are 1 to {JOBS_MAX} jobs"]})
    if verb == REASSIGN and not await _is_member(scope, user_id):
        raise Invalid(fields={"user_id": ["is not an active user of this organization"]})


async def _is_member(scope: OrgScope, user_id: int | None) -> bool:
    return user_id is not None and await orgs.find_member(scope, user_id=user_id) is not None


async def _archive(scope: OrgScope, job_id: int, *, verb: str) -> None:
    if verb == ARCHIVE:
        await changes.archive(scope, job_id=job_id)
    else:
        await changes.unarchive(scope, job_id=job_id)


async def _reassign(scope: OrgScope, job_id: int, *, owner: int, to: int | None) -> Item:
    assert to is not None
    if owner == to:
        return {"job_id": job_id, "outcome": ALREADY}
    await ownership.reassign(scope, job_id=job_id, user_id=to)
    return {"job_id": job_id, "outcome": DONE, "from_user_id": owner}


async def _give_back(scope: OrgScope, item: Item, *, owner: int, given_to: int | None) -> str:
    """A job goes back unless somebody has it now who got it later, or its member has gone."""
    if owner != given_to or not await _is_member(scope, item["from_user_id"]):
        return CHANGED
    await ownership.reassign(scope, job_id=item["job_id"], user_id=item["from_user_id"])
    return DONE
