"""A second visit: the page names the spots that are wanted and shows what lies beside them."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from doorstep.auth.scopes import open_scope
from doorstep.captures import reopenings
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_capture_faults import finish
from tests.browser.test_capture_files import files, open_map, state_of, stored_hashes
from tests.capturing import ask
from tests.cast import STAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_the_spots_of_a_second_visit_are_named_and_sent(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request, snap)
    paths, hashes = files(tmp_path, 1)
    await page.locator("#native-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_have_text("1 safe")
    await finish(page)
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        failure = {"code": "x", "homeowner": "h", "organization": "o"}
        await jobs.move(scope, job_id=request.job_id, to=JobState.FAILED, failure=failure)
        await reopenings.reopen(
            scope,
            request_id=request.id,
            spots=["front-right", "front-left"],
            note="Please step further back.",
        )

    await page.reload()
    await expect(page.get_by_role("heading", name="A few more photos")).to_be_visible()
    await expect(page.locator("#wanted-spots")).to_have_text(
        "Still wanted from: Front right corner, Front left corner"
    )
    await expect(page.locator("#wanted-note")).to_have_text("Please step further back.")
    await snap(page, "50-wanted")
    await page.get_by_role("button", name="Front right corner: no photo yet").click()
    await expect(page.locator("#spot-beside-shots img")).to_have_count(1)
    await snap(page, "51-wanted-spot")
    paths, more = files(tmp_path, 2)
    await page.locator("#spot-input").set_input_files(paths)
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("#wanted-spots")).to_have_text("Still wanted from: Front left corner")
    await page.get_by_role("button", name="I am done").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()
    assert await stored_hashes(live, request) == hashes | more
    assert await state_of(live, request) == "complete"
