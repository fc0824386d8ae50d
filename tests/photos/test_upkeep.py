"""The task `photos.sweep`: what is left behind goes, what is damaged is found."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Role, Tx
from doorstep.photos import erasure_queries, uploads
from doorstep.photos.tasks import HANDLERS
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone, photo
from tests.cast import STAGE, Cast
from tests.photos.test_checks import run_checks
from tests.photos.test_uploads import both
from tests.pinned import PinnedDatabase

LONG_AGO = (0, 0)


class House:
    """One organization's files, and the hands that look after them."""

    def __init__(self, db: PinnedDatabase, services: Services, pinned: Tx, cast: Cast) -> None:
        self.db, self.services, self.pinned, self.cast = db, services, pinned, cast
        self.root = Path(services.settings.storage_url.removeprefix("file://"))
        self.org_id = cast.alice.org_id

    async def sweep(self) -> None:
        """What the worker does every six hours; here six hours have passed."""
        async with self.db.transaction(Role.WORKER) as tx:
            await tx.execute("DELETE FROM pgqueuer")
            await tx.execute("UPDATE upkeep SET begun_at = begun_at - interval '7 hours'")
        await HANDLERS["photos.sweep"](self.db, {}, storage=self.services.storage)

    async def do(self, statement: str) -> None:
        """As the organization."""
        async with in_org(self.pinned, self.org_id):
            await self.pinned.execute(statement)

    def files(self, folder: str = "") -> list[str]:
        """What lies in the store."""
        there = [path for path in (self.root / folder).rglob("*") if path.is_file()]
        return sorted(str(path.relative_to(self.root)) for path in there)

    def leave(self, key: str) -> None:
        """A file that a killed process left long ago."""
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
        os.utime(path, LONG_AGO)
        os.utime(path.parent, LONG_AGO)

    async def tasks(self) -> dict[str, Any]:
        """The tasks that wait: name and payload."""
        async with self.db.transaction(Role.WORKER) as tx:
            rows = await tx.fetch("SELECT entrypoint, payload FROM pgqueuer")
        return {row["entrypoint"]: json.loads(row["payload"]) for row in rows}


@pytest.fixture
async def house(db: PinnedDatabase, services: Services, pinned: Tx, cast: Cast) -> House:
    return House(db, services, pinned, cast)


async def test_leftovers_go_and_what_is_in_use_stays(phone: Phone, house: House) -> None:
    await phone.upload(photo(1))
    half = photo(2)
    location = (await phone.create(len(half))).headers["location"]
    await phone.send(location, half[:1000])
    for path in house.files():
        os.utime(house.root / path, LONG_AGO)  # A slow phone: old, and in use all the same.
    kept = house.files()
    mine = f"pieces/{house.org_id}/01980000-0000-7000-8000-000000000000"
    house.leave(f"{mine}/0-abc")
    house.leave(f"originals/{house.org_id}/{'9f' * 32}#1")
    (house.root / mine / "1000-new").write_bytes(b"being written just now")

    await house.sweep()
    assert house.files() == sorted([*kept, f"{mine}/1000-new"])
    house.leave(f"{mine}/0-abc")
    await HANDLERS["photos.sweep"](house.db, {}, storage=house.services.storage)
    assert f"{mine}/0-abc" in house.files(), "it is done every six hours, not every minute"

    await phone.send(location, half[1000:], offset=1000)
    await phone.has(photo(1), half)


async def test_what_was_given_up_on_is_taken_up_again(
    phone: Phone, house: House, db: PinnedDatabase, services: Services
) -> None:
    await phone.upload(photo(1))
    content = photo(2)
    location = (await phone.create(len(content))).headers["location"]
    session, upload = await both(phone, db, location)
    await uploads.append(db, services.storage, session=session, upload=upload, content=content)
    await house.sweep()
    assert await house.tasks() == {}, "their first tasks may still be at it"
    await house.do("UPDATE uploads SET created_at = now() - interval '2 days', expires_at = now()")
    await house.do("UPDATE photos SET created_at = now() - interval '2 hours'")
    await house.sweep()
    waiting = await house.tasks()
    assert waiting.keys() == {"photos.check", "photos.compose"}
    await HANDLERS["photos.compose"](db, waiting["photos.compose"], storage=services.storage)
    await phone.has(photo(1), content)


async def test_f50_a_damaged_original_is_found_named_and_brought_again(
    phone: Phone, house: House, db: PinnedDatabase, services: Services
) -> None:
    good, flipped, gone = photo(1), photo(2), photo(3)
    for content in (good, flipped, gone):
        await phone.upload(content)
    await run_checks(services, db, house.pinned, house.cast)
    keys = house.files("originals")
    by_size = {(house.root / key).stat().st_size: house.root / key for key in keys}
    target = by_size[len(flipped)]
    target.write_bytes(flipped[:5000] + bytes([flipped[5000] ^ 1]) + flipped[5001:])
    by_size[len(gone)].unlink()

    await house.sweep()
    assert await problems(phone) == [None, None, None], "young photos wait for their week"
    await house.do("UPDATE photos SET created_at = now() - interval '8 days'")
    await house.sweep()
    assert await problems(phone) == [None, "lost", "lost"]
    damaged = target.with_name(target.name + ".damaged")
    assert damaged.exists()
    async with in_org(house.pinned, house.org_id):
        names = await house.pinned.fetch("SELECT name FROM events WHERE name = 'photo.lost'")
        usable = await house.pinned.fetchval("SELECT count(*) FROM photos WHERE state = 'ready'")
    assert (len(names), usable) == (2, 1)
    answer = await phone.finish(good, flipped, gone)
    assert answer.status_code == 409
    assert len(answer.json()["errors"]["missing"]) == 2

    await phone.upload(flipped)
    await phone.upload(gone)
    await run_checks(services, db, house.pinned, house.cast)
    assert await problems(phone) == [None, None, None]
    assert target.read_bytes() == flipped
    async with open_scope(db, org_id=house.org_id, actor=STAGE) as scope:
        request_id = await scope.tx.fetchval("SELECT id FROM capture_requests")
        files = await erasure_queries.stored(scope, request_id=request_id)
    erased = {key for file in files for key in file["keys"]}
    assert str(damaged.relative_to(house.root)) in erased, (
        "who deletes their photos deletes this too"
    )
    assert (await phone.finish(good, flipped, gone)).status_code == 200


async def problems(phone: Phone) -> list[str | None]:
    """What is wrong with each photo, as the phone hears it."""
    shown = (await phone.state())["photos"]
    return [one["problem"] for one in shown]  # type: ignore[attr-defined]
