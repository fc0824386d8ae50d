"""A vendor's own posts with their answers, and a refused one sent once more."""

import hashlib
import hmac
import html
import json
import re
import uuid
from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import R4, R6, accepted, encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.vendors import Vendor, linked, source_of

NO_POST = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """Alice's source."""
    return await source_of(db, cast.alice)


@pytest.fixture
async def vendor(alice: Desk, source_id: uuid.UUID) -> Vendor:
    """Its vendor."""
    return await linked(alice, source_id)


@pytest.fixture
async def refused(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """A post without a first name."""
    await send(client, encoded(cast.alice, First=""), content_type="application/json")
    return await newest_post(db, cast)


async def newest_post(db: PinnedDatabase, cast: Cast) -> uuid.UUID:
    found: uuid.UUID = (
        await rows(db, cast.alice, "SELECT id FROM lead_posts ORDER BY id DESC LIMIT 1")
    )[0]["id"]
    return found


def textarea(text: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", text, re.DOTALL)
    assert found
    return html.unescape(found[1])


async def test_each_post_is_there_with_its_answer(
    client: httpx.AsyncClient, cast: Cast, vendor: Vendor
) -> None:
    await send(client, encoded(cast.alice, First=""))
    lead_id = await accepted(client, encoded(cast.alice))
    await accepted(client, encoded(cast.alice))

    text = await vendor.text("/posts")

    assert text.count("<li>") == 3
    assert text.count(f'200 {{"success":true,"IntakeID":"{lead_id}"}}</span>') == 2
    assert f"200 {R6}</span>" in text
    for words in ("The same lead again", "A new lead", "Please provide First", "Incomplete"):
        assert words in text


async def test_nothing_came_is_said_so(vendor: Vendor) -> None:
    assert "Nothing came yet" in await vendor.text("/posts")


async def test_the_last_fifty_are_shown(
    client: httpx.AsyncClient, cast: Cast, vendor: Vendor
) -> None:
    body = json.dumps([{"First": "", "ID": str(number)} for number in range(51)])
    ids = {"X-Captorra-Id": "123456", "X-Referrer": str(cast.alice.referrer)}
    await client.post("/api/leads", content=body, headers=ids)

    assert (await vendor.text("/posts")).count("<li>") == 50


async def test_one_post_shows_answer_faults_and_body(vendor: Vendor, refused: uuid.UUID) -> None:
    text = await vendor.text(f"/posts/{refused}")

    assert "HTTP/1.1 200 OK\ncontent-type: application/json; charset=utf-8\n" in text
    assert f"{R6}</pre>" in text
    assert '<li class="note warn">First is missing or blank.</li>' in text
    assert '"Last": "Smith",\n' in text
    assert "from 127.0.0.1" in text


async def test_the_answer_has_the_status_that_the_source_asks_for(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    rules = {"success_key": "both", "statuses": "yes", "posts_per_second_max": "200"}
    await alice.post(f"/sources/{source_id}", rules)
    lead_id = await accepted_with(client, cast, status=201)
    await send(client, encoded(cast.alice, First=""))
    await send(client, encoded(cast.alice) + b" " * (256 << 10))

    text = await vendor.text("/posts")

    assert f'201 {{"success":true,"IntakeID":"{lead_id}","IntakeId":"{lead_id}"}}' in text
    assert f"422 {R6}" in text
    assert '413 {"success":false,"error":"JSON syntax error"}' in text


async def accepted_with(client: httpx.AsyncClient, cast: Cast, *, status: int) -> str:
    answer = await send(client, encoded(cast.alice))
    assert answer.status_code == status
    found: str = answer.json()["IntakeID"]
    return found


async def test_hostile_bodies_are_text(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, vendor: Vendor
) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=y>'
    await send(client, encoded(cast.alice, First="", Details=hostile, Type=hostile))
    post_id = await newest_post(db, cast)
    await send(
        client,
        b'{"CaptorraId":"123456","Referrer":"%s","First":"Zo\xeb<b>"}'
        % str(cast.alice.referrer).encode(),
    )
    broken = await newest_post(db, cast)

    for path in ("/posts", f"/posts/{post_id}", f"/posts/{broken}"):
        raw = (await vendor.get(path)).text
        assert "<script>alert" not in raw
        assert "<img src=x" not in raw
        assert "<b>" not in raw
    assert "Zo\\xeb" in await vendor.text(f"/posts/{broken}")


async def test_a_mended_post_becomes_a_lead_as_a_new_post(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    vendor: Vendor,
    refused: uuid.UUID,
    source_id: uuid.UUID,
) -> None:
    body = textarea((await vendor.get(f"/posts/{refused}")).text).replace(
        '"Last"', '"First": "John",\n  "Last"'
    )

    answer = await vendor.post(f"/posts/{refused}/replay", {"body": body, "label": "json"})

    assert answer.status_code == 303
    shown = await vendor.client.get(answer.headers["location"])
    assert "It is taken, as a new post." in shown.text
    assert f'href="{vendor.link}/posts/{refused}"' in shown.text
    (lead,) = await rows(db, cast.alice, "SELECT id, first_name, source_id FROM leads")
    assert (lead["first_name"], lead["source_id"]) == ("John", source_id)
    posts = await rows(
        db, cast.alice, "SELECT outcome, peer, headers, body, lead_id FROM lead_posts ORDER BY id"
    )
    assert [one["outcome"] for one in posts] == ["missing_first", "accepted"]
    assert posts[1]["headers"] == {
        "content-type": "application/json",
        "replayed-from": str(refused),
    }
    assert (posts[1]["peer"], posts[1]["lead_id"]) == ("127.0.0.1", lead["id"])
    assert posts[1]["body"] == body.encode()
    (release,) = await rows(db, cast.alice, "SELECT post_id, lead_id, actor FROM releases")
    assert tuple(release.values()) == (refused, lead["id"], f"vendor:{source_id}")

    text = await vendor.text("/posts")
    assert '<span class="quiet">replayed</span>' in text
    assert "Taken later" in text
    assert str(lead["id"]) in await vendor.text(f"/posts/{refused}")
    assert f'href="/leads/{lead["id"]}"' in (await alice.get(f"/posts/{refused}")).text
    assert "John Smith" in (await alice.get("/inbox")).text


async def test_never_twice(
    cast: Cast, db: PinnedDatabase, alice: Desk, vendor: Vendor, refused: uuid.UUID
) -> None:
    form = {"body": encoded(cast.alice).decode(), "label": "json"}
    assert (await vendor.post(f"/posts/{refused}/replay", form)).status_code == 303

    again = await vendor.post(f"/posts/{refused}/replay", form | {"body": "{"})
    assert again.status_code == 409
    assert (await vendor.post(f"/posts/{refused}/replay", form)).status_code == 409
    by_the_firm = await alice.post(f"/posts/{refused}/lead", form)
    assert by_the_firm.status_code == 409
    assert len(await rows(db, cast.alice, "SELECT id FROM leads")) == 1
    assert len(await rows(db, cast.alice, "SELECT id FROM lead_posts")) == 2


async def test_what_the_firm_released_is_no_post_of_the_vendors_and_not_replayed(
    cast: Cast, bob: Desk, vendor: Vendor, refused: uuid.UUID
) -> None:
    form = {"body": encoded(cast.alice, Details="between us").decode()}
    assert (await bob.post(f"/posts/{refused}/lead", form)).status_code == 303

    text = await vendor.text("/posts")
    assert text.count("<li>") == 1
    assert "Taken later" in text
    assert "<textarea" not in await vendor.text(f"/posts/{refused}")
    answer = await vendor.post(f"/posts/{refused}/replay", form | {"label": "json"})
    assert answer.status_code == 409


async def test_what_is_still_wrong_is_said_and_nothing_written(
    cast: Cast, db: PinnedDatabase, vendor: Vendor, refused: uuid.UUID
) -> None:
    form = {"body": encoded(cast.alice, Last="", Type="x").decode(), "label": "json"}

    answer = await vendor.post(f"/posts/{refused}/replay", form)

    assert answer.status_code == 422
    for sentence in ("Last is missing or blank.", "Type is no GUID: x."):
        assert f'<li class="note warn">{sentence}</li>' in answer.text
    assert textarea(answer.text) == form["body"]
    assert len(await rows(db, cast.alice, "SELECT id FROM lead_posts")) == 1


async def test_the_doors_rules_hold_for_a_replay(
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    vendor: Vendor,
    refused: uuid.UUID,
    source_id: uuid.UUID,
) -> None:
    await alice.post(f"/sources/{source_id}/signature")
    page = (await alice.get(f"/sources/{source_id}")).text
    secret = re.search(r'aria-label="Secret of the signature" value="([0-9a-f]{64})"', page)
    assert secret
    body = encoded(cast.alice)
    mac = hmac.new(secret[1].encode(), body, hashlib.sha256).hexdigest()
    form = {"body": body.decode(), "label": "json"}

    unsigned = await vendor.post(f"/posts/{refused}/replay", form)
    assert unsigned.status_code == 422
    assert "X-Doorstep-Signature is missing or does not fit" in unsigned.text
    signed = form | {"signature": f"sha256={mac}"}
    assert (await vendor.post(f"/posts/{refused}/replay", signed)).status_code == 303
    (lead,) = await rows(db, cast.alice, "SELECT first_name FROM leads")
    assert lead["first_name"] == "John"


async def test_a_replay_into_another_source_is_refused(
    cast: Cast, db: PinnedDatabase, alice: Desk, vendor: Vendor, refused: uuid.UUID
) -> None:
    rival = str(uuid.uuid4())
    await alice.post("/sources", {"kind": "sources", "name": "Rival", "guid": rival})
    for body in (encoded(cast.alice, Referrer=rival), encoded(cast.charlie)):
        answer = await vendor.post(
            f"/posts/{refused}/replay", {"body": body.decode(), "label": "json"}
        )
        assert answer.status_code == 422
        assert R4 in html.unescape(answer.text)
    assert await rows(db, cast.alice, "SELECT id FROM leads") == []
    assert await rows(db, cast.charlie, "SELECT id FROM leads") == []


async def test_turned_away_posts_are_told_and_cannot_be_replayed(
    cast: Cast, db: PinnedDatabase, vendor: Vendor, source_id: uuid.UUID
) -> None:
    async with db.transaction("doorstep_app", org_id=cast.alice.org_id) as tx:  # type: ignore[arg-type]
        await tx.execute(
            "INSERT INTO lead_posts (org_id, id, source_id, peer, headers, body, outcome, error) "
            "VALUES ($1, $2, $3, '', '{}', '', 'throttled', "
            "'7 posts of one second were turned away')",
            cast.alice.org_id,
            uuid.UUID(NO_POST),
            source_id,
        )

    text = await vendor.text(f"/posts/{NO_POST}")

    assert "7 posts of one second were turned away. Nothing of them was stored." in text
    assert "HTTP/1.1 429 Too Many Requests" in text
    answer = await vendor.post(f"/posts/{NO_POST}/replay", {"body": "{}"})
    assert answer.status_code == 409


async def test_a_sender_cannot_claim_to_be_a_replay(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await send(client, encoded(cast.alice), replayed_from=NO_POST, released_from=NO_POST)

    (post,) = await rows(db, cast.alice, "SELECT headers FROM lead_posts")
    assert not {"replayed-from", "released-from"} & post["headers"].keys()


async def test_other_sources_posts_are_not_there(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    charlie: Desk,
    refused: uuid.UUID,
) -> None:
    await alice.post("/sources", {"kind": "sources", "name": "Rival", "guid": ""})
    rival_id = (await rows(db, cast.alice, "SELECT id FROM sources WHERE name = 'Rival'"))[0]["id"]
    form: dict[str, Any] = {"body": encoded(cast.alice).decode(), "label": "json"}
    await send(client, encoded(cast.alice, Referrer=str(uuid.uuid4())))
    nobodys = await newest_post(db, cast)
    for other in (
        await linked(alice, rival_id),
        await linked(charlie, await source_of(db, cast.charlie)),
    ):
        assert "Nothing came yet" in await other.text("/posts")
        for post_id in (refused, nobodys):
            theirs, nothing = [await other.get(f"/posts/{one}") for one in (post_id, NO_POST)]
            assert (theirs.status_code, theirs.text) == (404, nothing.text)
            answer = await other.post(f"/posts/{post_id}/replay", form)
            assert answer.status_code == 404
    assert await rows(db, cast.alice, "SELECT id FROM leads") == []
