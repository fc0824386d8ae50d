"""The capture pages' looks: templates, languages and the headers that keep the link secret."""

import json
from functools import cache
from typing import Any

from litestar import Request, Response
from litestar.datastructures import State

from doorstep.web.templates import HERE, render

AnyRequest = Request[object, object, State]

LANGUAGES = ("en", "es")
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self)",
    "Vary": "Accept-Language",
}


def page(request: AnyRequest, template: str, **values: object) -> Response[str]:
    """A template of the capture pages in the phone's language."""
    language = language_of(request)
    html = render(f"capture/{template}", t=words(language), language=language, **values)
    return Response(content=html, media_type="text/html", headers=PAGE_HEADERS)


def language_of(request: AnyRequest) -> str:
    """The first language that the phone asks for and we have; English if none."""
    for part in request.headers.get("accept-language", "")[:200].split(","):
        name = part.partition(";")[0].strip().lower().partition("-")[0]
        if name in LANGUAGES:
            return name
    return LANGUAGES[0]


@cache
def words(language: str) -> dict[str, Any]:
    """Every sentence of the capture pages in one language."""
    path = HERE / "templates" / "capture" / "words" / f"{language}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
