"""Dry runs: the door's own rules on a post that is not stored, for people and for programs."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from litestar import Response, get, post

from doorstep.kit.errors import Unavailable
from doorstep.kit.pace import Pace
from doorstep.leads import dry_runs
from doorstep.leads.dry_runs import DryRun
from doorstep.leads.faults import Fault
from doorstep.leads.model import COLUMNS
from doorstep.leads.reading import REQUIRED
from doorstep.leads.vendor_faults import vendor_faults
from doorstep.leads.vendor_posts import Replay
from doorstep.web.desk.forms import Form
from doorstep.web.services import Services
from doorstep.web.vendor.examples import test_values
from doorstep.web.vendor.visits import PAGE_HEADERS, AnyRequest, Visit
from doorstep.wire.captorra import answers
from doorstep.wire.captorra.answers import CONTENT_TYPE, Answer
from doorstep.wire.captorra.door import Door
from doorstep.wire.captorra.requests import BODY_BYTES_MAX, SIGNATURE, header, peer_of

DRY_RUNS_MAX = 60
DRY_RUNS_SECONDS = 60

LABELS = {
    "json": ("JSON, and says so", "application/json"),
    "form": ("JSON, labelled as a form", "application/x-www-form-urlencoded"),
    "none": ("Without a Content-Type", ""),
    "latin": ("JSON in ISO-8859-1", "application/json; charset=iso-8859-1"),
}
"""What a person may choose: words, and the Content-Type that they stand for."""
KEYS = tuple(dict.fromkeys([*(key for key, _ in REQUIRED), "Type", *(c.key for c in COLUMNS)]))

pace = Pace(DRY_RUNS_MAX, seconds=DRY_RUNS_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a post would come to."""

    outcome: str
    answer: Answer
    faults: list[Fault]
    warnings: list[str]

    @property
    def accepted(self) -> bool:
        """Whether it would be a lead, or the same lead again."""
        return self.outcome in ("accepted", "repeated")

    @property
    def head(self) -> str:
        """The status line and the headers as they would come."""
        return head_of(self.answer)


@post("/dry-run", status_code=200)
async def dry_run(request: AnyRequest, visit: Visit, services: Services) -> Response[Any]:
    """For programs: the body as it would be posted, and its headers; JSON says what would be."""
    pace.admit(str(visit.source.id))
    body = await request.body()
    dry = await dry_runs.begin(visit.scope, source_id=visit.source.id)
    result = await run(visit, services, body=body, sent=request.scope, taker=dry)
    shown = {
        "dry_run": True,
        "outcome": result.outcome,
        "answer": {
            "status": result.answer.status,
            "headers": headers_of(result.answer),
            "body": result.answer.body.decode(),
        },
        "faults": [{"key": one.key, "sentence": one.sentence} for one in result.faults],
        "warnings": result.warnings,
    }
    return Response(shown, headers=PAGE_HEADERS, media_type="application/json")


@get("/try")
async def try_page(visit: Visit) -> Response[str]:
    """The form, with a lead that would be taken."""
    known = await visit.known()
    values = test_values(
        captorra_id=known.captorra_id,
        referrer=known.referrer,
        case_type=next(iter(known.shown), None),
    )
    return _page(visit, body=json.dumps(values, indent=2), fields=values)


@post("/try", status_code=200)
async def try_form(
    request: AnyRequest, visit: Visit, services: Services, form: Form
) -> Response[str]:
    """For people: a pasted body, or fields; the same form with what would be."""
    pace.admit(str(visit.source.id))
    fields = {key: form[key] for key in KEYS if form.get(key)}
    text = form.get("body", "") if "body" in form else json.dumps(fields, indent=2)
    label = form.get("label", "json")
    sent = posted(request, label=label, signature=form.get("signature", ""))
    dry = await dry_runs.begin(visit.scope, source_id=visit.source.id)
    body = encoded(text, label=label)
    result = await run(visit, services, body=body, sent=sent, taker=dry)
    return _page(visit, body=text, fields=fields, label=label, result=result)


async def run(
    visit: Visit, services: Services, *, body: bytes, sent: Any, taker: DryRun | Replay
) -> Result:
    """What the door says to these bytes with the headers of `sent`, in front of this taker."""
    door = Door(taker, signer=services.signer)
    whole = len(body) <= BODY_BYTES_MAX
    answer = await door.take(sent, body[:BODY_BYTES_MAX], whole=whole)
    entry = taker.entry
    if entry is None or answer is answers.LATER:
        raise Unavailable
    if entry.lead is not None:
        outcome = "repeated" if taker.repeated else "accepted"
        return Result(outcome=outcome, answer=answer, faults=[], warnings=list(entry.lead.warnings))
    faults = vendor_faults(
        entry.post.body,
        content_type=header(sent, b"content-type"),
        outcome=entry.post.outcome,
        peer=peer_of(sent),
        known=await visit.known(),
    )
    return Result(outcome=entry.post.outcome, answer=answer, faults=faults, warnings=[])


def posted(request: AnyRequest, *, label: str, signature: str) -> dict[str, Any]:
    """The request as the vendor's program would have sent it, from where the person is."""
    headers = [(b"content-type", LABELS.get(label, LABELS["json"])[1].encode())]
    if signature:
        headers.append((SIGNATURE, signature.strip().encode("latin-1", "replace")))
    return {**request.scope, "headers": [pair for pair in headers if pair[1]]}


def encoded(text: str, *, label: str) -> bytes:
    """A pasted text in the bytes that its label promises."""
    return text.encode("latin-1" if label == "latin" else "utf-8", "replace")


def headers_of(answer: Answer) -> dict[str, str]:
    """The headers of an answer of the wire."""
    length = (b"content-length", b"%d" % len(answer.body))
    return {name.decode(): text.decode() for name, text in (CONTENT_TYPE, length, *answer.headers)}


def head_of(answer: Answer) -> str:
    """The status line and the headers, as they come over the line."""
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {text}" for name, text in headers_of(answer).items()]
    return "\n".join(lines)


def _page(
    visit: Visit,
    *,
    body: str,
    fields: dict[str, str],
    label: str = "json",
    result: Result | None = None,
) -> Response[str]:
    limits = {column.key: column.limit for column in COLUMNS}
    return visit.show(
        "try.html",
        place="try",
        body=body,
        fields=fields,
        keys=KEYS,
        limits=limits,
        label=label,
        labels=LABELS,
        signed=visit.source.rules.signature_salt is not None,
        result=result,
    )


ROUTES = [dry_run, try_page, try_form]
