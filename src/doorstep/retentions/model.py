"""The kinds of old data, and how few days of each may be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doorstep.kit.errors import Invalid

DAYS_MAX = 36_500


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is erased together; `days_min` is the shortest time that it may be kept."""

    label: str
    words: str
    days_min: int


KINDS = {
    "photos": Kind(
        label="Photos and models",
        words=(
            "Of jobs that are ready, failed or cancelled and were not changed for so long: photos, "
            "models, name, e-mail and phone. Measurements, address and payments stay."
        ),
        days_min=30,
    ),
    "leads": Kind(
        label="Persons in leads",
        words=(
            "Name, contact, address and words of leads and calls, with the posts that brought them. "
            "Vendor, case type, state and what became of each stay."
        ),
        days_min=30,
    ),
    "messages": Kind(
        label="Words of messages",
        words="Subject, text and answers. To which address, when, and what became of it stay.",
        days_min=30,
    ),
    "deliveries": Kind(
        label="Webhook deliveries",
        words="What was sent to your programs and what they answered. It cannot be sent again then.",
        days_min=7,
    ),
    "sessions": Kind(
        label="Homeowners' browsers",
        words="Which browser took the photos, and how far from the house it was.",
        days_min=30,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What one organization has chosen, in days; None is for good."""

    photos_days: int | None = None
    leads_days: int | None = None
    messages_days: int | None = None
    deliveries_days: int | None = None
    sessions_days: int | None = None
    version: int = 0
    """Counts the changes: what is switched on is what was looked at."""
    enabled_at: datetime | None = None
    swept_at: datetime | None = None

    @property
    def days(self) -> dict[str, int]:
        """The kinds that are not kept for good."""
        chosen = {kind: getattr(self, f"{kind}_days") for kind in KINDS}
        return {kind: days for kind, days in chosen.items() if days is not None}


def checked(values: Mapping[str, int | None]) -> dict[str, int | None]:
    """The days of every kind; Invalid names those that are too few or too many."""
    faults = {}
    for kind, days in values.items():
        least = KINDS[kind].days_min
        if days is not None and not least <= days <= DAYS_MAX:
            faults[kind] = [f"is kept for {least} to {DAYS_MAX} days, or for good"]
    if faults:
        raise Invalid(fields=faults)
    return dict(values)
