"""Photos open large, by keyboard alone: on the desk and for a partner, who sees the model too."""

import pytest
from playwright.async_api import Browser, Playwright, expect

from doorstep.auth.scopes import open_scope
from doorstep.jobs import partner_links
from tests.browser.conftest import Snap, launch
from tests.browser.live import Live
from tests.browser.test_desk import SOFTWARE_GL
from tests.browser.test_desk_looks import faults_of, put_photos
from tests.capturing import ask
from tests.cast import STAGE
from tests.houses import block
from tests.modelled import built_job

SEEN_MILLIS_MAX = 60_000

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_photos_open_large_by_keyboard(live: Live, browser: Browser, snap: Snap) -> None:
    made = await ask(live.db, live.cast.alice)
    await put_photos(live, made.job_id)
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        link = await partner_links.make(
            scope, job_id=made.job_id, recipient="Acme", note="", shows=["photos"], days=7
        )
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    secret = live.cast.alice.sessions["alice"]
    await context.add_cookies([{"name": "doorstep_session", "value": secret, "url": live.trusted}])
    page = await context.new_page()
    partner = partner_links.link_for(live.services.signer, "", link=link)
    for path in (f"/jobs/{made.job_id}/photos", partner):
        await page.goto(live.trusted + path)
        first = page.get_by_role("link", name="Front, photo 1 of ")
        await first.focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Photo")
        await expect(dialog.get_by_role("img", name="Front, photo 1 of ")).to_be_visible()
        await page.keyboard.press("ArrowRight")
        shown = dialog.get_by_role("img", name="Front, photo 2 of ")
        await expect(shown).to_be_visible()
        await expect(shown).to_have_js_property("naturalWidth", value=640)
        assert await faults_of(page) == []
        await snap(page, "picture")
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await expect(page.get_by_role("link", name="Front, photo 2 of ")).to_be_focused()
    await page.goto(live.trusted + "/jobs")
    card = page.locator(".house")
    assert await card.evaluate("e => e.querySelector('.picture').offsetWidth - e.clientWidth") == 0
    await context.close()


async def test_a_partner_sees_the_model(live: Live, playwright: Playwright, snap: Snap) -> None:
    built = await built_job(live, files=block.files(), taken={})
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        link = await partner_links.make(
            scope,
            job_id=built.job_id,
            recipient="Acme",
            note="",
            shows=["address", "model", "measurements"],
            days=7,
        )
    browser = await launch(playwright, *SOFTWARE_GL)
    page = await browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(live.trusted + partner_links.link_for(live.services.signer, "", link=link))
    viewer = page.locator("model-viewer")
    await expect(viewer).to_have_js_property("modelIsVisible", value=True, timeout=SEEN_MILLIS_MAX)
    await snap(page, "partner-model")
    assert errors == []
    await browser.close()
