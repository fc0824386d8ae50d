"""How many segments a text message takes, by GSM 03.38; each is paid for.

Texts of its alphabet hold 160 characters, or 153 in each of several segments; one character
more, as `á`, makes it 70 and 67. Some characters of the alphabet count twice.
"""

import unicodedata
from dataclasses import dataclass

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("\f^{}\\[~]|€")
_SINGLE, _JOINED = 160, 153
_SINGLE_WIDE, _JOINED_WIDE = 70, 67
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "\u2026": "...",
    "\u00a0": " ",
    "\u202f": " ",
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """What a text takes: `units` are characters of its alphabet, some of which count twice."""

    segments: int
    units: int
    wide: bool
    """Whether a character is in it that the small alphabet lacks."""


def size_of(text: str) -> Size:
    """The segments of this text."""
    wide = any(one not in _ALPHABET and one not in _TWICE for one in text)
    if wide:
        units = len(text.encode("utf-16-le")) // 2
        single, joined = _SINGLE_WIDE, _JOINED_WIDE
    else:
        units = len(text) + sum(one in _TWICE for one in text)
        single, joined = _SINGLE, _JOINED
    segments = 1 if units <= single else -(-units // joined)
    return Size(segments=segments, units=units, wide=wide)


def fitted(text: str) -> str:
    """The text with signs that the small alphabet has, where that changes no word."""
    return "".join(_fitted(one) for one in unicodedata.normalize("NFC", text))


def _fitted(character: str) -> str:
    if character in _ALPHABET or character in _TWICE:
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    base = unicodedata.normalize("NFD", character)[0]
    return base if base in _ALPHABET else character
