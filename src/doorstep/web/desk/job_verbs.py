"""What is decided about a job on its page: a yes or a no, and links that show its model."""

from litestar import post
from litestar.response import Redirect

from doorstep.jobs import approvals, shares
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.screens import member_id, row_id, see
from doorstep.web.services import Services


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
    return see(f"/jobs/{job_id}?said=shared")


@post("/jobs/{job_id:int}/shares/{share_id:int}/end")
async def unshare(page: OrgScope, *, job_id: int, share_id: int) -> Redirect:
    """End such a link."""
    found = await shares.find(page, share_id=row_id(share_id))
    if found.job_id != job_id:
        raise NotFound
    await shares.revoke(page, share_id=found.id)
    return see(f"/jobs/{job_id}?said=unshared")
