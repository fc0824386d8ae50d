"""The portfolio: every job by state, as a grid of houses."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from doorstep.jobs import queries as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import portfolio_queries
from doorstep.web.desk.live import fingerprint
from doorstep.web.desk.screens import BIGINT_MAX, Page, html, nothing_new, piece, screen

CARDS_MAX = 48
FILTERS = (
    JobState.UPLOADING,
    JobState.PROCESSING_UPLOAD,
    JobState.WAITING_APPROVAL,
    JobState.WORKING,
    JobState.COMPLETE,
    JobState.FAILED,
)

State = Annotated[str, QueryParameter(name="state", required=False)]
Before = Annotated[int | None, QueryParameter(ge=1, le=BIGINT_MAX, required=False)]


@get("/jobs")
async def portfolio(page: OrgScope, *, shown: State = "", before: Before = None) -> Page:
    """One page of the grid, newest first."""
    page.require(Right.READ)
    return await screen(
        page, "desk/jobs.html", place="jobs", **await _shelf(page, shown=shown, before=before)
    )


@get("/jobs/grid")
async def grid(page: OrgScope, *, seen: str = "", shown: State = "") -> Page:
    """The first page's grid again if anything has happened since `seen`."""
    page.require(Right.READ)
    if await fingerprint(page) == seen:
        return nothing_new()
    return html(
        await piece(page, "desk/jobs_grid.html", **await _shelf(page, shown=shown, before=None))
    )


async def _shelf(scope: OrgScope, *, shown: str, before: int | None) -> dict[str, object]:
    if shown and shown not in FILTERS:
        raise NotFound
    seen = await fingerprint(scope)
    houses = await portfolio_queries.page(
        scope, state=shown or None, before_id=before, rows_max=CARDS_MAX + 1
    )
    counts = await jobs.counts_by_state(scope)
    return {
        "seen": seen,
        "houses": houses[:CARDS_MAX],
        "older": houses[CARDS_MAX - 1].id if len(houses) > CARDS_MAX else None,
        "before": before,
        "state": shown,
        "filters": [(str(one), counts.get(one, 0)) for one in FILTERS],
        "total": sum(counts.values()),
    }
