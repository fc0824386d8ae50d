"""Leads for programs: found, read, and asked for photos."""

import uuid

import httpx
import pytest

from doorstep.kit.db import Role
from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import post_lead


@pytest.fixture
async def lead_id(client: httpx.AsyncClient, cast: Cast) -> uuid.UUID:
    """A lead of Alice's organization."""
    return await post_lead(client, cast.alice, Kitchen="blue")


async def test_a_lead_is_read_with_everything_that_was_sent(
    crm: Integration, lead_id: uuid.UUID
) -> None:
    status, lead = await crm.get(f"/leads/{lead_id}")

    assert status == 200
    assert lead.pop("received_at").endswith("Z")
    assert len(lead.pop("post_id")) == 36
    assert lead == {
        "id": str(lead_id),
        "minutes": 0,
        "name": "Lucille Bluth",
        "email": "lucille@example.com",
        "phone": "2175550143",
        "address": "1 Balboa Towers, Newport Beach, CA",
        "source": "Bright Leads",
        "case_type": "Roof",
        "tags": [],
        "warnings": [],
        "disposition": None,
        "reason": None,
        "decisions": 0,
        "first_touched_at": None,
        "possible_duplicate": False,
        "merged": False,
        "capture_request_id": None,
        "capture_request_state": None,
        "job_id": None,
        "job_state": None,
        "vendor_lead_id": "BL-7",
        "first_name": "Lucille",
        "last_name": "Bluth",
        "primary_phone": "2175550143",
        "secondary_phone": None,
        "street": "1 Balboa Towers",
        "city": "Newport Beach",
        "region": "CA",
        "postal_code": "92661",
        "county": None,
        "best_time": None,
        "details": "Hail <b>last</b> Tuesday",
        "keyword": None,
        "extra": {"Kitchen": "blue"},
    }


async def test_pages_follow_each_other(
    crm: Integration, client: httpx.AsyncClient, cast: Cast
) -> None:
    for number in range(3):
        await post_lead(client, cast.alice, First=f"Gob {number}", ID=f"G-{number}")

    _, first = await crm.get("/leads", limit=2)
    _, second = await crm.get("/leads", limit=2, before=first["next"])

    assert [lead["name"] for lead in first["leads"]] == ["Gob 2 Bluth", "Gob 1 Bluth"]
    assert [lead["name"] for lead in second["leads"]] == ["Gob 0 Bluth"]
    assert second["next"] is None


@pytest.mark.usefixtures("lead_id")
@pytest.mark.parametrize(
    ("query", "count"), [({"q": "lucille"}, 1), ({"q": "nobody"}, 0), ({"show": "waiting"}, 1)]
)
async def test_the_inboxs_filters_narrow_the_list(
    crm: Integration, query: dict[str, str], count: int
) -> None:
    status, found = await crm.get("/leads", **query)

    assert (status, len(found["leads"])) == (200, count)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"limit": 0}, {"errors": {"limit": ["Expected `int` >= 1"]}, "code": "bad_request"}),
        ({"limit": 201}, {"errors": {"limit": ["Expected `int` <= 200"]}, "code": "bad_request"}),
        (
            {"before": "7"},
            {"errors": {"before": ["Invalid UUID"]}, "code": "bad_request"},
        ),
    ],
)
async def test_what_cannot_be_a_page_is_named(
    crm: Integration, query: dict[str, str], answer: dict[str, object]
) -> None:
    assert await crm.get("/leads", **query) == (400, answer)


async def test_the_timeline_tells_what_happened(
    crm: Integration, cast: Cast, lead_id: uuid.UUID
) -> None:
    await crm.send(
        "POST",
        f"/leads/{lead_id}/capture-request",
        {"requesting_user_id": cast.alice.admin_id},
    )

    status, told = await crm.get(f"/leads/{lead_id}/timeline")

    assert status == 200
    assert [event["name"] for event in told["events"]] == [
        "capture_request.created",
        "lead.received",
    ]


async def test_photos_are_asked_for_once(
    crm: Integration, cast: Cast, db: PinnedDatabase, lead_id: uuid.UUID
) -> None:
    path, who = f"/leads/{lead_id}/capture-request", {"requesting_user_id": cast.alice.admin_id}

    status, asked = await crm.send("POST", path, who)

    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        row = await tx.fetchrow("SELECT id, identifier, job_id, lead_id FROM capture_requests")
    assert row is not None
    assert (status, asked) == (
        201,
        {
            "capture_request_id": row["id"],
            "identifier": row["identifier"],
            "job_id": row["job_id"],
        },
    )
    assert row["lead_id"] == lead_id
    assert await crm.send("POST", path, who) == (
        409,
        {"error": "The homeowner was asked for photos already.", "code": "wrong_state"},
    )


async def test_the_letters_language_can_be_chosen(
    crm: Integration, cast: Cast, db: PinnedDatabase, lead_id: uuid.UUID
) -> None:
    path, who = f"/leads/{lead_id}/capture-request", {"requesting_user_id": cast.alice.admin_id}
    assert (await crm.send("POST", path, who | {"language": "fr"}))[0] == 400
    assert (await crm.send("POST", path, who | {"language": "es"}))[0] == 201
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        subject = await tx.fetchval("SELECT subject FROM messages WHERE channel = 'email'")
    assert subject == "Bluth Company le pide fotos de su casa"


async def test_only_a_member_can_be_the_one_who_asks(
    crm: Integration, cast: Cast, lead_id: uuid.UUID
) -> None:
    path = f"/leads/{lead_id}/capture-request"

    foreign = await crm.send("POST", path, {"requesting_user_id": cast.charlie.admin_id})
    nobody = await crm.send("POST", path, {"requesting_user_id": 10**30})
    missing = await crm.send("POST", path, {})

    problem = ["is not an active user of this organization"]
    assert foreign == (422, {"errors": {"requesting_user_id": problem}, "code": "invalid"})
    assert nobody[0] == 400
    assert list(nobody[1]["errors"]) == ["requesting_user_id"]
    assert missing == (
        400,
        {
            "errors": {"data": ["Object missing required field `requesting_user_id`"]},
            "code": "bad_request",
        },
    )


async def test_another_organizations_lead_is_not_there(
    stranger: Integration, cast: Cast, lead_id: uuid.UUID
) -> None:
    who = {"requesting_user_id": cast.charlie.admin_id}
    for ours in (lead_id, NOBODY):
        assert await stranger.get(f"/leads/{ours}") == NOT_FOUND
        assert await stranger.get(f"/leads/{ours}/timeline") == NOT_FOUND
        assert await stranger.get("/leads", before=str(ours)) == NOT_FOUND
        assert await stranger.send("POST", f"/leads/{ours}/capture-request", who) == NOT_FOUND
    assert await stranger.get("/leads") == (200, {"leads": [], "next": None})


async def test_nobody_reads_without_a_token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/desk/leads")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
