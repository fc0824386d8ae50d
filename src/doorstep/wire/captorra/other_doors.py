"""Two more ways in, to the same journal and the same rules: old form posts, and many at once."""

import asyncio
import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import FromPath

from doorstep.api.description.calls import FORM, JSON, WORDS, Reply, call
from doorstep.api.desk.answers import Problem
from doorstep.kit.errors import BadRequest, NotFound, TooLarge
from doorstep.leads.model import PLACEHOLDER
from doorstep.leads.parsing import Parsed
from doorstep.leads.reading import SYNTAX, Reading, Refusal, hint_in, parse_guid, reading_of
from doorstep.wire.captorra import declared
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.door import PATH, Door
from doorstep.wire.captorra.requests import BODY_BYTES_MAX

ROWS_MAX = 200
SERVICE = "service.svc"
FORM_KEYS = {
    "First Name": "First",
    "Last Name": "Last",
    "Telephone Number": "Primary",
    "Alt Telephone Number": "Secondary",
    "Email Address": "Email",
    "Zip Code": "Zip",
    "Case Details": "Details",
    "Contact Source": "Source",
}
"""The spaced keys of the old form wire; the others are the same as today's."""

_vendors_id = re.compile(r"\w+Id")

AnyRequest = Request[object, object, State]


@post(
    "/{service:str}/rest/create",
    status_code=200,
    opt=call(
        declared.TAG,
        body=declared.FormPost,
        takes=(FORM,),
        replies={
            **declared.replies(declared.LeadTaken),
            404: Reply(description=WORDS[404], shape=Problem),
        },
        security="",
    ),
)
async def form_door(request: AnyRequest, service: FromPath[str]) -> Response[bytes]:
    """The per-vendor service of old: a form with spaced keys, and today's answers."""
    if not service.lower().endswith(SERVICE):
        raise NotFound
    body = await request.body()
    whole = len(body) <= BODY_BYTES_MAX
    answer = await _door(request).take(
        request.scope, body[:BODY_BYTES_MAX], whole=whole, reader=read_form
    )
    return _response(answer)


@post(
    "/api/leads",
    status_code=200,
    opt=call(
        declared.TAG,
        headers=declared.StandIns,
        body=list[declared.LeadPost],
        takes=(JSON, "text/csv"),
        answer=declared.ManyTaken,
        fails=(400,),
        security="",
    ),
)
async def many_leads(request: AnyRequest) -> Response[bytes]:
    """Up to 200 leads as JSON or CSV with the wire's keys; an answer for each, in their order.

    The headers `X-Captorra-Id` and `X-Referrer` stand in for keys that a row lacks.
    """
    given = {"CaptorraId": "x-captorra-id", "Referrer": "x-referrer"}
    common = {key: request.headers[name] for key, name in given.items() if name in request.headers}
    content_type = request.headers.get("content-type", "")
    rows = rows_of(await request.body(), is_csv=content_type.startswith("text/csv"))
    door = _door(request)
    answers = await asyncio.gather(
        *(door.take(request.scope, json.dumps({**common, **row}).encode()) for row in rows)
    )
    results = [msgspec.Raw(answer.body) for answer in answers]
    return Response(msgspec.json.encode({"results": results}), media_type="application/json")


def read_form(body: bytes, content_type: bytes = b"") -> Reading:
    """The reading of a form post; raises Refusal."""
    del content_type
    try:
        pairs = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        raise Refusal(*SYNTAX, hint=hint_in(body)) from None
    values = {
        FORM_KEYS.get(key, key): text.replace("\x00", "")
        for key, text in pairs.items()
        if text.strip() and text.strip().lower() != PLACEHOLDER
    }
    vendors_id = next((key for key in values if _vendors_id.fullmatch(key)), None)
    if vendors_id is not None:
        values.setdefault("CaptorraId", values[vendors_id])
    kind = values.get("Type of Case", "")
    try:
        parse_guid(kind)
    except ValueError:
        pass
    else:
        values.setdefault("Type", kind)
    return reading_of(Parsed(values=values))


def rows_of(body: bytes, *, is_csv: bool) -> list[Mapping[str, Any]]:
    """The rows of a CSV, the objects of a JSON list, or the one object; raises AppError."""
    try:
        if is_csv:
            found: Any = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
            for row in found:
                row.pop(None, None)
        else:
            found = json.loads(body)
    except (ValueError, csv.Error, RecursionError) as error:
        raise BadRequest(f"The body cannot be read: {error}") from error
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise BadRequest("Each lead is an object.")
    if len(rows) > ROWS_MAX:
        raise TooLarge(f"At most {ROWS_MAX} leads at once.")
    return rows


def _door(request: AnyRequest) -> Door:
    door: Door = request.app.state.hot[PATH]
    return door


def _response(answer: Answer) -> Response[bytes]:
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(
        answer.body,
        status_code=answer.status,
        headers=headers,
        media_type="application/json; charset=utf-8",
    )


ROUTES = [form_door, many_leads]
