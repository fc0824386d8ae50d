"""Capture requests as a client makes them, a new house each time."""

import itertools
from typing import Any

import httpx

from tests.cast import Troupe

# A search looks into the member's address too, and alice@123456.example holds small numbers.
_numbers = itertools.count(1001)


async def ask(client: httpx.AsyncClient, troupe: Troupe, **job: Any) -> dict[str, Any]:
    """A new request of the organization's admin."""
    line_1 = f"{next(_numbers)} Balboa Boulevard"
    body = {
        "current_user_id": troupe.admin_id,
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": line_1, "name": "Model Home"} | job,
        },
    }
    answer = await client.post("/api/v2/capture_requests", json=body, headers=troupe.bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
