"""`/api/desk/jobs`: the portfolio, how many jobs stand where, and what is done to many at once."""

import uuid
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from doorstep.api.desk.answers import PAGE_ROWS, Limit, RowId, problems
from doorstep.captures import batches
from doorstep.captures.batch_queries import JobBatch
from doorstep.jobs import count_queries
from doorstep.jobs.shelves import LABELS
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import portfolio_queries
from doorstep.web.desk.portfolio_looking import anchor, spelled
from doorstep.web.desk.portfolio_queries import Looking

TAG = ["Jobs"]

After = Annotated[str, QueryParameter(required=False, max_length=40)]


class PortfolioLine(msgspec.Struct, kw_only=True):
    """A job as the portfolio has it.

    `shelf` is invited, photos_needed, uploading, checking, approval, building, to_order, ready,
    failed, cancelled or archived. `connected_at` is when the homeowner opened the link, `photos`
    how many are in, and `done` how far a running build is, from 0 to 1.
    """

    id: int
    shelf: str
    state: str
    name: str
    address: str
    customer_name: str | None
    customer_phone: str | None
    external_identifier: str | None
    deliverable_id: int
    user_id: int
    request_state: str | None
    connected_at: datetime | None
    photos_done_at: datetime | None
    photos: int
    done: float | None
    created_at: datetime
    updated_at: datetime


class Portfolio(msgspec.Struct, kw_only=True):
    """Jobs in the order asked for; `next` is what `after` asks for the page after this one with."""

    jobs: list[PortfolioLine]
    next: str | None


class ShelfLine(msgspec.Struct, kw_only=True):
    """A shelf and how many jobs stand on it."""

    shelf: str
    name: str
    jobs: int


class Shelves(msgspec.Struct, kw_only=True):
    """Every shelf, in the order of a job's life."""

    shelves: list[ShelfLine]


class NewBatch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to do to 1 to 100 jobs: archive, unarchive, or reassign to the member `user_id`."""

    verb: str
    job_ids: list[RowId]
    user_id: RowId | None = None


class BatchItem(msgspec.Struct, kw_only=True):
    """What became of one job: done, already, not_found or changed_since.

    `from_user_id` is whose a reassigned job was.
    """

    job_id: int
    outcome: str
    from_user_id: int | None = None


class Batch(msgspec.Struct, kw_only=True):
    """What was done, job by job; `undone` is what was taken back, null while nothing was."""

    id: uuid.UUID
    verb: str
    user_id: int | None
    items: list[BatchItem]
    undone: list[BatchItem] | None
    undone_at: datetime | None
    actor: str
    created_at: datetime


@get("/jobs", tags=TAG, responses=problems(404))
async def list_portfolio(
    api: OrgScope, *, portfolio: Looking, after: After = "", limit: Limit = PAGE_ROWS
) -> Portfolio:
    """Jobs by shelf, member and order; without a shelf, all that are not archived."""
    api.require(Right.READ)
    found = await portfolio_queries.page(
        api,
        looking=portfolio,
        after=await anchor(api, after, looking=portfolio),
        rows_max=limit + 1,
    )
    shown = found[:limit]
    return Portfolio(
        jobs=[msgspec.convert(one, PortfolioLine, from_attributes=True) for one in shown],
        next=spelled(shown[-1], portfolio) if len(found) > limit else None,
    )


@get("/jobs/shelves", tags=TAG, responses=problems())
async def count_portfolio(api: OrgScope) -> Shelves:
    """How many jobs stand on each shelf."""
    api.require(Right.READ)
    counts = await count_queries.by_shelf(api)
    return Shelves(
        shelves=[
            ShelfLine(shelf=name, name=label, jobs=counts.get(name, 0))
            for name, label in LABELS.items()
        ]
    )


@post("/jobs/batches", tags=TAG, responses=problems(422))
async def run_batch(api: OrgScope, *, data: JSONBody[NewBatch]) -> Batch:
    """Archive, unarchive or reassign many jobs; each is told by itself, and none stops another."""
    return _told(await batches.run(api, verb=data.verb, job_ids=data.job_ids, user_id=data.user_id))


@get("/jobs/batches/{batch_id:uuid}", tags=TAG, responses=problems(404))
async def show_batch(api: OrgScope, *, batch_id: uuid.UUID) -> Batch:
    """What was done to many jobs."""
    return _told(await batches.find(api, batch_id=batch_id))


@post("/jobs/batches/{batch_id:uuid}/undo", tags=TAG, responses=problems(404, 409))
async def undo_batch(api: OrgScope, *, batch_id: uuid.UUID) -> Batch:
    """Take it back, but for jobs that were changed since."""
    return _told(await batches.undo(api, batch_id=batch_id))


def _told(batch: JobBatch) -> Batch:
    return msgspec.convert(batch, Batch, from_attributes=True)


ROUTES = [list_portfolio, count_portfolio, run_batch, show_batch, undo_batch]
