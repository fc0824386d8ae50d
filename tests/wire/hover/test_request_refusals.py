"""What a capture request may not be, and who may not ask for one."""

from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.requests import ASKED, PATH, PLACE, asking, create, create_for_charlie


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"current_user_email": None}, "current_user_email", "or current_user_id must be given"),
        (
            {"current_user_email": "charlie@654321.example"},
            "current_user_email",
            "is not an active user of this organization",
        ),
        (
            {"current_user_email": "nobody@example.com"},
            "current_user_email",
            "is not an active user of this organization",
        ),
        ({"capture_request": None}, "capture_request", "is missing or not an object"),
        ({"capture_request": {}}, "capturing_user_email", "can't be blank"),
        (
            {"capture_request": ASKED | {"capturing_user_email": "x"}},
            "capturing_user_email",
            "is invalid",
        ),
        (
            {"capture_request": ASKED | {"capturing_user_name": "a\r\nBcc: b"}},
            "capturing_user_name",
            "must be on one line",
        ),
        (
            {"capture_request": ASKED | {"job_attributes": PLACE | {"location_line_1": " "}}},
            "location_line_1",
            "can't be blank",
        ),
        (
            {"capture_request": ASKED | {"job_attributes": PLACE | {"deliverable_id": 99}}},
            "deliverable_id",
            "must be one of 2, 3, 5, 6, 7, 8",
        ),
        (
            {"capture_request": ASKED | {"job_attributes": PLACE | {"deliverable_id": "x"}}},
            "deliverable_id",
            "must be a whole number",
        ),
        (
            {"capture_request": ASKED | {"wallet_id": 999_999}},
            "wallet_id",
            "is not one of your wallets",
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_made(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    change: dict[str, Any],
    field: str,
    words: str,
) -> None:
    answer = await client.post(PATH, json=asking(cast.alice) | change, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert answer.json()["errors"][field] == [words]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for table in ("capture_requests", "jobs", "messages", "reminders"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_the_wallet_of_another_organization_is_no_wallet(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    body = asking(cast.alice)
    body["capture_request"] = ASKED | {"wallet_id": cast.charlie.wallet_id}

    answer = await client.post(PATH, json=body, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"wallet_id": ["is not one of your wallets"]}


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, "Bearer"),
        ({"authorization": "Bearer x"}, 'Bearer error="invalid_token"'),
        ({"authorization": "Basic eA"}, "Bearer"),
    ],
)
async def test_without_a_token_there_is_no_way_in(
    client: httpx.AsyncClient, cast: Cast, headers: dict[str, str], challenge: str
) -> None:
    answer = await client.post(PATH, json=asking(cast.alice), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == challenge
    assert answer.json() == {
        "error": "Sign in, or send a valid access token.",
        "code": "unauthorized",
    }


async def test_a_required_external_identifier(client: httpx.AsyncClient, cast: Cast) -> None:
    wanted = {"external_identifier_label": "Claim Number", "external_identifier_required": True}
    changed = await client.patch(
        f"/api/v1/orgs/{cast.alice.org_id}",
        json={"org": {"preferences_attributes": wanted}},
        headers=cast.alice.bearer,
    )
    body = asking(cast.alice)
    body["capture_request"] = ASKED | {"job_attributes": PLACE | {"external_identifier": None}}
    refused = await client.post(PATH, json=body, headers=cast.alice.bearer)
    made = await create(client, cast.alice)

    assert changed.status_code == 204
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"external_identifier": ["can't be blank"]}
    assert made["requesting_user"]["org"]["preferences"] == wanted


@pytest.mark.parametrize("verb", ["details", "link", "delete", "resend"])
async def test_another_organizations_request_is_not_there(
    client: httpx.AsyncClient, cast: Cast, verb: str
) -> None:
    made = await create_for_charlie(client, cast.charlie)
    calls = {
        "details": ("GET", "{}/details", made["id"], 999_999_999),
        "link": ("GET", "{}", made["identifier"], "zzzzzz"),
        "delete": ("DELETE", "{}", made["id"], 999_999_999),
        "resend": ("POST", "{}/resend", made["id"], 999_999_999),
    }
    method, path, foreign, missing = calls[verb]

    answers = [
        await client.request(method, f"{PATH}/{path.format(one)}", headers=cast.alice.bearer)
        for one in (foreign, missing)
    ]

    theirs, none = answers
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json() == {"error": "There is nothing here.", "code": "not_found"}
    assert set(theirs.headers) == set(none.headers)
