"""A homeowner deletes photos, model and contact; the organization keeps the job's row.

1. `erase` ends everything that could still bring something in, and says so, in one commit.
2. The task reads which objects there are, deletes them, then the rows. Killed at any place,
   it begins again and finds the rest.
3. The same once more ten minutes later: what a process held in its hands at the first time
   has come to rest by then.
"""

from datetime import timedelta

from doorstep.auth.scopes import task_scope
from doorstep.builds import erasure_queries as builds
from doorstep.captures import erasure_queries, invitations, place_check_queries, reminding
from doorstep.captures.links import Invitation, invitation
from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import change_queries as job_rows
from doorstep.jobs import partner_link_queries, share_queries, structures
from doorstep.jobs.model import MOVES, JobState
from doorstep.kit.db import Database
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import Payload, Task, enqueue_many
from doorstep.messages import actions as messages
from doorstep.messages import queries as message_rows
from doorstep.orgs import wallets
from doorstep.orgs.model import OrgScope
from doorstep.photos import erasure_queries as photos

ERASE = "builds.erase"
AGAIN_AFTER = timedelta(minutes=10)
KEPT_FILE = "measurements.json"
"""Numbers of a building, without a picture: the organization's record of what it paid for."""
FORGOTTEN_NAME = "Deleted by the homeowner"
NOBODY = {"customer_name": None, "customer_email": None, "customer_phone": None}
OLD_NAME = "Erased"
FAILURE = {
    "code": "erased",
    "homeowner": "Your photos are deleted, as you wished.",
    "organization": "The homeowner deleted the photos.",
}


async def erase(scope: OrgScope, *, capture_request_id: int, for_age: bool = False) -> None:
    """Delete the data of a request's homeowner, who wished it, or `for_age`; twice is nothing."""
    if not await erasure_queries.insert(scope, request_id=capture_request_id):
        return
    found = await invitation(scope, capture_request_id=capture_request_id)
    await _stop(scope, found)
    await erasure_queries.end_sessions(scope, request_id=capture_request_id)
    await place_check_queries.remove(scope, request_id=capture_request_id)
    forgotten = OLD_NAME if for_age else FORGOTTEN_NAME
    await erasure_queries.forget_person(scope, request_id=capture_request_id, name=forgotten)
    job = await jobs.find(scope, job_id=found.job_id)
    name = job.location_line_1 or forgotten
    await job_rows.update(scope, job_id=found.job_id, values={**NOBODY, "name": name})
    for ref in (invitations.subject_ref(capture_request_id), f"job:{found.job_id}"):
        await messages.cancel(scope, subject_ref=ref)
    await message_rows.forget(
        scope, person=invitations.subject_ref(capture_request_id), about=f"job:{found.job_id}"
    )
    await record(
        scope,
        "capture_request.erased",
        lead_id=found.lead_id,
        capture_request_id=capture_request_id,
        job_id=found.job_id,
        for_age=for_age,
    )
    payload = {
        "org_id": scope.org_id,
        "capture_request_id": capture_request_id,
        "job_id": found.job_id,
    }
    await enqueue_many(
        scope.tx,
        [Task(name=ERASE, payload=payload), Task(name=ERASE, payload=payload, delay=AGAIN_AFTER)],
    )


async def erase_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Delete objects and rows of an erased request."""
    org_id, job_id = int(payload["org_id"]), int(payload["job_id"])
    request_id = int(payload["capture_request_id"])
    async with task_scope(db, org_id=org_id, task=ERASE) as scope:
        await photos.stop(scope, request_id=request_id)
        files = await photos.stored(scope, request_id=request_id)
        keys = [key for file in files for key in file["keys"]]
        keys += await photos.pieces(scope, request_id=request_id)
        build_ids = await builds.ids(scope, job_id=job_id)
        kept = await builds.kept_keys(scope, job_id=job_id, name=KEPT_FILE)
    for build_id in build_ids:
        keys += [key async for key in storage.keys(f"builds/{org_id}/{build_id}/")]
    for key in sorted(set(keys) - kept):
        await storage.delete(key)
    async with task_scope(db, org_id=org_id, task=ERASE) as scope:
        await photos.forget(scope, request_id=request_id, photo_ids=[file["id"] for file in files])
        await builds.forget(scope, build_ids=build_ids, but=KEPT_FILE)
        await erasure_queries.settle(
            scope,
            request_id=request_id,
            files=len(files),
            size=sum(file["bytes"] for file in files),
        )


async def _stop(scope: OrgScope, found: Invitation) -> None:
    """Nothing comes in and nothing is built any more."""
    request_id, job_id = found.capture_request_id, found.job_id
    state = await erasure_queries.close_request(scope, request_id=request_id)
    if state == "deleted" and found.state != "deleted":
        await record(scope, "capture_request.deleted", capture_request_id=request_id, job_id=job_id)
    await reminding.cancel(scope, request_id=request_id)
    await photos.stop(scope, request_id=request_id)
    await builds.end_open(scope, job_id=job_id, failure=FAILURE)
    await share_queries.revoke_all(scope, job_id=job_id)
    await partner_link_queries.revoke_all(scope, job_id=job_id)
    # Whoever was publishing a model has done so by now, or never will.
    legal = MOVES[JobState((await jobs.find(scope, job_id=job_id)).state)]
    if JobState.CANCELLED in legal:
        await jobs.move(scope, job_id=job_id, to=JobState.CANCELLED)
    elif JobState.FAILED in legal:
        await jobs.move(scope, job_id=job_id, to=JobState.FAILED, failure=dict(FAILURE))
        await structures.fail(scope, job_id=job_id, failure=FAILURE)
    await wallets.release(scope, job_id=job_id)
