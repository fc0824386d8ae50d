"""What Twilio, or a provider of its dialect, tells us: statuses and replies, as signed forms."""

import uuid
from typing import Any, Literal
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State

from doorstep.api.description.calls import FORM, Reply, call
from doorstep.kit.errors import BadRequest, Forbidden, NotFound
from doorstep.kit.twilio import OPTED_OUT, STATUS_PATH, STATUSES, is_authentic, token_of
from doorstep.messages import replies
from doorstep.web.services import Services

INBOUND_PATH = "/hooks/twilio/inbound"
FIELDS_MAX = 100
NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

AnyRequest = Request[object, object, State]


class Status(msgspec.Struct, kw_only=True):
    """One message's way; the provider sends more fields, all of them signed."""

    sid: str = msgspec.field(name="MessageSid")
    status: str = msgspec.field(name="MessageStatus")
    error: str = msgspec.field(name="ErrorCode", default="")


class Inbound(msgspec.Struct, kw_only=True):
    """What a person answered."""

    sid: str = msgspec.field(name="MessageSid")
    sender: str = msgspec.field(name="From")
    text: str = msgspec.field(name="Body", default="")
    opt_out: str = msgspec.field(name="OptOutType", default="")
    """What the provider has answered already."""


class SignedHeaders(msgspec.Struct, kw_only=True):
    """The signature over our address and the form."""

    signature: str = msgspec.field(name="x-twilio-signature")


class OurId(msgspec.Struct, kw_only=True):
    """Our message, from when we sent it."""

    id: uuid.UUID | None = None


SIGNED: dict[str, Any] = {"headers": SignedHeaders, "takes": (FORM,), "security": ""}
XML = Reply(description="No answer.", shape=Literal[NO_ANSWER], media_type="text/xml")


@post(
    STATUS_PATH,
    status_code=204,
    opt=call("Operation", body=Status, query=OurId, fails=(400, 403, 404), **SIGNED),
)
async def status(request: AnyRequest, services: Services) -> None:
    """A status moves its message forward, or changes nothing."""
    form = await _read(request, services)
    told = _as(Status, form)
    failed = STATUSES.get(told.status) == "failed"
    reason = "opted_out" if told.error == str(OPTED_OUT) else f"twilio_{told.error}"
    known = await replies.receive_status(
        services.db,
        provider_id=told.sid,
        message_id=_our_id(request),
        status=STATUSES.get(told.status, ""),
        reason=reason if failed and told.error else "",
    )
    if not known:
        raise NotFound


@post(
    INBOUND_PATH,
    status_code=200,
    opt=call("Operation", body=Inbound, replies={200: XML}, fails=(400, 403), **SIGNED),
)
async def inbound(request: AnyRequest, services: Services) -> Response[str]:
    """STOP and START are kept, and HELP is answered where the provider has not done it."""
    told = _as(Inbound, await _read(request, services))
    if told.opt_out != "HELP":
        await replies.receive_reply(
            services.db,
            reply_id=told.sid,
            number=told.sender,
            text=told.opt_out or told.text,
        )
    return Response(NO_ANSWER, media_type="text/xml")


async def _read(request: AnyRequest, services: Services) -> dict[str, str]:
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise BadRequest("The form could not be read.") from error
    query = request.scope["query_string"].decode("latin-1")
    # The address that we gave, not the one that a proxy asked for.
    url = services.settings.base_url + request.url.path + (f"?{query}" if query else "")
    if not is_authentic(
        token_of(services.settings.sms_url),
        url=url,
        form=pairs,
        told=request.headers.get("x-twilio-signature", ""),
    ):
        raise Forbidden("The signature is not one of the provider that we know.")
    return dict(pairs)


def _as(kind: type[Any], form: dict[str, str]) -> Any:
    try:
        return msgspec.convert(form, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(str(error)) from error


def _our_id(request: AnyRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.query_params.get("id", ""))
    except ValueError:
        return None


ROUTES = [status, inbound]
