"""`doorstep up` driven from outside, as an operator's script would."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.processes import children_of, command_line, environment, until

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60


@dataclass
class Running:
    """A running Doorstep: its supervisor, its facts, its folder."""

    process: subprocess.Popen[bytes]
    facts: dict[str, Any]
    data: Path

    def url(self, path: str) -> str:
        """The address of this path."""
        return f"{self.facts['base_url']}{path}"

    def processes(self) -> dict[str, int]:
        """Name and process id of the supervisor's children."""
        found = {}
        for pid in children_of(self.process.pid):
            words = command_line(pid)
            if words[0].endswith("/postgres") and "-D" in words:
                found["postgres"] = pid
            elif words[1:3] == ["-m", "doorstep.cli.processes"]:
                found[words[3]] = pid
        return found

    def answers(self, path: str = "/readyz") -> bool:
        """Whether this path gives 200 now."""
        try:
            return httpx.get(self.url(path), timeout=5).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS_MAX)


def command(data: Path, *arguments: str) -> list[str]:
    """The command line of `doorstep up` on this folder and any free port."""
    port = [] if "--port" in arguments else ["--port", "0"]
    return [sys.executable, "-m", "doorstep", "up", "--data", str(data), *port, *arguments]


@contextmanager
def up(data: Path, *arguments: str, extra: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A Doorstep from ready to stopped; its output is beside its folder."""
    ready = data.with_suffix(".json")
    # A killed one could not take its own away.
    ready.unlink(missing_ok=True)
    words = command(data, "--ready", str(ready), *arguments)
    with data.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(words, env=environment(extra), stdout=log, stderr=log)
    try:
        until(lambda: ready.exists() or process.poll() is not None, READY_SECONDS_MAX)
        assert ready.exists(), data.with_suffix(".log").read_text()
        yield Running(process, json.loads(ready.read_text()), data)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS_MAX)
