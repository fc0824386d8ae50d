"""The whole capture over plain HTTP, with the phone's own camera through the file input."""

import hashlib
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.captures.sessions import CaptureSession  # noqa: F401  the noun under test
from doorstep.photos import queries
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.capturing import ask, path_of, photo
from tests.cast import STAGE

pytestmark = pytest.mark.browser


async def stored_hashes(live: Live, request: CaptureRequest) -> set[str]:
    """SHA-256 of what the server has."""
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        rows = await queries.hashes_of_request(scope, capture_request_id=request.id)
    return {row["sha256"].hex() for row in rows}


async def state_of(live: Live, request: CaptureRequest) -> str:
    """The request's state."""
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        state: str = await scope.tx.fetchval(
            "SELECT state FROM capture_requests WHERE org_id = $1 AND id = $2",
            scope.org_id,
            request.id,
        )
    return state


def files(folder: Path, *seeds: int) -> tuple[list[Path], set[str]]:
    """Photos on the phone, and their hashes."""
    paths = []
    for seed in seeds:
        path = folder / f"IMG_{seed:04}.jpg"
        path.write_bytes(photo(seed, width=1600, height=1200))
        paths.append(path)
    return paths, {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


async def open_map(page: Page, live: Live, request: CaptureRequest, snap: Snap) -> None:
    """From the message to the map of spots."""
    await page.goto(live.plain + path_of(live.services, request))
    await snap(page, "01-door")
    await page.get_by_role("button", name="Start").click()
    await expect(page).to_have_url(live.plain + "/capture/")
    await expect(page.get_by_role("heading", name="Three things first")).to_be_visible()
    await snap(page, "02-cards")
    await page.get_by_role("button", name="Got it").click()
    await expect(page.get_by_role("heading", name="Walk round the house")).to_be_visible()
    await snap(page, "03-map-empty")


async def test_photos_from_the_link_to_all_safe(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request, snap)
    taken: set[str] = set()

    paths, hashes = files(tmp_path, 1)
    await page.locator("#native-input").set_input_files(paths)
    taken |= hashes
    await expect(page.locator(".spot-front")).to_have_attribute("data-state", "safe")
    await expect(page.locator("#next")).to_have_text("Next: Front right corner")
    await snap(page, "04-map-one")

    await page.get_by_role("button", name="Right side: no photo yet").click()
    await snap(page, "05-spot")
    paths, hashes = files(tmp_path, 2, 3)
    await page.locator("#spot-input").set_input_files(paths)
    taken |= hashes
    await expect(page.locator("#spot-shots .shot[data-state=safe]")).to_have_count(2)
    await snap(page, "06-spot-photos")
    await page.get_by_role("button", name="Close").click()

    await page.get_by_role("button", name="Back: no photo yet").click()
    await page.get_by_text("I can't get here").click()
    await snap(page, "07-skip")
    await page.get_by_role("button", name="Dog").click()
    await expect(page.locator(".spot-back")).to_have_attribute("data-state", "skipped")

    await page.reload()
    await expect(page.locator(".spot-back")).to_have_attribute("data-state", "skipped")
    await expect(page.locator("#shots .shot")).to_have_count(3)

    await page.locator("summary", has_text="Other ways").click()
    paths, hashes = files(tmp_path, 4, 5, 6)
    await page.locator("#library-input").set_input_files(paths)
    taken |= hashes
    await expect(page.locator("#safe")).to_have_text("6 safe")
    await snap(page, "08-map-many")

    await page.get_by_role("button", name="I am done").click()
    await expect(page.get_by_role("heading", name="A model needs more photos")).to_be_visible()
    await snap(page, "09-few")
    await page.get_by_role("button", name="Send what there is").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()
    await page.wait_for_timeout(300)
    await snap(page, "10-done")
    assert await stored_hashes(live, request) == taken
    assert await state_of(live, request) == "complete"

    await page.goto(live.plain + path_of(live.services, request))
    await snap(page, "11-link-after")
    await page.get_by_role("link", name="Look at them").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()


async def test_offline_in_the_middle_loses_nothing(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice, email="offline@example.com")
    await open_map(page, live, request, snap)
    await page.context.set_offline(True)
    paths, hashes = files(tmp_path, 11, 12)
    await page.locator("#native-input").set_input_files(paths)
    await expect(page.locator(".spot-front")).to_have_attribute("data-state", "kept")
    await expect(page.locator("#notice")).to_contain_text("No network")
    await snap(page, "20-offline")
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Send what there is").click()
    await expect(page.get_by_role("heading", name="Sending")).to_be_visible()
    await snap(page, "21-sending-offline")
    assert await stored_hashes(live, request) == set()
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()
    assert await stored_hashes(live, request) == hashes
