"""The reference names every event, in the words of the code."""

from pathlib import Path

from doorstep.events.model import EVENTS

REFERENCE = Path(__file__).parents[2] / "docs/reference/webhooks.md"


def test_every_event_is_in_the_reference() -> None:
    text = REFERENCE.read_text("utf-8")
    assert [name for name in EVENTS if f"| `{name}` |" not in text] == []
