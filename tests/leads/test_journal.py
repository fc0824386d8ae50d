"""Refused posts: seen with all their faults, and released into intakes."""

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from doorstep.auth.scopes import member_actor, open_scope
from doorstep.kit.errors import Conflict, Forbidden, Invalid, NotFound
from doorstep.leads import journal
from doorstep.leads.faults import faults_in
from doorstep.orgs.model import OrgScope
from tests.cast import Cast, Troupe
from tests.faults.posting import accepted, encoded, lead, rows, send, values
from tests.pinned import PinnedDatabase

Open = Callable[..., AbstractAsyncContextManager[OrgScope]]


@pytest.fixture
def opened(db: PinnedDatabase) -> Open:
    def open_for(troupe: Troupe, role: str = "admin") -> AbstractAsyncContextManager[OrgScope]:
        return open_scope(db, org_id=troupe.org_id, actor=member_actor(troupe.admin_id, role=role))

    return open_for


async def only(opened: Open, troupe: Troupe) -> journal.Examination:
    async with opened(troupe) as scope:
        (post,) = await journal.page(scope)
        return await journal.examine(scope, post_id=post.id)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is empty."),
        (b"<html>123456</html>", "A web page or XML was sent, not JSON."),
        (b"CaptorraId=123456&First=a", "Form fields were sent, not JSON."),
        (b'"CaptorraId":"123456","First":"a"', "The braces around the object are missing."),
        (b"{'CaptorraId':'123456'}", "The quotes must be double ones around a single object."),
        (b'{"CaptorraId":"123456",}', "There is a comma after the last value."),
        (b'{"CaptorraId":"123456","First":"Zo\xeb"}', "The text is not in UTF-8, and no other charset was declared."),
        (b'{"CaptorraId":"123456","State":["PA"]}', "The body cannot be read: State holds a list where text is expected."),
    ],
)  # fmt: skip
async def test_the_cause_of_a_syntax_error_in_words(
    client: httpx.AsyncClient, cast: Cast, opened: Open, body: bytes, sentence: str
) -> None:
    await send(client, body)
    if b"CaptorraId" not in body:
        assert [one.sentence for one in faults_in(body)] == [sentence]
        return

    examined = await only(opened, cast.alice)

    assert [fault.sentence for fault in examined.faults] == [sentence]
    assert examined.post.error == "JSON syntax error"
    assert examined.message.endswith(f"was answered with: JSON syntax error\n\n- {sentence}")


async def test_all_faults_at_once(client: httpx.AsyncClient, cast: Cast, opened: Open) -> None:
    body = {"CaptorraId": "123456", "first": "Ann", "Referrer": "abc", "Type": "x"}

    await send(client, json.dumps(body).encode())

    assert [fault.sentence for fault in (await only(opened, cast.alice)).faults] == [
        "First is missing: first was sent, and letter case counts.",
        "Last is missing or blank.",
        "Referrer is no GUID: abc.",
        "Type is no GUID: x.",
    ]


async def test_guids_that_changed_places(
    client: httpx.AsyncClient, cast: Cast, opened: Open
) -> None:
    alice = cast.alice
    await send(client, encoded(alice, Referrer=str(alice.case_type), Type=str(alice.referrer)))

    assert [fault.sentence for fault in (await only(opened, alice)).faults] == [
        "This GUID is your case type Roof, sent as Referrer.",
        "This GUID is your source Bright Leads, sent as Type.",
    ]


async def test_the_guid_of_another_organization_says_nothing_of_it(
    client: httpx.AsyncClient, cast: Cast, opened: Open
) -> None:
    await send(client, encoded(cast.alice, Referrer=str(cast.charlie.referrer)))

    assert [fault.sentence for fault in (await only(opened, cast.alice)).faults] == [
        "You have no source with this Referrer."
    ]


async def test_a_refused_post_is_mended_and_released(
    client: httpx.AsyncClient, cast: Cast, opened: Open, db: PinnedDatabase
) -> None:
    broken = encoded(cast.alice).strip(b"{}")
    await send(client, broken)
    examined = await only(opened, cast.alice)
    assert json.loads(examined.body) == values(cast.alice)

    async with opened(cast.alice) as scope:
        lead_id = await journal.release(
            scope, post_id=examined.post.id, body=examined.body.encode()
        )

    made = await lead(db, cast.alice, lead_id)
    assert (made["first_name"], made["tags"]) == ("John", ["released"])
    posts = await rows(
        db, cast.alice, "SELECT outcome, body, peer, headers FROM lead_posts ORDER BY id"
    )
    assert [post["outcome"] for post in posts] == ["syntax", "accepted"]
    assert posts[0]["body"] == broken
    assert posts[1]["peer"] == f"user:{cast.alice.admin_id}"
    assert posts[1]["headers"] == {"released-from": str(examined.post.id)}
    events = await rows(db, cast.alice, "SELECT name, lead_id FROM events")
    assert {"name": "lead.received", "lead_id": lead_id} in events
    async with opened(cast.alice) as scope:
        (again,) = await journal.page(scope)
        assert again.lead_id == lead_id
        with pytest.raises(Conflict, match="released already"):
            await journal.release(scope, post_id=again.id, body=examined.body.encode())
    # The vendor mends the post and sends it too: it is the same lead.
    assert await accepted(client, encoded(cast.alice)) == lead_id


async def test_a_body_that_is_still_wrong_is_not_released(
    client: httpx.AsyncClient, cast: Cast, opened: Open, db: PinnedDatabase
) -> None:
    await send(client, encoded(cast.alice, First=""))
    examined = await only(opened, cast.alice)

    async with opened(cast.alice) as scope:
        with pytest.raises(Invalid) as missing:
            await journal.release(
                scope, post_id=examined.post.id, body=encoded(cast.alice, First="")
            )
        with pytest.raises(Invalid) as foreign:
            await journal.release(scope, post_id=examined.post.id, body=encoded(cast.charlie))

    assert missing.value.fields == {"body": ["Please provide First"]}
    assert foreign.value.fields == {"body": ["Referrer/Type GUID does not exist."]}
    assert await rows(db, cast.alice, "SELECT id FROM leads") == []


async def test_who_may_not_and_what_is_not_there(
    client: httpx.AsyncClient, cast: Cast, opened: Open
) -> None:
    await send(client, encoded(cast.alice, First=""))
    post_id = (await only(opened, cast.alice)).post.id

    async with opened(cast.alice, "approver") as scope:
        with pytest.raises(Forbidden):
            await journal.release(scope, post_id=post_id, body=b"{}")
    async with opened(cast.charlie) as scope:
        assert await journal.page(scope) == []
        with pytest.raises(NotFound):
            await journal.examine(scope, post_id=post_id)
        with pytest.raises(NotFound):
            await journal.release(scope, post_id=post_id, body=encoded(cast.charlie))
        with pytest.raises(NotFound):
            await journal.examine(scope, post_id=uuid.uuid4())
