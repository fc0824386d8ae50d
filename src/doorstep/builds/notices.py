"""E-mails to the member who asked: the model is ready, or why it is not."""

import html

from doorstep.jobs import actions as jobs
from doorstep.messages import actions as messages
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Member, OrgScope


async def model_ready(scope: OrgScope, *, job_id: int) -> None:
    """Tell the requester that the model can be looked at."""
    job = await jobs.find(scope, job_id=job_id)
    await _tell(
        scope,
        job_id=job_id,
        kind="model_ready",
        subject=f"The model of {job.name} is ready",
        text=f"The photos of {job.address or job.name} have become a model.",
    )


async def approval_needed(scope: OrgScope, *, job_id: int) -> None:
    """Tell those who approve, admins where nobody has that role, that a job waits for them."""
    job = await jobs.find(scope, job_id=job_id)
    members = await orgs.list_members(scope)
    chosen = [one for one in members if one.role == "approver"]
    for member in chosen or [one for one in members if one.role == "admin"]:
        await _write(
            scope,
            member,
            job_id=job_id,
            kind="approval_needed",
            subject=f"{job.name} waits for your approval",
            text=f"The photos of {job.address or job.name} are in. "
            "The model is built when you approve it.",
        )


async def failed(scope: OrgScope, *, job_id: int, reason: str) -> None:
    """Tell the requester why there is no model."""
    job = await jobs.find(scope, job_id=job_id)
    await _tell(
        scope,
        job_id=job_id,
        kind="build_failed",
        subject=f"No model of {job.name} yet",
        text=f"The photos of {job.address or job.name} did not make a model. {reason}",
    )


async def _tell(scope: OrgScope, *, job_id: int, kind: str, subject: str, text: str) -> None:
    job = await jobs.find(scope, job_id=job_id)
    member = await orgs.find_member(scope, user_id=job.user_id)
    if member is not None:
        await _write(scope, member, job_id=job_id, kind=kind, subject=subject, text=text)


async def _write(  # allow: sizes these are the parts of a letter, by name
    scope: OrgScope, member: Member, *, job_id: int, kind: str, subject: str, text: str
) -> None:
    await messages.queue(
        scope,
        channel="email",
        kind=kind,
        to_name=member.name,
        to_address=member.email,
        subject=subject,
        text_body=f"{text}\n\nOpen the job: {{link}}\n",
        html_body=f'<p>{html.escape(text)}</p><p><a href="{{link}}">Open the job</a></p>',
        subject_ref=f"job:{job_id}",
        link_ref=f"job:{job_id}",
    )
