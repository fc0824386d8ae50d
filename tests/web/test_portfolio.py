"""Jobs by state."""

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk


async def test_shows_a_house_with_its_state(alice: Desk, asked: CaptureRequest) -> None:
    text = (await alice.get("/jobs")).text
    assert f'<a class="name" href="/jobs/{asked.job_id}">1 Balboa Ave</a>' in text
    assert "Newport Beach" in text
    assert '<span class="pill wait">Photos needed</span>' in text
    assert "Link not opened yet" in text


async def test_counts_and_filters_by_state(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    other = await ask(db, cast.alice, email="buster@example.com")
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await jobs.move(scope, job_id=other.job_id, to=JobState.PROCESSING_UPLOAD)
    text = (await alice.get("/jobs")).text
    assert 'All <span class="count">2</span>' in text
    assert 'Photos needed <span class="count">1</span>' in text
    assert 'Checking photos <span class="count">1</span>' in text

    needed = (await alice.get("/jobs?state=uploading")).text
    assert f"/jobs/{asked.job_id}" in needed
    assert f'"/jobs/{other.job_id}"' not in needed
    failed = (await alice.get("/jobs?state=failed")).text
    assert "No job is in the state “Failed”." in failed


async def test_older_jobs_are_a_page_away(db: PinnedDatabase, cast: Cast, alice: Desk) -> None:
    made = [(await ask(db, cast.alice, email=f"{n}@example.com")).job_id for n in range(50)]
    first = (await alice.get("/jobs")).text
    assert first.count('<li class="house">') == 48
    second = (await alice.get(f"/jobs?state=&before={made[2]}")).text
    assert f'href="/jobs?state=&amp;before={made[2]}"' in first
    assert second.count('<li class="house">') == 2


async def test_the_poll_is_empty_until_something_happens(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    seen = (await alice.get("/jobs")).text.split("seen=")[1].split('"')[0]
    assert (await alice.get(f"/jobs/grid?seen={seen}")).status_code == 204
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await jobs.move(scope, job_id=asked.job_id, to=JobState.PROCESSING_UPLOAD)
    grid = await alice.get(f"/jobs/grid?seen={seen}")
    assert '<span class="pill work">Checking photos</span>' in grid.text


async def test_another_organization_sees_none_of_it(charlie: Desk, asked: CaptureRequest) -> None:
    text = (await charlie.get("/jobs")).text
    assert "Balboa" not in text
    assert "The first house is still to come" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [("state=working", 200), ("state=nonsense", 404), ("before=0", 400), ("before=x", 400)],
)
async def test_bad_input(alice: Desk, query: str, status: int) -> None:
    assert (await alice.get(f"/jobs?{query}")).status_code == status
