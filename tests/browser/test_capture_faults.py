"""What happens to phones: closed pages, two tabs, bad networks, links that ended."""

import random
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from doorstep.auth.scopes import open_scope
from doorstep.captures import actions as captures
from doorstep.captures.model import CaptureRequest
from tests.browser.conftest import Snap, phone_context
from tests.browser.live import Live
from tests.browser.test_capture_files import files, state_of, stored_hashes
from tests.capturing import ask, path_of, photo
from tests.cast import STAGE
from tests.photos.test_videos import walk

pytestmark = pytest.mark.browser

PATIENCE_MILLISECONDS = 40_000


async def open_map(
    page: Page, live: Live, request: CaptureRequest, *, base: str | None = None
) -> None:
    """From the message to the map of spots."""
    await page.goto((base or live.plain) + path_of(live.services, request))
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()


async def finish(page: Page) -> None:
    """Say that this is everything, however little."""
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Send what there is").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible(
        timeout=PATIENCE_MILLISECONDS
    )


@pytest.mark.slow
async def test_a_page_closed_in_the_middle_goes_on_where_it_was(
    live: Live, browser: Browser, tmp_path: Path
) -> None:
    request = await ask(live.db, live.cast.alice)
    context = await phone_context(browser)
    page = await context.new_page()
    await open_map(page, live, request)
    path = tmp_path / "large.jpg"
    path.write_bytes(photo(1, width=1600, height=1200) + bytes(5 << 20))
    sent: list[int] = []

    async def cut(route: Route) -> None:
        """Two pieces pass, then the network is gone."""
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) > 2:
                await route.abort()
                return
        await route.continue_()

    await page.route("**/capture/uploads/**", cut)
    await page.locator("#native-input").set_input_files(path)
    while len(sent) <= 2:
        await page.wait_for_timeout(50)
    await page.close()
    page = await context.new_page()
    resumed: list[int] = []
    page.on(
        "request",
        lambda r: resumed.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None,
    )
    await page.goto(live.plain + "/capture/")
    await expect(page.locator("#safe")).to_have_text("1 safe")
    assert resumed[0] == 2 << 20
    await finish(page)
    await context.close()


@pytest.mark.slow
async def test_a_third_of_all_requests_lost_loses_no_photo(
    live: Live, phone_page: Page, tmp_path: Path
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    # The browser's proxy for this test cannot follow the name of the plain host.
    await open_map(page, live, request, base=live.trusted)
    chance = random.Random(7)

    async def lose(route: Route) -> None:
        """Before or after the server has seen it, as networks do."""
        if chance.random() < 0.3:
            if chance.random() < 0.5:
                await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/capture/**", lose)
    paths, hashes = files(tmp_path, 1, 2, 3, 4)
    await page.locator("#library-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_have_text("4 safe", timeout=PATIENCE_MILLISECONDS)
    await finish(page)
    await page.unroute("**/capture/**")
    assert await stored_hashes(live, request) == hashes


@pytest.mark.slow
async def test_two_tabs_and_a_second_phone_bring_every_photo_once(
    live: Live, browser: Browser, tmp_path: Path
) -> None:
    request = await ask(live.db, live.cast.alice)
    context, other = await phone_context(browser), await phone_context(browser)
    page = await context.new_page()
    await open_map(page, live, request)
    paths, hashes = files(tmp_path, 1, 2, 3)
    await page.locator("#native-input").set_input_files(paths)
    second = await context.new_page()
    await second.goto(live.plain + "/capture/")
    await expect(second.locator("#shots .shot")).to_have_count(3)
    neighbour = await other.new_page()
    await open_map(neighbour, live, request)
    paths, more = files(tmp_path, 3, 4)
    await neighbour.locator("#native-input").set_input_files(paths)
    await expect(neighbour.locator("#safe")).to_have_text("2 safe")
    await expect(page.locator("#safe")).to_have_text("3 safe")
    await expect(second.locator("#safe")).to_have_text("3 safe")
    await finish(page)
    assert await stored_hashes(live, request) == hashes | more
    await neighbour.reload()
    await expect(neighbour.get_by_role("heading", name="All safe")).to_be_visible()
    await context.close()
    await other.close()


@pytest.mark.slow
async def test_a_walk_round_video_is_enough(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request)
    walk(tmp_path / "walk.mp4")
    await page.locator("summary", has_text="Other ways").click()
    await page.locator("#video-input").set_input_files(tmp_path / "walk.mp4")
    await expect(page.locator("#safe")).to_have_text("1 safe")
    await snap(page, "40-video")
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Not now").click()
    # The film passes along one wall and does not come back to where it began.
    await page.get_by_role("button", name="Finish anyway").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()
    assert await state_of(live, request) == "complete"


async def test_a_damaged_photo_is_named_and_taken_again(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(photo(1, width=1600, height=1200)[:30_000])
    await page.locator("#native-input").set_input_files(broken)
    await expect(page.get_by_role("heading", name="Some photos cannot be used")).to_be_visible()
    await expect(page.locator("#problem-words li")).to_have_text(
        "Photo 1: This picture is damaged."
    )
    await snap(page, "41-problem")
    await page.locator("#problem-shots button").click()
    await expect(page.locator("#look-hint")).to_have_text("This picture is damaged.")
    await snap(page, "42-look")
    await page.get_by_role("button", name="Take this photo again").click()
    await expect(page.locator(".spot-front")).to_have_attribute("data-state", "none")


async def test_an_ended_link_says_so(live: Live, phone_page: Page, snap: Snap) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request)
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        await captures.withdraw(scope, request_id=request.id)
    await page.goto(live.plain + path_of(live.services, request))
    await expect(page.get_by_role("heading", name="This link has ended")).to_be_visible()
    await snap(page, "43-gone")
    await page.goto(live.plain + "/c/" + "x" * 28)
    await expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    await snap(page, "44-unknown")
