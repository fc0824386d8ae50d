"""`/api/desk/jobs/{job_id}/deliveries`: what other programs were told of a job."""

import uuid
from datetime import datetime

import msgspec
from litestar import get, post

from doorstep.api.desk.answers import problems
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.screens import row_id
from doorstep.webhooks import actions as webhooks
from doorstep.webhooks import delivery_queries

TAG = ["Jobs"]
PATH = "/jobs/{job_id:int}/deliveries"
ROWS_MAX = 50


class DeliveryFacts(msgspec.Struct, kw_only=True):
    """A delivery to one endpoint with its last answer; `state` is queued, delivered or failed.

    `disabled` says that the endpoint is switched off; `next_at` is when it is tried again.
    """

    id: uuid.UUID
    event_name: str
    url: str
    disabled: bool
    state: str
    attempts: int
    next_at: datetime | None
    problem: str | None
    status: int | None
    answer: str | None
    tried_at: datetime | None
    created_at: datetime


class DeliveryList(msgspec.Struct, kw_only=True):
    """The newest 50 deliveries of the job, newest first."""

    deliveries: list[DeliveryFacts]


@get(PATH, tags=TAG, responses=problems(404))
async def list_deliveries(api: OrgScope, *, job_id: int) -> DeliveryList:
    """What the organization's endpoints were told of the job, and what they answered."""
    api.require(Right.ADMINISTER)
    await jobs.find(api, job_id=row_id(job_id))
    found = await delivery_queries.of_job(api, job_id=job_id, rows_max=ROWS_MAX)
    return DeliveryList(
        deliveries=[msgspec.convert(one, DeliveryFacts, from_attributes=True) for one in found]
    )


@post(PATH + "/{delivery_id:uuid}/rounds", status_code=204, tags=TAG, responses=problems(404, 409))
async def send_delivery_again(api: OrgScope, *, job_id: int, delivery_id: uuid.UUID) -> None:
    """Send the same bytes again now, with a fresh round of tries."""
    api.require(Right.ADMINISTER)
    if not await delivery_queries.is_of_job(api, delivery_id=delivery_id, job_id=row_id(job_id)):
        raise NotFound
    await webhooks.send_again(api, delivery_id)


ROUTES = [list_deliveries, send_delivery_again]
