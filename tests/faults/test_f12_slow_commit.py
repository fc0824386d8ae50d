"""F12: the database is slow. The answer is never later than a vendor waits, the lead is one."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from tests.faults.posting import PATH, encoded
from tests.serving import Served

AGAIN = {"success": False, "error": "Please try again"}
VENDOR_SECONDS = 5.0
"""What a vendor's client waits for an answer."""
SLOW_COMMIT = """
    CREATE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(6); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow_disk AFTER INSERT ON leads
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (NEW.last_name = 'Slow') EXECUTE FUNCTION slow_disk();
"""
"""What is deferred happens in the commit, where no timeout of statements reaches."""

pytestmark = pytest.mark.slow


@asynccontextmanager
async def owner_of(served: Served) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(served.owner_url)
    try:
        yield connection
    finally:
        await connection.close()


async def post(served: Served, body: bytes) -> httpx.Response:
    """As a vendor posts: whoever is not answered in five seconds gets an exception.

    In one piece, for what comes in two is never taken without a task.
    """
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {len(body)}"
    came = await asyncio.to_thread(
        served.raw, head.encode() + b"\r\n\r\n" + body, seconds=VENDOR_SECONDS
    )
    first, *lines = came.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    content = came.partition(b"\r\n\r\n")[2]
    return httpx.Response(int(first.split()[1]), headers=headers, content=content)


async def take_the_short_way_next(served: Served) -> None:
    """A source that is known here is answered without a task; a new one is looked up first."""
    assert (await post(served, encoded(served.cast.alice, ID="f12-first"))).status_code == 200


async def leads_named(served: Served, last_name: str) -> list[uuid.UUID]:
    found = await served.fetch("SELECT id FROM leads WHERE last_name = $1", last_name)
    return [row["id"] for row in found]


async def test_f12_behind_a_lock_the_answer_comes_in_time_and_nothing_is_stored(
    served: Served,
) -> None:
    body = encoded(served.cast.alice, Last="Locked", ID="f12-lock")
    await take_the_short_way_next(served)
    async with owner_of(served) as owner:
        async with owner.transaction():
            await owner.execute("LOCK TABLE lead_posts IN ACCESS EXCLUSIVE MODE")
            # The second is written after the first, and waits no longer for that.
            answers = await asyncio.gather(
                post(served, body), post(served, encoded(served.cast.charlie, ID="f12-other"))
            )
        for answer in answers:
            assert (answer.status_code, answer.json()) == (503, AGAIN)
            assert answer.headers["retry-after"] == "1"
        again = await post(served, body)

    assert again.status_code == 200
    assert await leads_named(served, "Locked") == [uuid.UUID(again.json()["IntakeID"])]


async def test_f12_r02_a_commit_of_six_seconds_is_answered_in_five_and_the_retry_is_that_lead(
    served: Served,
) -> None:
    body = encoded(served.cast.alice, Last="Slow", ID="f12-commit")
    async with owner_of(served) as owner:
        await owner.execute(SLOW_COMMIT)
        try:
            await take_the_short_way_next(served)
            late = await post(served, body)
            again = await post(served, body)
        finally:
            await owner.execute("DROP TRIGGER slow_disk ON leads; DROP FUNCTION slow_disk()")

    assert (late.status_code, late.json()) == (503, AGAIN)
    assert again.status_code == 200, again.text
    assert await leads_named(served, "Slow") == [uuid.UUID(again.json()["IntakeID"])]
    journaled = await served.fetch(
        "SELECT outcome FROM lead_posts WHERE lead_id = $1 ORDER BY id",
        uuid.UUID(again.json()["IntakeID"]),
    )
    assert [row["outcome"] for row in journaled] == ["accepted", "repeated"]
