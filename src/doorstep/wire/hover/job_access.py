"""Who has a job, and who lets it go on: archive by access, approve, decline."""

from typing import Any

from litestar import patch, route

from doorstep.api.description.calls import call
from doorstep.jobs import actions as jobs
from doorstep.jobs import approvals, changes
from doorstep.kit.errors import Forbidden
from doorstep.orgs.model import ROLE_RIGHTS, Member, OrgScope, Right
from doorstep.web.services import Services
from doorstep.wire.hover import job_shapes
from doorstep.wire.hover.acting import acting_user
from doorstep.wire.hover.declared import job_access as declared
from doorstep.wire.hover.declared.jobs import WrappedJob
from doorstep.wire.hover.declared.values import Acting
from doorstep.wire.hover.encoding import AnyRequest, flag, read_tree
from doorstep.wire.hover.jobs import TAG, V2, found, show_v1
from doorstep.wire.hover.numbers import numeric

JOB = V2 + "/{job_id:str}"
ACCESS = "/api/v1/org_job_accesses/{access_id:str}"


@route(
    ACCESS,
    http_method=["PUT", "PATCH"],
    status_code=200,
    opt=call(TAG, body=declared.AccessUpdate, answer=declared.WrappedAccess),
)
async def archive_access(request: AnyRequest, *, access_id: str, api: OrgScope) -> dict[str, Any]:
    """Take the organization's job out of its lists, or put it back with `archived=false`.

    An organization has one access to a job, which bears the job's number.
    """
    tree = await read_tree(request)
    wanted = tree.get("org_job_access")
    archived = flag(wanted if isinstance(wanted, dict) else tree, "archived", default=True)
    number = numeric(access_id)
    if archived:
        await changes.archive(api, job_id=number)
    else:
        await changes.unarchive(api, job_id=number)
    return {"org_job_access": job_shapes.access(await found(api, job_id=number))}


@patch(
    [JOB + "/approve", JOB + "/approve.json"],
    status_code=200,
    opt=call(TAG, body=Acting, answer=WrappedJob, fails=(409,)),
)
async def approve(
    request: AnyRequest, *, job_id: str, api: OrgScope, services: Services
) -> dict[str, Any]:
    """Let a job that waits for approval go on, in the name of somebody who may."""
    number = numeric(job_id)
    member = await _approver(request, api, job_id=number)
    await approvals.approve(api, job_id=number, user_id=member.id)
    return {"job": await show_v1(api, job_id=number, services=services)}


@patch(
    [JOB + "/deny", JOB + "/deny.json"],
    status_code=200,
    opt=call(TAG, body=Acting, answer=WrappedJob, fails=(409,)),
)
async def deny(
    request: AnyRequest, *, job_id: str, api: OrgScope, services: Services
) -> dict[str, Any]:
    """Cancel a job that waits for approval."""
    number = numeric(job_id)
    await _approver(request, api, job_id=number)
    await approvals.decline(api, job_id=number)
    return {"job": await show_v1(api, job_id=number, services=services)}


async def _approver(request: AnyRequest, scope: OrgScope, *, job_id: int) -> Member:
    await jobs.find(scope, job_id=job_id)
    member = await acting_user(scope, await read_tree(request))
    if Right.APPROVE not in ROLE_RIGHTS[member.role]:
        raise Forbidden("Name somebody who approves jobs as the acting user.")
    return member


ROUTES = [archive_access, approve, deny]
