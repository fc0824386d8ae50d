"""What the homeowner's phone asks of us: the link's door page, the capture page, its state.

A GET changes nothing, so that mail scanners and previews do no harm; the button's POST
trades the secret in the address for a cookie and leads to an address without secrets.
"""

import uuid
from typing import Annotated
from urllib.parse import parse_qs

import segno
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.params import Body

from doorstep.api.description.calls import CAPTURE, HTML, JSON, Reply, call
from doorstep.captures import door_answers, links
from doorstep.captures.model import SPOTS, STRUCTURES
from doorstep.captures.sessions import (
    SESSION_LIFE,
    SKIP_REASONS,
    CaptureSession,
    find_session,
    link_scope,
    open_session,
    refuse_ended,
    session_scope,
)
from doorstep.jobs import place_queries
from doorstep.kit.errors import AppError, Gone, NotFound, Unauthorized
from doorstep.orgs import face_queries
from doorstep.photos import actions as photos
from doorstep.photos.measures import KINDS
from doorstep.photos.model import Photo
from doorstep.web import (
    capture_coverage,
    capture_place,
    capture_sheet,
    erasing,
    house,
    professional,
    taking_along,
    uploads,
)
from doorstep.web.capture_links import opened
from doorstep.web.capture_pages import PAGE_HEADERS, language_of, page, words
from doorstep.web.capture_shapes import CaptureState, Finish, Finished, PhotoState, TypedMeasure
from doorstep.web.doors import refuse_cross_origin
from doorstep.web.failures import app_error, crash, http_error
from doorstep.web.services import Services
from doorstep.web.templates import HERE
from doorstep.web.upload_calls import TAG

AnyRequest = Request[object, object, State]

COOKIE = "doorstep_capture"
COOKIE_PATH = "/capture"
# They open links in a window of their own, which forgets what it is given and has no camera.
IN_APP_BROWSERS = ("FBAN", "FBAV", "Instagram", "Line/", "MicroMessenger", "Snapchat", "TikTok")
# What the page's script says by itself.
TOLD = (
    *("app", "spots", "places", "page", "camera", "failures", "measure", "place", "structures"),
    "overlap",
)
THUMBNAIL_HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@get("/c/{token:str}")
async def door(request: AnyRequest, services: Services, token: str) -> Response[str]:
    """Who asks, why, how long it takes; works without JavaScript and changes nothing."""
    org_id, request_id = await opened(request, services, token=token)
    async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
        invitation = await links.invitation(scope, capture_request_id=request_id)
        face = await face_queries.find(scope)
    refuse_ended(invitation)
    code = segno.make(f"{services.settings.base_url}/c/{token}", error="m").svg_data_uri(border=2)
    agent = request.headers.get("user-agent", "")
    return page(
        request,
        "door.html",
        face=face,
        invitation=invitation,
        token=token,
        code=code,
        in_app=any(name in agent for name in IN_APP_BROWSERS),
    )


@post(
    "/c/{token:str}",
    opt=call(
        TAG,
        security="",
        replies={
            303: Reply(
                description="A session is open; on to the capture page.",
                media_type=HTML,
                headers={"Location": "string", "Set-Cookie": "string"},
            )
        },
        fails=(403, 404, 410, 429),
    ),
)
async def start(request: AnyRequest, services: Services, token: str) -> Response[str]:
    """Open a session for this browser."""
    org_id, request_id = await opened(request, services, token=token)
    agent = request.headers.get("user-agent", "")
    async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
        face = await face_queries.find(scope)
        value = await open_session(
            scope,
            capture_request_id=request_id,
            user_agent=agent,
            language=language_of(request, offered=face.languages),
        )
    cookie = Cookie(
        key=COOKIE,
        value=value,
        path=COOKIE_PATH,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        secure=services.settings.https,
        samesite="strict",
    )
    headers = {**PAGE_HEADERS, "Location": "/capture/"}
    return Response(
        content="", status_code=303, headers=headers, cookies=[cookie], media_type="text/html"
    )


@post("/c/{token:str}/answers", status_code=200)
async def answer(request: AnyRequest, services: Services, token: str) -> Response[str]:
    """Something else than starting: a reminder, a call, or the wrong house."""
    answered = parse_qs((await request.body()).decode("ascii", "replace")).get("answer", [""])[0]
    org_id, request_id = await opened(request, services, token=token)
    async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
        await door_answers.answer(scope, capture_request_id=request_id, answered=answered)
        invitation = await links.invitation(scope, capture_request_id=request_id)
        face = await face_queries.find(scope)
    return page(
        request,
        "answered.html",
        face=face,
        invitation=invitation,
        token=token,
        answered=answered,
    )


@get("/capture")
async def capture(
    request: AnyRequest, services: Services, session: CaptureSession
) -> Response[str]:
    """The instrument itself; what it holds is in the phone and behind `/capture/state`."""
    async with session_scope(services.db, session) as scope:
        invitation = await links.invitation(scope, capture_request_id=session.capture_request_id)
        face = await face_queries.find(scope)
    spoken = words(language_of(request, offered=face.languages))
    told = {name: spoken[name] for name in TOLD}
    return page(
        request,
        "page.html",
        face=face,
        invitation=invitation,
        told=told,
        spots=SPOTS,
        structures=STRUCTURES,
        reasons=SKIP_REASONS,
        kinds=KINDS,
    )


