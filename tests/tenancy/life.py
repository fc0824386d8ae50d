"""A bit of everything happens in one organization."""

from typing import Any

import httpx

from tests.cast import Troupe


async def live(client: httpx.AsyncClient, troupe: Troupe) -> dict[str, Any]:
    """A lead, a capture request with all that belongs to it, a webhook; the request."""
    lead = {
        "CaptorraId": troupe.captorra_id,
        "Referrer": str(troupe.referrer),
        "First": "Lucille",
        "Last": "Bluth",
        "Email": "lucille@example.com",
    }
    posted = await client.post("/api/captorraapi/create", json=lead)
    assert posted.json()["success"] is True
    asked = await client.post(
        "/api/v2/capture_requests",
        json={
            "current_user_id": troupe.admin_id,
            "capture_request": {
                "capturing_user_name": "Lucille Bluth",
                "capturing_user_email": "lucille@example.com",
                "job_attributes": {"location_line_1": "123 Hover Way"},
            },
        },
        headers=troupe.bearer,
    )
    assert asked.status_code == 201, asked.text
    made: dict[str, Any] = asked.json()
    return made
