"""`Idempotency-Key`: a call that is repeated is answered again and not done again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar.testing import RequestFactory

from doorstep.auth.scopes import open_scope
from doorstep.builds import erasures
from doorstep.events import actions as events
from doorstep.kit.db import PooledDatabase, Role, Tx
from doorstep.kit.errors import Conflict
from doorstep.orgs.model import Actor
from doorstep.wire.hover.answers import Work, once
from doorstep.worker.main import fan_out
from tests.background import take
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

PATH = "/api/v2/capture_requests"
URL = "https://93.184.216.34/hook"


def wanted(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "current_user_id": cast.alice.admin_id,
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": "123 Hover Way"},
        }
        | more,
    }


def keyed(cast: Cast, key: str = "one") -> dict[str, str]:
    return cast.alice.bearer | {"idempotency-key": key}


async def count(db: PinnedDatabase, cast: Cast, table: str) -> int:
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        found: int = await tx.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def test_the_same_answer_byte_for_byte(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    first = await client.post(PATH, json=wanted(cast), headers=keyed(cast))
    again = await client.post(PATH, json=wanted(cast), headers=keyed(cast))
    other = await client.post(PATH, json=wanted(cast), headers=keyed(cast, "two"))

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 201)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert other.json()["id"] != first.json()["id"]
    assert await count(db, cast, "capture_requests") == 2
    assert await count(db, cast, "messages") == 2


async def test_another_call_under_the_key_is_refused(client: httpx.AsyncClient, cast: Cast) -> None:
    await client.post(PATH, json=wanted(cast), headers=keyed(cast))
    answer = await client.post(
        PATH, json=wanted(cast, capturing_user_name="Gob"), headers=keyed(cast)
    )
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "This Idempotency-Key was used for another call.",
        "code": "key_reused",
    }


async def test_a_refused_call_keeps_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    bad = wanted(cast, capturing_user_email="x")
    refused = await client.post(PATH, json=bad, headers=keyed(cast))
    assert (refused.status_code, await count(db, cast, "api_answers")) == (422, 0)
    answer = await client.post(PATH, json=wanted(cast), headers=keyed(cast))
    assert answer.status_code == 201


async def test_keys_of_others_and_of_other_calls_are_others(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    mine = await client.post(PATH, json=wanted(cast), headers=keyed(cast))
    theirs = await client.post(
        PATH,
        json=wanted(cast) | {"current_user_id": cast.charlie.admin_id},
        headers=cast.charlie.bearer | {"idempotency-key": "one"},
    )
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]
    job = await client.post(
        "/api/v1/jobs",
        json={"current_user_id": cast.alice.admin_id, "job": {"name": "x"}},
        headers=keyed(cast),
    )
    assert job.status_code == 201


async def test_a_message_is_sent_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asked = await ask(client, cast.alice)
    for _ in range(3):
        answer = await client.post(f"{PATH}/{asked['id']}/resend", headers=keyed(cast))
        assert (answer.status_code, answer.json()) == (200, asked)
    assert await count(db, cast, "messages") == 2


async def test_a_job_and_a_webhook_are_made_once_and_no_secret_is_kept(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    for path, body in (
        ("/api/v1/jobs", {"current_user_id": cast.alice.admin_id, "job": {"name": "x"}}),
        ("/api/v2/webhooks", {"webhook": {"url": URL}}),
    ):
        first = await client.post(path, json=body, headers=keyed(cast))
        again = await client.post(path, json=body, headers=keyed(cast))
        assert (first.status_code, first.content) == (201, again.content)
    assert await count(db, cast, "jobs") == await count(db, cast, "webhook_endpoints") == 1
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        kept = await tx.fetchval("SELECT body FROM api_answers WHERE route LIKE '%webhooks'")
    assert first.json()["hmac_secret"].encode() not in kept
    assert len(first.json()["hmac_secret"]) == 88


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_an_odd_key(client: httpx.AsyncClient, cast: Cast, key: str) -> None:
    answer = await client.post(PATH, json=wanted(cast), headers=keyed(cast, key))
    assert answer.status_code == 400


ORG = 987_655
CRM = Actor(kind="integration", id="crm")


@pytest.fixture
async def swept(owner: Tx) -> AsyncIterator[None]:
    """What the pools write is taken away."""
    yield
    await owner.execute("DELETE FROM api_answers WHERE org_id = $1", ORG)


@pytest.mark.slow
async def test_two_at_once_and_one_that_dies(pooled: PooledDatabase, swept: None) -> None:
    request = RequestFactory().post("/made", headers={"idempotency-key": "k"})
    started, released = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def slow() -> dict[str, Any]:
        started.set()
        await released.wait()
        done.append("slow")
        return {"made": "slow"}

    async def quick() -> dict[str, Any]:
        done.append("quick")
        return {"made": "quick"}

    async def call(work: Work) -> bytes:
        async with open_scope(pooled, org_id=ORG, actor=CRM) as scope:
            answer = await once(request, scope, tree={}, status=201, work=work)
        return answer.content

    dying = asyncio.create_task(call(slow))
    await started.wait()
    with pytest.raises(Conflict) as refused:
        await call(quick)
    assert (refused.value.code, refused.value.headers) == ("in_progress", {"Retry-After": "1"})
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    started.clear()
    first = asyncio.create_task(call(slow))
    await started.wait()
    waiting = asyncio.create_task(call(quick))
    await asyncio.sleep(0.1)
    released.set()
    assert await first == await waiting == b'{"made":"slow"}'
    assert done == ["slow"]


async def test_a_kept_answer_forgets_whom_the_homeowner_wants_forgotten(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asking = wanted(cast, capturing_user_phone="5558675309", claim_number="C-1")
    made = (await client.post(PATH, json=asking, headers=keyed(cast))).json()
    other = await client.post(PATH, json=wanted(cast), headers=keyed(cast, "other"))
    resend = f"{PATH}/{made['id']}/resend"
    await client.post(resend, headers=keyed(cast))

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await erasures.erase(scope, capture_request_id=made["id"])
    for task in await take(db, events.FAN_OUT):
        await fan_out(db, task.payload)

    again = await client.post(PATH, json=asking, headers=keyed(cast))
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == made | {
        "capturing_user_name": "Deleted by the homeowner",
        "capturing_user_email": "",
        "capturing_user_phone": None,
        "claim_number": None,
    }
    resent = await client.post(resend, headers=keyed(cast))
    assert (resent.status_code, resent.json()) == (200, again.json())
    kept = await client.post(PATH, json=wanted(cast), headers=keyed(cast, "other"))
    assert kept.content == other.content
    assert await count(db, cast, "capture_requests") == 2
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        bodies = await tx.fetch("SELECT convert_from(body, 'UTF8') FROM api_answers ORDER BY key")
    assert ["lucille@example.com" in row[0] for row in bodies] == [False, False, True]
