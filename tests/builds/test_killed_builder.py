"""A builder goes in the middle of a build; the next one takes the build up and ends it."""

import json
import os
import signal
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.capturing import Phone
from tests.cli.running import Running, up
from tests.houses.album import Order, write_album
from tests.processes import until

pytestmark = pytest.mark.slow

PHOTOS = 12
ENDED_SECONDS_MAX = 240


@pytest.mark.parametrize(
    ("number", "attempts"), [(signal.SIGKILL, 2), (signal.SIGTERM, 1)], ids=["killed", "stopped"]
)
async def test_a_build_goes_on_with_the_next_builder(
    tmp_path: Path, number: signal.Signals, attempts: int
) -> None:
    photos = [path.read_bytes() for path in write_album(tmp_path, Order(photos=PHOTOS))]
    with up(tmp_path / "data", extra={"DOORSTEP_BUILD_PRESET": "fast"}) as running:
        async with httpx.AsyncClient(base_url=running.facts["base_url"], timeout=60) as client:
            phone = Phone(client, running.facts["capture_link"])
            await phone.start()
            for place, photo in enumerate(photos):
                await phone.upload(photo, kind="photo", sequence=str(place))
            assert (await phone.finish(*photos)).status_code == 200
            until(lambda: (running.data / "work").exists() and _engine_works(running), 120)
            os.kill(running.processes()["builder"], number)
            until(lambda: _job_state(running, phone) in ("complete", "failed"), ENDED_SECONDS_MAX)
        owner = await asyncpg.connect(owner_url(running))
        try:
            builds = await owner.fetch("SELECT state, attempts FROM builds")
            kept = await owner.fetchval("SELECT count(*) FROM photos WHERE state = 'ready'")
        finally:
            await owner.close()

    assert [row["attempts"] for row in builds] == [attempts]
    assert builds[0]["state"] in ("complete", "failed")
    assert kept == PHOTOS


def _engine_works(running: Running) -> bool:
    """The engine has finished its first stage and is at the next."""
    return any((running.data / "work").glob("*/reports/select.json"))


def _job_state(running: Running, phone: Phone) -> str:
    answer = httpx.get(running.url("/capture/state"), headers=phone.cookie, timeout=30)
    state: str = answer.json()["job_state"]
    return state


def owner_url(running: Running) -> str:
    """The database of a running Doorstep, as its owner."""
    kept = json.loads((running.data / "environment.json").read_text("utf-8"))
    url: str = kept["DOORSTEP_OWNER_URL"]
    return url
