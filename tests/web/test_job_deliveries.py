"""What other programs were told of a job: their answers, and telling them again."""

import uuid
from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.events.actions import record
from doorstep.kit.ids import uuid7
from doorstep.kit.settings import Settings
from tests.api.desk.calls import NOT_FOUND, Integration
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that let webhooks reach this machine."""
    return replace(settings, egress_allow=(ip_network("127.0.0.0/8"),))


@pytest.fixture
async def delivery_id(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest
) -> uuid.UUID:
    """A delivery of an event of the job, which was answered with 500 once."""
    assert (await alice.post("/webhooks", {"url": URL})).status_code == 303
    made = uuid7()
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await record(scope, "job.archived", job_id=asked.job_id)
        await scope.tx.execute(
            "INSERT INTO webhook_deliveries (org_id, id, endpoint_id, event_id, event_name, body, "
            "state, attempts, problem) SELECT $1, $2, w.id, e.id, e.name, '{}', 'failed', 1, "
            "'http_500' FROM webhook_endpoints w, events e WHERE w.org_id = $1 AND e.org_id = $1 "
            "AND e.name = 'job.archived'",
            scope.org_id,
            made,
        )
        await scope.tx.execute(
            "INSERT INTO webhook_attempts (org_id, delivery_id, number, request_headers, status, "
            "answer, problem, milliseconds) VALUES ($1, $2, 1, $3, 500, 'oh <no>', 'http_500', 21)",
            scope.org_id,
            made,
            {"webhook-id": "x"},
        )
    return made


async def test_an_admin_sees_the_answer_and_sends_again(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest, delivery_id: uuid.UUID
) -> None:
    path = f"/jobs/{asked.job_id}/deliveries"
    text = (await alice.get(path)).text
    assert f'href="/webhooks/deliveries/{delivery_id}">job.archived</a>' in text
    assert f"to {URL}" in text
    assert '<span class="pill bad">Failed</span>' in text
    assert "<strong>500</strong>" in text
    assert "1 try" in text
    assert "oh &lt;no&gt;" in text

    again = await alice.post(f"{path}/{delivery_id}/rounds")
    assert again.headers["location"] == f"{path}?said=told"
    after = (await alice.get(again.headers["location"])).text
    assert "It is being sent now, the same bytes under the same id." in after
    assert '<span class="pill work">Waiting</span>' in after
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        row = await scope.tx.fetchrow(
            "SELECT state, attempts, round_from FROM webhook_deliveries WHERE org_id = $1",
            scope.org_id,
        )
    assert row is not None
    assert tuple(row) == ("queued", 1, 1)


async def test_a_program_reads_the_answer_and_sends_again(
    client: httpx.AsyncClient, cast: Cast, asked: CaptureRequest, delivery_id: uuid.UUID
) -> None:
    crm, path = Integration(client=client, troupe=cast.alice), f"/jobs/{asked.job_id}/deliveries"
    stranger = Integration(client=client, troupe=cast.charlie)
    status, told = await crm.get(path)
    assert status == 200
    [one] = told["deliveries"]
    assert (one["id"], one["event_name"], one["url"]) == (str(delivery_id), "job.archived", URL)
    assert (one["state"], one["attempts"], one["status"], one["answer"], one["problem"]) == (
        "failed", 1, 500, "oh <no>", "http_500",
    )  # fmt: skip
    assert await stranger.get(path) == NOT_FOUND
    assert await stranger.send("POST", f"{path}/{delivery_id}/rounds") == NOT_FOUND
    assert await crm.send("POST", f"/jobs/999999/deliveries/{delivery_id}/rounds") == NOT_FOUND
    assert (await crm.get(path))[1]["deliveries"][0]["state"] == "failed"
    assert await crm.send("POST", f"{path}/{delivery_id}/rounds") == (204, None)
    assert (await crm.get(path))[1]["deliveries"][0]["state"] == "queued"


async def test_who_may_not_send_again(
    alice: Desk, bob: Desk, charlie: Desk, asked: CaptureRequest, delivery_id: uuid.UUID
) -> None:
    path = f"/jobs/{asked.job_id}/deliveries/{delivery_id}/rounds"
    assert (await bob.post(path)).status_code == 403
    assert (await charlie.post(path)).status_code == 404
    # Of another job, or of none.
    assert (await alice.post(path.replace(str(asked.job_id), "999999", 1))).status_code == 404
    none = path.replace(str(delivery_id), str(uuid.UUID(int=7)))
    assert (await alice.post(none)).status_code == 404
    text = (await alice.get(f"/jobs/{asked.job_id}/deliveries")).text
    assert '<span class="pill bad">Failed</span>' in text
