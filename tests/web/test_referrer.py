"""A source's Referrer is replaced by hand while its vendor goes on posting."""

import re
import uuid
from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.faults.posting import R4, accepted, encoded, lead, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NEW = "abcdef01-2345-6789-abcd-ef0123456789"
NO_SOURCE = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """The source of Alice's organization."""
    (row,) = await rows(db, cast.alice, "SELECT id FROM sources")
    found: uuid.UUID = row["id"]
    return found


async def set_back(db: PinnedDatabase, cast: Cast, **columns: str) -> None:
    """Change what is known of the former Referrer."""
    changes = ", ".join(f"{name} = {value}" for name, value in columns.items())
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(f"UPDATE former_referrers SET {changes}")


async def rotate(desk: Desk, source_id: uuid.UUID, **form: str) -> httpx.Response:
    return await desk.post(f"/sources/{source_id}/referrer", {"guid": "", "days": "7"} | form)


async def test_both_referrers_lead_to_the_source_while_they_overlap(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    answer = await rotate(alice, source_id, guid=NEW)

    assert answer.headers["location"] == f"/sources/{source_id}?said=rotated"
    text = (await alice.get(answer.headers["location"])).text
    assert "The new Referrer is in use. Give it to the vendor." in text
    assert f'aria-label="Referrer" value="{NEW}"' in text
    assert f'<span class="mono small">{cast.alice.referrer}</span>' in text
    assert "Not used since it was replaced." in text
    for referrer in (str(cast.alice.referrer), NEW):
        made = await accepted(client, encoded(cast.alice, Referrer=referrer, ID=referrer))
        assert (await lead(db, cast.alice, made))["source_id"] == source_id
    (old,) = await rows(
        db,
        cast.alice,
        "SELECT ends_at - replaced_at AS overlap, last_used_at = now() AS used "
        "FROM former_referrers",
    )
    assert (old["overlap"].days, old["used"]) == (7, True)
    assert "Last used " in (await alice.get(f"/sources/{source_id}")).text


async def test_the_event_tells_of_it_and_keeps_the_secrets(
    cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    await rotate(alice, source_id, guid=NEW)

    (event,) = await rows(
        db,
        cast.alice,
        "SELECT actor, payload FROM events WHERE name = 'source.referrer_rotated'",
    )
    assert event["actor"] == f"user:{cast.alice.admin_id}"
    assert set(event["payload"]) == {"source_id", "old_ends_at"}
    assert event["payload"]["source_id"] == str(source_id)


async def test_a_referrer_is_made_when_none_is_given(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, source_id: uuid.UUID
) -> None:
    await rotate(alice, source_id, days="90")

    text = (await alice.get(f"/sources/{source_id}")).text
    made = re.search(r'aria-label="Referrer" value="([0-9a-f-]{36})"', text)
    assert made
    assert made[1] != str(cast.alice.referrer)
    await accepted(client, encoded(cast.alice, Referrer=made[1]))


async def test_after_the_overlap_the_old_one_is_unknown_and_its_post_the_sources(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    await rotate(alice, source_id, guid=NEW)
    await set_back(
        db,
        cast,
        replaced_at="'2026-01-01T10:00Z'",
        ends_at="'2026-01-08T10:00Z'",
    )

    refused = await send(client, encoded(cast.alice))

    unknown = await send(client, encoded(cast.alice, Referrer=NO_SOURCE))
    assert (refused.status_code, refused.text) == (unknown.status_code, R4)
    posts = await rows(db, cast.alice, "SELECT id, source_id, outcome FROM lead_posts ORDER BY id")
    assert [(one["source_id"], one["outcome"]) for one in posts] == [
        (source_id, "guid_unknown"),
        (None, "guid_unknown"),
    ]
    (old,) = await rows(db, cast.alice, "SELECT last_used_at FROM former_referrers")
    assert old["last_used_at"] is None
    text = (await alice.get(f"/posts/{posts[0]['id']}")).text
    cause = (
        "This Referrer ended on 2026-01-08 10:00 UTC; "
        "the new one is in use since 2026-01-01 10:00 UTC."
    )
    assert text.count(cause) >= 2
    assert NEW not in text
    await accepted(client, encoded(cast.alice, Referrer=NEW))
    assert "Ended Jan 8, 5:00 AM." in (await alice.get(f"/sources/{source_id}")).text


async def test_no_days_end_it_at_once(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, source_id: uuid.UUID
) -> None:
    await rotate(alice, source_id, days="0")

    assert (await send(client, encoded(cast.alice))).text == R4


async def test_it_is_ended_before_its_time_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    await rotate(alice, source_id, guid=NEW)
    form = {"referrer": str(cast.alice.referrer)}

    ended = await alice.post(f"/sources/{source_id}/referrer/end", form)

    assert ended.headers["location"] == f"/sources/{source_id}?said=ended"
    assert (await send(client, encoded(cast.alice))).text == R4
    again = await alice.post(f"/sources/{source_id}/referrer/end", form)
    assert again.status_code == 409
    assert "This Referrer has ended already." in again.text
    for referrer, status in ((NEW, 404), ("", 404), ("x", 422)):
        answer = await alice.post(f"/sources/{source_id}/referrer/end", {"referrer": referrer})
        assert answer.status_code == status
    names = await rows(db, cast.alice, "SELECT name FROM events WHERE name LIKE 'source.%'")
    assert [one["name"] for one in names] == ["source.referrer_rotated", "source.referrer_ended"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"guid": "abc"}, "This is no GUID."),
        ({"days": ""}, "This is a number of days from 0 to 90."),
        ({"days": "91"}, "This is a number of days from 0 to 90."),
        ({"days": "-1"}, "This is a number of days from 0 to 90."),
        ({"days": "1.5"}, "This is a number of days from 0 to 90."),
        ({"days": "²"}, "This is a number of days from 0 to 90."),
    ],
)
async def test_what_makes_no_sense_is_said_and_changes_nothing(
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    source_id: uuid.UUID,
    form: dict[str, str],
    sentence: str,
) -> None:
    answer = await rotate(alice, source_id, **form)

    assert answer.status_code == 422
    assert f'role="alert">{sentence}' in answer.text
    assert await rows(db, cast.alice, "SELECT referrer FROM former_referrers") == []


