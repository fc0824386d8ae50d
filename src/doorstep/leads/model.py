"""Leads: the documented keys with their limits, and what makes two posts the same lead."""

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from msgspec import Struct

from doorstep.leads.regions import two_letters

REPEAT_WITH_ID = timedelta(hours=24)
REPEAT_WITHOUT_ID = timedelta(minutes=10)
EXTRA_KEYS_MAX = 100
POSTS_PER_SECOND_MAX = 200
PHONE_DIGITS = 10
PLACEHOLDER = "n/a"
TEST = "test"
RELEASED = "released"


@dataclass(frozen=True)
class Column:
    """A key of the wire and the column it fills; `limit` counts characters."""

    key: str
    name: str
    limit: int


COLUMNS = (
    Column("First", "first_name", 50),
    Column("Last", "last_name", 50),
    Column("Primary", "primary_phone", 50),
    Column("Secondary", "secondary_phone", 50),
    Column("Email", "email", 100),
    Column("Address", "address", 250),
    Column("City", "city", 80),
    Column("State", "region", 2),
    Column("Zip", "postal_code", 20),
    Column("County", "county", 50),
    Column("BestTime", "best_time", 100),
    Column("Details", "details", 4000),
    Column("Keyword", "keyword", 50),
    Column("ReferringKeyword", "referring_keyword", 50),
    Column("Conversion", "conversion", 300),
    Column("Tracking", "tracking", 4000),
    Column("ID", "vendor_lead_id", 100),
)
_KEYS = tuple(column.key for column in COLUMNS)
PERSON_AND_TEXT = ("First", "Last", "Primary", "Secondary", "Email", "Address", "Details")
_not_digits = re.compile("[^0-9]+")

KNOWN_KEYS = frozenset(
    {"CaptorraId", "Captorrald", "Referrer", "Type", "Country", *(c.key for c in COLUMNS)}
)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a source is answered and what it may send; the defaults are the documented wire's.

    `repeat_window` is for how long the same post is the same lead: None for a day with an
    ID and ten minutes without, zero for never. `statuses` answers 201, 400 and 422.
    """

    success_key: str = "IntakeID"
    statuses: bool = False
    repeat_window: timedelta | None = None
    testing: bool = False
    strict: bool = False
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    signature_salt: bytes | None = None
    posts_per_second_max: int = POSTS_PER_SECOND_MAX


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a post belongs, as far as its ids say.

    `in_use` is whether the source is there and is not switched off, `known` whether the
    case type is as well; without it the rest only says whom to show the refused post. Organization 0 is nobody. `former` is
    whether the source posts with another Referrer by now.
    """

    org_id: int
    source_id: uuid.UUID | None
    case_type_id: uuid.UUID | None
    in_use: bool
    known: bool
    rules: Rules
    former: bool = False


class Post(Struct, frozen=True, kw_only=True):
    """One row of the journal: what arrived, word for word, and what became of it.

    `outcome` is `accepted` or the code of the refusal, whose text is `error`.
    """

    id: uuid.UUID
    org_id: int
    source_id: uuid.UUID | None
    peer: str
    headers: Mapping[str, str]
    body: bytes
    outcome: str
    error: str = ""


class NewLead(Struct, frozen=True, kw_only=True):
    """A lead about to be written; `columns` holds one value per entry of COLUMNS."""

    id: uuid.UUID
    case_type_id: uuid.UUID | None
    columns: tuple[str | None, ...]
    extra: Mapping[str, str]
    warnings: tuple[str, ...]
    key: bytes
    repeat: timedelta
    contacts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Entry(Struct, frozen=True, kw_only=True):
    """What one request writes: always the post, and the lead when it is accepted."""

    post: Post
    lead: NewLead | None = None


class Written(Struct, frozen=True, kw_only=True):
    """What became of an entry: the lead's id (an older one for a repeat), or None."""

    lead_id: uuid.UUID | None
    repeated: bool


