"""`/reference`: the description of the API as pages, one for each chapter; no script, no session."""

from litestar import Response, get

from doorstep.api.description.reading import Chapter, chapters
from doorstep.api.description.routes import PATH as DOCUMENT
from doorstep.api.description.routes import AnyRequest, description_of
from doorstep.kit.errors import NotFound
from doorstep.web.services import Services
from doorstep.web.templates import render

PATH = "/reference"
KEPT = "chapters"


@get(PATH, sync_to_thread=False)
def index(request: AnyRequest, services: Services) -> Response[str]:
    """What the API is, how to get in, and every call on one line."""
    described = description_of(request.app)
    return _page(
        request, services, template="reference/index.html", info=described["info"], chapter=None
    )


@get(PATH + "/{slug:str}", sync_to_thread=False)
def chapter(request: AnyRequest, services: Services, slug: str) -> Response[str]:
    """The calls of one chapter, with parameters, bodies, answers, and an example for each."""
    found = next((one for one in _chapters(request, services) if one.slug == slug), None)
    if found is None:
        raise NotFound
    return _page(request, services, template="reference/chapter.html", chapter=found)


def _page(
    request: AnyRequest, services: Services, *, template: str, **values: object
) -> Response[str]:
    html = render(
        template,
        chapters=_chapters(request, services),
        base_url=services.settings.base_url,
        document=DOCUMENT,
        **values,
    )
    return Response(html, media_type="text/html")


def _chapters(request: AnyRequest, services: Services) -> list[Chapter]:
    """Every chapter, read once for an application: that takes longer than all else of a page."""
    state, base_url = request.app.state, services.settings.base_url
    if KEPT not in state or state[KEPT][0] != base_url:
        read = chapters(description_of(request.app), base_url=base_url)
        state[KEPT] = base_url, list(read)
    found: list[Chapter] = state[KEPT][1]
    return found


ROUTES = [index, chapter]
