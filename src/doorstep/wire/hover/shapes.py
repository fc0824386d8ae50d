"""Objects of the capture-request wire, key by key; nulls are written out."""

import math
from typing import Any

from doorstep.captures.model import CaptureRequest


def capture_request(request: CaptureRequest) -> dict[str, Any]:
    """The documented object of create and list."""
    return {
        "id": request.id,
        "capturing_user_name": request.capturing_user_name,
        "capturing_user_phone": request.capturing_user_phone,
        "capturing_user_email": request.capturing_user_email,
        "capturing_user_id": request.capturing_user_id,
        "requesting_user_id": request.requesting_user_id,
        "identifier": request.identifier,
        "claim_number": request.claim_number,
        "state": request.state,
        "signup_type": request.signup_type,
        "job_attributes": job_attributes(request),
        "captured_user_id": request.captured_user_id,
        "pending_job_id": request.job_id,
        "requesting_user": requesting_user(request),
        "org_id": request.org_id,
        "wallet": wallet(request),
    }


def capture_request_details(request: CaptureRequest, *, link: str) -> dict[str, Any]:
    """The richer object of details, its keys in the documented order."""
    short = capture_request(request)
    details = {key: short[key] for key in list(short)[: list(short).index("job_attributes")]}
    details |= {
        "inspection_workflow_id": request.inspection_workflow_id,
        "requires_reconstruction_capture": request.requires_reconstruction_capture,
        "suppress_text_messages": request.suppress_text_messages,
        "job_attributes": short["job_attributes"],
        "captured_user_id": request.captured_user_id,
        "pending_job_id": request.job_id,
        "branch_link": link,
    }
    return details | short


def job_attributes(request: CaptureRequest) -> dict[str, Any]:
    """Always the same nine keys."""
    return {
        "name": request.job_name,
        "location_line_1": request.location_line_1,
        "location_line_2": request.location_line_2,
        "location_city": request.location_city,
        "location_region": request.location_region,
        "location_postal_code": request.location_postal_code,
        "external_identifier": request.external_identifier,
        "deliverable_id": request.deliverable_id,
        "client_identifier": str(request.client_identifier),
    }


def requesting_user(request: CaptureRequest) -> dict[str, Any]:
    """Who asked, with the preferences that clients read."""
    return {
        "name": request.requester_name,
        "email": request.requester_email,
        "org": {
            "id": request.org_id,
            "name": request.org_name,
            "preferences": {
                "external_identifier_label": request.external_identifier_label,
                "external_identifier_required": request.external_identifier_required,
            },
        },
    }


def wallet(request: CaptureRequest) -> dict[str, Any] | None:
    """What pays."""
    if request.wallet_id is None:
        return None
    org = {"customer_display_name": request.customer_display_name}
    return {"id": request.wallet_id, "org": org}


def pagination(*, page: int, per: int, total: int) -> dict[str, int]:
    """The shape of the v2 lists."""
    return {
        "current_page": page,
        "total_pages": max(1, math.ceil(total / per)),
        "total": total,
    }
