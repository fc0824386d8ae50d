"""The six-character name without a token: a page that helps its owner, and nobody else."""

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

PATH = "/api/v2/capture_requests"


async def mails(db: PinnedDatabase, org_id: int) -> list[str]:
    async with db.transaction(Role.APP, org_id=org_id) as tx:
        rows = await tx.fetch("SELECT to_address FROM messages ORDER BY id")
    return [row["to_address"] for row in rows]


async def test_with_a_token_it_is_the_link_in_header_and_html(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    asked = await ask(client, cast.alice)
    answer = await client.get(f"{PATH}/{asked['identifier']}", headers=cast.alice.bearer)
    link = answer.headers["location"]
    assert answer.status_code == 302
    assert link.startswith(f"http://127.0.0.1:8000/c/{asked['identifier']}")
    assert (
        answer.text == f'<html><body>You are being <a href="{link}">redirected</a>.</body></html>'
    )


async def test_without_a_token_it_opens_nothing(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await ask(client, cast.alice)
    known = await client.get(f"{PATH}/{asked['identifier']}")
    unknown = await client.get(f"{PATH}/zzzzzz")
    suffixed = await client.get(f"{PATH}/{asked['identifier']}.json")
    odd = await client.get(f"{PATH}/zz.zzzzz")

    assert known.status_code == unknown.status_code == 302
    assert known.headers["location"] == f"http://127.0.0.1:8000/again/{asked['identifier']}"
    assert unknown.headers["location"] == "http://127.0.0.1:8000/again/zzzzzz"
    assert suffixed.headers["location"] == known.headers["location"]
    assert odd.status_code == 404


async def test_a_wrong_token_is_no_token(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await ask(client, cast.alice)
    headers = {"authorization": "Bearer x"}
    answer = await client.get(f"{PATH}/{asked['identifier']}", headers=headers)
    assert answer.status_code == 401


async def test_the_page_sends_to_the_stored_contact_once_in_ten_minutes(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asked = await ask(client, cast.alice)
    path = f"/again/{asked['identifier']}"

    page = await client.get(path)
    assert await mails(db, cast.alice.org_id) == ["lucille@example.com"]
    sent = await client.post(path, data={"email": "thief@example.com"})
    again = await client.post(path)

    assert page.status_code == sent.status_code == 200
    assert "Send my link" in page.text
    assert "Lucille" not in page.text + sent.text
    assert "lucille@" not in page.text + sent.text
    assert again.text == sent.text
    assert await mails(db, cast.alice.org_id) == ["lucille@example.com"] * 2
    for count in (3, 4, 5, 6, 6):
        async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
            await tx.execute(
                "UPDATE capture_requests SET asked_again_at = now() - interval '11 minutes'"
            )
        await client.post(path)
        assert len(await mails(db, cast.alice.org_id)) == count


async def test_every_name_gets_the_same_answer(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    deleted = await ask(client, cast.alice)
    done = await ask(client, cast.alice, test_state="complete")
    fresh = await ask(client, cast.alice)
    await client.delete(f"{PATH}/{deleted['id']}", headers=cast.alice.bearer)
    before = len(await mails(db, cast.alice.org_id))

    names = [deleted["identifier"], done["identifier"], "zzzzzz", fresh["identifier"]]
    answers = [await client.post(f"/again/{name}") for name in names]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await mails(db, cast.alice.org_id)) == before + 1


async def test_another_sites_form_sends_nothing(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await ask(client, cast.alice)
    answer = await client.post(
        f"/again/{asked['identifier']}", headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("state", ["new", "deleted"])
async def test_an_organization_that_moves_over_may_open_its_names(
    client: httpx.AsyncClient, cast: Cast, state: str
) -> None:
    asked = await ask(client, cast.alice)
    theirs = await ask(client, cast.charlie)
    await client.patch(
        f"/api/v1/orgs/{cast.alice.org_id}",
        json={"org": {"preferences_attributes": {"open_identifier_links": True}}},
        headers=cast.alice.bearer,
    )
    if state == "deleted":
        await client.delete(f"{PATH}/{asked['id']}", headers=cast.alice.bearer)

    mine = await client.get(f"{PATH}/{asked['identifier']}")
    other = await client.get(f"{PATH}/{theirs['identifier']}")

    opened = mine.headers["location"].startswith("http://127.0.0.1:8000/c/")
    assert opened is (state == "new")
    assert other.headers["location"].startswith("http://127.0.0.1:8000/again/")
