"""The homeowner's phone says whether it is at the right house."""

from typing import Annotated

from litestar import Response, put
from litestar.params import Body

from doorstep.api.description.calls import CAPTURE, JSON, call
from doorstep.captures import place_checks
from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.web.capture_shapes import PlaceAnswer
from doorstep.web.services import Services
from doorstep.web.upload_calls import TAG


@put(
    "/capture/place",
    status_code=204,
    opt=call(TAG, body=PlaceAnswer, takes=(JSON,), fails=(400, 401, 403, 409), security=CAPTURE),
)
async def say(
    services: Services, session: CaptureSession, data: Annotated[PlaceAnswer, Body()]
) -> Response[None]:
    """Keep the answer; nothing depends on it."""
    async with session_scope(services.db, session) as scope:
        await place_checks.note(scope, session, answer=data.answer, metres=data.metres)
    return Response(None, status_code=204, headers={"Cache-Control": "no-store"})


ROUTES = [say]
