"""`/openapi.json`: the description, for anybody."""

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State

from doorstep.api.description.calls import Reply, call
from doorstep.api.description.document import document

PATH = "/openapi.json"
KEPT = "description"

AnyRequest = Request[object, object, State]


def description_of(app: Litestar) -> dict[str, object]:
    """The document of this application, made once."""
    if KEPT not in app.state:
        app.state[KEPT] = document(app)
    found: dict[str, object] = app.state[KEPT]
    return found


@get(
    PATH,
    sync_to_thread=False,
    opt=call(
        "Operation",
        security="",
        replies={200: Reply(description="OpenAPI 3.1.", shape=dict)},
    ),
)
def openapi(request: AnyRequest) -> Response[bytes]:
    """This document."""
    content = msgspec.json.encode(description_of(request.app))
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return Response(content, media_type="application/json", headers=headers)


ROUTES = [openapi]
