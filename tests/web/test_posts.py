"""Refused posts: seen, understood, mended into leads."""

import html
import re
import uuid
from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NO_POST = "01890000-0000-7000-8000-000000000000"


async def post_id(db: PinnedDatabase, cast: Cast) -> uuid.UUID:
    found = await rows(db, cast.alice, "SELECT id FROM lead_posts ORDER BY id DESC LIMIT 1")
    made: uuid.UUID = found[0]["id"]
    return made


@pytest.fixture
async def refused(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """A post with two faults."""
    await send(client, encoded(cast.alice, First="", Type=str(cast.alice.referrer)))
    return await post_id(db, cast)


def textarea(text: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", text, re.DOTALL)
    assert found
    return html.unescape(found[1])


async def test_the_list_says_what_was_answered_and_the_inbox_how_many(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, refused: uuid.UUID
) -> None:
    await send(client, encoded(cast.alice, Last=""))

    text = (await alice.get("/posts")).text

    assert f'href="/posts/{refused}">Please provide First</a>' in text
    assert text.index("Please provide Last") < text.index("Please provide First")
    assert text.count("Incomplete") == 2
    inbox = (await alice.get("/inbox")).text
    assert 'Refused posts <span class="pill warn">2<span' in inbox


async def test_nothing_refused_is_said_so(alice: Desk) -> None:
    assert "Nothing was refused" in (await alice.get("/posts")).text
    assert '<a href="/posts">Refused posts</a>' in (await alice.get("/inbox")).text


async def test_older_posts_are_a_page_away(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    for number in range(52):
        await send(client, encoded(cast.alice, First="", ID=str(number)))

    first = (await alice.get("/posts")).text
    older = first.split('href="/posts?before=')[1].split('"')[0]
    second = (await alice.get(f"/posts?before={older}")).text

    assert (first.count("<li>"), second.count("<li>")) == (50, 2)
    assert (await alice.get("/posts?before=x")).status_code in (400, 404)


async def test_one_post_shows_all_faults_a_letter_and_the_body(
    alice: Desk, refused: uuid.UUID
) -> None:
    text = html.unescape((await alice.get(f"/posts/{refused}")).text)

    assert "First is missing or blank.</li>" in text
    assert "was answered with: Please provide First\n\n- First is missing" in text
    assert 'data-copy="Your post of ' in text
    assert '"Last": "Smith",\n' in text
    raw = html.unescape((await alice.get(f"/posts/{refused}?view=raw")).text)
    assert '"First": "", "Last": "Smith"' in raw


async def test_bytes_that_are_no_text_are_shown_raw(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    await send(client, b'{"CaptorraId":"123456","First":"Zo\xeb<script>"}')

    answer = await alice.get(f"/posts/{await post_id(db, cast)}?view=raw")

    assert "Zo\\xeb&lt;script&gt;" in answer.text
    assert "Zo\\xeb<script>" not in answer.text


async def test_a_mended_post_becomes_a_released_lead(
    cast: Cast, bob: Desk, amy: Desk, refused: uuid.UUID
) -> None:
    form = {"body": encoded(cast.alice, First="John").decode(), "source": "", "case_type": ""}

    answer = await bob.post(f"/posts/{refused}/lead", form)

    assert answer.status_code == 303
    lead = (await bob.get(answer.headers["location"])).text
    assert "<h1>John Smith</h1>" in lead
    assert '<span class="pill work">Released</span>' in lead
    assert "The post is a lead now." in lead
    assert '<span class="pill work">Released</span>' in (await bob.get("/inbox")).text
    path = answer.headers["location"].partition("?")[0]
    page = (await amy.get(f"/posts/{refused}")).text
    assert f'href="{path}"' in page
    assert "<textarea" not in page

    again = await bob.post(f"/posts/{refused}/lead", form)
    assert again.status_code == 409
    assert "This post was released already." in again.text


async def test_a_post_without_our_ids_is_given_to_a_vendor_of_ours(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    await send(client, encoded(cast.alice, Referrer=str(uuid.uuid4())))
    refused = await post_id(db, cast)
    (source,) = await rows(db, cast.alice, "SELECT id FROM sources")
    (kind,) = await rows(db, cast.alice, "SELECT id FROM case_types")
    page = (await alice.get(f"/posts/{refused}")).text
    assert "You have no source with this Referrer.</li>" in page
    assert str(cast.alice.referrer) not in page
    form = {"body": textarea(page), "source": str(source["id"]), "case_type": str(kind["id"])}

    answer = await alice.post(f"/posts/{refused}/lead", form)

    assert "Bright Leads · Roof" in (await alice.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": ""}, "JSON syntax error"),
        ({"body": "{"}, "JSON syntax error"),
        ({"body": '{"CaptorraId": "123456"}'}, "Please provide First"),
        ({"body": "{", "source": "mine"}, "This cannot be read: not JSON"),
    ],
)
async def test_what_is_still_wrong_is_said_and_the_edit_kept(
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    refused: uuid.UUID,
    changes: dict[str, Any],
    sentence: str,
) -> None:
    (source,) = await rows(db, cast.alice, "SELECT id FROM sources")
    if "source" in changes:
        changes = changes | {"source": str(source["id"])}

    answer = await alice.post(f"/posts/{refused}/lead", changes)

    assert answer.status_code == 422
    assert f'role="alert">{sentence}' in answer.text
    assert textarea(answer.text) == changes["body"]
    assert await rows(db, cast.alice, "SELECT id FROM leads") == []


async def test_an_approver_reads_and_may_not_release(
    cast: Cast, amy: Desk, refused: uuid.UUID
) -> None:
    page = await amy.get(f"/posts/{refused}")
    assert "First is missing or blank." in page.text
    assert "<textarea" not in page.text
    answer = await amy.post(f"/posts/{refused}/lead", {"body": encoded(cast.alice).decode()})
    assert answer.status_code == 403


async def test_another_organizations_post_is_not_there(
    cast: Cast, charlie: Desk, refused: uuid.UUID
) -> None:
    assert "Nothing was refused" in (await charlie.get("/posts")).text
    theirs, nothing = [await charlie.get(f"/posts/{one}") for one in (refused, NO_POST)]
    assert theirs.status_code == 404
    assert theirs.text == nothing.text
    form = {"body": encoded(cast.charlie).decode()}
    theirs, nothing = [await charlie.post(f"/posts/{one}/lead", form) for one in (refused, NO_POST)]
    assert theirs.status_code == 404
    assert theirs.text == nothing.text
    mine = {"body": encoded(cast.alice).decode()}
    assert (await charlie.post(f"/posts/{refused}/lead", mine)).status_code == 404


async def test_nobodys_posts_are_shown_to_nobody(
    client: httpx.AsyncClient, db: PinnedDatabase, alice: Desk, charlie: Desk
) -> None:
    await send(client, b'{"CaptorraId":"999999"}')
    (lost,) = await rows(db, None, "SELECT id FROM lead_posts")

    for desk in (alice, charlie):
        assert "Nothing was refused" in (await desk.get("/posts")).text
        assert (await desk.get(f"/posts/{lost['id']}")).status_code == 404


async def test_a_post_that_is_nested_too_deeply_is_shown_as_it_came(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    body = encoded(cast.alice, First="X").replace(b'"X"', b"[" * 3000 + b"]" * 3000)
    await send(client, body)
    answer = await alice.get(f"/posts/{await post_id(db, cast)}")
    assert answer.status_code == 200
    assert "[" * 3000 in answer.text
