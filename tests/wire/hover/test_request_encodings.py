"""Bodies of a capture request as clients send them: JSON, forms with brackets, and odd ones."""

import uuid
from urllib.parse import urlencode

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.requests import PATH


async def test_a_form_with_brackets_is_the_same(client: httpx.AsyncClient, cast: Cast) -> None:
    form = {
        "current_user_id": str(cast.alice.admin_id),
        "capture_request[capturing_user_name]": "Lucille Bluth",
        "capture_request[capturing_user_email]": "lucille@example.com",
        "capture_request[job_attributes][location_line_1]": "123 Hover Way",
        "capture_request[job_attributes][deliverable_id]": "2",
        "capture_request[suppress_text_messages]": "true",
    }

    answer = await client.post(
        PATH + "/",
        content=urlencode(form),
        headers=cast.alice.bearer | {"content-type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["job_attributes"]["location_line_1"] == "123 Hover Way"
    assert made["job_attributes"]["deliverable_id"] == 2
    assert made["job_attributes"]["name"] == "123 Hover Way"
    assert uuid.UUID(made["job_attributes"]["client_identifier"]).version == 4
    assert made["requesting_user"]["name"] == "Alice"


async def test_a_multipart_form_is_the_same(client: httpx.AsyncClient, cast: Cast) -> None:
    parts = {
        "current_user_id": (None, str(cast.alice.admin_id)),
        "capture_request[capturing_user_name]": (None, "Lucille Bluth"),
        "capture_request[capturing_user_email]": (None, "lucille@example.com"),
        "capture_request[job_attributes][location_line_1]": (None, "123 Hover Way"),
    }

    answer = await client.post(PATH, files=parts, headers=cast.alice.bearer)

    assert answer.status_code == 201, answer.text
    assert answer.json()["job_attributes"]["deliverable_id"] == 3


async def test_a_broken_body_is_a_bad_request(client: httpx.AsyncClient, cast: Cast) -> None:
    answer = await client.post(
        PATH, content=b"{", headers=cast.alice.bearer | {"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json() == {"error": "The body is not valid JSON.", "code": "bad_request"}


BODY = b"""{"current_user_email": "alice@123456.example", "capture_request": {
    "capturing_user_name": "L", "capturing_user_email": "l@example.com",
    "job_attributes": {"location_line_1": "1 A", "deliverable_id": 7.0}}}"""


async def send(
    client: httpx.AsyncClient, cast: Cast, content: bytes, *, kind: str = "application/json"
) -> httpx.Response:
    headers = cast.alice.bearer | {"content-type": kind}
    return await client.post(PATH, content=content, headers=headers)


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        (b"", "application/json; charset=utf-8"),
        (b"\xef\xbb\xbf", "application/json"),
        (b" ", "text/plain"),
        (b"", "application/vnd.api+json"),
    ],
)
async def test_json_is_read_as_it_comes(
    client: httpx.AsyncClient, cast: Cast, before: bytes, kind: str
) -> None:
    answer = await send(client, cast, before + BODY, kind=kind)

    assert answer.status_code == 201, answer.text
    assert answer.json()["job_attributes"]["deliverable_id"] == 7


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BODY.replace(b'"L"', b'"\xff\xfe"'), "The body is not valid JSON."),
        (BODY.replace(b'"L"', b'"\\ud800"'), "The body is not valid JSON."),
        (BODY.replace(b"7.0", b"1e400"), "The body is not valid JSON."),
        (BODY.replace(b"7.0", b"7" * 5000), "The body is not valid JSON."),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "The body is not valid JSON."),
        (b"[1]", "The body must be a JSON object."),
        (b"null", "The body must be a JSON object."),
    ],
)
async def test_what_is_no_json_object_is_a_bad_request(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, content: bytes, words: str
) -> None:
    answer = await send(client, cast, content)

    assert (answer.status_code, answer.json()) == (400, {"error": words, "code": "bad_request"})
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM capture_requests") == 0


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (b"capture_request[capturing_user_name]=\xff", "The form is not readable."),
        (b"a[b]=1&a=2", "a is both a value and an object."),
        (b"a=2&a[b]=1", "a is both a value and an object."),
        (b"a[b][c][d][e][f][g]=1", "More than 6 levels of nesting."),
        (b"&".join(b"a%d=1" % number for number in range(201)), "The form is not readable."),
    ],
)
async def test_what_is_no_form_is_a_bad_request(
    client: httpx.AsyncClient, cast: Cast, form: bytes, words: str
) -> None:
    answer = await send(client, cast, form, kind="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json()) == (400, {"error": words, "code": "bad_request"})


async def test_of_a_name_that_comes_twice_the_last_counts(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    twice = BODY.replace(b'"L"', b'"First", "capturing_user_name": "Last"')
    form = b"capturing_user_name]=First&capture_request[capturing_user_name]=Last"
    rest = b"&capture_request[capturing_user_email]=l@example.com&current_user_email=alice@"
    place = b"123456.example&capture_request[job_attributes][location_line_1]=1+A"
    as_form = await send(
        client,
        cast,
        b"capture_request[" + form + rest + place,
        kind="application/x-www-form-urlencoded",
    )
    as_json = await send(client, cast, twice)

    assert as_form.json()["capturing_user_name"] == "Last"
    assert as_json.json()["capturing_user_name"] == "Last"
