"""A worker goes in the middle of a look at the pictures; the next one ends it."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import panorama
from tests.capturing import Phone
from tests.cli.running import Running, up
from tests.processes import until

pytestmark = pytest.mark.slow

COUNT = 12
SECONDS_MAX = 240
ASK_SECONDS = 0.6


async def test_a_look_is_ended_by_the_next_worker(tmp_path: Path) -> None:
    pictures = [panorama.jpeg(one) for one in panorama.views(COUNT)]
    with up(tmp_path / "data") as running:
        async with httpx.AsyncClient(base_url=running.facts["base_url"], timeout=60) as client:
            phone = Phone(client, running.facts["capture_link"])
            await phone.start()
            for place, picture in enumerate(pictures[:-3]):
                await phone.upload(picture, kind="photo", sequence=str(place))
        until_known(running, phone, state="asked")
        os.kill(running.processes()["worker"], signal.SIGKILL)
        found = until_known(running, phone, state="judged")
        photos = httpx.get(running.url("/capture/state"), headers=phone.cookie).json()["photos"]

    assert (found["views"], found["pieces"]) == (9, 1)
    assert [(one["before"], one["after"]) for one in found["gaps"]] == [
        (photos[-1]["id"], photos[0]["id"])
    ]


def until_known(running: Running, phone: Phone, *, state: str) -> dict[str, Any]:
    """Ask as the page does, no faster than it may, until the answer has this state."""
    answers: list[dict[str, Any]] = []

    def known() -> bool:
        answer = httpx.post(
            running.url("/capture/coverage"), json={}, headers=phone.cookie, timeout=30
        )
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
        time.sleep(ASK_SECONDS)
        return bool(answers[-1]["state"] == state)

    until(known, SECONDS_MAX)
    return answers[-1]
