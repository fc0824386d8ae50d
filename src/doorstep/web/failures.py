"""Every failure becomes an answer here and nowhere else."""

import logging
from urllib.parse import urlencode, urlsplit

from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from doorstep.kit.errors import AppError, Forbidden, Gone, NotFound, TooMany, Unauthorized
from doorstep.kit.ids import uuid7
from doorstep.web.templates import render

log = logging.getLogger(__name__)

AnyRequest = Request[object, object, State]
PUBLIC_PREFIXES = ("/api/", "/oauth/", "/capture/uploads")


def app_error(request: AnyRequest, error: AppError) -> Response[object]:
    """An expected failure: JSON for programs, a page for people."""
    if request.headers.get("hx-request"):
        return _said(request, error)
    if _wants_page(request):
        return _page(request, error)
    return Response(
        content=error_body(error),
        status_code=error.status,
        headers={**error.headers, "X-Request-Id": str(uuid7())},
        media_type="application/json",
    )


def error_body(error: AppError) -> dict[str, object]:
    """The shape that every observed client can read, with a stable code beside it."""
    if error.fields:
        return {"errors": error.fields, "code": error.code}
    return {"error": error.text, "code": error.code}


def http_error(request: AnyRequest, error: HTTPException) -> Response[object]:
    """A failure that the framework found: wrong method, unknown path, unreadable body."""
    known = AppError(error.detail or "The request cannot be answered.")
    if error.status_code == NotFound.status:
        known = NotFound()
    known.fields = _fields(error.extra)
    known.status = error.status_code
    known.headers.update(error.headers or {})
    return app_error(request, known)


def _fields(extra: object) -> dict[str, list[str]]:
    """What the framework found wrong with each value of a typed call."""
    found: dict[str, list[str]] = {}
    for fault in extra if isinstance(extra, list) else []:
        if isinstance(fault, dict) and fault.get("key"):
            found.setdefault(str(fault["key"]), []).append(str(fault["message"]))
    return found


def crash(request: AnyRequest, error: Exception) -> Response[object]:
    """A broken invariant: an answer with a number, the story in the log."""
    number = str(uuid7())
    log.error("request %s failed", number, exc_info=error)
    known = AppError(f"Something is broken on our side. Say this number: {number}", code="broken")
    known.status = 500
    return app_error(request, known)


def _wants_page(request: AnyRequest) -> bool:
    if request.url.path.startswith(PUBLIC_PREFIXES):
        return False
    return "text/html" in request.headers.get("accept", "")


def _said(request: AnyRequest, error: AppError) -> Response[object]:
    """For a script of our pages: it says the line, or goes to the way in."""
    headers = {**error.headers, "Doorstep-Says": error.text.encode("ascii", "replace").decode()}
    if isinstance(error, Unauthorized):
        current = urlsplit(request.headers.get("hx-current-url", ""))
        headers["HX-Redirect"] = _way_in(current.path, current.query)
    return Response("", status_code=error.status, headers=headers, media_type="text/plain")


def _way_in(path: str, query: str) -> str:
    return "/sign-in?" + urlencode({"next": f"{path}?{query}" if query else path})


def _page(request: AnyRequest, error: AppError) -> Response[object]:
    if isinstance(error, Unauthorized) and request.method == "GET":
        goal = _way_in(request.url.path, request.url.query)
        return Redirect(goal, status_code=303)
    title = {
        NotFound: "Nothing here",
        Forbidden: "Not for your role",
        Gone: "This link has ended",
        Unauthorized: "You are signed out",
        TooMany: "A moment, please",
    }.get(type(error), "That did not work")
    html = render("failure.html", title=title, text=error.text, status=error.status)
    return Response(
        content=html, status_code=error.status, headers=error.headers, media_type="text/html"
    )


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    AppError: app_error,
    HTTPException: http_error,
    Exception: crash,
}
