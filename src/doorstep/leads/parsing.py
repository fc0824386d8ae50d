"""From the bytes of a post to text by key, whatever the sender's label and encoding say.

Nearly every post takes the short way: strict JSON of texts in UTF-8, no key twice. What
is otherwise is read again by a slower reader that notices more, and says what it noticed.
"""

import codecs
import json
import math
import re
from collections.abc import Iterable
from typing import Any

import msgspec

DEPTH_MAX = 20
BOM = b"\xef\xbb\xbf"
CHARSETS = frozenset(
    ("iso8859-1", "cp1252", "iso8859-15", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
)
"""What a sender may declare besides UTF-8, by Python's names."""

_texts = msgspec.json.Decoder(dict[str, str | None])
_charset = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_spaced_colon = re.compile(rb'"[ \t\r\n]+:')
_unstorable = re.compile("[\x00\ud800-\udfff]")
_not_structure = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Unreadable(Exception):
    """Not one flat JSON object; the text says why, for the firm's eyes."""


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: every value that is not blank, as text, and what was odd about it."""

    values: dict[str, str]
    notes: tuple[str, ...] = ()


def parse(body: bytes, *, content_type: bytes = b"", flat: frozenset[str] = frozenset()) -> Parsed:
    """The values of a post; raises Unreadable. The keys in `flat` must hold no list or object."""
    body = body.removeprefix(BOM)
    if body.count(b"[") + body.count(b"{") > DEPTH_MAX and _is_too_deep(body):
        raise Unreadable(f"nested more than {DEPTH_MAX} deep")
    try:
        found = _texts.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _parse_slowly(body, content_type, flat=flat)
    if not _is_plain(body, keys=len(found)):
        return _parse_slowly(body, content_type, flat=flat)
    return Parsed(values={key: text for key, text in found.items() if text and text.strip()})


def _is_plain(body: bytes, *, keys: int) -> bool:
    """Whether no key came twice and nothing is to be removed.

    A key is followed by a colon. With as many `":` as there are keys in the end, and no
    colon that stands apart from its quote, no key can have been overwritten.
    """
    return body.count(b'":') == keys and b"\\u" not in body and _spaced_colon.search(body) is None


def _parse_slowly(body: bytes, content_type: bytes, *, flat: frozenset[str]) -> Parsed:
    notes: list[str] = []
    found, twice = _decode(body, content_type, notes=notes)
    notes.extend(f"{key} came more than once; the last one counts" for key in twice)
    values: dict[str, str] = {}
    for key, value in found.items():
        if isinstance(value, dict | list) and key in flat:
            kind = "a list" if isinstance(value, list) else "an object"
            raise Unreadable(f"{key} holds {kind} where text is expected")
        text = _text(value)
        clean = _unstorable.sub("", text)
        if clean != text:
            notes.append(f"{_unstorable.sub('', key)} held a character that no text can hold")
        if clean.strip():
            values[_unstorable.sub("", key)] = clean
    return Parsed(values=values, notes=tuple(notes))


def _decode(
    body: bytes, content_type: bytes, *, notes: list[str]
) -> tuple[dict[str, Any], Iterable[str]]:
    """The object and its repeated keys: as UTF-8, or else as the charset that was declared."""
    problem = "empty" if not body.strip() else "not JSON"
    for charset in ("utf-8", declared_charset(content_type)):
        if charset is None:
            continue
        try:
            found, twice = _loads(body.decode(charset))
        except UnicodeDecodeError:
            problem = f"not text in {charset}"
        except (ValueError, RecursionError) as error:
            problem = f"not JSON: {error}"
        else:
            if type(found) is not dict:
                raise Unreadable("JSON, but not an object")
            if charset != "utf-8":
                notes.append(f"Read as {charset}, as its sender declared")
            return found, twice
    raise Unreadable(problem)


def declared_charset(content_type: bytes) -> str | None:
    """Python's name of the declared charset; None for UTF-8, for none and for strange ones."""
    found = _charset.search(content_type)
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return name if name in CHARSETS else None


def _loads(text: str) -> tuple[Any, Iterable[str]]:
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        # Called last for the outermost object.
        keys = [key for key, _ in found]
        twice[:] = [key for key in made if len(keys) > len(made) and keys.count(key) > 1]
        return made

    found = json.loads(
        text.removeprefix("\ufeff"),
        object_pairs_hook=pairs,
        parse_int=str,
        parse_float=_number,
        parse_constant=_refuse_constant,
    )
    return found, twice


def _number(text: str) -> str:
    """A number as it was written, so that 1.10 stays 1.10."""
    if math.isinf(float(text)):
        raise ValueError(f"{text[:20]} is no number that can be held")
    return text


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _text(value: object) -> str:
    """A scalar as the text that was meant: `true` stays `true`; a list as its JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_too_deep(body: bytes) -> bool:
    depth = 0
    for byte in _not_structure.sub(b"", body):
        if byte in b"[{":
            depth += 1
            if depth > DEPTH_MAX:
                return True
        elif byte in b"]}":
            depth -= 1
    return False
