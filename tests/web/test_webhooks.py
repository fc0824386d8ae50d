"""The webhooks page."""

import re
import uuid
from dataclasses import replace
from ipaddress import ip_network

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.ids import uuid7
from doorstep.kit.settings import Settings
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

URL = "http://127.0.0.1:9/hook"
NO_ID = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that let webhooks reach this machine."""
    return replace(settings, egress_allow=(ip_network("127.0.0.0/8"),))


@pytest.fixture
async def endpoint_id(alice: Desk) -> int:
    """An endpoint of Alice's organization."""
    answer = await alice.post("/webhooks", {"url": URL})
    assert answer.headers["location"] == "/webhooks?said=registered", answer.text
    found = re.search(r'action="/webhooks/(\d+)/ping"', (await alice.get("/webhooks")).text)
    assert found
    return int(found[1])


@pytest.fixture
async def delivery_id(db: PinnedDatabase, cast: Cast, endpoint_id: int) -> uuid.UUID:
    """A delivery that failed once."""
    made = uuid7()
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "INSERT INTO webhook_deliveries (org_id, id, endpoint_id, event_id, event_name, body, "
            "state, attempts, problem) VALUES ($1, $2, $3, $4, 'lead.received', $5, 'failed', 1, "
            "'http_500')",
            scope.org_id,
            made,
            endpoint_id,
            uuid7(),
            b'{"type":"lead.received","data":{"lead_id":"7"}}',
        )
        await scope.tx.execute(
            "INSERT INTO webhook_attempts (org_id, delivery_id, number, request_headers, status, "
            "answer, problem, milliseconds) VALUES ($1, $2, 1, $3, 500, 'oh <no>', 'http_500', 21)",
            scope.org_id,
            made,
            {"webhook-id": "x"},
        )
    return made


async def test_registers_and_shows_the_secret(alice: Desk, endpoint_id: int) -> None:
    text = (await alice.get("/webhooks?said=registered")).text
    assert "Every event from now on goes there." in text
    assert f'<strong class="mono">{URL}</strong>' in text
    assert re.search(r'value="whsec_[A-Za-z0-9+/=]{88}"', text)
    assert endpoint_id


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is not a URL that we can call"),
        ("ftp://example.com/x", "This URL"),
        ("http://169.254.169.254/latest", "This URL"),
    ],
)
async def test_a_url_that_cannot_be_called_is_refused(alice: Desk, url: str, words: str) -> None:
    answer = await alice.post("/webhooks", {"url": url})
    assert answer.status_code == 422
    assert words in answer.text
    assert "None yet. Register a URL above" in answer.text


async def test_ping_rotate_and_remove(alice: Desk, endpoint_id: int) -> None:
    for verb, said in (("ping", "pinged"), ("secret", "rotated"), ("removal", "removed")):
        answer = await alice.post(f"/webhooks/{endpoint_id}/{verb}")
        assert answer.headers["location"] == f"/webhooks?said={said}"
    assert URL not in (await alice.get("/webhooks")).text
    assert (await alice.post(f"/webhooks/{endpoint_id}/ping")).status_code == 404


async def test_a_delivery_shows_its_tries_and_is_sent_again(
    alice: Desk, delivery_id: uuid.UUID
) -> None:
    assert f"/webhooks/deliveries/{delivery_id}" in (await alice.get("/webhooks")).text
    text = (await alice.get(f"/webhooks/deliveries/{delivery_id}")).text
    assert "oh &lt;no&gt;" in text
    assert "21 ms" in text
    assert "It answered 500" in text
    assert "&#34;lead_id&#34;: &#34;7&#34;" in text

    answer = await alice.post(f"/webhooks/deliveries/{delivery_id}/rounds")
    assert answer.headers["location"] == f"/webhooks/deliveries/{delivery_id}?said=again"
    after = (await alice.get(f"/webhooks/deliveries/{delivery_id}")).text
    assert '<span class="pill work">Waiting</span>' in after


async def test_only_admins(bob: Desk, amy: Desk, endpoint_id: int, delivery_id: uuid.UUID) -> None:
    for desk in (bob, amy):
        assert (await desk.get("/webhooks")).status_code == 403
        assert (await desk.get(f"/webhooks/deliveries/{delivery_id}")).status_code == 403
        assert (await desk.post("/webhooks", {"url": URL})).status_code == 403
        assert (await desk.post(f"/webhooks/{endpoint_id}/removal")).status_code == 403
        assert (await desk.post(f"/webhooks/deliveries/{delivery_id}/rounds")).status_code == 403


async def test_another_organizations_are_exactly_not_there(
    charlie: Desk, endpoint_id: int, delivery_id: uuid.UUID
) -> None:
    assert URL not in (await charlie.get("/webhooks")).text
    theirs = await charlie.get(f"/webhooks/deliveries/{delivery_id}")
    nothing = await charlie.get(f"/webhooks/deliveries/{NO_ID}")
    assert theirs.status_code == 404
    assert theirs.text == nothing.text
    for verb in ("ping", "secret", "enable", "removal"):
        assert (await charlie.post(f"/webhooks/{endpoint_id}/{verb}")).status_code == 404
    assert (await charlie.post(f"/webhooks/deliveries/{delivery_id}/rounds")).status_code == 404
