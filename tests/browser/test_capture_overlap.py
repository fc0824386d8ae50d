"""Ready to finish: where neighbouring pictures do not overlap, and that nobody is kept from it."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import SPOTS, CaptureRequest
from tests import panorama
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.browser.test_capture_files import state_of, stored_hashes
from tests.browser.test_desk_looks import AXE, faults_of
from tests.capturing import ask, path_of, photo
from tests.cast import STAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT = 27
MISSING = (10, 11, 12)
SECONDS_MAX = 240
MILLISECONDS_MAX = 1000 * SECONDS_MAX
SHEET = "#gap-sheet"
ASK = """fetch("/capture/coverage", {
    method: "POST", headers: {"Content-Type": "application/json"}, body: "{}",
}).then((answer) => answer.json()).then((known) => known.state)"""
STATE = 'fetch("/capture/state").then((answer) => answer.json())'


async def open_map(page: Page, live: Live, request: CaptureRequest) -> None:
    """From the link to the map."""
    await page.goto(live.plain + path_of(live.services, request))
    await page.locator(".door-go button").click()
    await page.locator("#cards-go").click()


async def looks(live: Live) -> list[tuple[str, int, list[list[str]]]]:
    """(state, views, gaps) of everything that was looked at."""
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch(
            "SELECT state, cardinality(views) AS views, gaps FROM coverages "
            "WHERE org_id = $1 ORDER BY id",
            scope.org_id,
        )
    return [(row["state"], row["views"], row["gaps"]) for row in rows]


async def judged(page: Page) -> None:
    """Wait until the server has an answer, however busy the machine is."""
    for _ in range(SECONDS_MAX):
        if await page.evaluate(ASK) == "judged":
            return
        await asyncio.sleep(1)
    pytest.fail("nothing was judged")


async def opened(page: Page) -> list[str]:
    """Wait until the sandbox has seen every photo; their ids."""
    for _ in range(SECONDS_MAX):
        photos = (await page.evaluate(STATE))["photos"]
        if all(one["state"] != "stored" for one in photos):
            return [one["id"] for one in photos]
        await asyncio.sleep(1)
    pytest.fail("not every photo was opened")


async def small_photos(folder: Path, page: Page) -> None:
    """As many photos as a look needs; what they show does not matter."""
    paths = []
    for seed in range(24):
        path = folder / f"{seed:02}.jpg"
        path.write_bytes(photo(seed, width=400, height=400))
        paths.append(path)
    await page.locator("#ways summary").click()
    await page.locator("#library-input").set_input_files(paths)
    await expect(page.locator("#safe")).to_contain_text("24", timeout=MILLISECONDS_MAX)
    await expect(page.locator("#safe")).to_have_attribute(
        "data-all", "true", timeout=MILLISECONDS_MAX
    )


async def done(page: Page) -> None:
    """Everything in is enough, for this person."""
    await page.locator("#finish").click()
    await page.locator("#few-send").click()


async def test_a_missing_run_gets_a_hint_and_its_photos_make_it_go_away(
    live: Live, phone_page: Page, tmp_path: Path, snap: Snap
) -> None:
    page = phone_page
    page.set_default_timeout(MILLISECONDS_MAX)
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request)
    paths = []
    for number, picture in enumerate(panorama.views(COUNT)):
        paths.append(tmp_path / f"IMG_{number:04}.jpg")
        paths[-1].write_bytes(panorama.jpeg(picture))
    for place, spot in enumerate(SPOTS):
        here = [n for n in range(COUNT) if n * 8 // COUNT == place and n not in MISSING]
        if here:
            await page.locator(f".spot-{spot}").click()
            await page.locator("#spot-input").set_input_files([paths[n] for n in here])
            await page.locator("#spot-close").click()
    await expect(page.locator("#safe")).to_have_text("24 safe", timeout=MILLISECONDS_MAX)
    await judged(page)

    await done(page)
    sheet = page.locator(SHEET)
    await expect(sheet).to_be_visible()
    await expect(sheet.locator("li")).to_have_count(1)
    await expect(sheet.locator("li p")).to_have_text(
        "Take one more between the right side and the back right corner."
    )
    await expect(sheet.locator("li img")).to_have_count(2)
    await snap(page, "overlap-hint")

    # Back to the map and again: the answer is there still, and nothing is finished.
    await page.locator("#gap-back").click()
    await expect(page.locator("#view-map")).to_be_visible()
    assert await state_of(live, request) == "connected"
    await done(page)
    await expect(sheet).to_be_visible()

    await sheet.locator("li input").set_input_files([paths[n] for n in MISSING])
    await expect(page.locator("#view-done")).to_be_visible(timeout=MILLISECONDS_MAX)
    assert await state_of(live, request) == "complete"
    assert len(await stored_hashes(live, request)) == COUNT
    for _ in range(SECONDS_MAX):
        known = await looks(live)
        if known[-1][:2] == ("judged", COUNT):
            break
        await asyncio.sleep(1)
    assert [(state, views, len(gaps)) for state, views, gaps in known] == [
        ("judged", 24, 1),
        ("judged", COUNT, 0),
    ]


async def test_nobody_is_kept_from_finishing(live: Live, phone_page: Page, tmp_path: Path) -> None:
    page = phone_page
    page.set_default_timeout(MILLISECONDS_MAX)
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request)
    await small_photos(tmp_path, page)
    answers = ["asked"]

    gap = {"before": "a", "after": "b", "before_spot": "left", "after_spot": "front"}

    async def answer(route: Route) -> None:
        told = answers.pop(0) if len(answers) > 1 else answers[0]
        if told == "broken":
            await route.fulfill(status=500, body="{}")
        else:
            await route.fulfill(json={"state": told, "gaps": [gap] if told == "judged" else []})

    await page.route("**/capture/coverage", answer)
    # While the server looks, the way on is open.
    await done(page)
    await expect(page.locator("#look-leave")).to_be_visible()
    await page.locator("#finish-back").click()
    await expect(page.locator("#view-map")).to_be_visible()

    answers[:] = ["asked", "judged"]
    await done(page)
    await expect(page.locator(f"{SHEET} li p")).to_have_text(
        "Take a few more between the left side and the front, one every few steps."
    )
    await page.reload()
    await expect(page.locator(f"{SHEET} li p")).to_be_visible()
    await page.locator("#gap-finish").click()
    await expect(page.locator("#view-done")).to_be_visible(timeout=MILLISECONDS_MAX)
    assert await state_of(live, request) == "complete"
    await opened(page)
    await page.context.clear_cookies()

    # A server that cannot answer is no reason to stay either.
    answers[:] = ["asked", "broken"]
    request = await ask(live.db, live.cast.alice, email="again@example.com")
    await open_map(page, live, request)
    await small_photos(tmp_path, page)
    await done(page)
    await expect(page.locator("#view-done")).to_be_visible(timeout=MILLISECONDS_MAX)
    assert await state_of(live, request) == "complete"
    await opened(page)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed in frontend/node_modules")
@pytest.mark.parametrize("options", [{"locale": "es-MX"}, {"color_scheme": "dark"}], ids=str)
async def test_the_hint_fits_and_is_accessible(
    live: Live, browser: Browser, snap: Snap, tmp_path: Path, options: dict[str, str]
) -> None:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    page.set_default_timeout(MILLISECONDS_MAX)
    request = await ask(live.db, live.cast.alice)
    await open_map(page, live, request)
    await small_photos(tmp_path, page)
    ids = await opened(page)
    places = [
        ("front", "front-right"),
        ("back-right", "back-right"),
        ("left", "front"),
        (None, None),
    ]
    gaps = [
        {"before": ids[n], "after": ids[n + 1], "before_spot": one, "after_spot": other}
        for n, (one, other) in enumerate(places)
    ]
    state: dict[str, object] = {"state": "asked", "gaps": []}

    async def answer(route: Route) -> None:
        await route.fulfill(json=state)

    await page.route("**/capture/coverage", answer)
    await done(page)
    await expect(page.locator("#look-leave")).to_be_visible()
    faults = [f"looking: {fault}" for fault in await faults_of(page)]
    await snap(page, f"overlap-looking-{next(iter(options.values()))}")
    state.update(state="judged", gaps=gaps)
    await expect(page.locator(f"{SHEET} li")).to_have_count(3)
    for width, height in ((320, 568), (390, 844), (430, 932)):
        await page.set_viewport_size({"width": width, "height": height})
        faults += [f"{width}: {fault}" for fault in await faults_of(page)]
        await snap(page, f"overlap-{next(iter(options.values()))}-{width}")
    # By keyboard: the title first, then the first camera, then on; Escape is a way back.
    await page.keyboard.press("Tab")
    await expect(page.locator(f"{SHEET} li input").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#view-map")).to_be_visible()
    await context.close()
    assert faults == []
