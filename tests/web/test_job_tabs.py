"""The tabs of a job's page: an address for each, and only those that one may open."""

import re

import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.jobs.model import JobState
from doorstep.web.services import Services
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.test_job import bring_to, put_build

TABS = {
    "": ("Model", 'id="numbers"'),
    "/photos": ("Photos", "None yet. Each photo appears here as soon as it has left the phone."),
    "/measurements": ("Measurements", "No numbers yet."),
    "/files": ("Files", "can be downloaded here once it is built."),
    "/timeline": ("Timeline", "Photos were asked for"),
    "/deliveries": ("Deliveries", "No other program was told of this job."),
    "/sharing": ("Sharing", "Make a link"),
}


def shown_tabs(text: str) -> list[str]:
    nav = text.split('aria-label="About this job"')[1].split("</nav>", maxsplit=1)[0]
    return re.findall(r'href="/jobs/\d+(/?\w*)"', nav)


@pytest.mark.parametrize("tab", TABS)
async def test_each_tab_has_an_address_and_says_which_it_is(
    alice: Desk, asked: CaptureRequest, tab: str
) -> None:
    text = (await alice.get(f"/jobs/{asked.job_id}{tab}")).text
    name, words = TABS[tab]
    assert words in text
    assert shown_tabs(text) == list(TABS)
    path = f"/jobs/{asked.job_id}{tab}"
    assert re.search(rf'href="{path}" hx-get="{path}" aria-current="page">{name}<', text)
    assert text.count('aria-current="page"') == 2  # the tab, and Jobs among the places


async def test_a_tab_that_one_may_not_open_is_not_offered(
    bob: Desk, amy: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    assert "/deliveries" not in shown_tabs((await bob.get(path)).text)
    assert shown_tabs((await amy.get(path)).text) == list(TABS)[:5]
    assert (await bob.get(f"{path}/deliveries")).status_code == 403
    assert (await amy.get(f"{path}/sharing")).status_code == 403
    nothing = await charlie.get("/jobs/999999/photos")
    for tab in TABS:
        theirs = await charlie.get(path + tab)
        assert (theirs.status_code, theirs.text) == (404, nothing.text)
    assert (await bob.get(f"{path}/nonsense")).status_code == 404


async def test_a_build_shows_on_the_other_tabs_too(
    db: PinnedDatabase, services: Services, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    states = [JobState.PROCESSING_UPLOAD, JobState.WORKING]
    await bring_to(db, cast, job_id=asked.job_id, states=states)
    await put_build(db, services, cast, job_id=asked.job_id, state="running")
    path = f"/jobs/{asked.job_id}"
    live = f"{path}/stage?seen=working&tab=photos"
    page = (await alice.get(f"{path}/photos")).text
    assert f'hx-get="{live}" hx-trigger="every 2s"' in page
    for text in (page, (await alice.get(live)).text):
        assert '<progress aria-labelledby="live-name" max="100" value="42.0">' in text
        assert "42% · about 2 min left" in text
    moved = await alice.get(f"{path}/stage?seen=processing_upload&tab=photos")
    assert moved.headers["hx-retarget"] == "#job"
    assert 'id="photos"' in moved.text
    # A note that is being written is not torn away.
    assert "hx-trigger" not in (await alice.get(f"{path}/timeline")).text
    assert (await alice.get(f"{path}/stage?seen=working&tab=nonsense")).status_code == 404
