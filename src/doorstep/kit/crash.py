"""Named crash points for the tests: `DOORSTEP_CRASH=lead.after_commit:7` dies at the 7th pass."""

import os

POINTS = (
    "lead.before_commit",
    "lead.after_commit",
    "capture_request.before_commit",
    "capture_request.after_commit",
    "upload.after_piece",
    "message.after_send",
    "webhook.after_send",
    "build.after_engine",
    "wallet.after_hold",
    "wallet.after_capture",
)

_armed, _, _passes = os.environ.get("DOORSTEP_CRASH", "").partition(":")
_left = int(_passes or 1)


def point(name: str) -> None:
    """End this process at once, as a power cut would, when the point is armed."""
    global _left  # noqa: PLW0603  the countdown belongs to the process
    if name != _armed:
        return
    _left -= 1
    if _left <= 0:
        os._exit(137)
