"""The field guide: every key that a vendor may send, its limit, and what to know of it."""

from dataclasses import dataclass

from doorstep.leads.model import COLUMNS
from doorstep.leads.reading import REQUIRED

GUID = "GUID"
NOTES = {
    "CaptorraId": "The firm. Always the one above.",
    "Referrer": "You. Always the one above; keep it secret.",
    "Type": "One of the case types above. Leave it out if you do not know.",
    "First": "First name.",
    "Last": "Last name.",
    "Primary": "Phone. Digits, with or without marks between them.",
    "Secondary": "Another phone.",
    "Email": "E-mail.",
    "Address": "Street and number.",
    "City": "City.",
    "State": "Two letters. A name that is written out becomes its letters.",
    "Zip": "Postal code.",
    "County": "County, not country.",
    "BestTime": "When to call.",
    "Details": "Free text. Everything that has no key of its own.",
    "Keyword": "Your transaction number, or a word on marketing.",
    "ReferringKeyword": "The words that were searched for.",
    "Conversion": "The page on which the form was sent.",
    "Tracking": "The way through the site.",
    "ID": "Your own id of the lead. Send a new one for each lead.",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A line of the guide."""

    key: str
    limit: str
    required: bool
    note: str


def field_guide() -> list[Field]:
    """Every key: the required ones first, then the case type, then the rest as stored."""
    limits = {column.key: str(column.limit) for column in COLUMNS}
    required = [key for key, _ in REQUIRED]
    keys = [*required, "Type", *(key for key in limits if key not in required)]
    guids = {"Referrer": GUID, "Type": GUID}
    return [
        Field(
            key=key,
            limit=guids.get(key) or limits.get(key, ""),
            required=key in required,
            note=NOTES[key],
        )
        for key in keys
    ]
