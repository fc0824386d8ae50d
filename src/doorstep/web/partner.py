"""What a partner's link shows: chosen parts of one job, to be read and nothing else.

Each address under the link asks again whether the link still shows that part. Only the file
that the homeowner may have too is given where the link shows no measurements.
"""

import uuid
from collections.abc import AsyncIterator

from litestar import MediaType, Request, Response, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.response import Stream

from doorstep.auth.scopes import open_scope
from doorstep.builds import actions as builds
from doorstep.builds import published
from doorstep.builds.model import BuildFile
from doorstep.builds.papers import offer
from doorstep.captures.devices import browser_of, device_of
from doorstep.jobs import partner_links
from doorstep.jobs.model import Job
from doorstep.jobs.partner_links import FILES, MEASUREMENTS, MODEL, PATH, PHOTOS, PartnerLink
from doorstep.kit.errors import AppError, Gone, NotFound, TooMany
from doorstep.kit.pace import Pace
from doorstep.kit.rates import neighbourhood, network
from doorstep.orgs import face_queries
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, OrgScope
from doorstep.photos import actions as photos
from doorstep.photos.model import Size
from doorstep.web.capture_links import WRONG_LINKS_MAX, WRONG_LINKS_SECONDS
from doorstep.web.desk import job_queries, measurements
from doorstep.web.desk.walk import described, walk
from doorstep.web.failures import crash, http_error
from doorstep.web.house import FILE, FILE_HEADERS, TREE
from doorstep.web.looks import colour_address, logo_address
from doorstep.web.services import Services
from doorstep.web.templates import render

PAGE_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PART_HEADERS = FILE_HEADERS | {"X-Robots-Tag": "noindex, nofollow, noarchive"}
RECORD = "measurements.json"
WRONG = "The address may not be complete. Open it again from the message that it came in."

AnyRequest = Request[object, object, State]

wrong_links = Pace(WRONG_LINKS_MAX, seconds=WRONG_LINKS_SECONDS)


class Visit:
    """A partner at the page; no dataclass, whose fields the web framework would take apart."""

    def __init__(
        self, scope: OrgScope, *, services: Services, link: PartnerLink, job: Job, path: str
    ) -> None:
        """`job` is what the link shows of it; `path` is where all of the page's addresses lie."""
        self.scope = scope
        self.services = services
        self.link = link
        self.job = job
        self.path = path

    def require(self, *parts: str) -> None:
        """NotFound unless the link shows these parts."""
        if not set(parts) <= set(self.link.shows):
            raise NotFound


async def visit(request: AnyRequest, *, services: Services, token: str) -> AsyncIterator[Visit]:
    """The visit that a link opens; committed when the handler returns.

    Wrong links are not found, all alike, and a guesser is slowed down; a right one opens whatever
    else came from its network.
    """
    try:
        org_id, link_id = await partner_links.open_link(services.db, services.signer, token=token)
    except NotFound:
        request.app.state.figures.add("wrong_partner_links_total")
        wrong_links.admit(neighbourhood(request.client.host if request.client else ""))
        raise
    actor = Actor(kind="partner_link", id=str(link_id))
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        link, job = await partner_links.shown(scope, link_id=link_id)
        yield Visit(scope, services=services, link=link, job=job, path=f"{PATH}/{token}")


@get("/")
async def page(request: AnyRequest, visit: Visit) -> Response[str]:
    """Everything that was chosen, on one page; that it was opened is written down."""
    agent = request.headers.get("user-agent", "")
    await partner_links.note_opening(
        visit.scope,
        link=visit.link,
        device=device_of(agent),
        browser=browser_of(agent),
        network=network(request.client.host if request.client else ""),
    )
    face = await face_queries.find(visit.scope)
    org = await orgs.find_org(visit.scope)
    shots = await _shots(visit)
    text = render(
        "partner/page.html",
        face=face,
        colours=colour_address(face),
        logo=logo_address(face),
        zone=org.time_zone,
        link=visit.link,
        job=visit.job,
        path=visit.path,
        model=await _model(visit),
        measured=await _measured(visit),
        walk=walk(shots),
        taken=len(shots),
        described=described,
    )
    return Response(text, media_type=MediaType.HTML, headers=PAGE_HEADERS)


