"""The organization's day at the desk, with keyboard and mouse."""

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from doorstep.auth import actions as auth
from doorstep.auth.scopes import open_scope
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.capturing import ask
from tests.cast import STAGE
from tests.web.conftest import post_lead

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 800}
SOFTWARE_GL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
PASSWORD = "her? on the stair car"
LIVE_SECONDS_MAX = 20


async def desk_page(browser: Browser, live: Live, *, host: str, member: str = "alice") -> Page:
    """A page of a member who is signed in."""
    context = await browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    secret = live.cast.alice.sessions[member]
    await context.add_cookies([{"name": "doorstep_session", "value": secret, "url": host}])
    return await context.new_page()


async def test_in_by_the_link_with_the_keyboard_alone(live: Live, browser: Browser) -> None:
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        secret = await auth.make_sign_in_link(scope, user_id=live.cast.alice.admin_id)
    page = await browser.new_page()
    await page.goto(f"{live.trusted}/sign-in/link/{secret}")
    await expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Password", exact=True)).to_be_focused()
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your password is set.")).to_be_visible()

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="To the content")).to_be_focused()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("E-mail").fill("alice@123456.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    await page.close()


async def test_a_lead_appears_by_itself_and_one_click_asks(
    live: Live, browser: Browser, snap: Snap
) -> None:
    page = await desk_page(browser, live, host=live.trusted)
    await page.goto(f"{live.trusted}/inbox")
    await expect(page.get_by_text("No leads yet")).to_be_visible()
    async with httpx.AsyncClient(base_url=live.trusted) as vendor:
        lead_id = await post_lead(vendor, live.cast.alice)
    row = page.locator(f"#lead-{lead_id}")
    await expect(row).to_be_visible(timeout=LIVE_SECONDS_MAX * 1000)
    await page.keyboard.press("j")
    await expect(row.get_by_role("link", name="Lucille Bluth")).to_be_focused()

    await row.get_by_role("button", name="Ask for photos from Lucille Bluth").click()
    await expect(page.get_by_role("status")).to_have_text(
        "The invitation to Lucille Bluth is on its way."
    )
    await expect(row.get_by_text("Asked")).to_be_visible()
    await snap(page, "desk-inbox")

    await row.get_by_role("link", name="Open the job").click()
    await expect(page.get_by_role("heading", name="Waiting for Lucille Bluth")).to_be_visible()
    await page.get_by_role("link", name="Outbox").click()
    await page.get_by_role("link", name="Invitation").last.click()
    letter = page.frame_locator("iframe.letter")
    await expect(letter.get_by_text("Take the photos").first).to_be_visible()
    await snap(page, "desk-message")
    await page.context.close()


@pytest.mark.slow
async def test_a_job_follows_its_photos_without_a_reload(live: Live, browser: Browser) -> None:
    request = await ask(live.db, live.cast.alice)
    page = await desk_page(browser, live, host=live.trusted)
    await page.goto(f"{live.trusted}/jobs/{request.job_id}")
    await expect(page.get_by_role("heading", name="Waiting for Gob")).to_be_visible()
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        await jobs.move(scope, job_id=request.job_id, to=JobState.PROCESSING_UPLOAD)
    await expect(page.get_by_role("heading", name="The photos are being checked")).to_be_visible(
        timeout=LIVE_SECONDS_MAX * 1000
    )
    # The tabs are links: each has its address, keeps the focus, and Back leads back.
    for name in ("Timeline", "Photos"):
        await page.get_by_role("link", name=name, exact=True).focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=name)).to_be_visible()
        await expect(page).to_have_url(f"{live.trusted}/jobs/{request.job_id}/{name.lower()}")
        await expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    await page.context.close()


@pytest.mark.slow
async def test_the_link_is_copied_over_plain_http_too(live: Live, browser: Browser) -> None:
    request = await ask(live.db, live.cast.alice)
    page = await desk_page(browser, live, host=live.plain)
    await page.goto(f"{live.plain}/jobs/{request.job_id}")
    assert await page.evaluate("navigator.clipboard === undefined")
    await page.get_by_role("button", name="Copy the link").click()
    await expect(page.locator("#said")).to_have_text("Copied.")
    await expect(page.get_by_role("button", name="Copy the link")).to_be_focused()
    await page.context.close()
