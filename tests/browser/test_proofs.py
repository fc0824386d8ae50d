"""A number is chosen, by mouse, by keys or by another part of the page: its photos are shown."""

import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_desk_looks import LOOKS, faults_of
from tests.capturing import ask, photo
from tests.measuring import WITHOUT_SCALE, publish, publish_pictured
from tests.web.test_proofs import EVIDENCE, MEASURED, NAMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
async def house(live: Live) -> str:
    """The address of a job that was measured twice."""
    alice = live.cast.alice
    job_id = (await ask(live.db, alice)).job_id
    await publish(live.db, live.services, alice, job_id=job_id, record=WITHOUT_SCALE)
    await publish_pictured(
        live.db,
        live.services,
        alice,
        job_id=job_id,
        files={
            "measurements.json": json.dumps(MEASURED).encode(),
            "evidence.json": json.dumps(EVIDENCE).encode(),
        },
        pictures=dict.fromkeys(NAMES, photo()),
    )
    return f"{live.trusted}/jobs/{job_id}"


async def signed_in(live: Live, browser: Browser, **options: object) -> BrowserContext:
    context = await browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
    secret = live.cast.alice.sessions["amy"]
    await context.add_cookies([{"name": "doorstep_session", "value": secret, "url": live.trusted}])
    return context


@pytest.fixture
async def page(live: Live, browser: Browser) -> AsyncIterator[Page]:
    """Amy's browser; it fails the test when a script of ours fails."""
    context = await signed_in(live, browser)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert errors == []


async def test_a_number_is_chosen_by_keys_and_left_again(page: Page, house: str) -> None:
    await page.goto(f"{house}/measurements")
    await page.evaluate(
        "document.addEventListener('house:chosen', (e) => (window.told = e.detail.id))"
    )
    link = page.get_by_role("link", name="W-1", exact=True)
    await link.focus()
    await page.keyboard.press("Enter")

    panel = page.get_by_role("region", name="Window W-1 Window in SI-1")
    await expect(panel).to_be_visible()
    await expect(page.locator("#proof-title")).to_be_focused()
    await expect(panel.get_by_role("img")).to_have_count(1)
    await expect(panel).to_contain_text("48.0 ± 1.3 in")
    assert await page.evaluate("window.told") == "W-1"
    await expect(page.locator("tr.is-chosen")).to_contain_text("W-1")
    assert page.url == f"{house}/measurements"

    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(link).to_be_focused()
    assert await page.evaluate("window.told") == ""


async def test_another_part_of_the_page_chooses(page: Page, house: str) -> None:
    await page.goto(house)
    choose = "(id) => document.dispatchEvent(new CustomEvent('house:chosen', {detail: {id}}))"
    await page.evaluate(choose, "E-6")
    panel = page.locator("#proof")
    await expect(panel).to_contain_text("Ridge E-6")
    await expect(panel.locator("svg image")).to_have_count(2)

    await page.get_by_role("link", name="RF-2").click()
    await expect(panel).to_contain_text("Roof RF-2")
    await page.evaluate(choose, "E-99")
    await expect(panel).to_contain_text("Roof RF-2")
    await page.evaluate(choose, "")
    await expect(panel).to_be_hidden()


async def test_without_a_script_it_is_a_page_of_its_own(
    live: Live, browser: Browser, house: str
) -> None:
    context = await signed_in(live, browser, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{house}/measurements")
    await page.get_by_role("link", name="W-1", exact=True).click()
    assert page.url == f"{house}/measurements/W-1"
    await expect(page.get_by_role("heading", name="Window W-1")).to_be_visible()
    await page.get_by_role("link", name="Garage door D-1").click()
    await expect(page.get_by_role("heading", name="Garage door D-1")).to_be_visible()
    await context.close()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_how_it_looks(
    live: Live, browser: Browser, house: str, snap: Snap, size: tuple[int, int], scheme: str
) -> None:
    context = await signed_in(
        live, browser, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = await context.new_page()
    await page.goto(f"{house}/measurements/SI-2")
    faults = await faults_of(page)
    await snap(page, f"proof-page-{size[0]}-{scheme}")
    await page.goto(f"{house}/measurements")
    await page.get_by_role("link", name="RF-1", exact=True).click()
    await expect(page.locator("#proof svg image")).to_have_count(2)
    faults += await faults_of(page)
    await page.get_by_role("heading", name="Earlier measurements").scroll_into_view_if_needed()
    await snap(page, f"earlier-{size[0]}-{scheme}")
    await page.locator("#proof").scroll_into_view_if_needed()
    await snap(page, f"proof-panel-{size[0]}-{scheme}")
    await context.close()
    assert faults == []