@get(f"/{FILE}")
async def model(visit: Visit) -> Stream:
    """The model: with its size only where the link shows measurements."""
    found = await _model(visit)
    if found is None:
        raise NotFound
    return Stream(
        visit.services.storage.stream(found.key),
        media_type=found.media_type,
        headers=PART_HEADERS | {"Content-Length": str(found.bytes)},
    )


@get("/photos/{photo_id:uuid}/{size:str}")
async def photo(visit: Visit, *, photo_id: uuid.UUID, size: str) -> Response[bytes]:
    """A served copy of one of the job's photos, never the original with its place and device."""
    visit.require(PHOTOS)
    if size not in list(Size):
        raise NotFound
    content = await photos.open_of_job(
        visit.scope,
        visit.services.storage,
        job_id=visit.link.job_id,
        photo_id=photo_id,
        size=Size(size),
    )
    return Response(content, media_type="image/jpeg", headers=PART_HEADERS)


@get(["/measurements.pdf", "/measurements.xlsx"])
async def paper(request: AnyRequest, visit: Visit) -> Response[bytes]:
    """The report as PDF or the spreadsheet, of what the link shows."""
    visit.require(FILES)
    found = await published.measured_for_partner(
        visit.scope, visit.services.storage, link=visit.link, job=visit.job
    )
    made = await offer.paper(
        visit.scope,
        visit.services.storage,
        found=found,
        model_url=f"{visit.services.settings.base_url}{visit.path}",
        kind=request.url.path.rpartition(".")[2],
        shows_photos=PHOTOS in visit.link.shows,
    )
    return Response(made.content, media_type=made.media_type, headers=PART_HEADERS | made.headers)


@get(f"/{RECORD}")
async def record(visit: Visit) -> Response[bytes]:
    """The measurements for programs."""
    visit.require(FILES)
    found = await published.measured_for_partner(
        visit.scope, visit.services.storage, link=visit.link, job=visit.job
    )
    return Response(found.content, media_type="application/json", headers=PART_HEADERS)


def failure(_request: AnyRequest, error: AppError) -> Response[object]:
    """An expected failure, as somebody reads it who has no account here."""
    title = {
        NotFound: "There is nothing here",
        Gone: "This link has ended",
        TooMany: "A moment, please",
    }.get(type(error), "That did not work")
    text = WRONG if isinstance(error, NotFound) else error.text
    content = render("partner/failure.html", title=title, text=text)
    return Response(
        content,
        media_type=MediaType.HTML,
        status_code=error.status,
        headers={**PAGE_HEADERS, **error.headers},
    )


async def _model(visit: Visit) -> BuildFile | None:
    if MODEL not in visit.link.shows:
        return None
    tree = "org" if MEASUREMENTS in visit.link.shows else TREE
    try:
        return await builds.file_of_job(visit.scope, job_id=visit.link.job_id, tree=tree, name=FILE)
    except NotFound:
        return None


async def _measured(visit: Visit) -> measurements.Measured | None:
    try:
        found = await published.measured_for_partner(
            visit.scope, visit.services.storage, link=visit.link, job=visit.job
        )
    except NotFound:
        return None
    return measurements.measured(found.record)


async def _shots(visit: Visit) -> list[job_queries.Shot]:
    """The photos that can be seen; what was refused is nobody's business but the organization's."""
    if PHOTOS not in visit.link.shows:
        return []
    shots = await job_queries.photos(visit.scope, job_id=visit.link.job_id)
    return [shot for shot in shots if shot.has_thumbnail and shot.state != "rejected"]


ROUTES = [
    Router(
        path=f"{PATH}/{{token:str}}",
        route_handlers=[page, model, photo, paper, record],
        dependencies={"visit": Provide(visit)},
        exception_handlers={AppError: failure, HTTPException: http_error, Exception: crash},
    )
]
