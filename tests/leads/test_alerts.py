"""A vendor whose posts are refused, and one that falls silent: told once, and again when over."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

import httpx
import pytest

from doorstep.kit.db import Role
from doorstep.kit.ids import uuid7
from doorstep.kit.settings import Settings
from doorstep.leads.alerts import WATCH
from doorstep.worker.main import handlers
from tests.cast import Cast, Troupe
from tests.faults.posting import accepted, encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import desk_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENTS = "SELECT name, payload FROM events WHERE name LIKE 'source.%' ORDER BY id"
LETTERS = "SELECT kind, to_address, subject, text_body, link_ref FROM messages ORDER BY id"
OPEN = "SELECT kind FROM source_alerts WHERE ended_at IS NULL ORDER BY kind"


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """The source of Alice's organization."""
    (row,) = await rows(db, cast.alice, "SELECT id FROM sources")
    found: uuid.UUID = row["id"]
    return found


async def watch(db: PinnedDatabase, settings: Settings) -> None:
    """What the worker does every minute."""
    await handlers(settings, db)[WATCH]({})


async def posted(
    db: PinnedDatabase,
    troupe: Troupe,
    ages: Iterable[timedelta],
    *,
    outcome: str = "accepted",
) -> None:
    """Posts of the organization's source, each so long ago."""
    (source,) = await rows(db, troupe, "SELECT id, now() AS now FROM sources")
    now: datetime = source["now"]
    async with db.batch(Role.INGEST) as tx:
        await tx.executemany(
            "INSERT INTO lead_posts (org_id, id, received_at, source_id, peer, headers, body, "
            "outcome) VALUES ($1, $2, $3, $4, '', '{}', '', $5)",
            [(troupe.org_id, uuid7(), now - age, source["id"], outcome) for age in ages],
        )


def working_hours(*, since: timedelta, until: timedelta, step: timedelta) -> list[timedelta]:
    """Ages of posts from so long ago until so long ago."""
    count = (since - until) // step
    return [until + step * number for number in range(count + 1)]


async def seen(db: PinnedDatabase, troupe: Troupe) -> list[str]:
    """Kinds of the open alerts."""
    return [row["kind"] for row in await rows(db, troupe, OPEN)]


async def test_three_refusals_in_a_row_are_told_once(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    settings: Settings,
    source_id: uuid.UUID,
) -> None:
    broken = encoded(cast.alice, Last="")
    for _ in range(2):
        await send(client, broken)
    await watch(db, settings)
    assert await seen(db, cast.alice) == []
    await send(client, broken)

    for _ in range(3):
        await watch(db, settings)

    (event,) = await rows(db, cast.alice, EVENTS)
    assert event["name"] == "source.refusing"
    assert set(event["payload"]) == {"source_id", "alert_id", "since"}
    assert event["payload"]["source_id"] == str(source_id)
    (letter,) = await rows(db, cast.alice, LETTERS)
    assert letter["kind"] == "source_refusing"
    assert letter["to_address"] == "alice@123456.example"
    assert letter["subject"] == "The posts of Bright Leads are refused"
    assert "The last 3 posts of Bright Leads were refused" in letter["text_body"]
    assert "Open the page:\n{link}\n" in letter["text_body"]
    assert letter["link_ref"] == "posts:"
    for name in ("alice", "bob", "amy"):
        inbox = (await desk_of(client, cast.alice, name).get("/inbox")).text
        assert "nothing was taken since" in inbox
        assert (f'href="/sources/{source_id}"' in inbox) is (name == "alice")
    page = (await desk_of(client, cast.alice, "alice").get(f"/sources/{source_id}")).text
    assert "nothing was taken since" in page


async def test_a_post_that_is_taken_ends_it_and_it_may_happen_anew(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    settings: Settings,
    source_id: uuid.UUID,
) -> None:
    for number in range(2):
        for _ in range(3):
            await send(client, encoded(cast.alice, Last=""))
        await watch(db, settings)
        assert await seen(db, cast.alice) == ["refusing"]
        await accepted(client, encoded(cast.alice, ID=str(number)))
        await watch(db, settings)
        assert await seen(db, cast.alice) == []

    told = await rows(db, cast.alice, EVENTS)
    assert [one["name"] for one in told] == ["source.refusing", "source.recovered"] * 2
    assert told[1]["payload"] == {
        "source_id": str(source_id),
        "alert_id": told[0]["payload"]["alert_id"],
        "kind": "refusing",
        "watched": True,
    }
    assert len(await rows(db, cast.alice, LETTERS)) == 2
    desk = desk_of(client, cast.alice, "alice")
    assert "nothing was taken since" not in (await desk.get("/inbox")).text
    page = (await desk.get(f"/sources/{source_id}")).text
    assert page.count("Its posts were refused from") == 2


