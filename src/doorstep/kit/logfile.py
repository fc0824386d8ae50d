"""A log file with a limit: when it is full it becomes `NAME.1`, and the older one goes."""

import re
from collections.abc import Callable
from pathlib import Path

LOG_BYTES_MAX = 8 * 1024 * 1024
LINE_BYTES_MAX = 16 * 1024
TAIL_LINES = 12

LOUD = re.compile(rb"\b(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b")
"""Lines that the operator should see at once."""


class LogFile:
    """Takes a child's output in pieces, keeps it, and passes its loud lines on."""

    def __init__(
        self, path: Path, *, on_loud: Callable[[str], None], loud: re.Pattern[bytes] = LOUD
    ) -> None:
        """`on_loud` gets each whole line in which `loud` is found."""
        self.path = path
        self._loud = loud
        self._on_loud = on_loud
        self._file = path.open("ab")
        self._partial = b""

    def write(self, piece: bytes) -> None:
        """Append this piece; a full disk loses log lines and nothing else."""
        try:
            if self._file.tell() + len(piece) > LOG_BYTES_MAX:
                self._turn_over()
            self._file.write(piece)
            self._file.flush()
        except OSError as error:
            self._on_loud(f"{self.path} cannot be written: {error}")
        *lines, rest = (self._partial + piece).split(b"\n")
        self._partial = rest[-LINE_BYTES_MAX:]
        for line in lines:
            if self._loud.search(line):
                self._on_loud(line.decode("utf-8", "replace").strip())

    def tail(self) -> str:
        """The last few lines, for a message about a failure."""
        return "\n".join(self.path.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:])

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _turn_over(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self.path.open("ab")
