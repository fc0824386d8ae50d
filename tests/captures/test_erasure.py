"""The homeowner deletes everything, and takes the photos along before."""

import io
import uuid
import zipfile
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.builds import erasures
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import terms
from doorstep.kit.db import Tx
from doorstep.kit.ids import uuid7
from doorstep.kit.settings import Settings
from doorstep.kit.storage import Storage
from doorstep.orgs.model import OrgScope
from doorstep.photos import checks
from doorstep.web.services import Services
from doorstep.worker import main as worker
from tests.background import take
from tests.captures.test_link import HTML, in_org
from tests.capturing import Phone, ask, checksum, path_of, photo
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, desk_of

ONE, TWO = photo(1), photo(2)
FILES = ("org/model.glb", "org/measurements.json", "org/preview.jpg", "home/model.glb")


class Dying(Storage):
    """The store of a process that dies at its n-th deletion."""

    def __init__(self, url: str, *, after: int) -> None:
        super().__init__(url)
        self.left = after

    async def delete(self, key: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise SystemExit(137)
        await super().delete(key)


@pytest.fixture
def bob(client: httpx.AsyncClient, cast: Cast) -> Desk:
    return desk_of(client, cast.alice, "bob")


@pytest.fixture
async def built(
    phone: Phone,
    request_of_alice: CaptureRequest,
    services: Services,
    *,
    db: PinnedDatabase,
    cast: Cast,
) -> CaptureRequest:
    """A finished capture with a model, and half a file that was never sent on."""
    for number, content in enumerate((ONE, TWO)):
        await phone.upload(content, kind="photo", spot="front", sequence=str(number))
    location = (await phone.create(9000, kind="photo")).headers["location"]
    await phone.send(location, b"x" * 900, headers=checksum(b"x" * 900))
    assert (await phone.finish(ONE, TWO)).status_code == 200
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch("SELECT id FROM photos ORDER BY id")
        await put_model(scope, services.storage, job_id=request_of_alice.job_id)
    for row in rows:
        await checks.check(db, services.storage, org_id=cast.alice.org_id, photo_id=row["id"])
    return request_of_alice


async def put_model(scope: OrgScope, storage: Storage, *, job_id: int) -> uuid.UUID:
    build_id = uuid7()
    await scope.tx.execute(
        "INSERT INTO builds (org_id, id, job_id, state) VALUES ($1, $2, $3, 'complete')",
        scope.org_id,
        build_id,
        job_id,
    )
    for name in FILES:
        tree, _, file = name.partition("/")
        key = f"builds/{scope.org_id}/{build_id}/1/{name}"
        await storage.put(key, b"{}")
        await scope.tx.execute(
            "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
            "VALUES ($1, $2, $3, $4, $5, 2, 'x/y')",
            scope.org_id,
            build_id,
            tree,
            file,
            key,
        )
    await scope.tx.execute("UPDATE models SET build_id = $1, state = 'complete'", build_id)
    await scope.tx.execute("UPDATE jobs SET state = 'complete'")
    return build_id


async def keys(storage: Storage) -> list[str]:
    return [key for prefix in KEPT_IN for key in [one async for one in storage.keys(prefix)]]


KEPT_IN = ("originals/", "displays/", "details/", "thumbnails/", "pieces/", "builds/")


async def everywhere(pinned: Tx, cast: Cast, needle: str) -> list[str]:
    """The tables of the organization in which the needle is."""
    async with in_org(pinned, cast.alice.org_id):
        tables = await pinned.fetch(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind = 'r' AND a.attname = 'org_id' AND c.relnamespace = "
            "'public'::regnamespace AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        return [
            table
            for (table,) in tables
            if await pinned.fetchval(
                f"SELECT count(*) FROM {table} t WHERE t::text ILIKE $1", f"%{needle}%"
            )
        ]


async def run(db: PinnedDatabase, storage: Storage) -> list[float]:
    tasks = await take(db, erasures.ERASE)
    for task in tasks:
        await erasures.erase_later(db, task.payload, storage=storage)
    return [task.delay.total_seconds() for task in tasks]


async def rows(pinned: Tx, cast: Cast, sql: str) -> list[dict[str, Any]]:
    async with in_org(pinned, cast.alice.org_id):
        return [dict(row) for row in await pinned.fetch(sql)]


async def test_nothing_of_the_homeowner_is_left_but_the_numbers(
    client: httpx.AsyncClient,
    link: str,
    built: CaptureRequest,
    phone: Phone,
    *,
    services: Services,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
    bob: Desk,
) -> None:
    assert "Delete my data" in (await client.get(link, headers=HTML)).text
    before = await keys(services.storage)
    assert len(before) == 2 + 2 + 2 + 2 + 1 + 4
    question = await client.get(f"{link}/erasure", headers=HTML)
    assert "all photos and videos that you sent" in question.text
    assert "It cannot be undone." in question.text
    assert await keys(services.storage) == before
    assert await rows(pinned, cast, "SELECT * FROM erasures") == []
    needles = ("gob@example.com", '"Gob"', ",Gob,")
    assert "capture_requests" in await everywhere(pinned, cast, needles[0])

    for _ in range(2):
        done = await client.post(f"{link}/erasure", headers=HTML)
        assert done.status_code == 200
        assert "Your data is deleted" in done.text
    assert await run(db, services.storage) == [0, 600]

    (left,) = await keys(services.storage)
    assert left.endswith("/1/org/measurements.json")
    for needle in needles:
        assert await everywhere(pinned, cast, needle) == []
    assert await rows(pinned, cast, "SELECT id FROM photos") == []
    assert await rows(pinned, cast, "SELECT id FROM uploads") == []
    assert await rows(pinned, cast, "SELECT state FROM jobs") == [{"state": "complete"}]
    assert await rows(
        pinned, cast, "SELECT state, capturing_user_name AS name FROM capture_requests"
    ) == [{"state": "complete", "name": "Deleted by the homeowner"}]
    assert await rows(
        pinned, cast, "SELECT actor, files, bytes, done_at IS NOT NULL AS done FROM erasures"
    ) == [
        {
            "actor": f"capture_link:{built.id}",
            "files": 2,
            "bytes": len(ONE) + len(TWO),
            "done": True,
        }
    ]
    names = [row["name"] for row in await rows(pinned, cast, "SELECT name FROM events")]
    assert names.count("capture_request.erased") == 1

    await expect_all_doors_shut(client, link, job_id=built.job_id, phone=phone, bob=bob)


async def test_nobody_is_found_by_the_words_of_a_homeowner_who_is_gone(
    client: httpx.AsyncClient,
    link: str,
    request_of_alice: CaptureRequest,
    *,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
    bob: Desk,
) -> None:
    house = f'class="name" href="/jobs/{request_of_alice.job_id}"'
    await rows(
        pinned, cast, "UPDATE jobs SET created_at = created_at - interval '1 hour', "
        "customer_name = 'Gob', customer_email = 'gob@example.com', customer_phone = '2175550143'"
    )  # fmt: skip
    await worker.index(db, {}, task=terms.INDEX, index_next=terms.index_next)
    assert "job_terms" in await everywhere(pinned, cast, ",gob,")
    for text in ("gob", "0143"):
        assert house in (await bob.get(f"/jobs?look=list&q={text}")).text

    assert (await client.post(f"{link}/erasure", headers=HTML)).status_code == 200
    words = await rows(pinned, cast, "SELECT term FROM job_terms ORDER BY term")
    assert [row["term"] for row in words] == ["1", "ave", "balboa", "beach", "newport"]
    for text in ("gob", "0143"):
        assert house not in (await bob.get(f"/jobs?look=list&shelf=cancelled&q={text}")).text
    assert house in (await bob.get("/jobs?look=list&shelf=cancelled&q=balboa")).text


async def expect_all_doors_shut(
    client: httpx.AsyncClient, link: str, *, job_id: int, phone: Phone, bob: Desk
) -> None:
    for path in (link, f"{link}/erasure"):
        ended = await client.get(path, headers=HTML)
        assert ended.status_code == 410
        assert "were deleted." in ended.text
    assert (await client.post(link, headers=HTML)).status_code == 410
    assert (await client.get("/capture/state", headers=phone.cookie)).status_code == 401
    page = await bob.get(f"/jobs/{job_id}")
    assert "Deleted by the homeowner" in page.text
    assert "So do your notes: delete what names the person." in page.text
    timeline = await bob.get(f"/jobs/{job_id}/timeline")
    assert "The homeowner deleted photos, model and contact" in timeline.text
    for path in ("more-photos", "build"):
        refused = await bob.post(f"/jobs/{job_id}/{path}", {"spot-back": "yes"})
        assert refused.status_code == 409
        assert "The photos are deleted" in refused.text


async def test_a_killed_deletion_is_ended_by_the_next(
    client: httpx.AsyncClient,
    built: CaptureRequest,
    phone: Phone,
    *,
    services: Services,
    settings: Settings,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
) -> None:
    answer = await client.post("/capture/erasure", headers={**phone.cookie, **HTML})
    assert answer.status_code == 200
    task, _ = await take(db, erasures.ERASE)
    for after in (0, 4):
        dying = Dying(settings.storage_url, after=after)
        with pytest.raises(SystemExit):
            await erasures.erase_later(db, task.payload, storage=dying)
    assert await rows(pinned, cast, "SELECT done_at FROM erasures") == [{"done_at": None}]
    for _ in range(2):
        await erasures.erase_later(db, task.payload, storage=services.storage)
    assert len(await keys(services.storage)) == 1
    found = "SELECT files, split_part(actor, ':', 1) AS kind FROM erasures"
    assert await rows(pinned, cast, found) == [{"files": 2, "kind": "capture_session"}]
    assert built.job_id


async def test_an_open_request_is_withdrawn_and_what_another_job_has_stays(
    client: httpx.AsyncClient,
    link: str,
    phone: Phone,
    services: Services,
    *,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
) -> None:
    await phone.upload(ONE, kind="photo")
    other = Phone(client, path_of(services, await ask(db, cast.alice, email="lu@example.com")))
    await other.start()
    await other.upload(ONE, kind="photo")

    assert (await client.post(f"{link}/erasure", headers=HTML)).status_code == 200
    assert (await phone.create(10)).status_code == 401
    await run(db, services.storage)

    assert len(await keys(services.storage)) == 1
    assert [len(state["photos"]) for state in [await other.state()]] == [1]  # type: ignore[arg-type]
    found = await rows(
        pinned,
        cast,
        "SELECT r.state, j.state AS job FROM capture_requests r JOIN jobs j "
        "ON j.id = r.job_id ORDER BY r.id",
    )
    assert found == [
        {"state": "deleted", "job": "cancelled"},
        {"state": "connected", "job": "uploading"},
    ]
    sent = await rows(
        pinned, cast, "SELECT DISTINCT state, to_address FROM messages WHERE subject = ''"
    )
    assert sent == [{"state": "cancelled", "to_address": ""}]


async def test_a_check_that_comes_too_late_leaves_nothing(
    client: httpx.AsyncClient,
    link: str,
    phone: Phone,
    services: Services,
    *,
    settings: Settings,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
) -> None:
    await phone.upload(ONE, kind="photo")
    (found,) = await rows(pinned, cast, "SELECT id FROM photos")

    class Late(Storage):
        """The homeowner deletes everything while the picture is being opened."""

        async def put_file(self, *told: Any) -> None:
            await client.post(f"{link}/erasure")
            await super().put_file(*told)

    late = Late(settings.storage_url)
    await checks.check(db, late, org_id=cast.alice.org_id, photo_id=found["id"])
    await run(db, services.storage)
    assert await keys(services.storage) == []


async def test_wrong_links_other_sites_and_strangers_delete_nothing(
    client: httpx.AsyncClient, link: str, phone: Phone, pinned: Tx, cast: Cast
) -> None:
    for method in ("GET", "POST"):
        wrong = await client.request(method, f"{link[:-1]}x/erasure", headers=HTML)
        assert wrong.status_code == 404
        nobody = await client.request(method, "/capture/erasure", headers=HTML)
        assert nobody.status_code == 401
    forged = {**phone.cookie, "Sec-Fetch-Site": "cross-site"}
    assert (await client.post("/capture/erasure", headers=forged)).status_code == 403
    assert (await client.get("/capture/photos.zip")).status_code == 401
    assert await rows(pinned, cast, "SELECT * FROM erasures") == []


async def test_the_photos_are_taken_along_as_they_were_taken(
    client: httpx.AsyncClient, phone: Phone
) -> None:
    await phone.upload(ONE, kind="photo", spot="front", sequence="0")
    await phone.upload(TWO, kind="photo", structure="shed", spot="back", sequence="1")
    answer = await client.get("/capture/photos.zip", headers=phone.cookie)
    assert answer.headers["content-disposition"] == 'attachment; filename="photos.zip"'
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["001-front.jpg", "002-shed-back.jpg"]
        assert [archive.read(name) for name in archive.namelist()] == [ONE, TWO]