async def test_a_post_that_a_member_released_ends_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, settings: Settings
) -> None:
    for _ in range(3):
        await send(client, encoded(cast.alice, Last=""))
    await watch(db, settings)
    (post, *_) = await rows(db, cast.alice, "SELECT id FROM lead_posts")
    form = {"body": encoded(cast.alice).decode()}
    released = await desk_of(client, cast.alice, "bob").post(f"/posts/{post['id']}/lead", form)
    assert released.status_code == 303

    await watch(db, settings)

    assert await seen(db, cast.alice) == ["refusing"]


async def test_refusals_of_long_ago_are_no_news(
    cast: Cast, db: PinnedDatabase, settings: Settings
) -> None:
    await posted(db, cast.alice, [25 * HOUR] * 3, outcome="syntax")

    await watch(db, settings)

    assert await seen(db, cast.alice) == []


async def test_a_vendor_under_test_or_switched_off_is_not_watched(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    settings: Settings,
    source_id: uuid.UUID,
) -> None:
    for _ in range(3):
        await send(client, encoded(cast.alice, Last=""))
    await watch(db, settings)
    desk = desk_of(client, cast.alice, "alice")
    await desk.post(f"/sources/{source_id}/disable")

    await watch(db, settings)

    assert await seen(db, cast.alice) == []
    (_, over) = await rows(db, cast.alice, EVENTS)
    assert (over["name"], over["payload"]["watched"]) == ("source.recovered", False)
    await desk.post(f"/sources/{source_id}/enable")
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("UPDATE sources SET testing = true")
    await watch(db, settings)
    assert await seen(db, cast.alice) == []


async def test_another_organization_hears_and_sees_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, settings: Settings
) -> None:
    for _ in range(3):
        await send(client, encoded(cast.alice, Last=""))

    await watch(db, settings)

    for query in (EVENTS, LETTERS, OPEN):
        assert await rows(db, cast.charlie, query) == []
    inbox = (await desk_of(client, cast.charlie, "charlie").get("/inbox")).text
    assert "nothing was taken since" not in inbox


async def test_a_busy_vendor_that_falls_silent_is_told_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, settings: Settings
) -> None:
    ages = working_hours(since=8 * DAY, until=4 * HOUR, step=HOUR / 4)
    await posted(db, cast.alice, ages)

    for _ in range(2):
        await watch(db, settings)

    (event,) = await rows(db, cast.alice, EVENTS)
    assert event["name"] == "source.silent"
    (letter,) = await rows(db, cast.alice, LETTERS)
    assert letter["kind"] == "source_silent"
    assert letter["subject"] == "Nothing comes from Bright Leads any more"
    desk = desk_of(client, cast.alice, "alice")
    assert "At these hours it posted steadily before." in (await desk.get("/inbox")).text

    await send(client, encoded(cast.alice, Last=""))
    await watch(db, settings)
    assert await seen(db, cast.alice) == []
    (_, over) = await rows(db, cast.alice, EVENTS)
    assert (over["name"], over["payload"]["kind"]) == ("source.recovered", "silent")


# Posts from so long ago until so long ago, one each so often; whether silence is told.
RHYTHMS = {
    "too few of them": ([(8 * DAY, 2 * DAY, 12 * HOUR)], False),
    "quiet for an hour only": ([(8 * DAY, HOUR, HOUR / 6)], False),
    "not yet overdue": ([(8 * DAY, 2.5 * HOUR, HOUR / 4)], False),
    "silent for days": ([(10 * DAY, 3 * DAY, HOUR / 4)], True),
    "ended long ago": ([(20 * DAY, 8 * DAY, HOUR / 4)], False),
    "at night, as every night": (
        [(day * DAY + 14 * HOUR, day * DAY + 5 * HOUR, HOUR / 4) for day in range(9)],
        False,
    ),
    "at night, after half of a day": (
        [(day * DAY + 14 * HOUR, day * DAY + 5 * HOUR, HOUR / 4) for day in range(1, 9)]
        + [(14 * HOUR, 10 * HOUR, HOUR / 4)],
        True,
    ),
    "in the middle of a day": (
        [(day * DAY + 8 * HOUR, day * DAY + HOUR / 2, HOUR / 4) for day in range(1, 9)]
        + [(8 * HOUR, 5 * HOUR, HOUR / 4)],
        True,
    ),
    "on the first day of a weekend": (
        [
            (day * DAY + 8 * HOUR, day * DAY, HOUR / 4)
            for day in range(1, 15)
            if day % 7 not in (0, 6)
        ],
        False,
    ),
    "a list once a day, late today": (
        [(day * DAY + HOUR / 30, day * DAY, HOUR / 600) for day in range(1, 9)],
        False,
    ),
    "in its first week": ([(3 * DAY, 5 * HOUR, HOUR / 4)], True),
}


@pytest.mark.parametrize("name", RHYTHMS)
async def test_when_silence_is_told(
    cast: Cast, db: PinnedDatabase, settings: Settings, name: str
) -> None:
    spans, told = RHYTHMS[name]
    ages = [
        age
        for since, until, step in spans
        for age in working_hours(since=since, until=until, step=step)
    ]
    await posted(db, cast.alice, ages)

    await watch(db, settings)

    assert await seen(db, cast.alice) == (["silent"] if told else [])
