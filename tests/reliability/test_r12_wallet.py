"""R12: a wallet is never overdrawn, its book adds up, and one completion is charged once."""

import asyncio
import json
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
import pytest

from doorstep.kit import db as database
from doorstep.kit import postgres
from doorstep.worker.main import expire
from tests.cast import Troupe
from tests.serving import Served, serving, start, wait_until_ready

THREADS = 40
ROUNDS = 5
PRICE = 100
PUBLISHING = Path(__file__).with_name("publishing.py")
KILLED = 137

pytestmark = pytest.mark.slow


def body_of(troupe: Troupe) -> dict[str, object]:
    return {
        "current_user_id": troupe.admin_id,
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": "123 Hover Way"},
        },
    }


async def stock(served: Served, cents: int) -> None:
    """So much to spend, with its entry in the book, and a price."""
    alice = served.cast.alice
    await served.fetch(
        "UPDATE wallets SET available_cents = available_cents + $2 WHERE id = $1",
        alice.wallet_id,
        cents,
    )
    await served.fetch(
        "INSERT INTO wallet_entries (org_id, id, wallet_id, kind, debit, credit, cents, actor) "
        "VALUES ($1, gen_random_uuid(), $2, 'added', 'outside', 'available', $3, 'test')",
        alice.org_id,
        alice.wallet_id,
        cents,
    )
    await served.fetch(
        "INSERT INTO prices (org_id, deliverable_id, cents) VALUES ($1, 3, $2) "
        "ON CONFLICT DO NOTHING",
        alice.org_id,
        PRICE,
    )


async def create(
    client: httpx.AsyncClient, served: Served, *, key: str | None = None
) -> httpx.Response | None:
    """The answer; None when the server died instead."""
    url = f"http://127.0.0.1:{served.port}/api/v2/capture_requests"
    headers = served.cast.alice.bearer | ({"Idempotency-Key": key} if key else {})
    try:
        return await client.post(url, json=body_of(served.cast.alice), headers=headers)
    except httpx.HTTPError:
        return None


async def figures(served: Served) -> dict[str, int]:
    """What R12 is judged by."""
    row = (
        await served.fetch(
            """
            SELECT
                (SELECT count(*) FROM wallets WHERE available_cents < 0 OR held_cents < 0)
                    AS overspends,
                (SELECT count(*) FROM wallets w WHERE (available_cents, held_cents) <> (
                    SELECT
                        coalesce(sum(cents * ((credit = 'available')::int
                            - (debit = 'available')::int)), 0),
                        coalesce(sum(cents * ((credit = 'held')::int
                            - (debit = 'held')::int)), 0)
                    FROM wallet_entries e WHERE e.wallet_id = w.id)) AS drift,
                (SELECT count(*) FROM holds h WHERE NOT EXISTS (
                    SELECT 1 FROM capture_requests r WHERE r.job_id = h.job_id)) AS orphans,
                (SELECT count(*) FROM holds) AS holds,
                (SELECT count(*) FROM wallet_entries WHERE kind = 'captured') AS charges,
                (SELECT sum(available_cents) FROM wallets)::int AS available
            """
        )
    )[0]
    return dict(row)


