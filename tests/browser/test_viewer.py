"""The viewer of a model at the desk: chosen, measured, cut, looked through, and when there is none.

The house is 8 m wide, 5 m deep, 5 m high, its front red, its right end green, its roof purple.
"""

import io
from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Browser, Locator, Page, Playwright, expect

from doorstep.auth.scopes import open_scope
from tests.browser.conftest import Snap, launch
from tests.browser.live import Live
from tests.browser.test_desk import SOFTWARE_GL, desk_page
from tests.browser.test_desk_looks import AXE, POLICY, faults_of
from tests.cast import STAGE
from tests.houses import block
from tests.modelled import add_building, built_job

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READY = ".viewer[data-state=ready]"
SEEN_MILLIS_MAX = 60_000
SIZES = "width 26.2 ± 0.2 ft (8.00 ± 0.06 m), height 9.8 ± 0.2 ft (3.00 ± 0.06 m)"
NOT_LISTED = "All numbers are in the list below."
LISTEN = """window.told = [];
    document.addEventListener("house:chosen", (event) => window.told.push(event.detail.id));
    window.drawn = 0;
    document.addEventListener("house:drawn", () => { window.drawn += 1; });"""
# What the last key asked for is drawn in the next frame, and does not count.
THIRTY_FRAMES = """async () => {
    const frames = async (count) => {
        for (let n = 0; n < count; n += 1) await new Promise(requestAnimationFrame);
    };
    await frames(2);
    const before = window.drawn;
    await frames(30);
    return window.drawn - before;
}"""

Colour = Callable[[NDArray[np.int64]], NDArray[np.bool_]]


@pytest.fixture
async def drawing(playwright: Playwright) -> AsyncIterator[Browser]:
    """A browser that draws in 3D, by software."""
    started = await launch(playwright, *SOFTWARE_GL)
    yield started
    await started.close()


async def open_model(live: Live, browser: Browser, job_id: int) -> Page:
    """The job's page with its model drawn, on a screen whose owner wants no motion."""
    page = await desk_page(browser, live, host=live.trusted)
    await page.emulate_media(reduced_motion="reduce")
    await page.add_init_script(LISTEN)
    await page.goto(f"{live.trusted}/jobs/{job_id}")
    await page.locator(".viewer-stage").scroll_into_view_if_needed()
    await expect(page.locator(READY)).to_be_visible(timeout=SEEN_MILLIS_MAX)
    return page


