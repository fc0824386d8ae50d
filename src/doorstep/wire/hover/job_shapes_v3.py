"""The job of v3: nested address, captures, models with the addresses of what was made."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from doorstep.kit.clock import iso_millis
from doorstep.photos.records import SessionRecord
from doorstep.wire.hover.addresses import Addresses
from doorstep.wire.hover.job_shapes import failure_reason
from doorstep.wire.hover.states import DELIVERABLE_NAMES, reconstruction_state

Row = asyncpg.Record

CAPTURE_TYPES = {8: "dense_interior"}
NOT_EXPORTED = ("skp", "esx", "fml", "xml")
"""Formats of programs that Doorstep does not write."""


def job_v3(
    job: Row, *, models: Iterable[Row], sessions: Sequence[SessionRecord], addresses: Addresses
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
            "latitude": job["latitude"],
            "longitude": job["longitude"],
        },
        "customer": {
            "first_name": None,
            "name": job["customer_name"],
            "email": job["customer_email"],
            "phone": job["customer_phone"],
        },
        "captures": captures(job, sessions=sessions),
        "models": [model_v3(one, job=job, addresses=addresses) for one in models],
        "inspections": [],
        "archived": job["archived_at"] is not None,
        "created_at": iso_millis(job["created_at"]),
        "updated_at": iso_millis(job["updated_at"]),
        "completed_at": iso_millis(job["completed_at"]),
    }


def captures(job: Row, *, sessions: Sequence[SessionRecord]) -> list[dict[str, Any]]:
    """Who took the photos, when, and on which device; empty until they are all in."""
    if job["request_state"] != "complete":
        return []
    ended = min(filter(_finished, sessions), key=_finished, default=None)
    return [
        {
            "id": job["request_id"],
            "client_identifier": str(ended.id) if ended else None,
            "name": None,
            "state": "completed",
            "capture_by": job["capturing_user_email"],
            "type": CAPTURE_TYPES.get(job["deliverable_id"], "sparse_exterior"),
            "deliverable": DELIVERABLE_NAMES.get(job["deliverable_id"]),
            "device": ended.user_agent if ended else None,
            "created_at": iso_millis(ended.opened_at if ended else job["captured_at"]),
            "updated_at": iso_millis(job["captured_at"]),
            "sessions": [_session(one) for one in sessions],
        }
    ]


def _finished(session: SessionRecord) -> str:
    """In the order of their ends; nothing for one that did not end the capture."""
    return iso_millis(session.finished_at) or ""


def _session(session: SessionRecord) -> dict[str, Any]:
    """Ours: each phone that sent something, with what it sent."""
    return {
        "client_identifier": str(session.id),
        "device": session.device,
        "browser": session.browser,
        "opened_at": iso_millis(session.opened_at),
        "finished_at": iso_millis(session.finished_at),
        "photos": session.photos,
        "videos": session.videos,
        "rejected": session.rejected,
        "bytes": session.bytes,
        "spots": session.spots,
        "skipped_spots": session.skipped_spots,
        "checks": session.checks,
    }


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
            "model_3d": addresses.model_3d(model, job=job),
            "exports": dict.fromkeys(NOT_EXPORTED),
        },
        "images": addresses.images_of(model, job=job),
    }
