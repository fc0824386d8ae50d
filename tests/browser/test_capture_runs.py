"""Whole captures on phones of three sizes: all three ways, refused cameras, killed tabs, slow lines.

After each, the photos on the server are the photos taken, by SHA-256.
"""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    TimeoutError,  # noqa: A004  the browser's own
    expect,
)

from tests.browser.conftest import Snap, launch, phone_context
from tests.browser.live import Live
from tests.browser.test_capture_camera import FAKE_CAMERA, film
from tests.browser.test_capture_faults import finish, open_map
from tests.browser.test_capture_files import files, state_of, stored_hashes
from tests.capturing import ask, path_of, photo
from tests.photos.test_videos import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"small": (360, 640), "middle": (390, 844), "large": (430, 932)}
PATIENCE_MILLISECONDS = 60_000
# A mobile line at the edge of its cell, in bytes a second.
SLOW = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 120_000,
    "uploadThroughput": 120_000,
}

# SHA-256 of every file that the phone holds, computed by the phone from its own bytes.
TAKEN = """async () => {
  const opening = indexedDB.open("doorstep-capture");
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const asking = db.transaction("files").objectStore("files").getAll();
  const files = await new Promise((done) => { asking.onsuccess = () => done(asking.result); });
  return Promise.all(files.map(async (file) => {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
  }));
}"""


@pytest.mark.parametrize("size", SIZES)
async def test_walk_video_and_photos_in_one_capture(
    live: Live, playwright: Playwright, tmp_path: Path, snap: Snap, size: str
) -> None:
    source = film(tmp_path / "walk.mjpeg")
    browser = await launch(playwright, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={source}")
    context = await phone_context(browser, permissions=["camera"])
    page = await context.new_page()
    width, height = SIZES[size]
    await page.set_viewport_size({"width": width, "height": height})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request, base=live.trusted)
    await page.get_by_role("button", name="Start the walk").click()
    await expect(page.locator("#camera-count")).to_have_text("2", timeout=PATIENCE_MILLISECONDS)
    await snap(page, f"50-walk-{size}")
    await page.get_by_role("button", name="Take a photo").click()
    await page.get_by_role("button", name="Stop").click()

    walk(tmp_path / "walk.mp4")
    paths, hashes = files(tmp_path, 1, 2)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(photo(3, width=1600, height=1200)[:30_000])
    await page.locator("summary", has_text="Other ways").click()
    await page.locator("#video-input").set_input_files(tmp_path / "walk.mp4")
    await page.locator("#library-input").set_input_files([*paths, broken])
    await expect(page.locator("#problem-words li")).to_contain_text(
        "This picture is damaged.", timeout=PATIENCE_MILLISECONDS
    )
    await expect(page.locator("#safe")).to_have_attribute(
        "data-all", "true", timeout=PATIENCE_MILLISECONDS
    )
    taken = set(await page.evaluate(TAKEN))
    assert hashes < taken
    assert len(taken) >= 6
    await snap(page, f"51-map-{size}")
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Not now").click()
    # A few pictures of noise never overlap; the page says so, or goes on without having looked.
    anyway = page.get_by_role("button", name="Finish anyway")
    safe = page.get_by_role("heading", name="All safe")
    await expect(anyway.or_(safe).first).to_be_visible(timeout=2 * PATIENCE_MILLISECONDS)
    with suppress(TimeoutError):
        await anyway.click(timeout=5_000)
    await expect(safe).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    await expect(page.locator("#done-problem-words li")).to_contain_text("This picture is damaged.")
    await snap(page, f"52-done-{size}")
    assert await stored_hashes(live, request) == taken
    assert await state_of(live, request) == "complete"
    assert errors == []
    await browser.close()


async def test_a_refused_camera_and_a_slow_line_still_bring_every_photo(
    live: Live, playwright: Playwright, tmp_path: Path
) -> None:
    browser = await launch(
        playwright, "--use-fake-device-for-media-stream", "--deny-permission-prompts"
    )
    context = await phone_context(browser)
    page = await context.new_page()
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request, base=live.trusted)
    await page.get_by_role("button", name="Start the walk").click()
    await expect(page.locator("#notice")).to_contain_text("not allowed")
    line = await context.new_cdp_session(page)
    await line.send("Network.emulateNetworkConditions", SLOW)
    paths, hashes = files(tmp_path, 1, 2)
    await page.locator("#native-other-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_have_text("0 of 2 safe")
    await expect(page.locator("#safe")).to_have_text("2 safe", timeout=PATIENCE_MILLISECONDS)
    await finish(page)
    assert await stored_hashes(live, request) == hashes
    await browser.close()


async def test_a_tab_killed_at_every_step_loses_nothing(
    live: Live, browser: Browser, tmp_path: Path
) -> None:
    context = await phone_context(browser)
    request = await ask(live.db, live.cast.alice)
    door = live.plain + path_of(live.services, request)
    page = await context.new_page()

    await page.goto(door)
    page = await reopened(context, page, door)  # at the door
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("heading", name="Three things first")).to_be_visible()
    page = await reopened(context, page, live.plain + "/capture/")  # at the cards
    await page.get_by_role("button", name="Got it").click()
    await expect(page.get_by_role("heading", name="Walk round the house")).to_be_visible()
    page = await reopened(context, page, live.plain + "/capture/")  # at the map

    await page.get_by_role("button", name="Right side: no photo yet").click()
    page = await reopened(context, page, live.plain + "/capture/")  # at a spot
    await context.set_offline(True)
    paths, hashes = files(tmp_path, 1, 2)
    await page.locator("#native-input").set_input_files(paths)
    await expect(page.locator("#shots .shot")).to_have_count(2)
    await context.set_offline(False)
    page = await reopened(context, page, live.plain + "/capture/")  # before anything was sent
    await expect(page.locator("#safe")).to_have_text("2 safe", timeout=PATIENCE_MILLISECONDS)

    await page.get_by_role("button", name="I am done").click()
    page = await reopened(context, page, live.plain + "/capture/")  # at the question
    await page.route("**/capture/finish", lambda route: route.abort())
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Send what there is").click()
    await expect(page.get_by_role("heading", name="Sending")).to_be_visible()
    page = await reopened(context, page, live.plain + "/capture/")  # while it finishes
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible(
        timeout=PATIENCE_MILLISECONDS
    )
    page = await reopened(context, page, live.plain + "/capture/")  # when all is done
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()
    assert await stored_hashes(live, request) == hashes
    assert await state_of(live, request) == "complete"
    await context.close()


async def reopened(context: BrowserContext, page: Page, address: str) -> Page:
    """The tab is gone without a word; somebody opens the address again."""
    await page.close()
    page = await context.new_page()
    await page.goto(address)
    return page
