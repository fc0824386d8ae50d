"""A garage in the same capture: the map is the garage's, and the server knows which is which."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from doorstep.auth.scopes import open_scope
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_capture_files import files
from tests.capturing import ask, path_of
from tests.cast import STAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_garage_has_spots_of_its_own(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    paths, _ = files(tmp_path, 1, 2, 3)
    await page.goto(live.plain + path_of(live.services, request))
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()
    await page.locator("#native-input").set_input_files(paths[0])
    await expect(page.locator(".spot-front")).to_have_attribute("data-state", "safe")

    await page.get_by_text("A garage or shed too?").click()
    await page.get_by_role("button", name="Garage").click()
    await expect(page.get_by_role("heading", name="Walk round: Garage")).to_be_visible()
    await expect(page.locator(".spot-front")).to_have_attribute("data-state", "none")
    await page.locator("#native-input").set_input_files(paths[1:])
    await expect(page.locator(".spot-front")).to_have_attribute("data-state", "safe")
    await expect(page.get_by_role("button", name="Garage (2)")).to_be_visible()
    await snap(page, "structures")
    await page.reload()
    await expect(page.get_by_role("heading", name="Walk round: Garage")).to_be_visible()
    await page.get_by_role("button", name="House (1)").click()
    await expect(page.get_by_role("heading", name="Walk round the house")).to_be_visible()
    await expect(page.locator("#shots .shot")).to_have_count(1)

    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch("SELECT structure, spot FROM photos ORDER BY sequence")
    assert [tuple(row) for row in rows] == [
        ("house", "front"),
        ("garage", "front"),
        ("garage", "front"),
    ]
