"""Why a post was refused, in words for the firm: every fault at once, and what would mend it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from doorstep.leads.model import KNOWN_KEYS
from doorstep.leads.parsing import Unreadable, parse
from doorstep.leads.reading import ALIASES, REQUIRED, case_type_in, parse_guid

GUID_CHARACTERS = 36
SHOWN_CHARACTERS_MAX = 60

_form = re.compile(r"\s*[\w%+.-]+=")
_trailing_comma = re.compile(r",(\s*[}\]])")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, and what."""

    key: str
    sentence: str


def faults_in(body: bytes, *, content_type: bytes = b"") -> list[Fault]:
    """Every fault that shows without asking the database."""
    try:
        parsed = parse(body, content_type=content_type, flat=KNOWN_KEYS)
    except Unreadable as unreadable:
        return [Fault(key="", sentence=why_unreadable(body, str(unreadable)))]
    return [*missing(parsed.values), *_malformed(parsed.values)]


def mended(body: bytes, *, content_type: bytes = b"") -> str:
    """The body to start an edit from: with the usual slip mended, where that makes it readable."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    for mend in MENDS:
        candidate = mend(text)
        try:
            parsed = parse(candidate.encode(), content_type=content_type)
        except Unreadable:
            continue
        return json.dumps(parsed.values, indent=2, ensure_ascii=False)
    return text


def _braced(text: str) -> str:
    return "{" + text.strip().strip(",") + "}"


def _double_quoted(text: str) -> str:
    return text.replace('"', '\\"').replace("'", '"')


def _without_trailing_comma(text: str) -> str:
    return _trailing_comma.sub(r"\1", text)


def _from_form(text: str) -> str:
    return json.dumps(dict(parse_qsl(text))) if _form.match(text) else text


MENDS: tuple[Callable[[str], str], ...] = (
    str,
    _without_trailing_comma,
    _braced,
    _double_quoted,
    _from_form,
)


def why_unreadable(body: bytes, reason: str) -> str:
    """What a body that is no JSON object seems to be."""
    text = body.strip()
    if not text:
        return "The body is empty."
    if text[:1] == b"<":
        return "A web page or XML was sent, not JSON."
    if _form.match(text.decode("utf-8", "replace")):
        return "Form fields were sent, not JSON."
    if reason.startswith("not text"):
        return "The text is not in UTF-8, and no other charset was declared."
    if text[:1] == b'"':
        return "The braces around the object are missing."
    if text[:2] in (b"{'", b"[{") or b"':" in text:
        return "The quotes must be double ones around a single object."
    if _trailing_comma.search(text.decode("utf-8", "replace")):
        return "There is a comma after the last value."
    return f"The body cannot be read: {reason}."


def missing(
    values: dict[str, str], *, required: Sequence[tuple[str, str]] = REQUIRED
) -> Iterator[Fault]:
    """The required keys that are not there, each with what was sent in its place."""
    aliases = dict(ALIASES)
    for key, _ in required:
        if key in values or aliases.get(key) in values:
            continue
        near = next((other for other in values if other.lower() == key.lower()), None)
        sentence = f"{key} is missing or blank."
        if near is not None:
            sentence = f"{key} is missing: {near} was sent, and letter case counts."
        yield Fault(key=key, sentence=sentence)


def _malformed(values: dict[str, str]) -> Iterator[Fault]:
    for key, text in (("Referrer", values.get("Referrer")), ("Type", case_type_in(values))):
        if text is None:
            continue
        try:
            parse_guid(text)
        except ValueError:
            shown = text[:SHOWN_CHARACTERS_MAX]
            short = GUID_CHARACTERS - len(text.strip())
            why = f"; {short} character is missing" if short == 1 else ""
            yield Fault(key=key, sentence=f"{key} is no GUID: {shown}{why}.")
