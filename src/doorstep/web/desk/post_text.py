"""The body of a vendor's post for people: as it came, and decoded key by key."""

import json
from dataclasses import dataclass
from typing import Any

from doorstep.leads.parsing import declared_charset

RAW_CHARACTERS_MAX = 100_000

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class PostText:
    """What was sent; `decoded` is None where it is no JSON object."""

    peer: str
    client: str
    raw: str
    decoded: Pairs | None
    size: int


def post_text(content: bytes, *, headers: dict[str, Any], peer: str) -> PostText:
    """A post of the journal, laid out."""
    return PostText(
        peer=peer,
        client=str(headers.get("user-agent", "")),
        raw=content[:RAW_CHARACTERS_MAX].decode("utf-8", "backslashreplace"),
        decoded=decoded(_text(content, content_type=str(headers.get("content-type", "")))),
        size=len(content),
    )


def decoded(text: str) -> Pairs | None:
    """Every key with what it holds, in their order, a key that came twice twice."""
    pairs: list[tuple[str, Any]] = []

    def keep(found: list[tuple[str, Any]]) -> dict[str, Any]:
        # Called last for the outermost object.
        pairs[:] = found
        return dict(found)

    try:
        values = json.loads(text, object_pairs_hook=keep, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return [(key, _readable(value)) for key, value in pairs] if isinstance(values, dict) else None


def laid_out(text: str) -> str:
    """A key a line where the text is JSON; else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _readable(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _text(content: bytes, *, content_type: str) -> str:
    for charset in ("utf-8-sig", declared_charset(content_type.encode())):
        try:
            return content.decode(charset or "utf-8")
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")
