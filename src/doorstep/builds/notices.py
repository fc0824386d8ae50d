"""E-mails to the member who asked: the model is ready, or why it is not."""

from doorstep.jobs import actions as jobs
from doorstep.messages import actions as messages
from doorstep.messages import texts
from doorstep.messages.texts import Composed
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Member, OrgScope


async def model_ready(scope: OrgScope, *, job_id: int) -> None:
    """Tell the requester that the model can be looked at."""
    await _tell(scope, job_id=job_id, kind="model_ready")


async def approval_needed(scope: OrgScope, *, job_id: int) -> None:
    """Tell those who approve, admins where nobody has that role, that a job waits for them."""
    job = await jobs.find(scope, job_id=job_id)
    members = await orgs.list_members(scope)
    chosen = [one for one in members if one.role == "approver"]
    values = {"job": job.name, "place": job.address or job.name}
    words = await texts.compose(scope, kind="approval_needed", values=values)
    for member in chosen or [one for one in members if one.role == "admin"]:
        await _write(scope, member, job_id=job_id, kind="approval_needed", words=words)


async def failed(scope: OrgScope, *, job_id: int, reason: str) -> None:
    """Tell the requester why there is no model."""
    await _tell(scope, job_id=job_id, kind="build_failed", reason=reason)


async def _tell(scope: OrgScope, *, job_id: int, kind: str, **told: str) -> None:
    job = await jobs.find(scope, job_id=job_id)
    member = await orgs.find_member(scope, user_id=job.user_id)
    if member is None:
        return
    values = {"job": job.name, "place": job.address or job.name}
    words = await texts.compose(scope, kind=kind, values=values | told)
    await _write(scope, member, job_id=job_id, kind=kind, words=words)


async def _write(
    scope: OrgScope, member: Member, *, job_id: int, kind: str, words: Composed
) -> None:
    await messages.queue(
        scope,
        channel="email",
        kind=kind,
        to_name=member.name,
        to_address=member.email,
        subject=words.subject,
        text_body=words.text,
        html_body=words.html,
        subject_ref=f"job:{job_id}",
        link_ref=f"job:{job_id}",
    )
