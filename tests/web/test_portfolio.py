"""Jobs by state."""

import re
from html import unescape

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import actions as jobs
from doorstep.jobs import change_queries, changes
from doorstep.jobs.model import JobState
from doorstep.jobs.shelves import LABELS
from doorstep.web.services import Services
from tests.capturing import Phone, ask, path_of, photo
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

CHECKED = JobState.PROCESSING_UPLOAD
DONE = (CHECKED, JobState.WORKING, JobState.COMPLETE)
JOBS: dict[str, tuple[JobState, ...]] = {
    "photos_needed": (),
    "uploading": (),
    "checking": (CHECKED,),
    "approval": (CHECKED, JobState.WAITING_APPROVAL),
    "building": (CHECKED, JobState.WORKING),
    "to_order": DONE,
    "ready": DONE,
    "failed": (CHECKED, JobState.FAILED),
    "cancelled": (JobState.CANCELLED,),
    "archived": DONE,
}
"""How a job comes to each shelf but the first one."""


async def test_a_house_tells_what_its_homeowner_does(
    client: httpx.AsyncClient, services: Services, alice: Desk, asked: CaptureRequest
) -> None:
    async def house() -> str:
        text = (await alice.get("/jobs")).text
        assert f'<a class="name" href="/jobs/{asked.job_id}">1 Balboa Ave</a>' in text
        foot = text.split('<div class="foot">')[1].split("</div>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", foot).split())

    assert await house() == "Sent invites Link not opened yet"
    phone = Phone(client, path_of(services, asked))
    await phone.start()
    assert await house() == "Photos needed Link opened"
    await phone.upload(photo(1), kind="photo")
    await phone.upload(photo(2), kind="photo")
    assert await house() == "Uploading 2 photos so far"


async def test_each_job_stands_on_its_shelf_and_is_counted_there(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    made = {name: (await ask(db, cast.alice, email=f"{name}@example.com")).job_id for name in JOBS}
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await change_queries.note_opened(scope, job_id=made["photos_needed"])
        await change_queries.note_photographed(scope, job_id=made["uploading"])
        for name, states in JOBS.items():
            for state in states:
                await jobs.move(scope, job_id=made[name], to=state)
        await scope.tx.execute(
            "UPDATE jobs SET deliverable_id = 7 WHERE org_id = $1 AND id = $2",
            scope.org_id,
            made["to_order"],
        )
        await changes.archive(scope, job_id=made["archived"])
    text = (await alice.get("/jobs")).text
    assert 'All <span class="count">10</span>' in text
    for label in LABELS.values():
        assert f'{label} <span class="count">1</span>' in text
    assert f'"/jobs/{made["archived"]}"' not in text
    for shelf, job_id in {**made, "invited": asked.job_id}.items():
        shown = (await alice.get(f"/jobs?shelf={shelf}&look=list")).text
        assert re.findall(r'class="name" href="/jobs/(\d+)"', shown) == [str(job_id)], shelf
    nobody = (await alice.get(f"/jobs?shelf=failed&member={cast.alice.admin_id + 1}")).text
    assert "No job is in “Failed” of this member." in nobody


async def test_sorts_and_goes_on_where_a_page_ended(
    db: PinnedDatabase, cast: Cast, alice: Desk
) -> None:
    made = [(await ask(db, cast.alice, email=f"{n}@example.com")).job_id for n in range(50)]
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        # Names and times run against the ids, on two shelves that are merged.
        await scope.tx.execute(
            "UPDATE jobs SET customer_name = 'Person ' || to_char(1000 - id + $2, 'FM0000'), "
            "updated_at = now() - (id - $2) * interval '1 minute', "
            "opened_at = CASE WHEN id % 2 = 0 THEN now() END WHERE org_id = $1",
            scope.org_id,
            made[0],
        )
    orders = {
        "newest": made[::-1],
        "oldest": made,
        "changed": made,
        "waiting": made[::-1],
        "customer": made[::-1],
    }
    for sort, ids in orders.items():
        path, found = f"/jobs?look=list&sort={sort}", []
        while path:
            text = (await alice.get(path)).text
            found.append([int(one) for one in re.findall(r'class="name" href="/jobs/(\d+)"', text)])
            more = re.search(r'href="([^"]+)">More jobs', text)
            path = unescape(more[1]) if more else ""
        assert [len(page) for page in found] == [48, 2], sort
        assert found[0] + found[1] == ids, sort


async def test_the_table_is_safe_to_open(
    db: PinnedDatabase, cast: Cast, bob: Desk, amy: Desk, asked: CaptureRequest
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE jobs SET customer_name = '=HYPERLINK(1)' WHERE org_id = $1", scope.org_id
        )
    answer = await bob.get("/jobs/jobs.csv?shelf=invited&sort=customer")
    assert answer.headers["content-type"].startswith("text/csv")
    head, row = answer.text.splitlines()
    assert head.startswith("id,shelf,name,address,city,region,postal_code,customer_name,")
    assert row.startswith(f"{asked.job_id},invited,")
    assert ",'=HYPERLINK(1)," in row
    assert ",Alice,20" in row
    assert (await bob.get("/jobs/jobs.csv?shelf=ready")).text.count("\n") == 1
    assert (await amy.get("/jobs/jobs.csv")).status_code == 403
    for look in ("table", "grid"):
        assert "=HYPERLINK(1)" in (await bob.get(f"/jobs?look={look}")).text


async def test_the_poll_is_empty_until_something_happens(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    seen = (await alice.get("/jobs")).text.split("seen=")[1].split('"')[0]
    assert (await alice.get(f"/jobs/grid?seen={seen}")).status_code == 204
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await jobs.move(scope, job_id=asked.job_id, to=JobState.PROCESSING_UPLOAD)
    grid = await alice.get(f"/jobs/grid?seen={seen}")
    assert '<span class="pill work">Checking</span>' in grid.text


async def test_another_organization_sees_none_of_it(charlie: Desk, asked: CaptureRequest) -> None:
    text = (await charlie.get("/jobs")).text
    assert "Balboa" not in text
    assert "The first house is still to come" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("shelf=building&look=table&sort=changed&member=7", 200),
        ("shelf=nonsense", 404),
        ("sort=nonsense", 404),
        ("look=nonsense", 404),
        ("after=0", 404),
        ("after=x", 404),
        ("after=1.7", 404),
        ("sort=changed&after=7", 404),
        ("sort=changed&after=99999999999999999999.7", 404),
        ("sort=customer&after=7", 404),
        ("member=0", 400),
        ("batch=x", 404),
    ],
)
async def test_bad_input(alice: Desk, query: str, status: int) -> None:
    assert (await alice.get(f"/jobs?{query}")).status_code == status
