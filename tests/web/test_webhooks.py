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


async def put_deliveries(db: PinnedDatabase, cast: Cast, endpoint_id: int) -> dict[str, uuid.UUID]:
    """One of each state on 1 March at noon in New York, and a failed one a day later."""
    made = {name: uuid7() for name in ("failed", "delivered", "queued", "later")}
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        for name, delivery_id in made.items():
            await scope.tx.execute(
                "INSERT INTO webhook_deliveries (org_id, id, endpoint_id, event_id, event_name, "
                "body, state, attempts, created_at) VALUES ($1, $2, $3, $4, 'lead.received', "
                "'{}', $5, 2, timestamptz '2026-03-01 17:00Z' + $6 * interval '1 day')",
                scope.org_id,
                delivery_id,
                endpoint_id,
                uuid7(),
                "failed" if name == "later" else name,
                int(name == "later"),
            )
    return made


async def states(db: PinnedDatabase, cast: Cast) -> dict[uuid.UUID, tuple[str, int]]:
    """(state, tries before the present round) of every delivery."""
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch("SELECT id, state, round_from FROM webhook_deliveries")
        waiting = await scope.tx.fetch(
            "SELECT payload FROM pgqueuer WHERE entrypoint = 'webhooks.deliver'"
        )
    assert len(waiting) == sum(row["round_from"] > 0 for row in rows)
    return {row["id"]: (row["state"], row["round_from"]) for row in rows}


async def test_a_range_is_sent_again(
    alice: Desk, db: PinnedDatabase, cast: Cast, endpoint_id: int
) -> None:
    made = await put_deliveries(db, cast, endpoint_id)
    path = f"/webhooks/{endpoint_id}/replays"
    noon = {"since": "2026-03-01T12:00", "until": "2026-03-01T12:01"}
    answer = await alice.post(path, noon)
    assert answer.headers["location"] == "/webhooks?said=replayed&number=1"
    assert "1 delivery on the way again" in (await alice.get(answer.headers["location"])).text
    found = await states(db, cast)
    assert found == {
        made["failed"]: ("queued", 2),
        made["delivered"]: ("delivered", 0),
        made["queued"]: ("queued", 0),
        made["later"]: ("failed", 0),
    }
    both = noon | {"until": "2026-03-02T12:01", "also_taken": "on"}
    answer = await alice.post(path, both)
    assert answer.headers["location"] == "/webhooks?said=replayed&number=2"
    found = await states(db, cast)
    assert found[made["delivered"]] == found[made["later"]] == ("queued", 2)
    answer = await alice.post(path, noon)
    assert answer.headers["location"] == "/webhooks?said=replayed&number=0"
    assert "There was nothing to send again" in (await alice.get(answer.headers["location"])).text


async def test_a_range_that_is_none_is_said_and_sends_nothing(
    alice: Desk, bob: Desk, charlie: Desk, db: PinnedDatabase, *, cast: Cast, endpoint_id: int
) -> None:
    await put_deliveries(db, cast, endpoint_id)
    path = f"/webhooks/{endpoint_id}/replays"
    noon = {"since": "2026-03-01T12:00", "until": "2026-03-01T12:01"}
    for change, words in (
        ({"since": "soon"}, "The start is no date and time."),
        ({"until": ""}, "The end is no date and time."),
        ({"until": "2026-03-01T12:01Z"}, "The end is no date and time."),
        ({"since": "0001-01-01T00:00"}, "The start must lie between 2000 and 9000."),
        ({"until": "2026-03-01T12:00"}, "The end must be later than the start."),
    ):
        answer = await alice.post(path, noon | change)
        assert answer.status_code == 422
        assert words in answer.text
    assert 'value="2026-03-01T12:00"' in answer.text
    assert (await bob.post(path, noon)).status_code == 403
    theirs = await charlie.post(path, noon)
    nothing = await charlie.post("/webhooks/999999/replays", noon)
    assert (theirs.status_code, theirs.text) == (404, nothing.text)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute("UPDATE webhook_endpoints SET disabled_at = now()")
    assert (await alice.post(path, noon)).status_code == 409
    assert {rounds for _, rounds in (await states(db, cast)).values()} == {0}


async def test_a_program_sends_a_range_again(
    alice: Desk, db: PinnedDatabase, cast: Cast, endpoint_id: int
) -> None:
    made = await put_deliveries(db, cast, endpoint_id)
    path = f"/api/desk/webhooks/{endpoint_id}/replays"
    told = {"since": "2026-03-01T17:00:00Z", "until": "2026-03-02T17:00:00Z", "also_taken": True}
    client, theirs = alice.client, cast.charlie.bearer
    refused = await client.post(path, json=told, headers=theirs)
    nothing = await client.post("/api/desk/webhooks/999999/replays", json=told, headers=theirs)
    assert (refused.status_code, refused.json()) == (404, nothing.json())
    backwards = told | {"until": told["since"]}
    wrong = await client.post(path, json=backwards, headers=cast.alice.bearer)
    assert wrong.status_code == 422
    assert wrong.json()["errors"] == {"until": ["must be later than the start"]}
    answer = await client.post(path, json=told, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()) == (200, {"deliveries": 2})
    found = await states(db, cast)
    assert found[made["failed"]] == found[made["delivered"]] == ("queued", 2)
    listed = (await client.get("/api/desk/webhooks", headers=cast.alice.bearer)).json()
    assert [(one["id"], one["url"]) for one in listed["endpoints"]] == [(endpoint_id, URL)]
    assert (await client.get("/api/desk/webhooks", headers=theirs)).json() == {"endpoints": []}
