"""What a mail server pipes to us: bounces and complaints about our letters, as raw e-mail."""

from typing import Any

from litestar import Request, post
from litestar.datastructures import State

from doorstep.api.description.calls import call
from doorstep.messages import reports
from doorstep.messages.tasks import marks_of
from doorstep.web.services import Services

MAIL = "message/rfc822"
FORM_BYTES_MAX = reports.REPORT_BYTES_MAX

AnyRequest = Request[object, object, State]
OPTIONS: dict[str, Any] = {"takes": (MAIL,), "security": "", "fails": (400, 413)}


@post(
    "/hooks/mail",
    status_code=204,
    request_max_body_size=FORM_BYTES_MAX,
    opt=call("Operation", body=bytes, **OPTIONS),
)
async def report(request: AnyRequest, services: Services) -> None:
    """A report on one of our letters counts; any other mail changes nothing and is no error.

    The address that a letter comes back to is signed, so the mail proves itself.
    """
    raw = await request.body()
    await reports.receive(services.db, raw=raw, marks=marks_of(services.settings))


ROUTES = [report]
