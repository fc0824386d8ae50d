"""What is decided about a job on its page: yes or no, whose it is, what is ordered, who sees it."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.captures import ownership
from doorstep.jobs import approvals, changes, shares
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.screens import member_id, row_id, see
from doorstep.web.services import Services
from doorstep.webhooks import actions as webhooks
from doorstep.webhooks import delivery_queries


@post("/jobs/{job_id:int}/approval")
async def approve(page: OrgScope, job_id: int) -> Redirect:
    """Let a job that waits go on."""
    await approvals.approve(page, job_id=row_id(job_id), user_id=member_id(page))
    return see(f"/jobs/{job_id}?said=approved")


@post("/jobs/{job_id:int}/refusal")
async def decline(page: OrgScope, job_id: int) -> Redirect:
    """Cancel a job that waits."""
    await approvals.decline(page, job_id=row_id(job_id))
    return see(f"/jobs/{job_id}?said=declined")


@post("/jobs/{job_id:int}/shares")
async def share(page: OrgScope, *, services: Services, job_id: int) -> Redirect:
    """A link that shows the model to somebody without an account."""
    await shares.share(page, services.signer, job_id=row_id(job_id), user_id=member_id(page))
    return see(f"/jobs/{job_id}/sharing?said=shared")


@post("/jobs/{job_id:int}/shares/{share_id:int}/end")
async def unshare(page: OrgScope, *, job_id: int, share_id: int) -> Redirect:
    """End such a link."""
    found = await shares.find(page, share_id=row_id(share_id))
    if found.job_id != job_id:
        raise NotFound
    await shares.revoke(page, share_id=found.id)
    return see(f"/jobs/{job_id}/sharing?said=unshared")


@post("/jobs/{job_id:int}/archive")
async def archive(page: OrgScope, job_id: int) -> Redirect:
    """Take the job out of the lists."""
    await changes.archive(page, job_id=row_id(job_id))
    return see(f"/jobs/{job_id}?said=archived")


@post("/jobs/{job_id:int}/archive/end")
async def unarchive(page: OrgScope, job_id: int) -> Redirect:
    """Put the job back into the lists."""
    await changes.unarchive(page, job_id=row_id(job_id))
    return see(f"/jobs/{job_id}?said=unarchived")


@post("/jobs/{job_id:int}/owner")
async def reassign(page: OrgScope, *, job_id: int, form: Form) -> Redirect:
    """Give the job to another member."""
    await ownership.reassign(page, job_id=row_id(job_id), user_id=number_in(form, "user") or 0)
    return see(f"/jobs/{job_id}?said=reassigned")


@post("/jobs/{job_id:int}/deliveries/{delivery_id:uuid}/rounds")
async def tell_again(page: OrgScope, *, job_id: int, delivery_id: uuid.UUID) -> Redirect:
    """Tell another program of the job again, with the same bytes."""
    page.require(Right.ADMINISTER)
    if not await delivery_queries.is_of_job(page, delivery_id=delivery_id, job_id=row_id(job_id)):
        raise NotFound
    await webhooks.send_again(page, delivery_id)
    return see(f"/jobs/{job_id}/deliveries?said=told")


@post("/jobs/{job_id:int}/order")
async def order(page: OrgScope, *, job_id: int, form: Form) -> Redirect:
    """Order something else of the photos; it is charged as the page says."""
    page.require(Right.ADMINISTER)
    await changes.order_deliverable(
        page,
        job_id=row_id(job_id),
        deliverable_id=number_in(form, "deliverable") or 0,
        user_id=member_id(page),
    )
    return see(f"/jobs/{job_id}?said=ordered")
