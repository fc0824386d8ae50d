"""POST /capture/coverage, asked when somebody is ready to finish."""

from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import task_scope
from doorstep.builds import looking
from doorstep.builds.coverage import LOOK, LOOK_AT_FINISH, ask_at_finish
from doorstep.events.model import Event
from doorstep.kit.db import Tx
from doorstep.web import capture_coverage
from doorstep.web.services import Services
from tests import panorama
from tests.background import take
from tests.captures.test_link import in_org
from tests.capturing import Phone, ask, path_of, photo
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import desk_of

SPOTS = ("front", "front-right", "right", "back-right", "back", "back-left", "left", "front-left")
COUNT = 16


class Walker:
    """A phone on its way round; its pictures are opened by this test instead of the sandbox."""

    def __init__(self, phone: Phone, services: Services, pinned: Tx, cast: Cast) -> None:
        self.phone, self.services, self.pinned = phone, services, pinned
        self.org_id = cast.alice.org_id
        self.taken: list[bytes] = []
        self.ids: dict[int, str] = {}

    async def take(self, *numbers: int, opened: bool = True) -> None:
        """Pictures of the walk with these numbers."""
        for number in numbers:
            self.taken.append(photo(number, width=64, height=48))
            spot, sequence = SPOTS[number * 8 // COUNT], str(len(self.taken))
            await self.phone.upload(self.taken[-1], spot=spot, sequence=sequence)
            if opened:
                await self.open(number, panorama.details(number, count=COUNT))

    async def open(self, number: int, details: bytes) -> None:
        """Settle what is stored as ready, with these details."""
        async with in_org(self.pinned, self.org_id):
            photo_id = await self.pinned.fetchval("SELECT id FROM photos WHERE state = 'stored'")
            key = f"details/{self.org_id}/{photo_id}"
            await self.services.storage.put(key, details)
            await self.pinned.execute(
                "UPDATE photos SET state = 'ready', details_key = $2 WHERE id = $1", photo_id, key
            )
        self.ids[number] = str(photo_id)

    async def ready(self, **skipped: str) -> dict[str, Any]:
        """Ask whether this is all."""
        body = {"skipped_spots": {spot.replace("_", "-"): why for spot, why in skipped.items()}}
        answer = await self.post(body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def post(self, body: object) -> httpx.Response:
        """The bare call."""
        return await self.phone.client.post(
            "/capture/coverage", json=body, headers=self.phone.cookie
        )


@pytest.fixture
def walker(phone: Phone, services: Services, pinned: Tx, cast: Cast) -> Walker:
    """Alice's homeowner."""
    return Walker(phone, services, pinned, cast)


async def work(db: PinnedDatabase, services: Services, name: str = LOOK) -> int:
    """What the worker does with the waiting tasks; how many there were."""
    waiting = await take(db, name)
    for task in waiting:
        await looking.HANDLERS[name](db, task.payload, storage=services.storage)
    return len(waiting)


async def test_a_missing_run_is_named_and_its_pictures_close_the_gap(
    walker: Walker,
    db: PinnedDatabase,
    services: Services,
    pinned: Tx,
    client: httpx.AsyncClient,
    cast: Cast,
) -> None:
    bob = desk_of(client, cast.alice, "bob")
    await walker.take(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, opened=True)
    await walker.take(15, opened=False)
    waiting = {"state": "waiting", "views": 12, "pieces": None, "gaps": []}
    assert await walker.ready() == waiting
    assert await work(db, services) == 0
    await walker.open(15, panorama.details(15, count=COUNT))

    assert await walker.ready() == {**waiting, "state": "asked", "views": 13}
    assert await walker.ready() == {**waiting, "state": "asked", "views": 13}
    assert await work(db, services) == 1
    gap = {
        "before": walker.ids[4],
        "after": walker.ids[8],
        "before_spot": "right",
        "after_spot": "back",
    }
    assert await walker.ready() == {"state": "judged", "views": 13, "pieces": 1, "gaps": [gap]}
    assert await work(db, services) == 0
    async with in_org(pinned, walker.org_id):
        job = await pinned.fetchval("SELECT id FROM jobs")
    page = (await bob.get(f"/jobs/{job}/photos")).text
    assert "13 views. 1 place without overlap." in page
    assert page.count("etween right side and back") == 1
    assert f"/photos/{walker.ids[4]}/thumbnail" in page

    # Who cannot get there is not asked for it; that is another question, looked at once.
    assert (await walker.ready(back_right="fence"))["state"] == "asked"
    assert await work(db, services) == 1
    assert (await walker.ready(back_right="fence"))["gaps"] == []

    await walker.take(6, 5, 7)
    assert (await walker.ready())["state"] == "asked"
    assert await work(db, services) == 1
    assert await walker.ready() == {"state": "judged", "views": 16, "pieces": 1, "gaps": []}
    async with in_org(pinned, walker.org_id):
        events = await pinned.fetch(
            "SELECT payload FROM events WHERE name = 'capture_request.looked_at' ORDER BY id"
        )
        rows = await pinned.fetch("SELECT state, settled_at FROM coverages ORDER BY id")
    assert [one["payload"] for one in events] == [
        {"views": 13, "pieces": 1, "gaps": [["right", "back"]]},
        {"views": 13, "pieces": 1, "gaps": []},
        {"views": 16, "pieces": 1, "gaps": []},
    ]
    page = (await bob.get(f"/jobs/{job}/photos")).text
    assert "16 views overlap all the way round." in page
    timeline = (await bob.get(f"/jobs/{job}/timeline")).text
    assert "The photos overlap all the way round" in timeline
    assert "The photos do not overlap in 1 place" in timeline
    assert [row["state"] for row in rows] == ["judged"] * 3
    assert all(row["settled_at"] for row in rows)


async def test_nothing_hangs_on_an_answer(
    walker: Walker, db: PinnedDatabase, services: Services, pinned: Tx, cast: Cast
) -> None:
    few = {"state": "unjudged", "views": 7, "pieces": None, "gaps": []}
    await walker.take(*range(7))
    assert await walker.ready() == few
    await walker.take(7)
    assert (await walker.ready())["state"] == "asked"

    # A worker dies with the task in its hand: the next question brings it back.
    assert len(await take(db, LOOK)) == 1
    assert (await walker.ready())["state"] == "asked"
    async with in_org(pinned, walker.org_id):
        await pinned.execute("UPDATE coverages SET asked_at = now() - interval '31 s'")
    assert (await walker.ready())["state"] == "unjudged"
    assert await work(db, services) == 1
    # The walk ends at the back: from there to the front nothing overlaps.
    found = await walker.ready()
    assert [(one["before_spot"], one["after_spot"]) for one in found["gaps"]] == [
        ("back-right", "front")
    ]

    # Details that are none, and details that are gone, only leave these pictures out.
    await walker.take(9, opened=False)
    await walker.open(9, b"DSF1 and then nonsense")
    await walker.take(15, 10)
    await services.storage.delete(f"details/{walker.org_id}/{walker.ids[10]}")
    assert (await walker.ready())["state"] == "asked"
    assert await work(db, services) == 1
    found = await walker.ready()
    assert (found["state"], found["views"], found["pieces"]) == ("judged", 11, 1)
    assert [(one["before"], one["after"]) for one in found["gaps"]] == [
        (walker.ids[7], walker.ids[15])
    ]

    # Gaps are no reason to refuse the finish, and there is a record of it even when nobody asked.
    await walker.take(8)
    assert (await walker.phone.finish(*walker.taken, skipped={"left": "dog"})).status_code == 200
    async with in_org(pinned, walker.org_id):
        session = await pinned.fetchval("SELECT id FROM capture_sessions")
        event = await pinned.fetchrow(
            "SELECT * FROM events WHERE name = 'capture_request.completed'"
        )
    assert event is not None
    async with task_scope(db, org_id=walker.org_id, task="test") as scope:
        await ask_at_finish(scope, Event(**event))
    assert await work(db, services, LOOK_AT_FINISH) == 1
    assert await work(db, services) == 1
    async with in_org(pinned, walker.org_id):
        last = await pinned.fetchrow("SELECT * FROM coverages ORDER BY id DESC LIMIT 1")
    assert last is not None
    assert (last["state"], len(last["views"]), last["session_id"]) == ("judged", 12, session)
    assert last["skipped"] == ["left"]


async def test_it_asks_for_a_session_and_keeps_to_its_own(
    walker: Walker,
    client: httpx.AsyncClient,
    db: PinnedDatabase,
    services: Services,
    pinned: Tx,
    cast: Cast,
) -> None:
    for body in ({"skipped_spots": {"roof": "dog"}}, {"skipped_spots": {"back": "lazy"}}):
        assert (await walker.post(body)).status_code == 422
    broken: list[object] = [[], {"skipped_spots": 3}, {"skipped_spots": {"back": 7}}]
    for bad in broken:
        assert (await walker.post(bad)).status_code == 400
    assert (await client.post("/capture/coverage", json={})).status_code == 401
    crossed = {**walker.phone.cookie, "Origin": "https://evil.example"}
    answer = await client.post("/capture/coverage", json={}, headers=crossed)
    assert answer.status_code == 403

    await walker.take(0, 1)
    other = Phone(client, path_of(services, await ask(db, cast.charlie, email="c@example.com")))
    await other.start()
    found = await client.post("/capture/coverage", json={}, headers=other.cookie)
    assert found.json()["views"] == 0

    async with in_org(pinned, walker.org_id):
        session = await pinned.fetchval("SELECT id FROM capture_sessions")
    for _ in range(capture_coverage.ASKED_MAX):
        capture_coverage.pace.note(str(session))
    answer = await walker.post({})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= capture_coverage.ASKED_SECONDS + 1
