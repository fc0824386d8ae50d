"""A typed length: kept with the finish, marked in photos, handed to the engine in its pixels."""

import hashlib
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures import reopenings
from doorstep.kit.db import Tx
from doorstep.photos import measures
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone, photo
from tests.cast import STAGE, Cast
from tests.photos.settled import settle
from tests.photos.test_checks import run_checks
from tests.pinned import PinnedDatabase

FIRST, SECOND = photo(1), photo(2)


def marked(content: bytes, a: list[float], b: list[float]) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "a": a, "b": b}


def door(*ends: dict[str, object]) -> dict[str, object]:
    return {"kind": "front_door", "metres": 0.914, "ends": list(ends)}


BOTH = (marked(FIRST, [0.25, 0.5], [0.5, 0.5]), marked(SECOND, [0.5, 0.25], [0.75, 0.25]))


@pytest.fixture
async def sent(phone: Phone) -> Phone:
    """Two photos are in."""
    await phone.upload(FIRST, kind="photo")
    await phone.upload(SECOND, kind="photo")
    return phone


async def lengths(db: PinnedDatabase, pinned: Tx, cast: Cast) -> list[dict[str, Any]]:
    async with in_org(pinned, cast.alice.org_id):
        job_id = await pinned.fetchval("SELECT id FROM jobs")
        rows = await pinned.fetch("SELECT original_key FROM photos ORDER BY sequence, id")
    names = {row["original_key"]: f"{number:04d}.jpg" for number, row in enumerate(rows)}
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        return await measures.known_lengths(scope, job_id=job_id, names=names)


async def test_the_engine_gets_a_marked_length_in_pixels_of_its_photos(
    sent: Phone, services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    assert (await sent.finish(FIRST, SECOND, measured=[door(*BOTH)])).status_code == 200
    await run_checks(services, db, pinned, cast)

    assert await lengths(db, pinned, cast) == [
        {
            "name": "front_door",
            "metres": 0.914,
            "observations": [
                {"photo": "0000.jpg", "a": [159.5, 239.5], "b": [319.5, 239.5], "px": 0.48},
                {"photo": "0001.jpg", "a": [319.5, 119.5], "b": [479.5, 119.5], "px": 0.48},
            ],
        }
    ]


async def test_a_length_without_ends_waits_for_the_organization(
    sent: Phone, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    assert (await sent.finish(FIRST, SECOND, measured=[door()])).status_code == 200
    await settle(db, cast)

    async with in_org(pinned, cast.alice.org_id):
        row = await pinned.fetchrow("SELECT kind, metres, actor FROM measures")
    assert row is not None
    assert (row["kind"], row["metres"]) == ("front_door", 0.914)
    assert row["actor"].startswith("capture_session:")
    assert await lengths(db, pinned, cast) == []


async def test_a_second_visit_sends_the_same_length_and_it_counts_once(
    sent: Phone, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    assert (await sent.finish(FIRST, SECOND, measured=[door(*BOTH)])).status_code == 200
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE jobs SET state = 'failed'")
        request_id = await pinned.fetchval("SELECT id FROM capture_requests")
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await reopenings.reopen(scope, request_id=request_id, spots=["back"])

    assert (await sent.finish(FIRST, SECOND, measured=[door(*BOTH)])).status_code == 200
    await settle(db, cast)

    (known,) = await lengths(db, pinned, cast)
    assert (known["name"], len(known["observations"])) == ("front_door", 2)

    # A member types it once more, with the ends the other way round: the later one counts.
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        job_id = await scope.tx.fetchval("SELECT id FROM jobs")
        photos = await scope.tx.fetch("SELECT id FROM photos ORDER BY sequence, id")
        places = (((0.5, 0.51), (0.26, 0.5)), ((0.75, 0.25), (0.5, 0.25)))
        ends = [
            measures.Ends(photo_id=row["id"], a=a, b=b)
            for row, (a, b) in zip(photos, places, strict=True)
        ]
        await measures.add(scope, job_id=job_id, kind="wall", metres=0.92, ends=ends)
        apart = [measures.Ends(photo_id=one.photo_id, a=(0.1, 0.1), b=(0.9, 0.1)) for one in ends]
        await measures.add(scope, job_id=job_id, kind="wall", metres=7.0, ends=apart)
    found = [(one["name"], one["metres"]) for one in await lengths(db, pinned, cast)]
    assert found == [("wall", 0.92), ("wall", 7.0)]


@pytest.mark.parametrize(
    ("measured", "status"),
    [
        ({"kind": "moat", "metres": 3.0}, 422),
        ({"kind": "wall", "metres": 0.2}, 422),
        ({"kind": "wall", "metres": 61}, 422),
        ({"kind": "wall"}, 400),
        (door(marked(FIRST, [0.5, 0.5], [0.505, 0.5])), 422),
        (door(marked(FIRST, [-0.1, 0.5], [0.5, 0.5])), 400),
        (door(BOTH[0], BOTH[0]), 422),
        (door(marked(photo(9), [0.1, 0.5], [0.5, 0.5])), 422),
    ],
)
async def test_what_cannot_be_a_length_is_refused_and_nothing_ends(
    sent: Phone, pinned: Tx, cast: Cast, *, measured: dict[str, object], status: int
) -> None:
    answer = await sent.finish(FIRST, SECOND, measured=[measured])

    assert answer.status_code == status
    assert answer.json()["errors"]
    assert (await sent.state())["state"] == "connected"
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT count(*) FROM measures") == 0


async def test_the_sheet_of_markers_is_there_to_print(
    sent: Phone, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/capture/sheet.pdf?paper=a4", headers=sent.cookie)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/MediaBox [ 0 0 595" in answer.content or b"/MediaBox [0 0 595" in answer.content
    bad = await client.get("/capture/sheet.pdf?paper=a0", headers=sent.cookie)
    assert bad.status_code == 400
    assert (await client.get("/capture/sheet.pdf")).status_code == 401
