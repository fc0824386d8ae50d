"""The job of v3: nested address, captures, models with the addresses of what was made."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from doorstep.kit.clock import iso_millis
from doorstep.wire.hover.addresses import Addresses
from doorstep.wire.hover.job_shapes import failure_reason
from doorstep.wire.hover.states import DELIVERABLE_NAMES, reconstruction_state

Row = asyncpg.Record

CAPTURE_TYPES = {8: "dense_interior"}


def job_v3(
    job: Row, *, models: Iterable[Row], session: Row | None, addresses: Addresses
) -> dict[str, Any]:
    """The documented object of the current list and show."""
    return {
        "id": job["id"],
        "name": job["name"],
        "reconstruction_state": reconstruction_state(job["state"]),
        "external_identifier": job["external_identifier"],
        "org": {"id": job["org_id"]},
        "address": {
            "location_line_1": job["location_line_1"],
            "location_line_2": job["location_line_2"],
            "city": job["location_city"],
            "region": job["location_region"],
            "postal_code": job["location_postal_code"],
            "country": job["location_country"],
            "latitude": None,
            "longitude": None,
        },
        "customer": {
            "first_name": None,
            "name": job["customer_name"],
            "email": job["customer_email"],
            "phone": job["customer_phone"],
        },
        "captures": captures(job, session=session),
        "models": [model_v3(one, job=job, addresses=addresses) for one in models],
        "inspections": [],
        "archived": job["archived_at"] is not None,
        "created_at": iso_millis(job["created_at"]),
        "updated_at": iso_millis(job["updated_at"]),
        "completed_at": iso_millis(job["completed_at"]),
    }


def captures(job: Row, *, session: Row | None) -> list[dict[str, Any]]:
    """Who took the photos, when, and on which device; empty until they are all in."""
    if job["request_state"] != "complete":
        return []
    return [
        {
            "id": job["request_id"],
            "client_identifier": str(session["id"]) if session else None,
            "name": None,
            "state": "completed",
            "capture_by": job["capturing_user_email"],
            "type": CAPTURE_TYPES.get(job["deliverable_id"], "sparse_exterior"),
            "deliverable": DELIVERABLE_NAMES.get(job["deliverable_id"]),
            "device": session["user_agent"] if session else None,
            "created_at": iso_millis(session["opened_at"] if session else job["captured_at"]),
            "updated_at": iso_millis(job["captured_at"]),
        }
    ]


def model_v3(model: Row, *, job: Row, addresses: Addresses) -> dict[str, Any]:
    """One structure. What was not made of it has no address: null."""
    return {
        "id": model["id"],
        "name": model["name"],
        "state": model["state"],
        "deliverable": DELIVERABLE_NAMES.get(job["deliverable_id"]),
        "failure_reason": failure_reason(model, job=job),
        "artifacts": {
            "measurements": addresses.measurements(model, job=job),
            "wireframe_images": addresses.wireframes(model, job=job),
        },
        "images": addresses.images_of(model, job=job),
    }
