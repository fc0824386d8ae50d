"""`doorstep conformance hover` against a started product, and against one that lies."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from doorstep.cli.conformance_hover import run
from doorstep.kit.postgres import Cluster
from doorstep.wire.hover.conformance import VECTORS, making
from doorstep.wire.hover.conformance.trial import Trial
from tests.cli.running import up
from tests.serving import Served, serving


def conformance(*arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "doorstep", "conformance", "hover", *arguments]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=240)


@pytest.mark.slow
def test_every_vector_holds_on_the_sample_and_nothing_is_left(tmp_path: Path) -> None:
    with up(tmp_path / "data") as running:
        org = running.facts["organizations"][0]
        access = {"authorization": f"Bearer {org['access_token']}"}
        credentials = ("--client-id", org["client_id"], "--client-secret", org["client_secret"])
        done = conformance(
            *("--url", running.url("/"), *credentials, "--rate"),
            *("--refresh-token", org["refresh_token"]),
        )
        webhooks = httpx.get(running.url("/api/v2/webhooks"), headers=access)

    lines = done.stdout.splitlines()
    assert [line for line in lines if "FAILED" in line or "left out" in line] == []
    assert f"{len(VECTORS) + 1} of {len(VECTORS) + 1} vectors hold" in lines
    assert len(VECTORS) >= 40
    assert (done.returncode, done.stderr) == (0, "")
    assert webhooks.status_code in (401, 429) or webhooks.json()["results"] == []


class Liar(httpx.HTTPTransport):
    """A way to the server on which every capture request loses its name."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What the server said, but for one key."""
        answer = super().handle_request(request)
        answer.read()
        body: dict[str, Any] = json.loads(answer.content or b"{}")
        body.pop("identifier", None)
        return httpx.Response(answer.status_code, json=body)


def trial_of(served: Served, transport: httpx.BaseTransport | None) -> Trial:
    base = f"http://127.0.0.1:{served.port}"
    return Trial(
        client=httpx.Client(base_url=base, transport=transport),
        token=served.cast.alice.token,
        user={"id": served.cast.alice.admin_id, "email": "alice@123456.example"},
    )


@pytest.mark.slow
async def test_a_broken_answer_shows_red(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    create = [one for one in VECTORS if one.run is making.as_json]
    async with serving(cluster) as served:
        honest, lying = trial_of(served, None), trial_of(served, Liar())
        assert run(honest, create) == (0, 0)
        assert run(lying, create) == (1, 0)
        for trial in (honest, lying):
            trial.clean()
            trial.client.close()

    honest_line, lying_line = capsys.readouterr().out.splitlines()
    assert honest_line == "  1  create with JSON               D     ok"
    assert (
        lying_line
        == "  1  create with JSON               D     FAILED  the answer lacks identifier"
    )


def test_it_says_when_it_cannot_begin() -> None:
    no_token = conformance("--url", "http://127.0.0.1:9")
    nobody = conformance("--url", "http://127.0.0.1:9", "--token", "x")

    assert no_token.returncode == nobody.returncode == 1
    assert no_token.stderr.startswith("doorstep: Give --token, --refresh-token, or --code")
    assert nobody.stderr.startswith("doorstep: http://127.0.0.1:9 does not answer:")
