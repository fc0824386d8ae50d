"""The measurements for who took the photos, where that is a professional; never for a homeowner.

The homeowner's model has a door of its own, which knows no measurements at all.
"""

from litestar import Response, get

from doorstep.api.description.calls import CAPTURE, call
from doorstep.builds import published
from doorstep.builds.papers import offer
from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.web.services import Services
from doorstep.web.upload_calls import TAG

REPORT = "/capture/measurements.pdf"
SPREADSHEET = "/capture/measurements.xlsx"
FAILS = (401, 404, 410, 503)


@get(
    REPORT,
    opt=call(TAG, media_type=offer.KINDS["pdf"][0], fails=FAILS, security=CAPTURE),
)
async def report(services: Services, session: CaptureSession) -> Response[bytes]:
    """The report, for a professional who took the photos."""
    return await _paper(services, session, kind="pdf")


@get(
    SPREADSHEET,
    opt=call(TAG, media_type=offer.KINDS["xlsx"][0], fails=FAILS, security=CAPTURE),
)
async def spreadsheet(services: Services, session: CaptureSession) -> Response[bytes]:
    """The spreadsheet, for a professional who took the photos."""
    return await _paper(services, session, kind="xlsx")


async def _paper(services: Services, session: CaptureSession, *, kind: str) -> Response[bytes]:
    async with session_scope(services.db, session) as scope:
        found = await published.measured_by_professional(
            scope, services.storage, capture_request_id=session.capture_request_id
        )
        made = await offer.paper(
            scope,
            services.storage,
            found=found,
            model_url=f"{services.settings.base_url}/jobs/{found.job.id}",
            kind=kind,
        )
    return Response(made.content, media_type=made.media_type, headers=made.headers)


ROUTES = [report, spreadsheet]
