"""The rules of the wire: from the values of a post to a reading, or to the one documented refusal.

The order of the checks is P1 of the wire: parse, the four required keys in their
printed order, then the form of the two GUIDs. Whether the GUIDs exist is asked later.
"""

import re
import uuid
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from doorstep.leads.model import KNOWN_KEYS
from doorstep.leads.parsing import Parsed, Unreadable, parse

REQUIRED = (
    ("CaptorraId", "Please provide the CaptorraId"),
    ("First", "Please provide First"),
    ("Last", "Please provide Last"),
    ("Referrer", "Please provide Referrer"),
)
ALIASES = (("CaptorraId", "Captorrald"), ("County", "Country"))
COUNTRIES = frozenset(("us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"))
"""What is found under `Country` and is no county, for some vendors take the misprint at its word."""
PLACEHOLDER = "n/a"
GUIDS_KEPT_MAX = 4096

_guid = re.compile(
    r"[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?",
    re.IGNORECASE,
)
_id_in_rubble = re.compile(rb"Captorra[Il]d\W{1,8}(\w{1,20})")
_referrer_in_rubble = re.compile(rb"Referrer\W{1,10}([0-9a-fA-F-]{32,36})")


class Hint(Struct, frozen=True, kw_only=True):
    """The ids that could be made out in a refused post, to show it to whom it concerns."""

    captorra_id: str = ""
    referrer: uuid.UUID | None = None


class Refusal(Exception):
    """One of the documented failures: `outcome` for the journal, `error` for the vendor."""

    def __init__(self, outcome: str, error: str, *, hint: Hint | None = None) -> None:
        """Both texts as they are stored and sent."""
        super().__init__(error)
        self.outcome = outcome
        self.error = error
        self.hint = hint or Hint()


SYNTAX = ("syntax", "JSON syntax error")
GUID_FORM = ("guid_form", "Invalid GUID format.")
GUID_UNKNOWN = ("guid_unknown", "Referrer/Type GUID does not exist.")


class Reading(Struct, frozen=True, kw_only=True):
    """A readable post: `values` has every non-blank value as text, by its wire key."""

    captorra_id: str
    referrer: uuid.UUID
    case_type: uuid.UUID | None
    values: Mapping[str, str]
    notes: tuple[str, ...]


def read(body: bytes, content_type: bytes = b"") -> Reading:
    """The values of a post, or raise its Refusal."""
    try:
        parsed = parse(body, content_type=content_type, flat=KNOWN_KEYS)
    except Unreadable:
        raise Refusal(*SYNTAX, hint=hint_in(body)) from None
    return reading_of(parsed)


def reading_of(parsed: Parsed) -> Reading:
    """The same for values that another format brought."""
    values = parsed.values
    for key, alias in ALIASES:
        if alias in values:
            _fill(values, key, alias=alias)
    for key, error in REQUIRED:
        if key not in values:
            raise Refusal(f"missing_{key.lower()}", error, hint=_hint(values))
    try:
        case_type = case_type_in(values)
        return Reading(
            captorra_id=values["CaptorraId"].strip(),
            referrer=parse_guid(values["Referrer"]),
            case_type=parse_guid(case_type) if case_type is not None else None,
            values=values,
            notes=parsed.notes,
        )
    except ValueError:
        raise Refusal(*GUID_FORM, hint=_hint(values)) from None


@lru_cache(GUIDS_KEPT_MAX)
def parse_guid(text: str) -> uuid.UUID:
    """A GUID in form N, D, B or P, with any version bits; raises ValueError for its form."""
    bare = text.strip().removeprefix("urn:uuid:")
    found = _guid.fullmatch(bare)
    brackets = bare[:1] + bare[-1:]
    if found is None or (brackets not in ("{}", "()") and not brackets.isalnum()):
        raise ValueError("no GUID")
    return uuid.UUID("".join(found.groups()))


def case_type_in(values: Mapping[str, str]) -> str | None:
    """The `Type` that was sent, unless it is one of the ways to send none."""
    text = values.get("Type")
    return None if text is None or text.strip().lower() == PLACEHOLDER else text


def hint_in(body: bytes) -> Hint:
    """What can be made out in a body that is not readable as a whole."""
    found = _id_in_rubble.search(body)
    referrer = _referrer_in_rubble.search(body)
    return _hint(
        {
            "CaptorraId": found[1].decode("utf-8", "replace") if found else "",
            "Referrer": referrer[1].decode("ascii") if referrer else "",
        }
    )


def _hint(values: Mapping[str, str]) -> Hint:
    try:
        referrer = parse_guid(values.get("Referrer", ""))
    except ValueError:
        referrer = None
    return Hint(captorra_id=values.get("CaptorraId", "").strip(), referrer=referrer)


def _fill(values: dict[str, str], key: str, *, alias: str) -> None:
    if alias != "Country" or values[alias].strip().lower() not in COUNTRIES:
        values.setdefault(key, values[alias])
