"""The words that a lead is found by: written in the background, asked for by their beginnings.

Every lead up to the organization's mark has its words; the few that came since are read one
by one by the search. The mark only moves over leads that no transaction can still come before.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta

from doorstep.leads import term_queries
from doorstep.leads.model import PHONE_DIGITS
from doorstep.orgs.model import OrgScope

INDEX = "leads.index"
LEADS_AT_ONCE_MAX = 1000
SETTLED = timedelta(seconds=60)
"""A transaction that takes a lead in is over by then."""
TERM_CHARACTERS_MAX = 40
TERMS_MAX = 40
PHONE_DIGITS_MIN = 4
PHONE_ENDS = (PHONE_DIGITS, 7, PHONE_DIGITS_MIN)
"""So many of a number's last digits are terms: all, without the area, and what is read out."""
CANDIDATES_MAX = 5000

_LETTERS = "".join(
    chr(code)
    for code in range(0xE0, 0x180)
    if chr(code).islower() and unicodedata.normalize("NFD", chr(code))[0].isascii()
)
_PLAIN = "".join(unicodedata.normalize("NFD", letter)[0] for letter in _LETTERS)
_fold = str.maketrans(_LETTERS, _PLAIN)
_word = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Without case and accents."""
    return text.lower().translate(_fold)


def folded(column: str) -> str:
    """The same as SQL; plain text, which is nearly all, is spared the search for accents."""
    low = f"lower({column})"
    accents = f"translate({low}, '{_LETTERS}', '{_PLAIN}')"
    return f"CASE WHEN octet_length({column}) = length({column}) THEN {low} ELSE {accents} END"


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word[:TERM_CHARACTERS_MAX] for word in _word.findall(fold(text))]


def terms_of(lead: Mapping[str, object]) -> list[str]:
    """What one lead is found by: its words, and the ends of its phones."""
    texts = [str(lead[name] or "") for name in term_queries.TEXTS]
    found = dict.fromkeys(word for text in texts for word in words_of(text))
    contacts = lead["contacts"]
    assert isinstance(contacts, list)
    phones = [one[1:] for one in contacts if one.startswith("p")]
    found |= dict.fromkeys(phone[-digits:] for phone in phones for digits in PHONE_ENDS)
    return list(found)[:TERMS_MAX]


def phone_in(text: str) -> str:
    """The digits of something that looks like a phone number; empty when it does not."""
    if not text or set(text) - set("0123456789+-.()/ "):
        return ""
    digits = "".join(one for one in text if one.isdigit())
    if len(digits) > PHONE_DIGITS:
        digits = digits.removeprefix("1")
    return digits if len(digits) >= PHONE_DIGITS_MIN else ""


async def index_next(scope: OrgScope) -> bool:
    """Write the terms of the next leads after the mark; whether there may be more of them."""
    mark = await term_queries.lock_mark(scope)
    if mark is None:
        return False
    leads = await term_queries.list_after(
        scope, mark=mark, settled=SETTLED, rows_max=LEADS_AT_ONCE_MAX
    )
    if leads:
        terms = [(term, lead["id"]) for lead in leads for term in terms_of(dict(lead))]
        await term_queries.insert(scope, terms=terms)
        last = leads[-1]
        await term_queries.move_mark(scope, mark=(last["received_at"], last["id"]))
    return len(leads) == LEADS_AT_ONCE_MAX


async def candidates(
    scope: OrgScope, *, words: Iterable[str], phone: str
) -> list[uuid.UUID] | None:
    """The marked leads that may have all the words or the phone; None for too many.

    The rarest word decides; the longest is tried first.
    """
    found = await _having(scope, words=words)
    if found is None or not phone:
        return found
    by_phone = await _having(scope, words=[phone])
    return None if by_phone is None else list({*found, *by_phone})


async def _having(scope: OrgScope, *, words: Iterable[str]) -> list[uuid.UUID] | None:
    for word in sorted(set(words), key=len, reverse=True):
        found = await term_queries.list_with(scope, beginning=word, rows_max=CANDIDATES_MAX + 1)
        if len(found) <= CANDIDATES_MAX:
            return found
    return None
