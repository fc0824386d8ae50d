"""The capture pages' looks: templates, languages and the headers that keep the link secret."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from litestar import Request, Response
from litestar.datastructures import State

from doorstep.orgs.model import Face
from doorstep.web.looks import colour_address, logo_address
from doorstep.web.templates import HERE, render

AnyRequest = Request[object, object, State]

WORDS = HERE / "templates" / "capture" / "words"
FIRST_LANGUAGE = "en"
LANGUAGES = (
    FIRST_LANGUAGE,
    *sorted(
        file.name.removesuffix(".json")
        for file in WORDS.iterdir()
        if file.name.endswith(".json") and file.name != f"{FIRST_LANGUAGE}.json"
    ),
)
"""One for each file of words."""
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


def page(
    request: AnyRequest, template: str, *, face: Face | None = None, **values: object
) -> Response[str]:
    """A template of the capture pages in the phone's language and the organization's colours."""
    language = language_of(request, offered=face.languages if face else ())
    html = render(
        f"capture/{template}",
        t=words(language),
        language=language,
        face=face,
        colours=colour_address(face) if face else None,
        logo=logo_address(face) if face else None,
        **values,
    )
    return Response(content=html, media_type="text/html", headers=PAGE_HEADERS)


def language_of(request: AnyRequest, *, offered: Sequence[str] = ()) -> str:
    """The first offered language that the phone asks for, else the first of all."""
    known = [name for name in offered or LANGUAGES if name in LANGUAGES] or LANGUAGES
    for part in request.headers.get("accept-language", "")[:200].split(","):
        name = part.partition(";")[0].strip().lower().partition("-")[0]
        if name in known:
            return name
    return known[0]


@cache
def words(language: str) -> dict[str, Any]:
    """Every sentence of the capture pages in one language."""
    found: dict[str, Any] = json.loads((WORDS / f"{language}.json").read_text("utf-8"))
    return found