@get("/capture/state", opt=call(TAG, answer=CaptureState, fails=(401, 410), security=CAPTURE))
async def state(services: Services, session: CaptureSession) -> Response[CaptureState]:
    """What has arrived and how far the model is."""
    async with session_scope(services.db, session) as scope:
        invitation = await links.invitation(scope, capture_request_id=session.capture_request_id)
        stored = await photos.photos_of_session(scope, session)
        built = await house.is_built(scope, job_id=invitation.job_id)
        place = await place_queries.find(scope, job_id=invitation.job_id)
    found = CaptureState(
        state=invitation.state,
        job_state=invitation.job_state,
        photos=[_photo_state(photo) for photo in stored],
        model=house.PAGE if built else None,
        wanted=invitation.wanted,
        place=place,
        note=invitation.note,
    )
    return Response(content=found, headers={"Cache-Control": "no-store"})


@post(
    "/capture/finish",
    status_code=200,
    opt=call(
        TAG,
        body=Finish,
        takes=(JSON,),
        answer=Finished,
        fails=(400, 401, 403, 409, 410, 422),
        security=CAPTURE,
    ),
)
async def finish(
    services: Services, session: CaptureSession, data: Annotated[Finish, Body()]
) -> Response[dict[str, str]]:
    """All named photos are in: close the request; 409 with the missing ones if not."""
    async with session_scope(services.db, session) as scope:
        await photos.finish(
            scope,
            session,
            manifest=[
                photos.Named(sha256=bytes.fromhex(one.sha256), size=one.size) for one in data.photos
            ],
            skipped_spots=data.skipped_spots,
            measured=[_measured(one) for one in data.measured],
        )
    return Response(content={"state": "complete"}, headers={"Cache-Control": "no-store"})


@get("/capture/worker.js", media_type="text/javascript")
async def worker() -> Response[bytes]:
    """The service worker: it must lie beside the page that it keeps for times without network."""
    content = (HERE / "static" / "built" / "capture-worker.js").read_bytes()
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(content=content, media_type="text/javascript", headers=headers)


@get(
    "/capture/photos/{photo_id:uuid}/thumb",
    opt=call(TAG, media_type=photos.SERVED_TYPE, fails=(401, 404, 410), security=CAPTURE),
)
async def thumbnail(
    services: Services, session: CaptureSession, photo_id: uuid.UUID
) -> Response[bytes]:
    """A small copy of one of the request's own photos."""
    async with session_scope(services.db, session) as scope:
        content = await photos.open_own_thumbnail(
            scope, services.storage, session=session, photo_id=photo_id
        )
    return Response(content=content, media_type=photos.SERVED_TYPE, headers=THUMBNAIL_HEADERS)


async def session_door(request: AnyRequest, services: Services) -> CaptureSession:
    """The session behind the cookie; Unauthorized without one."""
    refuse_cross_origin(request)
    value = request.cookies.get(COOKIE)
    if not value:
        raise Unauthorized("Open the link from the message again.", code="no_session")
    return await find_session(services.db, value=value)


def failure(request: AnyRequest, error: Exception) -> Response[object]:
    """As everywhere, but a person sees it in the capture page's own looks and language."""
    if "text/html" not in request.headers.get("accept", ""):
        return _for_programs(request, error)
    spoken = words(language_of(request))["failures"]
    code = getattr(error, "code", "")
    kind = "gone" if isinstance(error, Gone) else "other"
    if isinstance(error, Unauthorized | NotFound):
        kind = "unknown"
    safe = code == "link_complete"
    shown = page(
        request,
        "failure.html",
        title=spoken["title_safe" if safe else f"title_{kind}"],
        said=spoken.get(code) or spoken[kind],
        safe=safe,
        erasure=_erasure(request, code),
        again=_again(request) if kind == "unknown" or code == "link_expired" else None,
    )
    shown.status_code = _status(request, error)
    shown.headers.update(getattr(error, "headers", None) or {})
    return shown  # type: ignore[return-value]


def _erasure(request: AnyRequest, code: str) -> str | None:
    """Where whoever holds an ended link still deletes everything."""
    token = request.path_params.get("token")
    return f"/c/{token}/erasure" if token and code in ("link_complete", "link_expired") else None


def _again(request: AnyRequest) -> str | None:
    """Where whoever has a link that does not work asks for it once more."""
    token = request.path_params.get("token", "")
    name = token[: links.IDENTIFIER_CHARACTERS]
    return f"/again/{name}" if links.NAME.fullmatch(name) else None


def _for_programs(request: AnyRequest, error: Exception) -> Response[object]:
    if isinstance(error, AppError):
        return app_error(request, error)
    if isinstance(error, HTTPException):
        return http_error(request, error)
    return crash(request, error)


def _status(request: AnyRequest, error: Exception) -> int:
    if isinstance(error, AppError):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return crash(request, error).status_code or 500


def _measured(typed: TypedMeasure) -> photos.Measured:
    ends = [(bytes.fromhex(one.sha256), one.a, one.b) for one in typed.ends]
    return photos.Measured(kind=typed.kind, metres=typed.metres, ends=ends)


def _photo_state(photo: Photo) -> PhotoState:
    return PhotoState(
        id=photo.id,
        sha256=photo.sha256.hex(),
        bytes=photo.bytes,
        kind=photo.kind,
        spot=photo.spot,
        structure=photo.structure,
        state=photo.state,
        problem=photo.problem,
        text=photo.problem_text,
        hints=photo.hints,
    )


ROUTES = [
    Router(
        path="/",
        route_handlers=[
            door,
            start,
            answer,
            capture,
            state,
            finish,
            worker,
            thumbnail,
            capture_sheet.sheet,
            capture_coverage.look,
            *house.ROUTES,
            *capture_place.ROUTES,
            *erasing.ROUTES,
            *taking_along.ROUTES,
            *professional.ROUTES,
            *uploads.ROUTES,
        ],
        dependencies={"session": Provide(session_door)},
        exception_handlers={AppError: failure, HTTPException: failure, Exception: failure},
    )
]