async def test_a_referrer_is_there_once_also_after_its_end(
    cast: Cast, db: PinnedDatabase, alice: Desk, charlie: Desk, source_id: uuid.UUID
) -> None:
    old = str(cast.alice.referrer)
    await rotate(alice, source_id, guid=NEW, days="0")

    taken = "A vendor here has this Referrer already."
    for guid in (old, NEW):
        assert taken in (await rotate(alice, source_id, guid=guid)).text
        added = await alice.post("/sources", {"kind": "sources", "name": "Other", "guid": guid})
        assert added.status_code == 422
        assert taken in added.text
    (theirs,) = await rows(db, cast.charlie, "SELECT id FROM sources")
    answer: Any = await rotate(charlie, theirs["id"], guid=old)
    assert answer.status_code == 303


async def test_only_admins_and_only_ones_own(
    cast: Cast, db: PinnedDatabase, bob: Desk, amy: Desk, charlie: Desk, source_id: uuid.UUID
) -> None:
    form = {"guid": NEW, "days": "7", "referrer": str(cast.alice.referrer)}
    for verb in ("referrer", "referrer/end"):
        for desk in (bob, amy):
            assert (await desk.post(f"/sources/{source_id}/{verb}", form)).status_code == 403
        theirs, nothing = [
            await charlie.post(f"/sources/{one}/{verb}", form) for one in (source_id, NO_SOURCE)
        ]
        assert theirs.status_code == 404
        assert theirs.text == nothing.text
    assert await rows(db, cast.alice, "SELECT referrer FROM former_referrers") == []
