"""Every view of the capture on three phones and a wide screen: fits, reads, works by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from doorstep.auth.scopes import open_scope
from doorstep.orgs import faces
from doorstep.photos import logos
from doorstep.web.capture_pages import LANGUAGES
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_capture_files import files
from tests.browser.test_desk_looks import AXE, faults_of
from tests.capturing import ask, path_of
from tests.cast import STAGE
from tests.web.test_organization import picture

pytestmark = pytest.mark.browser

ERASE = re.compile("Delete my data|Borrar mis datos")
LOOKS = (
    pytest.param((320, 568), {"locale": "es-MX"}, id="small-spanish", marks=pytest.mark.slow),
    pytest.param((390, 844), {"color_scheme": "dark"}, id="phone-dark", marks=pytest.mark.slow),
    pytest.param((430, 932), {"contrast": "more"}, id="large-contrast", marks=pytest.mark.slow),
    pytest.param((1280, 800), {}, id="wide", marks=pytest.mark.slow),
)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed in frontend/node_modules")
@pytest.mark.parametrize(("size", "options"), LOOKS)
async def test_every_view_fits_and_is_accessible(
    live: Live,
    browser: Browser,
    snap: Snap,
    tmp_path: Path,
    size: tuple[int, int],
    options: dict[str, str],
) -> None:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    faults: list[str] = []

    async def look(view: str) -> None:
        faults.extend(f"{view}: {fault}" for fault in await faults_of(page))
        await snap(page, f"capture-{view}-{size[0]}")

    await put_face(live)
    request = await ask(live.db, live.cast.alice)
    await page.goto(live.plain + path_of(live.services, request))
    await look("door")
    await page.locator(".door-go button").click()
    await expect(page.locator("#view-cards")).to_be_visible()
    await look("cards")
    await page.locator("#cards-go").click()
    paths, _ = files(tmp_path, 1, 2)
    await page.locator("#native-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_contain_text("2")
    await page.locator("#ways summary").click()
    await look("map")
    await page.locator(".spot-back").click()
    await page.locator("#skip summary").click()
    await look("spot")
    await page.locator("[data-reason=dog]").click()
    await page.locator("#finish").click()
    await look("few")
    await page.locator("#few-send").click()
    await expect(page.locator("#view-done")).to_be_visible()
    await look("done")
    await page.goto(live.plain + path_of(live.services, request))
    await look("ended")
    await page.get_by_role("link", name=ERASE).click()
    await expect(page.locator(".danger")).to_be_visible()
    await look("erase")
    await page.locator(".danger").click()
    await expect(page.locator("#erased")).to_be_visible()
    await look("erased")
    await expect_nothing_kept(page)
    await context.close()
    assert faults == []


async def expect_nothing_kept(page: Page) -> None:
    """The browser's own database has nothing of the capture any more."""
    shots = """new Promise((resolve) => {
        indexedDB.open('doorstep-capture').onsuccess = (event) => {
            const all = event.target.result.transaction('shots').objectStore('shots').getAll();
            all.onsuccess = () => resolve(all.result.length);
        };
    })"""
    for _ in range(100):
        if await page.evaluate(shots) == 0:
            return
        await page.wait_for_timeout(50)
    pytest.fail("the phone still keeps shots")


async def put_face(live: Live) -> None:
    """Everything that an organization may put on its pages."""
    alice = live.cast.alice
    values = {
        "colour": "#8b1e3f",
        "privacy_url": "https://bluth.example/privacy",
        "terms_url": "https://bluth.example/terms",
        "support_phone": "(217) 555-0143",
    }
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        await faces.change(scope, values=values, spoken=LANGUAGES)
        await logos.replace(scope, live.services.storage, content=picture())


async def test_it_works_by_keyboard(live: Live, phone_page: Page) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await page.goto(live.plain + path_of(live.services, request))
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#view-cards")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#view-map")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator(".spot-front")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#spot-sheet")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#spot-sheet")).to_be_hidden()
    await expect(page.locator(".spot-front")).to_be_focused()


@pytest.mark.slow
async def test_the_page_opens_without_a_network_once_it_was_open(
    live: Live, phone_page: Page, tmp_path: Path
) -> None:
    page = phone_page
    request = await ask(live.db, live.cast.alice)
    await page.goto(live.trusted + path_of(live.services, request))
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()
    kept = "caches.match('/capture/').then((page) => Boolean(page))"
    for _ in range(100):
        if await page.evaluate(kept):
            break
        await page.wait_for_timeout(50)
    else:
        pytest.fail("the page was not kept")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("heading", name="Walk round the house")).to_be_visible()
    paths, _ = files(tmp_path, 1)
    await page.locator("#library-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_have_text("0 of 1 safe")
    await page.context.set_offline(False)
    await expect(page.locator("#safe")).to_have_text("1 safe")
