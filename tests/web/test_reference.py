"""The reference of the API as pages: every call on one of them, for anybody, without a script."""

import re

import httpx
import pytest

from tests.cast import Cast

BODY = re.compile(r'<article class="call-page" id="(\w+)"')


@pytest.fixture
async def index(client: httpx.AsyncClient) -> str:
    """The first page."""
    answer = await client.get("/reference")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return answer.text


async def test_every_call_has_its_place(client: httpx.AsyncClient, index: str) -> None:
    document = (await client.get("/openapi.json")).json()
    named = {one["operationId"] for path in document["paths"].values() for one in path.values()}
    chapters = set(re.findall(r'href="/reference/([\w-]+)"', index))

    found: set[str] = set()
    for chapter in chapters:
        answer = await client.get(f"/reference/{chapter}")
        assert (chapter, answer.status_code) == (chapter, 200)
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        found |= set(BODY.findall(answer.text))

    assert len(chapters) == len(document["tags"])
    assert found == named
    assert set(re.findall(r'href="/reference/[\w-]+#(\w+)"', index)) == named


async def test_a_call_is_shown_with_an_example_that_calls_this_server(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/reference/capture-requests")).text

    assert "curl -X POST http://127.0.0.1:8000/api/v2/capture_requests" in page
    assert "Authorization: Bearer $TOKEN" in page
    assert "&#34;capturing_user_name&#34;: &#34;Lucille Bluth&#34;" in page
    assert "Also at <code>/api/v2/capture_requests/check</code>" in page


async def test_an_unknown_chapter_is_not_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/reference/nothing")).status_code == 404


async def test_the_integrations_page_leads_there(client: httpx.AsyncClient, cast: Cast) -> None:
    answer = await client.get("/integrations", headers=cast.alice.cookie("alice"))

    assert 'href="/reference"' in answer.text
