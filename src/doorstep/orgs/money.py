"""Money in whole cents: the accounts of a wallet, and what moves between them. No I/O."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from doorstep.kit.errors import Invalid

CENTS_MAX = 99_999_999_99
"""No single amount is more."""
AMOUNT = re.compile(r"\$?([0-9]{1,8}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?", re.ASCII)


class Account(StrEnum):
    """Where money is: a wallet has the two in the middle, the ends are the world's."""

    OUTSIDE = "outside"
    AVAILABLE = "available"
    HELD = "held"
    CHARGED = "charged"


class Kind(StrEnum):
    """What an entry of the book is."""

    ADDED = "added"
    TAKEN = "taken"
    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


ACCOUNTS: dict[Kind, tuple[Account, Account]] = {
    Kind.ADDED: (Account.OUTSIDE, Account.AVAILABLE),
    Kind.TAKEN: (Account.AVAILABLE, Account.OUTSIDE),
    Kind.HELD: (Account.AVAILABLE, Account.HELD),
    Kind.CAPTURED: (Account.HELD, Account.CHARGED),
    Kind.RELEASED: (Account.HELD, Account.AVAILABLE),
}
"""(the account that is debited, the account that is credited) of each kind."""


@dataclass(frozen=True, kw_only=True)
class Wallet:
    """What pays for jobs."""

    id: int
    name: str
    available_cents: int
    held_cents: int


@dataclass(frozen=True, kw_only=True)
class Hold:
    """An amount set aside for one product of a job."""

    id: int
    wallet_id: int
    deliverable_id: int
    cents: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the book, which never changes; `actor` as events have it."""

    id: uuid.UUID
    wallet_id: int
    wallet_name: str
    kind: str
    cents: int
    job_id: int | None
    deliverable_id: int | None
    note: str
    actor: str
    created_at: datetime


def change_of(kind: Kind, account: Account, *, cents: int) -> int:
    """By how much an entry changes an account."""
    debit, credit = ACCOUNTS[kind]
    return cents * ((account == credit) - (account == debit))


def amount_text(cents: int) -> str:
    """As people read it: `1,234.50`."""
    return f"{cents // 100:,}.{cents % 100:02d}"


def signed_text(entry: Entry) -> str:
    """By how much an entry changes what can be spent: `+5.00`, `-5.00`, or the bare amount."""
    change = change_of(Kind(entry.kind), Account.AVAILABLE, cents=entry.cents)
    sign = {1: "+", 0: "", -1: "\N{MINUS SIGN}"}[(change > 0) - (change < 0)]
    return f"{sign}{amount_text(entry.cents)}"


def read_amount(text: str) -> int:
    """The cents of `12`, `12.5`, `$1,234.50`; Invalid for anything else."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        raise Invalid("An amount is a number like 12 or 12.50, below 100 million.")
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
