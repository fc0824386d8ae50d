"""Proof of consent in what a vendor sent: certificates, tokens, and what was agreed to.

Certificates of TrustedForm and tokens of Jornaya come under keys of their own, or inside
`Details` and `Tracking`, as text or as a query string that was encoded once or twice. Only
an address on the vendor's own host counts, for anybody can write one that looks like it.
"""

import html
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

TRUSTEDFORM = "trustedform"
JORNAYA = "jornaya"
TEXTS = ("Details", "Tracking")
PROOFS_MAX = 20
SHOWN_CHARACTERS_MAX = 2000
ENCODED_TIMES_MAX = 2
MARKS = (TRUSTEDFORM, JORNAYA, "leadid")
"""A text without any of these holds no proof, and is not looked through."""

JORNAYA_KEYS = frozenset(("universalleadid", "leadidtoken"))
TOLD_KEYS = {
    "text": ("consenttext", "tcpatext", "tcpaconsenttext", "tcpalanguage", "consentlanguage",
             "tcpadisclosure", "disclosure"),
    "page": ("consentpage", "consenturl", "consentpageurl", "landingpage", "landingpageurl",
             "landingurl", "pageurl", "sourceurl"),
    "ip": ("consentip", "consentipaddress", "ipaddress", "ip", "userip", "clientip", "leadip",
           "optinip"),
    "time": ("consenttime", "consenttimestamp", "consentdate", "consentdatetime", "tcpatimestamp",
             "optintime", "optindate", "optintimestamp"),
}  # fmt: skip

_certificate = re.compile(
    r"(?<![\w./@-])https://cert\.trustedform\.com/([0-9a-f]{40})(?![0-9a-z%])", re.IGNORECASE
)
_certificate_number = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_token = re.compile(
    r"(?!0{8}-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
_pair = re.compile(r"([A-Za-z][\w \[\].-]{2,40}?)[\"']?\s{0,3}[:=]\s{0,3}[\"']?([\w:/.-]{32,200})")
_not_a_letter = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Proof:
    """A certificate's address or a token, and the key in which it came."""

    kind: str
    value: str
    found_in: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the vendor says was agreed to: the words, the page, from where and when."""

    text: str = ""
    page: str = ""
    ip: str = ""
    time: str = ""

    @property
    def whole(self) -> bool:
        """Whether the words, the moment and a place are all there."""
        return bool(self.text and self.time and (self.page or self.ip))


def proofs_in(values: Mapping[str, str]) -> tuple[Proof, ...]:
    """Every certificate and token of these values, once each."""
    found: dict[tuple[str, str], Proof] = {}
    for key, text in values.items():
        proofs = _in_text(text) if key in TEXTS else _under(key, text)
        for kind, value in proofs:
            found.setdefault((kind, value.lower()), Proof(kind, value, key))
    return tuple(found.values())[:PROOFS_MAX]


def told_in(values: Mapping[str, str]) -> Told:
    """What the extra keys tell of the consent; what is no address or no page is left out."""
    by_name = {_name(key): text.strip() for key, text in values.items() if key not in TEXTS}
    told: dict[str, str] = {}
    for field, names in TOLD_KEYS.items():
        text = next((by_name[name] for name in names if by_name.get(name)), "")
        told[field] = text[:SHOWN_CHARACTERS_MAX] if CHECKS.get(field, bool)(text) else ""
    return Told(**told)


def _under(key: str, text: str) -> Iterator[tuple[str, str]]:
    """The proof that this key may hold, and nothing besides; a plain address counts anywhere."""
    name, text = _name(key), text.strip()
    if name.startswith(TRUSTEDFORM) and _certificate_number.fullmatch(text):
        yield TRUSTEDFORM, _address(text)
    elif (name.startswith(JORNAYA) or name in JORNAYA_KEYS) and _token.fullmatch(text):
        yield JORNAYA, text
    else:
        yield from _in_text(text)


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    lowered = text.lower()
    if not any(mark in lowered for mark in MARKS):
        return
    for plain in _decoded(text):
        for found in _certificate.finditer(plain):
            yield TRUSTEDFORM, _address(found[1])
        for pair in _pair.finditer(plain):
            name, value = _name(pair[1]), pair[2]
            if name.endswith((*JORNAYA_KEYS, "jornayaleadid")) and _token.fullmatch(value):
                yield JORNAYA, value
            elif TRUSTEDFORM in name and _certificate_number.fullmatch(value):
                yield TRUSTEDFORM, _address(value)


def _decoded(text: str) -> Iterator[str]:
    """The text, and what it is when its encodings are taken off."""
    yield text
    for _ in range(ENCODED_TIMES_MAX):
        plain = unquote(html.unescape(text))
        if plain == text:
            return
        text = plain
        yield text


def _address(number: str) -> str:
    return f"https://cert.trustedform.com/{number.lower()}"


def _name(key: str) -> str:
    """A key as vendors mean it, whatever its case, hyphens and the `xx` that some put before."""
    return _not_a_letter.sub("", key.lower()).removeprefix("xx")


def _is_page(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


CHECKS: dict[str, Callable[[str], bool]] = {"page": _is_page, "ip": _is_address}
