"""A length is marked at the desk, the house is built again, and the old numbers stay."""

import json

import pytest
from playwright.async_api import Browser, expect

from doorstep.kit.db import Role
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.capturing import ask, photo
from tests.measuring import FURNISHED, WITHOUT_SCALE, publish, publish_pictured

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_length_gives_a_house_its_metres_and_the_old_numbers_stay(
    live: Live, browser: Browser, snap: Snap
) -> None:
    alice = live.cast.alice
    job_id = (await ask(live.db, alice)).job_id
    files = {"measurements.json": json.dumps(WITHOUT_SCALE).encode()}
    pictures = dict.fromkeys(("0000.jpg", "0001.jpg"), photo())
    photos = await publish_pictured(
        live.db, live.services, alice, job_id=job_id, files=files, pictures=pictures
    )
    context = await browser.new_context()
    secret = alice.sessions["alice"]
    await context.add_cookies([{"name": "doorstep_session", "value": secret, "url": live.trusted}])
    page = await context.new_page()
    await page.goto(f"{live.trusted}/jobs/{job_id}/lengths")
    await page.get_by_label("What was measured").select_option("wall")
    await page.get_by_label("How long it is").fill("40 ft")
    for number in (1, 2):
        await page.get_by_role("button", name=f"Mark the ends in photo {number}").click()
        await page.get_by_role("button", name="One end.").press("ArrowLeft")
        await snap(page, f"length-{number}")
        await page.get_by_role("button", name="Both ends are right").click()
    await page.get_by_role("button", name="Keep and build again").click()
    await expect(page).to_have_url(f"{live.trusted}/jobs/{job_id}?said=building")
    async with live.db.transaction(Role.APP, org_id=alice.org_id) as tx:
        rows = await tx.fetch(
            "SELECT m.kind, m.metres, e.photo_id::text, e.ax, e.ay, e.bx, e.by FROM measures m"
            " JOIN measure_ends e ON e.org_id = m.org_id AND e.measure_id = m.id"
            " ORDER BY e.photo_id"
        )
    kept = ("wall", pytest.approx(12.192))
    assert [tuple(row) for row in rows] == [
        (*kept, photo_id, 0.399, 0.5, 0.6, 0.5) for photo_id in sorted(photos)
    ]

    known = {"scale": {"source": "known_length", "relative_uncertainty": 0.004}}
    await publish(live.db, live.services, alice, job_id=job_id, record=FURNISHED | known)
    await page.goto(f"{live.trusted}/jobs/{job_id}/measurements")
    section = page.get_by_role("region", name="Sums then and now")
    row = section.get_by_role("row", name="Scale from")
    await expect(row.get_by_role("cell")).to_have_text(["a length that somebody measured", "none"])
    row = section.get_by_role("row", name="Ridges")
    await expect(row.get_by_role("cell")).to_have_text(
        ["40.0\xa0±\xa00.2\xa0ft", "not measured"], use_inner_text=True
    )
    await context.close()
