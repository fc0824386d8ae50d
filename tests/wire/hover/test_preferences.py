"""What an organization's preferences do to its invitations."""

from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase


async def invited(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, **preferences: bool
) -> dict[str, str]:
    """The text of each invitation, by channel, with these preferences."""
    alice = cast.alice
    await client.patch(
        f"/api/v1/orgs/{alice.org_id}",
        json={"org": {"preferences_attributes": preferences}},
        headers=alice.bearer,
    )
    body: dict[str, Any] = {
        "current_user_email": "bob@123456.example",
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "capturing_user_phone": "2175550143",
            "job_attributes": {"location_line_1": "123 Hover Way"},
        },
    }
    await client.post("/api/v2/capture_requests", json=body, headers=alice.bearer)
    async with db.transaction(Role.APP, org_id=alice.org_id) as tx:
        rows = await tx.fetch("SELECT channel, text_body FROM messages")
    return {row["channel"]: row["text_body"] for row in rows}


@pytest.mark.parametrize(
    ("preferences", "channels"),
    [
        ({}, {"email", "sms"}),
        ({"invite_by_text": False}, {"email"}),
        ({"invite_by_email": False}, {"sms"}),
        ({"invite_by_email": False, "invite_by_text": False}, set()),
    ],
)
async def test_channels(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    preferences: dict[str, bool],
    channels: set[str],
) -> None:
    assert set(await invited(client, cast, db, **preferences)) == channels


async def test_the_member_who_asks_is_named(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    told = await invited(client, cast, db, include_pro_user_name_in_invite_messages=True)
    assert told["sms"].startswith("Bob of Bluth Company: please take photos")
    assert "Bob of Bluth Company asks you for photos" in told["email"]
