"""What the tests ask about processes, and how they wait for them."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the tests without any Doorstep of the machine's own."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("DOORSTEP_")}
    return {**kept, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **(extra or {})}


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until this holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    """Process ids of the children that this process has now."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def command_line(pid: int) -> list[str]:
    """The words that the process was started with; one empty word when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return [""]


def descendants_of(pid: int) -> list[int]:
    """Process ids of all below this process."""
    below = children_of(pid)
    return below + [deeper for child in below for deeper in descendants_of(child)]


def is_alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
