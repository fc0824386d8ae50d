"""The data saver: the phone sends smaller photos, and the server has what was sent."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from doorstep.auth.scopes import open_scope
from tests.browser.live import Live
from tests.capturing import ask, path_of, photo
from tests.cast import STAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAVING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
SHOTS = """new Promise((resolve) => {
    indexedDB.open('doorstep-capture').onsuccess = (event) => {
        const all = event.target.result.transaction('shots').objectStore('shots').getAll();
        all.onsuccess = () => resolve(all.result.map((shot) => shot.sha256));
    };
})"""


async def test_it_follows_the_phone_until_somebody_chooses(
    live: Live, phone_page: Page, tmp_path: Path
) -> None:
    page = phone_page
    await page.add_init_script(SAVING)
    request = await ask(live.db, live.cast.alice)
    large = photo(1, width=2400, height=1800)
    paths = [tmp_path / "one.jpg", tmp_path / "two.jpg"]
    paths[0].write_bytes(large)
    paths[1].write_bytes(photo(2, width=2400, height=1800))

    await page.goto(live.plain + path_of(live.services, request))
    await expect(page.get_by_text("About 20 MB (data saver 6 MB)")).to_be_visible()
    await page.get_by_role("button", name="Start").click()
    saver = page.locator("#view-cards").get_by_role("checkbox", name="Data saver")
    await expect(saver).to_be_checked()
    await page.get_by_role("button", name="Got it").click()
    await page.locator("#native-input").set_input_files(paths[0])
    await expect(page.locator("#safe")).to_have_text("1 safe")

    await page.locator("#ways summary").click()
    again = page.locator("#ways").get_by_role("checkbox", name="Data saver")
    await again.uncheck()
    await page.locator("#native-input").set_input_files(paths[1])
    await expect(page.locator("#safe")).to_have_text("2 safe")
    await page.reload()
    await page.locator("#ways summary").click()
    await expect(again).not_to_be_checked()

    kept = await page.evaluate(SHOTS)
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch("SELECT sha256, bytes, original_key FROM photos ORDER BY id")
    assert [row["sha256"].hex() for row in rows] == sorted(
        kept, key=[row["sha256"].hex() for row in rows].index
    )
    assert rows[0]["bytes"] < len(large) / 3
    assert rows[1]["bytes"] == paths[1].stat().st_size
    sent = await live.services.storage.get(rows[0]["original_key"])
    assert size_of(sent) == (1280, 960)


def size_of(content: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(content)) as opened:
        return opened.size
