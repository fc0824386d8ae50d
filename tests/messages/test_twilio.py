"""Twilio's dialect, both ways: forms out with a password, signed forms back."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

from doorstep.kit.twilio import TwilioSms, signature
from doorstep.messages.tasks import sms_transport
from doorstep.web.services import Services
from tests.fakes.http import HttpServer, Reply
from tests.messages.conftest import LINK, SMS, Post

BASE = "http://127.0.0.1:8000"
TOKEN = "the auth token"
INBOUND = "/hooks/twilio/inbound"
ACCEPTED = Reply(status=201, body=b'{"sid": "SM1", "status": "queued"}')
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def twilio() -> Iterator[HttpServer]:
    with HttpServer() as made:
        made.reply = ACCEPTED
        yield made


@pytest.fixture
def url(twilio: HttpServer) -> str:
    return f"twilio://AC7:the%20auth%20token@127.0.0.1:{twilio.port}"


@pytest.fixture
def services(services: Services, url: str) -> Services:
    settings = replace(services.settings, sms_url=url, sms_from="+14025550100")
    return replace(services, settings=settings)


@pytest.fixture
def post(post: Post, services: Services) -> Post:
    transport = sms_transport(services.settings)
    assert isinstance(transport, TwilioSms)
    return replace(post, sms=transport)


async def call(client: httpx.AsyncClient, path: str, token: str = TOKEN, **form: str) -> int:
    told = signature(token, url=BASE + path, form=form.items())
    headers = FORM | {"x-twilio-signature": told}
    return (await client.post(path, content=urlencode(form), headers=headers)).status_code


def test_the_signature_is_the_published_one() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url=url, form=form.items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_a_text_and_its_way(
    client: httpx.AsyncClient, post: Post, twilio: HttpServer
) -> None:
    message_id = await post.queue(**SMS)
    await post.work()
    (request,) = twilio.requests
    assert request.path == "/2010-04-01/Accounts/AC7/Messages.json"
    password = base64.b64encode(b"AC7:the auth token").decode()
    assert request.headers["authorization"] == f"Basic {password}"
    callback = f"/hooks/twilio/status?id={message_id}"
    assert dict(parse_qsl(request.body.decode())) == {
        "To": "+14025550123",
        "From": "+14025550100",
        "Body": f"Bluth Company: photos please {LINK}",
        "StatusCallback": BASE + callback,
    }
    sent = await post.find(message_id)
    assert (sent.state, sent.provider_id) == ("sent", "SM1")

    told = {"MessageSid": "SM1", "AccountSid": "AC7"}
    assert await call(client, callback, token="x", **told, MessageStatus="failed") == 403
    wrong = signature(TOKEN, url=f"{BASE}/elsewhere", form=told.items())
    forged = await client.post(
        callback, content=urlencode(told), headers=FORM | {"x-twilio-signature": wrong}
    )
    assert forged.status_code == 403
    assert (await post.find(message_id)).state == "sent"
    for status in ("queued", "delivered", "sent", "delivered", "undelivered"):
        assert await call(client, callback, **told, MessageStatus=status) == 204
    assert (await post.find(message_id)).state == "delivered"
    unknown = {"MessageSid": "SM9", "MessageStatus": "sent"}
    assert await call(client, "/hooks/twilio/status", **unknown) == 404
    assert await call(client, callback, MessageSid="SM1") == 400


@pytest.mark.parametrize(
    ("reply", "state", "problem"),
    [
        (Reply(status=400, body=b'{"code": 21610}'), "unsendable", "opted_out"),
        (Reply(status=400, body=b'{"code": 21211}'), "failed", "sms_400"),
        (Reply(status=429), "queued", "sms_429"),
        (Reply(status=503), "unknown", "sms_503"),
        (Reply(status=500, body=b"oops"), "unknown", "sms_500"),
        (Reply(status=201, body=b"{}"), "unknown", "sms_no_provider_id"),
        (Reply(reset=True), "unknown", "sms_no_answer"),
    ],
)
async def test_what_is_not_accepted(
    post: Post, twilio: HttpServer, reply: Reply, state: str, problem: str
) -> None:
    twilio.replies.append(reply)
    message_id = await post.queue(**SMS)
    await post.work()
    left = await post.find(message_id)
    assert (left.state, left.problem) == (state, problem)
    assert len(twilio.requests) == 1


async def test_replies(client: httpx.AsyncClient, post: Post, twilio: HttpServer) -> None:
    message_id = await post.queue(**SMS)
    await post.work()
    phone = {"From": "+14025550123", "To": "+14025550100"}
    assert await call(client, INBOUND, token="x", MessageSid="IN0", Body="STOP", **phone) == 403
    assert (await post.find(await post.queue(**SMS))).state == "queued"
    helped = {"MessageSid": "IN1", "Body": "HELP", "OptOutType": "HELP"}
    assert await call(client, INBOUND, **helped, **phone) == 200
    assert await call(client, INBOUND, MessageSid="IN2", Body="no más", **phone) == 200
    assert (await post.find(await post.queue(**SMS))).problem == "opted_out"
    await post.work()
    assert len(twilio.requests) == 1
    status = {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30003"}
    assert await call(client, f"/hooks/twilio/status?id={message_id}", **status) == 204
    assert (await post.find(message_id)).problem == "twilio_30003"