def red(rgb: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (rgb[..., 0] > 2 * rgb[..., 1]) & (rgb[..., 0] > 2 * rgb[..., 2])


def green(rgb: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (rgb[..., 1] > 1.8 * rgb[..., 0]) & (rgb[..., 1] > 1.8 * rgb[..., 2])


def purple(rgb: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (rgb[..., 0] > 1.8 * rgb[..., 1]) & (rgb[..., 2] > 1.8 * rgb[..., 1])


async def seen(view: Locator, colour: Colour) -> NDArray[np.bool_]:
    """Where in the picture a colour is."""
    with Image.open(io.BytesIO(await view.screenshot())) as picture:
        return colour(np.asarray(picture.convert("RGB")).astype(np.int64))


async def middle_of(view: Locator, colour: Colour) -> dict[str, float]:
    """The pixel in the middle of all that has a colour."""
    rows, columns = np.nonzero(await seen(view, colour))
    return {"x": float(np.median(columns)), "y": float(np.median(rows))}


def part(page: Page, name: str) -> Locator:
    return page.locator(f".viewer-list [data-part={name}]")


async def test_a_part_is_chosen_in_the_picture_in_the_list_and_elsewhere(
    live: Live, drawing: Browser, snap: Snap
) -> None:
    request = await built_job(live, files=block.files(), taken=block.photos())
    page = await open_model(live, drawing, request.job_id)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if POLICY in said.text else None)
    view, said = page.locator(".viewer-view"), page.locator(".viewer-said")
    await page.get_by_role("button", name="Front", exact=True).click()
    assert (await seen(view, green)).sum() == 0
    await view.click(position=await middle_of(view, red))  # type: ignore[arg-type]
    await expect(said).to_contain_text(f"Wall SI-1, Front: {SIZES}")
    await expect(part(page, "SI-1")).to_have_attribute("aria-pressed", "true")
    rows, columns = np.nonzero(await seen(view, red))
    # The window's middle is at seven tenths of the front, half way up.
    window = {
        "x": float(columns.min() + 0.7 * (columns.max() - columns.min())),
        "y": float(rows.min() + rows.max()) / 2,
    }
    await view.click(position=window)  # type: ignore[arg-type]
    await expect(said).to_contain_text("Window W-1")
    await view.click(position=await middle_of(view, purple))  # type: ignore[arg-type]
    await expect(said).to_contain_text("Roof RF-1, Front: pitch 38.7 ± 0.3°")

    await view.focus()
    await page.keyboard.press("2")
    assert (await seen(view, green)).mean() > 0.05
    assert (await seen(view, red)).sum() == 0
    # A quarter of the way round, in steps of ten degrees.
    for _ in range(9):
        await page.keyboard.press("ArrowLeft")
    assert (await seen(view, green)).sum() == 0
    await part(page, "W-1").focus()
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("Window W-1")
    assert (await seen(view, red)).mean() > 0.05
    await page.evaluate(
        "document.dispatchEvent(new CustomEvent('house:chosen', { detail: { id: 'E-3' } }))"
    )
    await expect(said).to_have_text("Ridge E-3: length 26.2 ± 0.2 ft (8.00 ± 0.06 m).")
    await expect(part(page, "E-3")).to_be_visible()
    await view.focus()
    await page.keyboard.press("Escape")
    assert await page.evaluate("window.told") == ["SI-1", "W-1", "RF-1", "W-1", "E-3", ""]

    assert await page.evaluate(THIRTY_FRAMES) == 0
    for name in ("Lengths", "Measure", "Cut", "Photos"):
        await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.locator(".viewer-label:visible").first).to_contain_text("ft")
    await snap(page, "viewer-tools")
    if AXE.exists():
        assert await faults_of(page) == []
    assert refused == []
    await page.context.close()


async def test_lengths_are_measured_and_the_house_is_cut(
    live: Live, drawing: Browser, snap: Snap
) -> None:
    request = await built_job(live, files=block.files(), taken=block.photos())
    page = await open_model(live, drawing, request.job_id)
    view, said = page.locator(".viewer-view"), page.locator(".viewer-said")
    await page.get_by_role("button", name="Front", exact=True).click()
    rows, columns = np.nonzero(await seen(view, red))
    left, right, low = int(columns.min()), int(columns.max()), int(rows.max())
    await page.get_by_role("button", name="Measure", exact=True).click()
    for x in (left + 2, right - 2):
        await view.click(position={"x": x, "y": low - 2})
    await expect(said).to_have_text(
        "26.2 ± 0.2 ft (8.00 ± 0.06 m): the whole of Base E-1, as the record has it."
    )
    await snap(page, "viewer-measured")
    await page.get_by_label("From", exact=True).select_option("Wall SI-1, corner 1")
    await page.get_by_label("To", exact=True).select_option("Wall SI-1, corner 3")
    await expect(said).to_contain_text("28.0 ± 0.3 ft (8.54 ± 0.08 m) in a straight line.")
    await page.get_by_role("button", name="Metres").click()
    await expect(page.locator(".viewer-label.measured")).to_have_text("8.54 ± 0.08 m")
    await page.get_by_role("button", name="Reset").click()
    await expect(page.locator(".viewer-label.measured")).to_be_hidden()

    assert (await seen(view, purple)).mean() > 0.03
    await page.get_by_role("button", name="Cut", exact=True).click()
    await page.get_by_label("Cut", exact=True).select_option("By height")
    await expect(page.locator(".viewer-panel [data-viewer=cut-said]")).to_have_text(
        "Cut 2.50 m above the ground."
    )
    assert (await seen(view, purple)).sum() == 0
    assert (await seen(view, red)).mean() > 0.03
    await page.get_by_role("button", name="Reset").click()
    assert (await seen(view, purple)).mean() > 0.03
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Save picture").click()
    assert (await saved.value).suggested_filename == "model.png"
    with Image.open(await (await saved.value).path()) as picture:
        assert red(np.asarray(picture.convert("RGB")).astype(np.int64)).mean() > 0.03
    await page.context.close()


async def test_a_photo_is_looked_through_from_where_it_was_taken(
    live: Live, drawing: Browser, snap: Snap
) -> None:
    request = await built_job(live, files=block.files(), taken=block.photos())
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        right_end = await scope.tx.fetchval(
            "SELECT id FROM photos WHERE org_id = $1 AND job_id = $2 AND sequence = 1",
            scope.org_id,
            request.job_id,
        )
    page = await open_model(live, drawing, request.job_id)
    view = page.locator(".viewer-view")
    await page.get_by_role("button", name="Photos", exact=True).click()
    await page.get_by_label("Photo", exact=True).select_option("Photo 2")
    link = page.get_by_role("link", name="Open the photo")
    await expect(link).to_have_attribute("href", f"/photos/{right_end}/display")
    await page.get_by_role("button", name="Look through it").click()
    over = page.locator(".viewer-photo")
    await expect(over).to_have_attribute("src", f"/photos/{right_end}/display")
    await expect(page.locator(".viewer-said")).to_have_text(
        "You look through photo 2, from where it was taken."
    )
    await snap(page, "viewer-through-a-photo")
    await page.get_by_label("Photo over the model").fill("0")
    assert (await seen(view, red)).sum() == 0
    assert (await seen(view, green)).mean() > 0.05
    await view.focus()
    await page.keyboard.press("ArrowLeft")
    await expect(over).to_be_hidden()
    await page.context.close()


async def test_another_building_without_a_scale_has_no_number(live: Live, drawing: Browser) -> None:
    request = await built_job(live, files=block.files(), taken=block.photos())
    await add_building(
        live, job_id=request.job_id, structure="garage", files=block.files(scale="none")
    )
    page = await open_model(live, drawing, request.job_id)
    await page.get_by_role("button", name="Garage").click()
    garage = page.locator(f"{READY}[data-building=garage]")
    await expect(garage).to_be_visible(timeout=SEEN_MILLIS_MAX)
    await expect(page.get_by_role("button", name="Garage")).to_be_focused()
    assert await page.locator("canvas").count() == 1
    view, said = page.locator(".viewer-view"), page.locator(".viewer-said")
    await page.get_by_role("button", name="Front", exact=True).click()
    await view.click(position=await middle_of(view, red))  # type: ignore[arg-type]
    await expect(said).to_have_text("Wall SI-1, Front: no size, because the photos have no scale.")
    await expect(page.get_by_role("button", name="Lengths")).to_be_hidden()
    await page.get_by_role("button", name="Measure", exact=True).click()
    await expect(said).to_contain_text("These photos have no scale, so no length can be measured.")
    await page.get_by_role("button", name="Cut", exact=True).click()
    await page.get_by_label("Cut", exact=True).select_option("By height")
    told = await page.locator(".viewer").inner_text()
    assert "Cut 50 % above the ground." in told
    assert not any(
        unit in told.replace("\N{NO-BREAK SPACE}", " ") for unit in (" ft", " m ", " m²")
    )
    # The numbers beside the picture are the house's, and are not told of a garage's walls.
    assert await page.evaluate("window.told") == []
    await page.context.close()


async def test_what_cannot_be_drawn_is_said_and_the_list_stays(
    live: Live, drawing: Browser, playwright: Playwright
) -> None:
    whole = block.files()
    broken = await built_job(live, files=whole | {"model.glb": b"glTF and more"}, taken={})
    large = await built_job(live, files=whole, taken={})
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE build_files f SET bytes = 8000001 FROM builds b WHERE f.org_id = $1 "
            "AND b.org_id = f.org_id AND b.id = f.build_id AND b.job_id = $2 AND f.name = 'model.glb'",
            scope.org_id,
            large.job_id,
        )
    flat = await launch(playwright, "--disable-3d-apis")
    for browser, job_id, words in (
        (drawing, broken.job_id, "The model's file could not be read."),
        (drawing, large.job_id, "This model is larger than 8 MB and is not drawn here."),
        (flat, large.job_id, "This browser cannot draw in 3D here."),
    ):
        page = await desk_page(browser, live, host=live.trusted)
        await page.add_init_script(LISTEN)
        await page.goto(f"{live.trusted}/jobs/{job_id}")
        await expect(page.locator(".viewer-told")).to_contain_text(words)
        await expect(page.locator(".viewer-told")).to_contain_text(NOT_LISTED)
        await expect(page.locator(".viewer-tools").first).to_be_hidden()
        await part(page, "SI-1").click()
        await expect(page.locator(".viewer-said")).to_contain_text("26.2 ± 0.2 ft")
        assert await page.evaluate("window.told") == ["SI-1"]
        await page.context.close()
    await flat.close()
