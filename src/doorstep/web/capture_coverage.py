"""Ready to finish? What a quick look says of the pictures that have arrived."""

from typing import Annotated

from litestar import Response, post
from litestar.params import Body

from doorstep.api.description.calls import CAPTURE, JSON, call
from doorstep.builds import coverage
from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.kit.pace import Pace
from doorstep.web.capture_shapes import CoverageAsked, CoverageFound, CoverageGap
from doorstep.web.services import Services
from doorstep.web.upload_calls import TAG

ASKED_MAX, ASKED_SECONDS = 120, 60

pace = Pace(ASKED_MAX, seconds=ASKED_SECONDS)


@post(
    "/capture/coverage",
    status_code=200,
    opt=call(
        TAG,
        body=CoverageAsked,
        takes=(JSON,),
        answer=CoverageFound,
        fails=(400, 401, 403, 410, 422, 429),
        security=CAPTURE,
    ),
)
async def look(
    services: Services, session: CaptureSession, data: Annotated[CoverageAsked, Body()]
) -> Response[CoverageFound]:
    """Where neighbouring pictures do not overlap; asked again until there is an answer."""
    pace.admit(str(session.id))
    async with session_scope(services.db, session) as scope:
        known = await coverage.ask(
            scope,
            capture_request_id=session.capture_request_id,
            session_id=session.id,
            skipped_spots=data.skipped_spots,
        )
    found = CoverageFound(
        state=known.state,
        views=known.views,
        pieces=known.pieces,
        gaps=[
            CoverageGap(
                before=gap.before,
                after=gap.after,
                before_spot=gap.before_spot,
                after_spot=gap.after_spot,
            )
            for gap in known.gaps
        ],
    )
    return Response(content=found, headers={"Cache-Control": "no-store"})
