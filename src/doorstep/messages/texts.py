"""The words of messages: the organization's own or the usual ones, filled in and framed.

An admin writes words and variables. Links, headers and HTML are ours: words that hold one
are refused, and values that would bring one are made harmless.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from doorstep.events.actions import record
from doorstep.kit.errors import Invalid, NotFound
from doorstep.messages import text_queries as queries
from doorstep.messages.default_texts import FOOTNOTES, KINDS, OPT_OUTS
from doorstep.messages.model import LINK
from doorstep.messages.segments import fitted
from doorstep.messages.text_model import LANGUAGES, Kind, Text
from doorstep.messages.values import DOTTED, harmless
from doorstep.orgs.model import OrgScope, Right

SUBJECT_CHARACTERS_MAX = 150
BODY_CHARACTERS_MAX = 3000
SMS_CHARACTERS_MAX = 400
USUAL_COLOUR = "1f5f4a"

VARIABLE = re.compile(r"\{([a-z]*)\}")
LINKLIKE = re.compile(r"://|\bwww\.|\bmailto:", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

_frames = jinja2.Environment(
    loader=jinja2.PackageLoader("doorstep.messages", "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A message filled in; `{link}` stands where its link belongs."""

    subject: str
    text: str
    html: str
    sms: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The organization round the words."""

    org: str
    colour: str | None
    language: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """A kind's words, not filled in yet, in one language."""

    text: Text
    frame: Frame


async def compose(
    scope: OrgScope, *, kind: str, values: Mapping[str, str], language: str | None = None
) -> Composed:
    """A message of this kind in the organization's words; without a language in its first."""
    words = in_frame(kind, await queries.find_framed(scope, kind=kind, language=language))
    return fill(words.text, kind=kind, frame=words.frame, values=values)


def in_frame(kind: str, row: Mapping[str, Any]) -> Words:
    """What the columns `customer_display_name`, `colour`, `language` and `own_words` hold."""
    language = row["language"] if row["language"] in LANGUAGES else LANGUAGES[0]
    own = row["own_words"]
    return Words(
        text=Text(**own) if own else KINDS[kind].texts[language],
        frame=Frame(org=row["customer_display_name"], colour=row["colour"], language=language),
    )


async def find(scope: OrgScope, *, kind: str, language: str) -> tuple[Text, bool]:
    """(the words of a kind in a language, whether they are the organization's own)."""
    known = _kind(kind, language)
    own = await queries.find(scope, kind=kind, language=language)
    return (Text(**own), True) if own else (known.texts[language], False)


async def list_own(scope: OrgScope) -> set[tuple[str, str]]:
    """(kind, language) of everything that was rewritten."""
    return {(row["kind"], row["language"]) for row in await queries.list_own(scope)}


async def rewrite(scope: OrgScope, *, kind: str, language: str, text: Text) -> None:
    """Use these words from now on; Invalid with everything that is wrong with them."""
    scope.require(Right.ADMINISTER)
    fields = faults(text, kind=kind, language=language)
    if fields:
        raise Invalid(fields=fields)
    await queries.save(scope, kind=kind, language=language, text=text)
    await record(scope, "message_text.changed", kind=kind, language=language, own=True)


async def reset(scope: OrgScope, *, kind: str, language: str) -> None:
    """Use the usual words again."""
    scope.require(Right.ADMINISTER)
    _kind(kind, language)
    if await queries.delete(scope, kind=kind, language=language):
        await record(scope, "message_text.changed", kind=kind, language=language, own=False)


def faults(text: Text, *, kind: str, language: str) -> dict[str, list[str]]:
    """What is wrong with each part of these words."""
    known = _kind(kind, language)
    has_sms = bool(known.texts[language].sms)
    found = {
        "subject": _faults(
            text.subject, variables=known.variables, characters_max=SUBJECT_CHARACTERS_MAX
        ),
        "body": _faults(text.body, variables=known.variables, characters_max=BODY_CHARACTERS_MAX),
        "sms": [],
    }
    if has_sms:
        variables = (*known.variables, "link")
        found["sms"] = _faults(text.sms, variables=variables, characters_max=SMS_CHARACTERS_MAX)
    if "\n" in text.subject:
        found["subject"].append("is one line")
    if has_sms and LINK not in text.sms:
        found["sms"].append("needs {link}, where the link goes")
    if has_sms and not {"{org}", "{asker}"} & set(re.findall(r"\{\w+\}", text.sms)):
        found["sms"].append("needs {org}, so that people know who writes")
    if text.sms and not has_sms:
        found["sms"].append("is not sent by text message")
    return {name: said for name, said in found.items() if said}


def fill(text: Text, *, kind: str, frame: Frame, values: Mapping[str, str]) -> Composed:
    """These words with these values, in the organization's frame."""
    language = frame.language
    known = _kind(kind, language)
    safe = harmless({"org": frame.org} | dict(values))
    paragraphs = _paragraphs(text.body, safe)
    footnote = FOOTNOTES[language].format(**safe) if known.to_homeowner else ""
    shown = {
        "language": language,
        "org": safe["org"],
        "colour": frame.colour or USUAL_COLOUR,
        "paragraphs": paragraphs,
        "action": known.action[language],
        "footnote": footnote,
        "link": LINK,
    }
    subject = " ".join(_filled(text.subject, safe).split())
    return Composed(
        subject=subject,
        text=_plain(paragraphs, action=known.action[language], footnote=footnote),
        html=_frames.get_template("letter.html").render(shown | {"subject": subject}),
        sms=_sms(text.sms, safe, language=language) if text.sms else "",
    )


def _kind(kind: str, language: str) -> Kind:
    if kind not in KINDS or language not in LANGUAGES:
        raise NotFound
    return KINDS[kind]


def _faults(words: str, *, variables: tuple[str, ...], characters_max: int) -> list[str]:
    found = []
    if not words.strip():
        found.append("is missing")
    if len(words) > characters_max:
        found.append(f"has at most {characters_max} characters")
    if CONTROL.search(words):
        found.append("holds characters that are no text")
    if LINKLIKE.search(words) or DOTTED.search(words):
        found.append("holds something like a link; put a space after a full stop")
    unknown = sorted({name for name in VARIABLE.findall(words) if name not in variables})
    if unknown or re.search(r"[{}]", VARIABLE.sub("", words)):
        names = ", ".join(f"{{{name}}}" for name in variables)
        found.append(f"may hold {names}, and no other braces")
    return found


def _filled(words: str, values: Mapping[str, str]) -> str:
    """In one pass, so that nothing in a value is taken for a variable."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), words)


def _paragraphs(body: str, values: Mapping[str, str]) -> list[str]:
    """Without those that speak of nothing but what is not known."""
    found = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        names = VARIABLE.findall(paragraph)
        if not names or any(values.get(name) for name in names):
            found.append(_filled(paragraph, values).strip())
    return found


def _plain(paragraphs: list[str], *, action: str, footnote: str) -> str:
    parts = [*paragraphs, f"{action}:\n{LINK}", *([footnote] if footnote else [])]
    return "\n\n".join(parts) + "\n"


def _sms(words: str, values: Mapping[str, str], *, language: str) -> str:
    """In one line, in the small alphabet where that changes no word, with the way out."""
    if "STOP" not in words:
        words = f"{words.rstrip()} {OPT_OUTS[language]}"
    return fitted(" ".join(_filled(words, values).split()))
