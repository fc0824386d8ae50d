"""Archive and reassign many jobs at once, and what is said of it; saved views."""

import re
import uuid

import httpx

from doorstep.auth.scopes import open_scope
from doorstep.captures import batch_queries
from doorstep.captures.batch_queries import Item
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import changes
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NO_JOB = 999_999_999_999


def told(answer: httpx.Response) -> str:
    found = re.search(
        r'<div class="note good stack-note line" role="status">\s*<span>(.*?)</span>', answer.text
    )
    assert found, answer.text
    return re.sub(r"<[^>]+>", "", found[1])


async def run(desk: Desk, verb: str, *job_ids: int, **other: str) -> httpx.Response:
    form = {"verb": verb, "picked": [str(one) for one in job_ids], **other}
    return await desk.post("/jobs/batches", form)  # type: ignore[arg-type]


async def archived(db: PinnedDatabase, cast: Cast) -> list[int]:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch(
            "SELECT id FROM jobs WHERE org_id = $1 AND archived_at IS NOT NULL ORDER BY id",
            scope.org_id,
        )
    return [row["id"] for row in rows]


async def test_many_are_archived_and_put_back(
    db: PinnedDatabase, cast: Cast, bob: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    first = asked.job_id
    second = (await ask(db, cast.alice, email="buster@example.com")).job_id
    foreign = (await ask(db, cast.charlie, email="tobias@example.com")).job_id
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await changes.archive(scope, job_id=second)
    third = (await ask(db, cast.alice, email="maeby@example.com")).job_id

    done = await run(bob, "archive", first, second, third, foreign, NO_JOB, address="sort=oldest")
    to = done.headers["location"]
    assert to.startswith("/jobs?sort=oldest&batch=")
    page = await bob.get(to)
    assert told(page) == (
        f"2 jobs are archived. 1 was archived already. 2 are not there. Job {second}"
    )
    assert await archived(db, cast) == [first, second, third]
    undo = re.search(r'action="(/jobs/batches/[^"]+/undo)"', page.text)
    assert undo

    # One of them is put back by hand before the undo, which leaves it alone.
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await changes.unarchive(scope, job_id=third)
    assert (await charlie.post(undo[1])).status_code == 404
    back = await bob.post(undo[1], {"address": "sort=oldest"})
    assert told(await bob.get(back.headers["location"])) == (
        f"Taken back: 1 job is put back. 1 was changed since and stays as it is. Job {third}"
    )
    assert await archived(db, cast) == [second]
    assert (await bob.post(undo[1])).status_code == 409
    assert (await charlie.get(to)).status_code == 404


async def test_many_are_given_to_a_member_and_back(
    db: PinnedDatabase, cast: Cast, bob: Desk, asked: CaptureRequest
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        bobs = await scope.tx.fetchval(
            "SELECT id FROM users WHERE org_id = $1 AND name = 'Bob'", scope.org_id
        )

    async def owners() -> tuple[int, int]:
        async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
            row = await scope.tx.fetchrow(
                "SELECT j.user_id, r.requesting_user_id FROM jobs j JOIN capture_requests r "
                "ON r.org_id = j.org_id AND r.job_id = j.id WHERE j.org_id = $1 AND j.id = $2",
                scope.org_id,
                asked.job_id,
            )
        assert row is not None
        return row["user_id"], row["requesting_user_id"]

    done = await run(bob, "reassign", asked.job_id, user=str(bobs))
    page = await bob.get(done.headers["location"])
    assert told(page) == "1 job is given to Bob."
    assert await owners() == (bobs, bobs)
    again = await run(bob, "reassign", asked.job_id, user=str(bobs))
    assert told(await bob.get(again.headers["location"])) == (
        f"0 jobs are given to Bob. 1 was with Bob already. Job {asked.job_id}"
    )
    undo = re.search(r'action="(/jobs/batches/[^"]+/undo)"', page.text)
    assert undo
    await bob.post(undo[1])
    assert await owners() == (cast.alice.admin_id, cast.alice.admin_id)


async def test_what_cannot_be_done_to_many(
    cast: Cast, alice: Desk, amy: Desk, asked: CaptureRequest
) -> None:
    assert (await run(amy, "archive", asked.job_id)).status_code == 403
    assert (await run(alice, "burn", asked.job_id)).status_code == 422
    assert (await run(alice, "reassign", asked.job_id, user="999999")).status_code == 422
    assert (await run(alice, "reassign", asked.job_id)).status_code == 422
    assert (await run(alice, "archive", asked.job_id, address="x=%ff&shelf=no")).status_code == 422
    nothing = await run(alice, "archive")
    assert nothing.headers["location"] == "/jobs?said=nothing"
    bad = await alice.post("/jobs/batches", {"verb": "archive", "picked": "7x"})
    assert bad.status_code == 400
    assert "Tick 1 Balboa Ave" not in (await amy.get("/jobs")).text
    assert "Tick 1 Balboa Ave" in (await alice.get("/jobs")).text


async def test_views_are_ones_own_or_shared(
    alice: Desk, bob: Desk, amy: Desk, charlie: Desk
) -> None:
    address = "shelf=ready&sort=changed&look=table"
    saved = await bob.post("/jobs/views", {"name": " To  invoice ", "address": address})
    assert saved.headers["location"] == f"/jobs?{address}&said=saved"
    await bob.post("/jobs/views", {"name": "Mine", "address": "", "shared": ""})
    await bob.post("/jobs/views", {"name": "<Ours>", "address": "shelf=failed", "shared": "on"})
    link = f'<a href="/jobs?{address.replace("&", "&amp;")}">To invoice</a>'
    assert link in (await bob.get("/jobs")).text
    for desk, sees in ((alice, True), (amy, True), (charlie, False)):
        text = (await desk.get("/jobs")).text
        assert ("&lt;Ours&gt;</a>" in text) is sees
        assert "To invoice" not in text
    ends = re.findall(r'action="(/jobs/views/[^"]+/end)"', (await bob.get("/jobs")).text)
    shared = re.findall(r'action="(/jobs/views/[^"]+/end)"', (await alice.get("/jobs")).text)
    assert (len(ends), len(shared)) == (3, 1)
    own = next(one for one in ends if one not in shared)

    for desk, status in ((amy, 403), (charlie, 404)):
        assert (await desk.post(shared[0])).status_code == status
    assert (await alice.post(own)).status_code == 404
    assert (await alice.post(shared[0])).headers["location"] == "/jobs?said=removed"
    assert (await bob.post(own)).headers["location"] == "/jobs?said=removed"
    assert (await bob.get("/jobs")).text.count('/end"') == 1
    for form in ({"name": ""}, {"name": "x" * 61}, {"name": "x", "address": "shelf=none"}):
        assert (await bob.post("/jobs/views", form)).status_code == 422
    shared_by_amy = {"name": "x", "shared": "on"}
    assert (await amy.post("/jobs/views", shared_by_amy)).status_code == 403


async def test_a_job_that_is_gone_does_not_stop_the_others(
    db: PinnedDatabase, cast: Cast, bob: Desk, asked: CaptureRequest
) -> None:
    batch_id = uuid.UUID("01890000-0000-7000-8000-000000000001")
    done: list[Item] = [{"job_id": one, "outcome": "done"} for one in (NO_JOB, asked.job_id)]
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await changes.archive(scope, job_id=asked.job_id)
        await batch_queries.insert(
            scope, batch_id=batch_id, verb="archive", user_id=None, items=done
        )

    back = await bob.post(f"/jobs/batches/{batch_id}/undo")

    said = told(await bob.get(back.headers["location"]))
    assert said == "Taken back: 1 job is put back. 1 is not there."
    assert await archived(db, cast) == []
