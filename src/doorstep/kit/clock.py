"""Wall time comes from the database; this only spells it."""

from datetime import UTC, datetime


def iso_millis(at: datetime | None) -> str | None:
    """`2025-03-16T23:55:50.094Z`, or None."""
    if at is None:
        return None
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
