"""How the desk says what is known of a lead: its tags, its first touch, what became of it."""

from collections.abc import Callable

from doorstep.leads.dispositions import REASONS
from doorstep.web.desk.words import age_text

# (words, tone) of a lead's tag.
TAGS = {
    "possible_duplicate": ("Possible duplicate", "warn"),
    "test": ("Test", "wait"),
    "released": ("Released", "work"),
}

# (words, tone) of what became of a lead.
DISPOSITIONS = {
    "contacted": ("Contacted", "work"),
    "qualified": ("Qualified", "good"),
    "signed": ("Signed", "good"),
    "rejected": ("Rejected", "wait"),
    "duplicate": ("Duplicate", "wait"),
    "returned": ("Returned", "wait"),
}


def tag_label(tag: str) -> tuple[str, str]:
    """(words, tone) of a lead's tag."""
    return TAGS.get(tag, (tag.replace("_", " ").capitalize(), "wait"))


def touch_text(minutes: int | None) -> str:
    """How long a lead waited until somebody did something about it."""
    if minutes is None:
        return ""
    return f"after {age_text(minutes)}" if minutes else "at once"


def disposition_label(disposition: str) -> tuple[str, str]:
    """(words, tone) of what became of a lead."""
    return DISPOSITIONS[disposition]


def reason_text(reason: str | None) -> str:
    """Why a lead was rejected or returned."""
    return REASONS.get(reason, reason) if reason else ""


FILTERS: dict[str, Callable[..., object]] = {
    "tag_label": tag_label,
    "touch_text": touch_text,
    "disposition_label": disposition_label,
    "reason_text": reason_text,
}
