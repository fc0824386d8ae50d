"""The contract as posts with their answers: the 26 conformance vectors, for any server.

A vector has one fault at most. Its number is that of the table in the reference of the
wire; what it expects is one of the documented answers R1 to R8.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

R1 = re.compile(
    r'\{"success":true,"(?:IntakeID|IntakeId)":'
    r'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"'
    r'(?:,"IntakeId":"\1")?\}'
)
ERRORS = {
    "R2": "JSON syntax error",
    "R3": "Invalid GUID format.",
    "R4": "Referrer/Type GUID does not exist.",
    "R5": "Please provide the CaptorraId",
    "R6": "Please provide First",
    "R7": "Please provide Last",
    "R8": "Please provide Referrer",
}
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
PLUGIN_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "0": "Content-Type: application/json",
}


@dataclass(frozen=True, kw_only=True)
class Ids:
    """An organization, a source and a case type of the server that is tried.

    `other_referrer` belongs to another organization of the same server.
    """

    captorra_id: str
    referrer: str
    case_type: str
    other_referrer: str = ""


@dataclass(frozen=True, kw_only=True)
class Try:
    """One post and the answer that it must have."""

    body: bytes
    expect: str
    headers: Mapping[str, str] = field(default_factory=lambda: JSON_HEADERS)
    http_version: str = "1.1"


@dataclass(frozen=True, kw_only=True)
class Vector:
    """One line of the table; `ids` says how many intakes its posts must have made."""

    number: int
    title: str
    tries: Sequence[Try]
    intakes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a vector ended: what was wrong, or nothing."""

    vector: Vector
    problems: tuple[str, ...]
    intake_ids: tuple[str, ...]


Poster = Callable[[Try], Answer]


def run(vector: Vector, post: Poster) -> Verdict:
    """Send the vector's posts and judge the answers."""
    problems: list[str] = []
    found: list[str] = []
    for one in vector.tries:
        answer = post(one)
        problem = judge(answer, expect=one.expect)
        if problem:
            problems.append(problem)
        elif one.expect == "R1":
            found.append(R1.fullmatch(answer.text)[1])  # type: ignore[index]
    if vector.intakes and not problems and len(set(found)) not in vector.intakes:
        wanted = " or ".join(map(str, vector.intakes))
        problems.append(f"{len(set(found))} intakes where {wanted} was due")
    return Verdict(vector=vector, problems=tuple(problems), intake_ids=tuple(found))


def judge(answer: Answer, *, expect: str) -> str:
    """What is wrong with the answer; empty when nothing is."""
    if answer.status >= 500:  # noqa: PLR2004  any failure of the server's own
        return f"status {answer.status}"
    if "content-length" not in answer.headers:
        return "no Content-Length"
    if expect == "R1":
        return "" if R1.fullmatch(answer.text) else f"no success: {answer.text[:120]}"
    wanted = f'{{"success":false,"error":"{ERRORS[expect]}"}}'
    return "" if answer.text == wanted else f"not {expect}: {answer.text[:120]}"


def all_vectors(ids: Ids) -> list[Vector]:
    """The whole table for these ids; vector 14 only when a foreign Referrer is known."""
    return [*_readable(ids), *_refused(ids), *_lenient(ids), *_policies(ids)]


def example(ids: Ids, **changes: Any) -> dict[str, Any]:
    """The documented example with these ids, and with a person of its own."""
    values = {
        "CaptorraId": ids.captorra_id,
        "First": "John",
        "Last": f"Smith {uuid.uuid4().hex[:8]}",
        "Referrer": ids.referrer,
        "Primary": "5555555555",
        "Secondary": "5555555556",
        "Email": "john@example.com",
        "Address": "123 Main St.",
        "City": "Philadelphia",
        "State": "PA",
        "Zip": "19146",
        "County": "Philadelphia",
        "BestTime": "9am",
        "Details": "Details of the case.",
        "Type": ids.case_type,
        "Keyword": "Personal Injury Law",
        "ID": "12345678",
    }
    return values | changes


def _post(values: Mapping[str, Any], *, expect: str, **more: Any) -> Try:
    return Try(body=json.dumps(values).encode(), expect=expect, **more)


def _without(ids: Ids, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in example(ids).items() if key not in keys}


def _readable(ids: Ids) -> list[Vector]:
    full = example(ids)
    required = {key: full[key] for key in ("CaptorraId", "First", "Last", "Referrer")}
    bare = json.dumps(full).encode()[1:-1]
    rubble = (b"{", b"", b"CaptorraId=123456&First=a")
    no_id = [
        _post(_without(ids, "CaptorraId"), expect="R5"),
        *(_post(example(ids, CaptorraId=value), expect="R5") for value in ("", None)),
    ]
    return [
        Vector(number=1, title="the documented example", tries=[_post(full, expect="R1")]),
        Vector(
            number=2, title="the four required keys alone", tries=[_post(required, expect="R1")]
        ),
        Vector(number=3, title="no JSON", tries=[Try(body=body, expect="R2") for body in rubble]),
        Vector(number=4, title="the example without braces", tries=[Try(body=bare, expect="R2")]),
        Vector(
            number=5,
            title="a list for a text",
            tries=[_post(example(ids, State=["PA"]), expect="R2")],
        ),
        Vector(number=6, title="no CaptorraId", tries=no_id),
    ]


