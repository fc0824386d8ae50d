"""What the SMS provider tells us, signed: statuses of messages and replies of people."""

import uuid
from typing import Any

import msgspec
from litestar import Request, post
from litestar.datastructures import State

from doorstep.api.description.calls import JSON, call
from doorstep.kit.errors import BadRequest, Forbidden, NotFound
from doorstep.kit.sms import is_authentic
from doorstep.messages import replies
from doorstep.web.services import Services


class Status(msgspec.Struct, kw_only=True):
    """A provider's word on one message; `id` is ours, from when we sent it."""

    provider_id: str
    status: str
    id: uuid.UUID | None = None
    error: str | None = None


class Reply(msgspec.Struct, kw_only=True):
    """What a person answered."""

    id: str
    sender: str = msgspec.field(name="from")
    text: str


class SignedHeaders(msgspec.Struct, kw_only=True):
    """Standard Webhooks 1.0, with the secret that the provider and we share."""

    id: str = msgspec.field(name="webhook-id")
    timestamp: str = msgspec.field(name="webhook-timestamp")
    signature: str = msgspec.field(name="webhook-signature")


SIGNED: Any = {"headers": SignedHeaders, "takes": (JSON,), "security": "", "fails": (400, 403)}

AnyRequest = Request[object, object, State]


@post(
    "/hooks/sms/status",
    status_code=204,
    opt=call("Operation", body=Status, **SIGNED | {"fails": (400, 403, 404)}),
)
async def status(request: AnyRequest, services: Services) -> None:
    """A status moves its message forward, or changes nothing."""
    told = await _read(request, services, kind=Status)
    known = await replies.receive_status(
        services.db,
        provider_id=told.provider_id,
        message_id=told.id,
        status=told.status,
        reason=told.error or "",
    )
    if not known:
        raise NotFound


@post("/hooks/sms/inbound", status_code=204, opt=call("Operation", body=Reply, **SIGNED))
async def inbound(request: AnyRequest, services: Services) -> None:
    """STOP and START are kept; all else is left to the provider."""
    told = await _read(request, services, kind=Reply)
    await replies.receive_reply(services.db, reply_id=told.id, number=told.sender, text=told.text)


async def _read(request: AnyRequest, services: Services, *, kind: type[Any]) -> Any:
    body = await request.body()
    secret = services.settings.sms_secret
    if not is_authentic(body, headers=request.headers, secret=secret):
        raise Forbidden("The signature is not one of the provider that we know.")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise BadRequest(str(error)) from error


ROUTES = [status, inbound]
