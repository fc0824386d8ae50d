"""A house that is measured again: what the numbers were before, and what would help them."""

import html
import re

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.web.services import Services
from tests.cast import STAGE, Cast
from tests.measuring import FURNISHED, GABLE, WITHOUT_SCALE, publish
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk


@pytest.fixture
async def twice(
    db: PinnedDatabase, services: Services, cast: Cast, asked: CaptureRequest
) -> CaptureRequest:
    """A house built without a scale, and again after somebody added a length."""
    known = {"source": "known_length", "relative_uncertainty": 0.004}
    await publish(db, services, cast.alice, job_id=asked.job_id, record=WITHOUT_SCALE)
    await publish(
        db, services, cast.alice, job_id=asked.job_id, record=FURNISHED | {"scale": known}
    )
    return asked


def rows_of(page: str) -> dict[str, list[str]]:
    """The lines of the table that compares builds, by their names."""
    table = page.split('aria-labelledby="earlier"')[1].split("</table>", maxsplit=1)[0]
    lines = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    return {
        html.unescape(name): [
            html.unescape(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", rest)
        ]
        for name, rest in lines
    }


async def test_the_numbers_of_earlier_builds_stay_beside_those_of_now(
    amy: Desk, twice: CaptureRequest
) -> None:
    page = (await amy.get(f"/jobs/{twice.job_id}/measurements")).text
    rows = rows_of(page)
    assert rows["Scale from"] == ["a length that somebody measured", "none"]
    assert rows["Facets"] == ["2", "2"]
    assert rows["Walls, with openings"] == ["1,700\xa0±\xa018\xa0sq\xa0ft", "not measured"]
    assert rows["Ridges"] == ["40.0\xa0±\xa00.2\xa0ft", "not measured"]
    assert rows["Windows and doors"] == ["6", "not measured"]
    assert list(rows)[:2] == ["Scale from", "Roof area"]


async def test_a_house_that_was_measured_once_has_none_before(
    db: PinnedDatabase, services: Services, cast: Cast, amy: Desk, asked: CaptureRequest
) -> None:
    await publish(db, services, cast.alice, job_id=asked.job_id, record=GABLE)
    page = (await amy.get(f"/jobs/{asked.job_id}/measurements")).text
    assert "The scale comes from the printed sheet" in page
    assert "Earlier measurements" not in page


async def test_only_the_organization_reads_them(charlie: Desk, twice: CaptureRequest) -> None:
    theirs = await charlie.get(f"/jobs/{twice.job_id}/measurements")
    missing = await charlie.get("/jobs/999999999/measurements")
    assert (theirs.status_code, theirs.text) == (404, missing.text)


async def test_what_is_unseen_ticks_the_spot_to_stand_at(
    db: PinnedDatabase, services: Services, cast: Cast, bob: Desk, asked: CaptureRequest
) -> None:
    gaps = [
        {"what": "front right corner", "why": "no photo", "ask_for": "spot front-right"},
        {"what": "left wall, SI-4", "why": "hardly any", "ask_for": "spot left side"},
        {"what": "the back", "why": "seen flatly", "ask_for": "photos from further back"},
    ]
    await publish(db, services, cast.alice, job_id=asked.job_id, record=GABLE | {"unseen": gaps})
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE capture_requests SET state = 'complete', completed_at = now()"
            " WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.id,
        )
        assert (await jobs.find(scope, job_id=asked.job_id)).state == JobState.COMPLETE
    numbers = (await bob.get(f"/jobs/{asked.job_id}/measurements")).text
    assert f'href="/jobs/{asked.job_id}/photos#more-photos"' in numbers
    page = (await bob.get(f"/jobs/{asked.job_id}/photos")).text
    ticked = re.findall(r'name="spot-([a-z-]+)" value="yes" checked', page)
    assert ticked == ["front-right", "left"]
