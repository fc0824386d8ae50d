"""Why a post of one source is refused, in words for its vendor.

Like the firm's own words, but for what is not the vendor's: other sources and hidden
case types are never named.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from doorstep.leads.faults import Fault, faults_in
from doorstep.leads.model import COLUMNS
from doorstep.leads.parsing import parse
from doorstep.leads.reading import case_type_in, parse_guid

FENCES = {
    "network": "Your posts are taken from certain addresses only, and {peer} is none of them.",
    "signature": "The header X-Doorstep-Signature is missing or does not fit the body.",
    "throttled": "More posts a second came than may. Nothing was stored: post them again.",
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the vendor may be told: its own ids, and the names of the case types it is shown."""

    captorra_id: str
    referrer: uuid.UUID
    former: frozenset[uuid.UUID]
    """Referrers of old that still work."""
    shown: Mapping[uuid.UUID, str]
    in_use: frozenset[uuid.UUID]
    disabled: bool


def vendor_faults(
    body: bytes, *, content_type: bytes, outcome: str, peer: str, known: Known
) -> list[Fault]:
    """Every fault of a post that came to `outcome`, at once."""
    faults = faults_in(body, content_type=content_type)
    if not any(fault.key == "" for fault in faults):
        values = parse(body, content_type=content_type).values
        wrong = {fault.key for fault in faults}
        faults += [one for one in _unknown(values, known=known) if one.key not in wrong]
        if outcome == "too_long":
            faults += _too_long(values)
    if known.disabled:
        faults.append(Fault(key="", sentence="The firm has switched your posts off. Ask them."))
    if outcome in FENCES:
        faults.append(Fault(key="", sentence=FENCES[outcome].format(peer=peer)))
    return faults


def _unknown(values: Mapping[str, str], *, known: Known) -> Iterator[Fault]:
    captorra_id = (values.get("CaptorraId") or values.get("Captorrald", "")).strip()
    if captorra_id and captorra_id != known.captorra_id:
        sentence = f"CaptorraId is not the firm's, which is {known.captorra_id}."
        yield Fault(key="CaptorraId", sentence=sentence)
    referrer = _guid(values.get("Referrer"))
    if referrer is not None and referrer in known.shown:
        sentence = f"This is the case type {known.shown[referrer]}, sent as Referrer."
        yield Fault(key="Referrer", sentence=sentence)
    elif referrer is not None and referrer not in {known.referrer, *known.former}:
        yield Fault(key="Referrer", sentence=f"Referrer is not yours, which is {known.referrer}.")
    case_type = _guid(case_type_in(values))
    if case_type in {known.referrer, *known.former}:
        yield Fault(key="Type", sentence="This is your Referrer, sent as Type.")
    elif case_type is not None and case_type not in known.in_use:
        yield Fault(key="Type", sentence="Type is none of the case types in use here.")


def _too_long(values: Mapping[str, str]) -> Iterator[Fault]:
    for column in COLUMNS:
        size = len(values.get(column.key, ""))
        if size > column.limit:
            sentence = f"{column.key} has {size} characters, and {column.limit} are taken."
            yield Fault(key=column.key, sentence=sentence)


def _guid(text: str | None) -> uuid.UUID | None:
    try:
        return parse_guid(text or "")
    except ValueError:
        return None
