"""Seconds and memory from `doorstep up` to ready, cold and warm, beside the floor.

The floor is what PostgreSQL alone takes in the same run: initdb and start, then start.
Run it from the checkout: PYTHONPATH=src .venv/bin/python bench/start.py [--rounds N]
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from doorstep.kit import postgres

READY_SECONDS_MAX = 120
ROOT = Path(__file__).parent.parent


@dataclass
class Figures:
    """Seconds and megabytes of one kind of start, one of each a round."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """The medians and the spread as a row of the table."""
        spread = f"{min(self.seconds):.2f} to {max(self.seconds):.2f}"
        middle = f"{statistics.median(self.seconds):8.2f}   {spread:14}"
        return f"{name:34} {middle} {statistics.median(self.megabytes):8.0f}"


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    figures = {
        name: Figures()
        for name in (
            "floor, cold: initdb and start",
            "doorstep up, cold: new folder",
            "floor, warm: start",
            "doorstep up, warm: same folder",
        )
    }
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder:
            place = Path(folder)
            starts: tuple[Callable[[Path], tuple[float, float]], ...] = (floor, product)
            for kind in ("cold", "warm"):
                for (name, kept), start in zip(
                    ((n, f) for n, f in figures.items() if kind in n), starts, strict=True
                ):
                    assert kind in name
                    seconds, megabytes = start(place)
                    kept.seconds.append(seconds)
                    kept.megabytes.append(megabytes)
    sys.stdout.write(f"{'median of ' + str(rounds):34} {'seconds':>8}   {'spread':14} {'MB':>8}\n")
    for name, kept in figures.items():
        sys.stdout.write(kept.line(name) + "\n")


def floor(place: Path) -> tuple[float, float]:
    """(seconds, megabytes) of PostgreSQL alone in this place, as the product runs it."""
    folder = place / "floor"
    folder.mkdir(exist_ok=True)
    began = time.monotonic()
    cluster = postgres.Cluster(
        folder=folder / "postgres",
        socket_folder=postgres.find_socket_folder(folder),
        binaries=postgres.find_binaries(),
    )
    postgres.prepare(cluster)
    process = subprocess.Popen(
        cluster.launched(parent=os.getpid()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait(lambda: cluster.is_ready(process.pid))
    seconds = time.monotonic() - began
    megabytes = memory(process.pid)
    process.send_signal(signal.SIGINT)
    process.wait()
    return seconds, megabytes


def product(place: Path) -> tuple[float, float]:
    """(seconds, megabytes) of everything in this place, sample included."""
    ready = place / "ready.json"
    words = ["-m", "doorstep", "up", "--data", str(place / "data"), "--port", "0"]
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *words, "--ready", str(ready)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    wait(lambda: ready.exists() or process.poll() is not None)
    seconds = time.monotonic() - began
    if process.poll() is not None:
        sys.exit("doorstep up did not start")
    megabytes = memory(process.pid)
    process.send_signal(signal.SIGINT)
    process.wait()
    return seconds, megabytes


def memory(pid: int) -> float:
    """Proportional memory of this process and all below it, in megabytes."""
    kilobytes = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Pss:"):
            kilobytes += int(line.split()[1])
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return kilobytes / 1024 + sum(memory(int(child)) for child in below)


def wait(condition: Callable[[], bool]) -> None:
    """Wait until this holds; end the benchmark when it takes too long."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"nothing was ready after {READY_SECONDS_MAX} s")
        time.sleep(0.01)


if __name__ == "__main__":
    main()