def new_lead(
    lead_id: uuid.UUID,
    values: Mapping[str, str],
    *,
    case_type_id: uuid.UUID | None,
    rules: Rules | None = None,
    notes: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
) -> NewLead:
    """The lead that `values` (wire key to text, blanks left out) describe.

    A value over its limit is cut in its column and named in the warnings; the whole
    of it stays in the journal.
    """
    rules = rules or Rules()
    warnings = list(notes)
    columns = tuple(
        [
            text
            if text is None or (len(text) <= column.limit and "/" not in text)
            else _fitted(column, text, warnings=warnings)
            for column, text in zip(COLUMNS, map(values.get, _KEYS), strict=True)
        ]
    )
    found = contacts(values)
    if not found:
        warnings.append("No phone and no e-mail: nobody can be reached")
    window = rules.repeat_window
    if window is None:
        window = REPEAT_WITH_ID if values.get("ID") else REPEAT_WITHOUT_ID
    return NewLead(
        id=lead_id,
        case_type_id=case_type_id,
        columns=columns,
        extra=_extra(values),
        warnings=tuple(warnings),
        # A key of its own is never met again.
        key=repeat_key(values) if window else lead_id.bytes,
        repeat=window,
        contacts=found,
        tags=(TEST, *tags) if rules.testing else tags,
    )


def too_long(values: Mapping[str, str]) -> Column | None:
    """The first key over its limit, for the sources that want such posts refused."""
    return next((one for one in COLUMNS if len(values.get(one.key, "")) > one.limit), None)


def repeat_key(values: Mapping[str, str]) -> bytes:
    """What makes a second post of the same source the same lead.

    With an `ID`: that and the person and text, for vendors send one constant ID for
    every lead. Without: everything that was sent.
    """
    keys = ("ID", *PERSON_AND_TEXT) if values.get("ID") else sorted(values)
    # The separator is a character that no value holds.
    text = "\0".join([f"{key}={values.get(key, '').strip()}" for key in keys])
    return hashlib.sha256(text.casefold().encode()).digest()


def contacts(values: Mapping[str, str]) -> tuple[str, ...]:
    """The phones and the address of e-mail in the form in which leads and calls are compared."""
    phones = {ten_digits(values.get(key, "")) for key in ("Primary", "Secondary")} - {""}
    email = values.get("Email", "").strip().lower()
    found = [f"p{phone}" for phone in sorted(phones)]
    if email and email != PLACEHOLDER:
        found.append("e" + email.replace(" ", ""))
    return tuple(found)


def ten_digits(text: str) -> str:
    """A phone number as ten digits, without a leading 1; empty when it is none."""
    digits = text if text.isascii() and text.isdecimal() else _not_digits.sub("", text)
    if len(digits) == PHONE_DIGITS + 1 and digits[0] == "1":
        digits = digits[1:]
    return digits if len(digits) == PHONE_DIGITS else ""


def _fitted(column: Column, text: str, *, warnings: list[str]) -> str | None:
    is_placeholder = text.strip().lower() == PLACEHOLDER
    if is_placeholder and column.name not in ("first_name", "last_name"):
        return None
    if len(text) <= column.limit:
        return text
    letters = two_letters(text) if column.key == "State" else None
    if letters is not None:
        warnings.append(f"State was written out, as {text.strip()}")
        return letters
    warnings.append(f"{column.key} has {len(text)} characters; {column.limit} fit")
    return text[: column.limit]


def _extra(values: Mapping[str, str]) -> dict[str, str]:
    if values.keys() <= KNOWN_KEYS and "Country" not in values:
        return {}
    extra = {key: text for key, text in values.items() if key not in KNOWN_KEYS}
    country = values.get("Country")
    if country is not None and country != values.get("County"):
        extra["Country"] = country
    return dict(list(extra.items())[:EXTRA_KEYS_MAX])


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A lead as pages show it."""

    id: uuid.UUID
    source_id: uuid.UUID
    source: str
    case_type: str | None
    vendor_lead_id: str | None
    first_name: str
    last_name: str
    primary_phone: str | None
    secondary_phone: str | None
    email: str | None
    address: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    county: str | None
    best_time: str | None
    details: str | None
    keyword: str | None
    extra: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    post_id: uuid.UUID
    received_at: datetime
    capture_request_id: int | None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"
