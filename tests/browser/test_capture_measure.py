"""One measure, typed on the phone and marked in two photos, by finger and by keyboard."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_capture_files import files, open_map
from tests.capturing import ask
from tests.cast import STAGE

pytestmark = pytest.mark.browser


async def kept(live: Live, request: CaptureRequest, query: str) -> list[tuple[object, ...]]:
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        tx: Tx = scope.tx
        return [tuple(row) for row in await tx.fetch(query, request.job_id)]


async def type_a_length(page: Page, snap: Snap) -> None:
    """A door of 3 ft 6 in; what is missing is said first."""
    await page.get_by_role("button", name="Add one measure").click()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator("#measure-problem")).to_have_text("Say what you measured.")
    await page.get_by_text("Front door, its width").click()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator("#measure-problem")).to_contain_text("Type a length")
    await page.get_by_label("Feet", exact=True).fill("3")
    await page.get_by_label("Inches", exact=True).fill("6")
    await snap(page, "40-measure")
    await page.get_by_role("button", name="Go on").click()


@pytest.mark.slow
async def test_a_door_is_measured_and_marked_in_two_photos(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request, snap)
    paths, _ = files(tmp_path, 1, 2)
    await page.locator("#native-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_have_text("2 safe")

    await type_a_length(page, snap)
    await expect(page.locator("#ends-left")).to_contain_text("Choose a photo")
    await snap(page, "41-ends-list")
    await page.locator("#ends-shots button").nth(0).click()
    box = await page.locator("#ends").bounding_box()
    assert box is not None
    # A tap puts the nearest end there.
    left, middle = box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"]
    await page.mouse.click(left, middle)
    # A drag moves it about a third as far as the finger goes.
    await page.mouse.move(left, middle)
    await page.mouse.down()
    await page.mouse.move(left + 0.2 * box["width"], middle, steps=4)
    await snap(page, "42-ends-drag")
    await page.mouse.up()
    # The arrow keys move the other one: 10 large steps to the right.
    await page.get_by_role("button", name="The other end").focus()
    for _ in range(10):
        await page.keyboard.press("Shift+ArrowRight")
    await page.get_by_role("button", name="Both ends are right").click()
    await expect(page.locator("#ends-left")).to_contain_text("One more photo")
    await page.locator("#ends-shots button").nth(1).click()
    await page.get_by_role("button", name="Both ends are right").click()
    await expect(page.locator("#ends-left")).to_contain_text("That is enough")
    await snap(page, "43-ends-enough")
    await page.get_by_role("button", name="Done", exact=True).click()
    await expect(page.locator("#measure")).to_have_text("Front door, its width: 3 ft 6 in")

    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name="Send what there is").click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible()

    lengths = "SELECT kind, round(metres::numeric, 4)::text FROM measures WHERE job_id = $1"
    assert await kept(live, request, lengths) == [("front_door", "1.0668")]
    ends = (
        "SELECT p.sequence, round(ax::numeric, 2)::text, round(ay::numeric, 2)::text, "
        "round(bx::numeric, 2)::text, round(by::numeric, 2)::text FROM measure_ends e "
        "JOIN photos p ON p.org_id = e.org_id AND p.id = e.photo_id "
        "WHERE p.job_id = $1 ORDER BY 1"
    )
    assert await kept(live, request, ends) == [
        (100, "0.32", "0.50", "0.80", "0.50"),
        (200, "0.40", "0.50", "0.60", "0.50"),
    ]