def _refused(ids: Ids) -> list[Vector]:
    missing = {"First": "R6", "Last": "R7", "Referrer": "R8"}
    grown = (("CaptorraId",), ("CaptorraId", "First"), ("CaptorraId", "First", "Last"))
    full = example(ids)
    steps = [
        _post({key: full[key] for key in keys}, expect=code)
        for keys, code in zip(grown, missing.values(), strict=True)
    ]
    found = [
        Vector(
            number=7,
            title="no First, no Last, no Referrer",
            tries=[_post(_without(ids, key), expect=code) for key, code in missing.items()],
        ),
        Vector(number=8, title="an empty object", tries=[_post({}, expect="R5")]),
        Vector(number=9, title="key after key in their order", tries=steps),
    ]
    changes: list[tuple[int, str, dict[str, Any], str]] = [
        (10, "a Referrer that is no GUID", {"Referrer": "abc"}, "R3"),
        (11, "a Type that is no GUID", {"Type": "not-a-guid"}, "R3"),
        (12, "an unknown Referrer", {"Referrer": str(uuid.uuid4())}, "R4"),
        (13, "an unknown Type", {"Type": str(uuid.uuid4())}, "R4"),
    ]
    if ids.other_referrer:
        foreign = {"Referrer": ids.other_referrer}
        changes.append((14, "the Referrer of another organization", foreign, "R4"))
    for number, title, change, code in changes:
        tries = [_post(example(ids, **change), expect=code)]
        found.append(Vector(number=number, title=title, tries=tries))
    return found


def _lenient(ids: Ids) -> list[Vector]:
    plugin = plugin_values(ids)
    no_type = [
        *(_post(example(ids, Type=value), expect="R1") for value in (None, "")),
        _post(_without(ids, "Type"), expect="R1"),
    ]
    country = {"Country" if key == "County" else key: text for key, text in example(ids).items()}
    small = {"first" if key == "First" else key: text for key, text in example(ids).items()}
    as_sent = Try(
        body=json.dumps(plugin_values(ids)).replace("/", "\\/").encode(),
        expect="R1",
        headers=PLUGIN_HEADERS,
        http_version="1.0",
    )
    upper = _post(example(ids, Referrer=ids.referrer.upper()), expect="R1")
    return [
        Vector(number=15, title="Type null, empty, absent", tries=no_type),
        Vector(number=16, title="a Referrer in capitals", tries=[upper]),
        Vector(number=17, title="the plugin's keys", tries=[_post(plugin, expect="R1")]),
        Vector(number=18, title="the plugin's request, HTTP/1.0", tries=[as_sent]),
        Vector(number=19, title="first for First", tries=[_post(small, expect="R6")]),
        Vector(number=20, title="Country for County", tries=[_post(country, expect="R1")]),
    ]


def plugin_values(ids: Ids) -> dict[str, Any]:
    """What the official plugin sends, in its order."""
    full = example(ids)
    return {
        **{key: full[key] for key in ("CaptorraId", "Referrer", "First", "Last")},
        "Primary": "",
        **dict.fromkeys(("Secondary", "Address", "City", "State", "Zip", "County")),
        "Email": full["Email"],
        "Details": "It&#039;s the roof\r\nsecond line",
        "Type": "",
        **dict.fromkeys(("Keyword", "ID")),
        "Source": "Direct Access",
        "Branded": "Yes",
        "Conversion": "https://example.com/thanks",
        "ReferrerURL": "https://example.com/",
        "Tracking": "Thu Mar 05 2020 10:00:00 GMT-0500 - https://example.com/\n\n\t",
    }


def _policies(ids: Ids) -> list[Vector]:
    long = example(ids, Details="x" * 10_000, State="Pennsylvania")
    same_id = [_post(example(ids, First=name, ID="static"), expect="R1") for name in ("Ann", "Bea")]
    twice = [_post(example(ids), expect="R1")] * 2
    foreign = example(ids, CaptorraId="999999999")
    words = example(ids, First="Zoë", Last="Núñez 🏠", Details="one\r\ntwo \U0001f3e0")
    unicode = json.dumps(words, ensure_ascii=False).replace("/", "\\/").encode()
    number = _post(example(ids, Zip=19146), expect="R1")
    return [
        Vector(number=21, title="values over their limits", tries=[_post(long, expect="R1")]),
        Vector(number=22, title="one ID, two people", tries=same_id, intakes=(2,)),
        Vector(number=23, title="the same post twice", tries=twice, intakes=(1, 2)),
        Vector(number=24, title="an unknown CaptorraId", tries=[_post(foreign, expect="R4")]),
        Vector(number=25, title="words of the world", tries=[Try(body=unicode, expect="R1")]),
        Vector(number=26, title="a number for a text", tries=[number]),
    ]
