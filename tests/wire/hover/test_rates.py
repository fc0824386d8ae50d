"""120 calls a minute for each integration: the 121st is refused, whoever answers it."""

import asyncio
import socket
import uuid
from collections import Counter
from dataclasses import replace

import httpx
import pytest

from doorstep.kit import postgres
from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.serving import Served, serving, start, wait_until_ready

PATH = "/api/v2/wallets"
REQUESTS = "/api/v2/capture_requests"


async def test_the_121st_call_in_a_minute_is_refused(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    for _ in range(120):
        answer = await client.get(PATH, headers=cast.alice.bearer)
        assert answer.status_code == 200
    refused = await client.get(PATH, headers=cast.alice.bearer)
    other = await client.get(PATH, headers=cast.charlie.bearer)

    assert refused.status_code == 429
    assert refused.json() == {"error": "Rate Limit Exceeded", "code": "too_many"}
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert other.status_code == 200
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "UPDATE api_rates SET hits = (SELECT array_agg(one - interval '61 seconds' "
            "ORDER BY one) FROM unnest(hits[:1]) AS t(one)) || hits[2:]"
        )
    assert (await client.get(PATH, headers=cast.alice.bearer)).status_code == 200
    assert (await client.get(PATH, headers=cast.alice.bearer)).status_code == 429


@pytest.mark.slow
async def test_two_web_processes_are_one(cluster: postgres.Cluster) -> None:
    async with serving(cluster) as first:
        second = _beside(first)
        try:
            await asyncio.to_thread(wait_until_ready, second)
            async with httpx.AsyncClient(timeout=60) as client:
                await _count_as_one(client, first, second)
                await _answer_once(client, first, second)
                await _forget_a_token_at_once(client, first, second)
        finally:
            second.process.terminate()
            second.process.wait(20)


def _beside(first: Served) -> Served:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    return replace(first, port=port, process=start(port, first.environment))


async def _count_as_one(client: httpx.AsyncClient, *processes: Served) -> None:
    """200 calls at once, to one process and the other in turn: 120 are answered."""
    alice = processes[0].cast.alice
    calls = (
        client.get(f"http://127.0.0.1:{processes[n % 2].port}{PATH}", headers=alice.bearer)
        for n in range(200)
    )
    assert Counter(answer.status_code for answer in await asyncio.gather(*calls)) == {
        200: 120,
        429: 80,
    }
    held = await processes[0].fetch(
        "SELECT cardinality(hits) AS n, hits[120] - hits[1] < interval '1 minute' AS in_a_minute "
        "FROM api_rates WHERE org_id = $1",
        alice.org_id,
    )
    assert [tuple(row) for row in held] == [(120, True)]


async def _answer_once(client: httpx.AsyncClient, *processes: Served) -> None:
    """One key, ten times at once, to both: one request, one answer."""
    charlie = processes[0].cast.charlie
    body = {
        "current_user_id": charlie.admin_id,
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": "1 Balboa Boulevard"},
        },
    }
    headers = charlie.bearer | {"idempotency-key": str(uuid.uuid4())}

    async def create(process: Served) -> httpx.Response:
        while True:
            url = f"http://127.0.0.1:{process.port}{REQUESTS}"
            answer = await client.post(url, json=body, headers=headers)
            if answer.status_code != 409:
                return answer
            # The first call is under way for longer than the others wait.
            await asyncio.sleep(int(answer.headers["retry-after"]))

    answers = await asyncio.gather(*(create(processes[n % 2]) for n in range(10)))
    assert [answer.status_code for answer in answers] == [201] * 10
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers.get("idempotent-replayed", "") for answer in answers) == [
        "",
        *["true"] * 9,
    ]
    made = await processes[0].fetch(
        "SELECT (SELECT count(*) FROM capture_requests) AS requests, "
        "(SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM messages) AS messages"
    )
    assert [tuple(row) for row in made] == [(1, 1, 1)]


async def _forget_a_token_at_once(client: httpx.AsyncClient, *processes: Served) -> None:
    """What one process revokes the other refuses in the very next call."""
    charlie = processes[0].cast.charlie
    signed_in = charlie.cookie("charlie")
    ended = await client.post(
        f"http://127.0.0.1:{processes[0].port}/integrations/client-654321/revocation",
        headers=signed_in,
    )
    assert ended.status_code in (200, 302, 303), ended.text
    for process in (processes[1], processes[0]):
        answer = await client.get(f"http://127.0.0.1:{process.port}{PATH}", headers=charlie.bearer)
        assert answer.status_code == 401
