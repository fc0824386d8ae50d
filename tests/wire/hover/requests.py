"""The documented capture request: how it is asked for, and what is answered."""

from typing import Any

import httpx

from tests.cast import Troupe

PATH = "/api/v2/capture_requests"
PLACE = {
    "name": "Vacation Home",
    "location_line_1": "123 Hover Way",
    "location_line_2": "Apartment 22",
    "location_city": "Los Angeles",
    "location_region": "CA",
    "location_postal_code": "90210",
    "external_identifier": "8675309",
    "deliverable_id": 3,
    "client_identifier": "0eb6edb9-b425-4797-8161-18aebf225707",
}
ASKED = {
    "capturing_user_name": "Lucille Bluth",
    "capturing_user_email": "lucille@example.com",
    "capturing_user_phone": "5558675309",
    "signup_type": "homeowner",
    "job_attributes": PLACE,
}


def asking(troupe: Troupe) -> dict[str, Any]:
    return {"current_user_email": f"bob@{troupe.captorra_id}.example", "capture_request": ASKED}


def documented(made: dict[str, Any], troupe: Troupe) -> dict[str, Any]:
    """The documented answer; ids are the server's own."""
    return {
        "id": made["id"],
        "capturing_user_name": "Lucille Bluth",
        "capturing_user_phone": "5558675309",
        "capturing_user_email": "lucille@example.com",
        "capturing_user_id": None,
        "requesting_user_id": made["requesting_user_id"],
        "identifier": made["identifier"],
        "claim_number": None,
        "state": "new",
        "signup_type": "homeowner",
        "job_attributes": PLACE,
        "captured_user_id": None,
        "pending_job_id": made["pending_job_id"],
        "requesting_user": {
            "name": "Bob",
            "email": "bob@123456.example",
            "org": {
                "id": troupe.org_id,
                "name": "Bluth Company",
                "preferences": {
                    "external_identifier_label": "Lead Number",
                    "external_identifier_required": False,
                },
            },
        },
        "org_id": troupe.org_id,
        "wallet": {
            "id": troupe.wallet_id,
            "org": {"customer_display_name": "Bluth Company"},
        },
    }


async def create(client: httpx.AsyncClient, troupe: Troupe) -> dict[str, Any]:
    answer = await client.post(PATH, json=asking(troupe), headers=troupe.bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def create_for_charlie(client: httpx.AsyncClient, troupe: Troupe) -> dict[str, Any]:
    body = {"current_user_id": troupe.admin_id, "capture_request": ASKED}
    answer = await client.post(PATH, json=body, headers=troupe.bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
