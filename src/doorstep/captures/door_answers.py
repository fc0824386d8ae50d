"""What a homeowner answers on the door page instead of starting."""

from doorstep.captures import door_answer_queries as queries
from doorstep.captures import invitations, notices, reminding
from doorstep.captures.links import invitation
from doorstep.captures.reminding import REMIND
from doorstep.captures.sessions import refuse_ended
from doorstep.events.actions import record
from doorstep.kit.errors import Invalid
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.messages import actions as messages
from doorstep.orgs.model import OrgScope

TOMORROW, CALL, NOT_MINE = "tomorrow", "call", "not_mine"
ANSWERS = (TOMORROW, CALL, NOT_MINE)


async def answer(scope: OrgScope, *, capture_request_id: int, answered: str) -> None:
    """Remind tomorrow at ten, or tell the member who asked; a second time is nothing.

    Gone when the link has ended. Who says that it is not their house hears no more of it.
    """
    if answered not in ANSWERS:
        raise Invalid(fields={"answer": [f"is one of {', '.join(ANSWERS)}"]})
    found = await invitation(scope, capture_request_id=capture_request_id)
    refuse_ended(found)
    is_new = await queries.insert(scope, request_id=capture_request_id, answer=answered)
    if answered == TOMORROW:
        await _remind(scope, capture_request_id)
    if not is_new:
        return
    await record(
        scope,
        "capture_request.answered",
        lead_id=found.lead_id,
        capture_request_id=capture_request_id,
        job_id=found.job_id,
        answer=answered,
    )
    if answered == NOT_MINE:
        await reminding.cancel(scope, request_id=capture_request_id)
        await messages.cancel(scope, subject_ref=invitations.subject_ref(capture_request_id))
    if answered != TOMORROW:
        await notices.answered(scope, request_id=capture_request_id, answer=answered)


async def _remind(scope: OrgScope, request_id: int) -> None:
    delay = await queries.schedule_tomorrow(scope, request_id=request_id)
    if delay is None:
        return
    payload = {"org_id": scope.org_id, "request_id": request_id, "kind": TOMORROW}
    await enqueue_many(scope.tx, [Task(name=REMIND, payload=payload, delay=delay)])
