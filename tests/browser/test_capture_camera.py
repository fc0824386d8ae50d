"""The camera in the page, fed with a film: it walks, keeps frames by itself, takes stills."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.async_api import Playwright, expect

from tests.browser.conftest import Snap, launch, phone_context
from tests.browser.live import Live
from tests.browser.test_capture_files import state_of, stored_hashes
from tests.capturing import ask, path_of

pytestmark = pytest.mark.browser

# A prime: frames kept at even times do not meet the same ones in the next round.
FRAMES = 127
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def film(path: Path, *, width: int = 1280, height: int = 720) -> Path:
    """Motion JPEG of a camera that goes round walls of bricks; no two frames are alike."""
    rng = np.random.default_rng(3)
    bricks = rng.integers(40, 220, (height // 20, 3 * width // 40, 3), dtype=np.uint8)
    walls = cv2.resize(bricks, (3 * width, height), interpolation=cv2.INTER_NEAREST)
    with path.open("wb") as out:
        for number in range(FRAMES):
            view = np.roll(walls, -number * 3 * width // FRAMES, axis=1)[:, :width]
            out.write(cv2.imencode(".jpg", np.ascontiguousarray(view))[1].tobytes())
    return path


@pytest.mark.slow
async def test_the_walk_keeps_frames_by_itself_and_stills_by_hand(
    live: Live, playwright: Playwright, tmp_path: Path, snap: Snap
) -> None:
    source = film(tmp_path / "walk.mjpeg")
    browser = await launch(playwright, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={source}")
    context = await phone_context(browser, permissions=["camera"])
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    request = await ask(live.db, live.cast.alice)
    await page.goto(live.trusted + path_of(live.services, request))
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()
    await snap(page, "30-map-camera")
    await page.get_by_role("button", name="Start the walk").click()
    await expect(page.locator("#camera-hint")).to_have_text(
        "Walk slowly. Pictures are taken by themselves."
    )
    await expect(page.locator("#camera-count")).to_have_text("2")
    await snap(page, "31-camera-walk")
    await expect(page.locator("#shutter")).to_have_class("shutter is-due", timeout=30_000)
    await expect(page.locator("#camera-hint")).to_contain_text("Stop here: Front right corner")
    await snap(page, "32-camera-stand")
    await page.get_by_role("button", name="Take a photo").click()
    await expect(page.locator("#camera-hint")).to_have_text("Kept.")
    await page.get_by_role("button", name="Pause").click()
    await page.set_viewport_size({"width": 844, "height": 390})
    await snap(page, "33-camera-sideways")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator(".spot-front-right")).not_to_have_attribute("data-state", "none")
    taken = int(await page.locator("#shots .shot").count())
    await expect(page.locator("#safe")).to_have_text(f"{taken} safe")
    await snap(page, "34-map-after-walk")
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Send what there is").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()
    assert len(await stored_hashes(live, request)) == taken
    assert await state_of(live, request) == "complete"
    assert errors == []
    await browser.close()


@pytest.mark.slow
async def test_a_camera_that_is_denied_leads_to_the_phones_own(
    live: Live, playwright: Playwright, snap: Snap
) -> None:
    browser = await launch(
        playwright, "--use-fake-device-for-media-stream", "--deny-permission-prompts"
    )
    context = await phone_context(browser)
    page = await context.new_page()
    request = await ask(live.db, live.cast.alice)
    await page.goto(live.trusted + path_of(live.services, request))
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()
    await page.get_by_role("button", name="Start the walk").click()
    await expect(page.locator("#notice")).to_contain_text("not allowed")
    await expect(page.get_by_text("Use the phone's own camera", exact=True)).to_be_visible()
    await snap(page, "35-camera-denied")
    await browser.close()
