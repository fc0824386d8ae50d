"""The inbox worked through with the keyboard alone."""

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_desk import desk_page
from tests.web.conftest import post_lead

pytestmark = pytest.mark.browser


async def inbox_of_two(live: Live, browser: Browser) -> tuple[Page, Locator, Locator]:
    """The inbox with Lucille and, above her, Buster."""
    async with httpx.AsyncClient(base_url=live.trusted) as vendor:
        lucille = await post_lead(vendor, live.cast.alice)
        buster = await post_lead(
            vendor, live.cast.alice, First="Buster", Primary="4805550177", Email="", ID="B-8"
        )
    page = await desk_page(browser, live, host=live.trusted)
    await page.goto(f"{live.trusted}/inbox")
    return page, page.locator(f"#lead-{lucille}"), page.locator(f"#lead-{buster}")


async def test_keys_decide_and_take_back(live: Live, browser: Browser, snap: Snap) -> None:
    page, lucille, buster = await inbox_of_two(live, browser)
    said = page.locator("#said")
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    await expect(said).to_contain_text("Buster Bluth was marked as contacted.")
    await expect(buster.get_by_text("Contacted")).to_be_visible()
    await expect(buster.get_by_role("link", name="Buster Bluth")).to_be_focused()
    await snap(page, "triage-contacted")
    await page.keyboard.press("u")
    await expect(said).to_have_text("Taken back: Buster Bluth is open again.")
    await expect(buster.get_by_text("New", exact=True)).to_be_visible()

    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await expect(lucille.get_by_text("Qualified")).to_be_visible()
    await expect(said.get_by_role("button", name="Undo")).to_be_visible()
    await page.context.close()


async def test_a_reason_is_chosen_by_keys(live: Live, browser: Browser, snap: Snap) -> None:
    page, lucille, buster = await inbox_of_two(live, browser)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    sheet = page.get_by_role("dialog", name="Why reject Buster Bluth?")
    await expect(sheet.get_by_role("radio", name="Cannot be reached")).to_be_focused()
    await snap(page, "triage-why")
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(buster.get_by_text("New", exact=True)).to_be_visible()

    await page.keyboard.press("x")
    await page.keyboard.press("8")
    await page.keyboard.press("Enter")
    await expect(sheet.get_by_label("Note")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("7")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Mickey Mouse 1")
    await page.keyboard.press("Enter")
    await expect(page.locator("#said")).to_contain_text("Buster Bluth was marked as rejected.")
    await expect(buster.get_by_text("Rejected")).to_be_visible()
    await expect(lucille.get_by_text("New", exact=True)).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Fake or spam: Mickey Mouse 1")).to_be_visible()
    await page.context.close()


@pytest.mark.slow
async def test_who_was_slower_is_told(live: Live, browser: Browser) -> None:
    page, _, buster = await inbox_of_two(live, browser)
    await page.route("**/inbox/rows*", lambda route: route.abort())
    lead_id = await buster.get_attribute("data-lead")
    await page.request.post(
        f"{live.trusted}/leads/{lead_id}/dispositions",
        form={"disposition": "signed"},
        headers={"origin": live.trusted},
    )
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    await expect(page.locator("#said")).to_have_text(
        "In the meantime the lead was marked as signed; nothing was changed."
    )
    await page.context.close()


@pytest.mark.slow
async def test_a_lead_that_leaves_the_list_hands_its_focus_on(live: Live, browser: Browser) -> None:
    page, lucille, buster = await inbox_of_two(live, browser)
    await page.goto(f"{live.trusted}/inbox?show=waiting")
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    await expect(buster).to_be_hidden()
    await expect(lucille.get_by_role("link", name="Lucille Bluth")).to_be_focused()
    await page.keyboard.press("u")
    await expect(buster).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys of the inbox")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Keys of the inbox")).to_be_hidden()
    await page.context.close()
