"""The phone compares its place with the house's, on a tap, and keeps its own to itself."""

from typing import Any

import pytest
from playwright.async_api import Page, Request, expect

from doorstep.auth.scopes import open_scope
from doorstep.jobs import place_queries
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.capturing import ask, path_of
from tests.cast import STAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOUSE = (33.6189, -117.9289)


async def test_only_the_answer_leaves_the_phone(live: Live, phone_page: Page, snap: Snap) -> None:
    page, sent = phone_page, list[Any]()

    def note(request: Request) -> None:
        if request.url.endswith("/capture/place"):
            sent.append(request.post_data_json)

    page.on("request", note)
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation(
        {"latitude": HOUSE[0] + 0.0005, "longitude": HOUSE[1], "accuracy": 12}
    )
    request = await ask(live.db, live.cast.alice)
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        await place_queries.put(scope, job_id=request.job_id, latitude=HOUSE[0], longitude=HOUSE[1])
    await page.goto(live.trusted + path_of(live.services, request))
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()
    compare = page.get_by_role("button", name="Compare now")
    await expect(compare).to_be_visible()
    assert sent == []
    await compare.click()
    await expect(page.locator("#place-said")).to_have_text("Yes, this is the place.")
    await compare.scroll_into_view_if_needed()
    await snap(page, "place")

    await page.context.set_geolocation({"latitude": 33.7, "longitude": HOUSE[1], "accuracy": 12})
    await page.get_by_role("checkbox", name="Also send how many metres").check()
    await compare.click()
    await expect(page.locator("#place-said")).to_contain_text("You seem to be somewhere else")
    await page.context.set_geolocation({"latitude": 33.7, "longitude": HOUSE[1], "accuracy": 3000})
    await page.get_by_role("checkbox", name="Also send how many metres").uncheck()
    await compare.click()
    await expect(page.locator("#place-said")).to_have_text("Your phone cannot tell. Just go on.")
    assert sent == [
        {"answer": "yes", "metres": None},
        {"answer": "no", "metres": 9018},
        {"answer": "unknown", "metres": None},
    ]
