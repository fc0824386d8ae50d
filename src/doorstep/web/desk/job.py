"""The page of one job, tab by tab, and its live progress."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.response import Redirect

from doorstep.builds import actions as builds
from doorstep.captures import actions as captures
from doorstep.captures import queries as capture_rows
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import job_queries, job_tabs
from doorstep.web.desk.job_tabs import BUSY, Shown, find_frame, link_of
from doorstep.web.desk.qr import qr_code
from doorstep.web.desk.screens import (
    AnyRequest,
    Page,
    Query,
    html,
    nothing_new,
    piece,
    row_id,
    screen,
    see,
)
from doorstep.web.services import Services

# The tab that asked takes the place of itself, without the page being loaded anew.
IN_PLACE = {"HX-Retarget": "#job", "HX-Reselect": "#job", "HX-Reswap": "outerHTML"}


@get(["/jobs/{job_id:int}", *(f"/jobs/{{job_id:int}}/{tab}" for tab in job_tabs.TABS if tab)])
async def job_page(
    page: OrgScope, *, services: Services, request: AnyRequest, job_id: int, said: Query = ""
) -> Page:
    """One tab of all that there is about a job; without a name it is the model."""
    page.require(Right.READ)
    job = await jobs.find(page, job_id=row_id(job_id))
    tab = request.url.path.removeprefix(f"/jobs/{job_id}").strip("/")
    return await _tab(Shown(scope=page, services=services, job=job, tab=tab), said=said)


@get("/jobs/{job_id:int}/stage")
async def stage(
    page: OrgScope, *, services: Services, job_id: int, seen: Query = "", tab: Query = ""
) -> Response[str]:
    """A running build's progress; the whole tab again once there is more to see than that."""
    page.require(Right.READ)
    if tab not in job_tabs.TABS:
        raise NotFound
    job = await jobs.find(page, job_id=row_id(job_id))
    shown = Shown(scope=page, services=services, job=job, tab=tab)
    if await job_queries.seen(page, job=job) != seen:
        return _in_place(await _tab(shown))
    if job.state not in BUSY:
        return nothing_new()
    build = await job_queries.progress(page, job_id=job.id)
    template = "desk/job_live.html" if tab else "desk/job_stage.html"
    return html(
        await piece(page, template, job=job, build=build, files={}, seen=seen, tab=tab, busy=True)
    )


@get("/jobs/{job_id:int}/link.svg")
async def link_qr(page: OrgScope, *, services: Services, job_id: int) -> Response[bytes]:
    """The homeowner's link as a QR code, for somebody who stands beside them."""
    page.require(Right.INVITE)
    job = await jobs.find(page, job_id=row_id(job_id))
    asked = await job_queries.asked(page, job_id=job.id)
    link = await link_of(page, services=services, job=job, asked=asked)
    if link is None:
        raise NotFound
    return qr_code(link)


@post("/jobs/{job_id:int}/invitation")
async def invite_again(page: OrgScope, job_id: int) -> Redirect:
    """Send the invitation once more."""
    request = await capture_rows.find_of_job(page, job_id=row_id(job_id))
    if request is None:
        raise NotFound
    await captures.invite_again(page, request_id=request.id)
    return see(f"/jobs/{job_id}?said=invited")


@post("/jobs/{job_id:int}/build")
async def build_again(page: OrgScope, job_id: int) -> Redirect:
    """Build once more from the photos that are there."""
    await builds.order_again(page, job_id=row_id(job_id))
    return see(f"/jobs/{job_id}?said=building")


async def _tab(shown: Shown, *, said: str = "") -> Page:
    frame = await find_frame(shown)
    shown = replace(shown, asked=frame["asked"], link=frame["link"])
    return await screen(
        shown.scope,
        f"desk/job_{shown.tab or 'model'}.html",
        place="jobs",
        said=said,
        **frame,
        **await job_tabs.TABS[shown.tab](shown),
    )


def _in_place(answer: Page) -> Page:
    answer.headers.update(IN_PLACE)
    return answer
