"""The end of a link frees what was set aside for its house; whoever opens it again pays again."""

from datetime import datetime, timedelta

from doorstep.captures import queries
from doorstep.captures.model import CaptureRequest, RequestState
from doorstep.events.model import Event
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import Conflict
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.orgs import wallets
from doorstep.orgs.model import OrgScope

EXPIRE = "captures.expire"
OPEN = (RequestState.NEW, RequestState.CONNECTED)


async def watch(scope: OrgScope, event: Event) -> None:
    """Something was set aside for a job: come back when the link to it ends."""
    assert event.job_id is not None
    request = await queries.find_of_job(scope, job_id=event.job_id)
    if request is not None and request.state in OPEN:
        await _come_back(scope, request, now=event.occurred_at)


async def expire(scope: OrgScope, *, request_id: int) -> None:
    """Free what is held for a request whose link has ended; a link that lives is left alone.

    Run twice it finds nothing to free. A request that is complete or deleted has its own end.
    """
    state = await queries.lock_link(scope, request_id=request_id)
    request = await queries.find(scope, request_id=request_id)
    if state is None or request is None or request.state not in OPEN:
        return
    if state.ended:
        await wallets.release(scope, job_id=request.job_id)
    else:
        await _come_back(scope, request, now=state.now)


async def renew(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Give an open request whose link has ended another 14 days, and set its price aside again.

    Nothing while the link lives. Conflict when the request is not open, Invalid when the wallet
    is short.
    """
    if request.state not in OPEN:
        raise Conflict(f"The capture request is {request.state}; nobody is waiting for a message.")
    if await queries.renew_link(scope, request_id=request.id):
        job = await jobs.find(scope, job_id=request.job_id)
        await jobs.charge_freed(scope, job=job)


async def _come_back(scope: OrgScope, request: CaptureRequest, *, now: datetime) -> None:
    task = Task(
        name=EXPIRE,
        payload={"org_id": scope.org_id, "request_id": request.id},
        delay=max(request.expires_at - now, timedelta(0)),
    )
    await enqueue_many(scope.tx, [task])