async def test_r12_holds_at_once_never_overdraw(cluster: postgres.Cluster) -> None:
    async with (
        serving(cluster, DOORSTEP_API_CALLS_PER_MINUTE="1000") as served,
        httpx.AsyncClient(timeout=60) as client,
    ):
        statuses: list[int] = []
        for _ in range(ROUNDS):
            await stock(served, 7 * PRICE + PRICE // 2)
            answers = await asyncio.gather(*(create(client, served) for _ in range(THREADS)))
            statuses += [answer.status_code for answer in answers if answer is not None]
        found = await figures(served)
    sys.stdout.write(json.dumps({"id": "R12", "n": len(statuses), **found}) + "\n")
    paid_for = (ROUNDS * (7 * PRICE + PRICE // 2)) // PRICE
    assert (found["overspends"], found["drift"], found["orphans"]) == (0, 0, 0)
    assert found["holds"] == statuses.count(201) == paid_for
    assert statuses.count(422) == THREADS * ROUNDS - paid_for


async def test_r12_a_server_that_dies_after_a_hold_holds_nothing(
    cluster: postgres.Cluster,
) -> None:
    deaths = 0
    async with (
        serving(cluster, DOORSTEP_CRASH="wallet.after_hold:3") as served,
        httpx.AsyncClient(timeout=60) as client,
    ):
        await stock(served, 20 * PRICE)
        for number in range(10):
            answer = await create(client, served, key=f"key-{number}")
            if answer is None:
                deaths += 1
                served.process.wait(20)
                served.process = start(served.port, served.environment)
                await asyncio.to_thread(wait_until_ready, served)
                answer = await create(client, served, key=f"key-{number}")
            assert answer is not None
            assert answer.status_code == 201
        found = await figures(served)
    sys.stdout.write(json.dumps({"id": "R12", "kills": deaths, **found}) + "\n")
    assert deaths > 2
    assert found == {
        "overspends": 0,
        "drift": 0,
        "orphans": 0,
        "holds": 10,
        "charges": 0,
        "available": 10 * PRICE,
    }


async def test_r12_a_completion_that_is_killed_and_repeated_is_charged_once(
    cluster: postgres.Cluster,
) -> None:
    async with serving(cluster) as served, httpx.AsyncClient(timeout=60) as client:
        await stock(served, 3 * PRICE)
        answer = await create(client, served)
        assert answer is not None
        job_id = answer.json()["pending_job_id"]
        build_id = uuid.uuid4()
        org_id = served.cast.alice.org_id
        await served.fetch("UPDATE jobs SET state = 'processing_upload' WHERE id = $1", job_id)
        await served.fetch(
            "INSERT INTO builds (org_id, id, job_id) VALUES ($1, $2, $3)", org_id, build_id, job_id
        )

        async def publish(**crash: str) -> int:
            words = [sys.executable, str(PUBLISHING), str(org_id), str(build_id)]
            done = await asyncio.to_thread(
                subprocess.run, words, env=served.environment | crash, timeout=60, check=False
            )
            return done.returncode

        killed = await publish(DOORSTEP_CRASH="wallet.after_capture")
        between = await figures(served)
        statuses = [await publish() for _ in range(3)]
        found = await figures(served)
        state = (await served.fetch("SELECT state FROM jobs"))[0]["state"]
    sys.stdout.write(json.dumps({"id": "R12", "kills": 1, **found}) + "\n")
    assert (killed, between["charges"], between["drift"]) == (KILLED, 0, 0)
    assert (statuses, state) == ([0, 0, 0], "complete")
    assert (found["charges"], found["drift"], found["available"]) == (1, 0, 2 * PRICE)


async def test_r12_an_end_that_comes_at_once_with_a_resend_frees_or_holds_once(
    cluster: postgres.Cluster,
) -> None:
    requests = 20
    async with (
        serving(cluster, DOORSTEP_API_CALLS_PER_MINUTE="1000") as served,
        httpx.AsyncClient(timeout=60) as client,
    ):
        await stock(served, requests * PRICE)
        answers = [await create(client, served) for _ in range(requests)]
        ids = [answer.json()["id"] for answer in answers if answer is not None]
        await served.fetch("UPDATE capture_requests SET expires_at = now()")
        pools = await database.connect(served.environment["DOORSTEP_DATABASE_URL"])

        async def end(request_id: int) -> None:
            await expire(pools, {"org_id": served.cast.alice.org_id, "request_id": request_id})

        async def resend(request_id: int) -> httpx.Response:
            url = f"http://127.0.0.1:{served.port}/api/v2/capture_requests/{request_id}/resend"
            return await client.post(url, headers=served.cast.alice.bearer)

        ended = asyncio.gather(*(end(one) for one in ids for _ in range(3)))
        sent = await asyncio.gather(*(resend(one) for one in ids[::2]))
        await ended
        await pools.close()
        found = await figures(served)
        held = await served.fetch(
            "SELECT (SELECT sum(held_cents) FROM wallets)::int AS cents, count(*) AS n "
            "FROM holds WHERE state = 'held'"
        )
    sys.stdout.write(json.dumps({"id": "R12", "n": requests, **found}) + "\n")
    assert [answer.status_code for answer in sent] == [200] * (requests // 2)
    assert (found["overspends"], found["drift"], found["orphans"]) == (0, 0, 0)
    # Those that were sent again hold their price, the others do not.
    assert [(row["cents"], row["n"]) for row in held] == [(requests // 2 * PRICE, requests // 2)]
    assert found["available"] == requests // 2 * PRICE
