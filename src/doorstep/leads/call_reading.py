"""What a tracking vendor may post, and the call that comes of it."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from doorstep.kit.ids import uuid7
from doorstep.leads.model import ten_digits
from doorstep.leads.parsing import Unreadable, parse
from doorstep.leads.reading import SYNTAX, Hint, Refusal, hint_in

LIMITS = {
    "Name": 100,
    "ANI": 20,
    "ID": 100,
    **{f"String{number:02}": 500 for number in range(1, 6)},
    **{f"String{number:02}": 300 for number in range(6, 11)},
    **{f"String{number:02}": 100 for number in range(11, 21)},
    "Multi01": 100,
}
OWN_KEYS = frozenset(("CaptorraId", "Captorrald", "Name", "ANI", "Date", "ID"))
FLAT = OWN_KEYS | LIMITS.keys()
REQUIRED = (
    ("CaptorraId", "Please provide the CaptorraId"),
    ("Name", "Please provide Name"),
    ("ANI", "Please provide ANI"),
)
FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
YEAR_MIN, YEAR_MAX = 1970, 2200
"""A date outside of these was not meant, and one at the edge of time cannot be stored."""
NO_DATE = "No readable Date: taken as the moment of the post"

_epoch = re.compile(r"\d{9,10}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class NewCall:
    """A call about to be written; without an offset its time is the organization's."""

    id: uuid.UUID
    captorra_id: str
    called_at: datetime | None
    name: str
    ani: str
    vendor_call_id: str | None
    extra: Mapping[str, str]
    warnings: tuple[str, ...]

    @property
    def contact(self) -> str | None:
        """The number as leads' contacts have it."""
        digits = ten_digits(self.ani)
        return f"p{digits}" if digits else None


def read_call(body: bytes, content_type: bytes = b"") -> NewCall:
    """The call that was posted, with a new id; raises Refusal."""
    try:
        values = parse(body, content_type=content_type, flat=FLAT).values
    except Unreadable:
        raise Refusal(*SYNTAX, hint=hint_in(body)) from None
    if "Captorrald" in values:
        values.setdefault("CaptorraId", values["Captorrald"])
    for key, error in REQUIRED:
        if key not in values:
            hint = Hint(captorra_id=values.get("CaptorraId", "").strip())
            raise Refusal(f"missing_{key.lower()}", error, hint=hint)
    return _new_call(values)


def parse_date(text: str) -> datetime | None:
    """The moment, naive when no offset is given; None when it cannot be read."""
    text = text.strip()
    found = _date(text)
    return found if found is not None and YEAR_MIN <= found.year <= YEAR_MAX else None


def _new_call(values: Mapping[str, str]) -> NewCall:
    warnings = [
        f"{key} has {len(values[key])} characters; {limit} fit"
        for key, limit in LIMITS.items()
        if len(values.get(key, "")) > limit
    ]
    called_at = parse_date(values.get("Date", ""))
    if called_at is None:
        warnings.append(NO_DATE)
    vendor_call_id = values.get("ID")
    return NewCall(
        id=uuid7(),
        captorra_id=values["CaptorraId"].strip(),
        called_at=called_at,
        name=values["Name"][: LIMITS["Name"]],
        ani=values["ANI"][: LIMITS["ANI"]],
        vendor_call_id=vendor_call_id[: LIMITS["ID"]] if vendor_call_id else None,
        extra={key: text for key, text in values.items() if key not in OWN_KEYS},
        warnings=tuple(warnings),
    )


def _date(text: str) -> datetime | None:
    if _epoch.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the organization's zone comes later
        except ValueError:
            continue
    return None
