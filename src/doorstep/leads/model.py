"""Leads: the documented keys with their limits, and what makes two posts the same lead."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

REPEAT_WITH_ID = timedelta(hours=24)
REPEAT_WITHOUT_ID = timedelta(minutes=10)
EXTRA_KEYS_MAX = 100


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
PERSON_AND_TEXT = ("First", "Last", "Primary", "Secondary", "Email", "Address", "Details")
KNOWN_KEYS = frozenset(
    {"CaptorraId", "Captorrald", "Referrer", "Type", "Country", *(c.key for c in COLUMNS)}
)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a post belongs: the organization, its source, and the case type if one was named."""

    org_id: int
    source_id: uuid.UUID
    case_type_id: uuid.UUID | None
    success_key: str


@dataclass(frozen=True, kw_only=True)
class Post:
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


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """A lead about to be written; `columns` holds one value per entry of COLUMNS."""

    id: uuid.UUID
    case_type_id: uuid.UUID | None
    columns: tuple[str | None, ...]
    extra: Mapping[str, str]
    warnings: tuple[str, ...]
    key: bytes
    repeat: timedelta


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one request writes: always the post, and the lead when it is accepted."""

    post: Post
    lead: NewLead | None = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of an entry: the lead's id (an older one for a repeat), or None."""

    lead_id: uuid.UUID | None
    repeated: bool


def new_lead(
    lead_id: uuid.UUID, values: Mapping[str, str], *, case_type_id: uuid.UUID | None
) -> NewLead:
    """The lead that `values` (wire key to text, blanks left out) describe.

    A value over its limit is cut in its column and named in the warnings; the whole
    of it stays in the journal.
    """
    warnings = [
        f"{column.key} has {len(values[column.key])} characters; {column.limit} fit"
        for column in COLUMNS
        if len(values.get(column.key, "")) > column.limit
    ]
    if not any(values.get(key) for key in ("Primary", "Secondary", "Email")):
        warnings.append("No phone and no e-mail: nobody can be reached")
    vendor_id = values.get("ID")
    extra = {key: text for key, text in values.items() if key not in KNOWN_KEYS}
    return NewLead(
        id=lead_id,
        case_type_id=case_type_id,
        columns=tuple(_cut(values.get(column.key), column.limit) for column in COLUMNS),
        extra=dict(list(extra.items())[:EXTRA_KEYS_MAX]),
        warnings=tuple(warnings),
        key=repeat_key(values),
        repeat=REPEAT_WITH_ID if vendor_id else REPEAT_WITHOUT_ID,
    )


def repeat_key(values: Mapping[str, str]) -> bytes:
    """What makes a second post of the same source the same lead.

    With an `ID`: that and the person and text, for vendors send one constant ID for
    every lead. Without: everything that was sent.
    """
    keys = ("ID", *PERSON_AND_TEXT) if values.get("ID") else sorted(values)
    digest = hashlib.sha256()
    for key in keys:
        part = f"{key}={values.get(key, '').strip().casefold()}".encode()
        digest.update(len(part).to_bytes(4) + part)
    return digest.digest()


def _cut(text: str | None, limit: int) -> str | None:
    return text if text is None else text[:limit]


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A lead as pages show it."""

    id: uuid.UUID
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
    post_id: uuid.UUID
    received_at: datetime
    capture_request_id: int | None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"
