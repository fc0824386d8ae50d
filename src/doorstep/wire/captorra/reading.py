"""From the bytes of a post to its values, or to the one documented refusal.

The order of the checks is P1 of the wire: parse, the four required keys in their
printed order, then the form of the two GUIDs. Whether the GUIDs exist is asked later.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

DEPTH_MAX = 20
REQUIRED = (
    ("CaptorraId", "Please provide the CaptorraId"),
    ("First", "Please provide First"),
    ("Last", "Please provide Last"),
    ("Referrer", "Please provide Referrer"),
)
ALIASES = (("CaptorraId", "Captorrald"), ("County", "Country"))
GUID = re.compile(
    r"[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?",
    re.IGNORECASE,
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Refusal(Exception):
    """One of the documented failures: `outcome` for the journal, `error` for the vendor."""

    def __init__(self, outcome: str, error: str) -> None:
        """Both texts as they are stored and sent."""
        super().__init__(error)
        self.outcome = outcome
        self.error = error


SYNTAX = ("syntax", "JSON syntax error")
GUID_FORM = ("guid_form", "Invalid GUID format.")
GUID_UNKNOWN = ("guid_unknown", "Referrer/Type GUID does not exist.")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A readable post: `values` has every non-blank value as text, by its wire key."""

    captorra_id: str
    referrer: uuid.UUID
    case_type: uuid.UUID | None
    values: Mapping[str, str]


def read(body: bytes) -> Reading:
    """The values of a post, or raise its Refusal."""
    values = _values(_parse(body))
    for key, error in REQUIRED:
        if key not in values:
            raise Refusal(f"missing_{key.lower()}", error)
    case_type = values.get("Type")
    return Reading(
        captorra_id=values["CaptorraId"].strip(),
        referrer=parse_guid(values["Referrer"]),
        case_type=parse_guid(case_type) if case_type is not None else None,
        values=values,
    )


def parse_guid(text: str) -> uuid.UUID:
    """A GUID in form N, D, B or P, with any version bits; raises the Refusal for its form."""
    bare = text.strip().removeprefix("urn:uuid:")
    found = GUID.fullmatch(bare)
    brackets = bare[:1] + bare[-1:]
    if found is None or (brackets not in ("{}", "()") and not brackets.isalnum()):
        raise Refusal(*GUID_FORM)
    return uuid.UUID("".join(found.groups()))


def _parse(body: bytes) -> dict[str, Any]:
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        found = _parse_leniently(body)
    if not isinstance(found, dict):
        raise Refusal(*SYNTAX)
    return found


def _parse_leniently(body: bytes) -> object:
    """As the strict parser, but lone surrogates are let through, to be removed."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(*SYNTAX) from None


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _values(found: Mapping[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in found.items():
        if isinstance(value, dict | list):
            raise Refusal(*SYNTAX)
        text = _text(value)
        if text.strip():
            values[UNSTORABLE.sub("", key)] = text
    for key, alias in ALIASES:
        if alias in values:
            values.setdefault(key, values[alias])
    return values


def _text(value: object) -> str:
    """A scalar as the text that was meant: `true` stays `true`, 19146 becomes "19146"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return UNSTORABLE.sub("", str(value))
