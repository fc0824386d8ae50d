"""What a phone on a slow network loads, and what it sees before any script runs."""

import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.captures.test_link import HTML
from tests.cast import Cast
from tests.web.conftest import desk_of
from tests.web.test_organization import FORM, PATH, picture, send

BUILD = Path(__file__).parents[2] / "frontend" / "build.py"
DOOR_BYTES_MAX = 40_000
CAPTURE_BYTES_MAX = 60_000


def test_the_build_prints_sizes_and_the_capture_is_small() -> None:
    words = [sys.executable, str(BUILD), "--sizes"]
    printed = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    found = re.findall(r"^(\S+): (\d+) bytes packed$", printed.stdout, re.MULTILINE)
    sizes = {name: int(number) for name, number in found}
    assert 10_000 < sizes["capture.js"] <= CAPTURE_BYTES_MAX
    assert sizes["capture.css"] < 10_000
    assert sizes["capture-worker.js"] < 2_000


async def test_the_door_page_with_everything_on_it_is_small_and_needs_no_script(
    client: httpx.AsyncClient, link: str, cast: Cast
) -> None:
    alice = desk_of(client, cast.alice, "alice")
    assert (await alice.post(PATH, FORM)).status_code == 303
    assert (await send(alice, picture())).status_code == 303

    door = await client.get(link, headers={**HTML, "Accept-Language": "es"})
    assert "<script" not in door.text
    assert "Empezar" in door.text
    parts = re.findall(r'<link rel="stylesheet" href="([^"]+)">', door.text)
    parts += re.findall(r'<img class="logo" src="([^"]+)"', door.text)
    loaded = [await client.get(part) for part in parts]
    assert [one.status_code for one in loaded] == [200, 200, 200], parts
    addresses = re.findall(r'(?:href|src)="(https?:[^"]+)"', door.text)
    assert addresses == [FORM["privacy_url"], FORM["terms_url"]]
    assert len(door.content) + sum(len(one.content) for one in loaded) < DOOR_BYTES_MAX
