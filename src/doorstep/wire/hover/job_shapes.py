"""The job of v1 and v2, flat, key by key. What Doorstep does not know is null, never invented."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from doorstep.jobs.model import JobState
from doorstep.kit.clock import iso_millis
from doorstep.wire.hover.addresses import Addresses, is_drawn, is_measured

Row = asyncpg.Record

MEASUREMENTS_OF = {
    2: "roof_measurements",
    3: "pro_premium_measurements",
    5: "total_living_area_plus_measurements",
    6: "total_living_area_measurements",
    8: "interior_floor_plan_measurements",
}
"""The key of the older model under which a deliverable's files are."""

WIREFRAMES = (
    *("front", "front_right", "right", "right_back", "back", "back_left", "left", "left_front"),
    *("footprint", "roof", "total_living_area"),
)
UNKNOWN_OF_JOB = (
    *("capture_session_identifier", "additional_information"),
    *("customer_first_name", "customer_notes", "customer_contact", "suppress_email"),
    *("estimated_hours_to_completion", "property_type", "roof_estimate_access_level"),
    *("roof_estimate_purchase_state", "roof_estimate", "hero_image", "symbility_xml_url"),
    *("contractor_estimate_sent_to", "via_job_share"),
)
NOT_HERE = (
    *("example", "complete_expedited", "blueprint", "roof_estimate_supported"),
    *("roof_estimate_presold", "can_request_hi_def_rendering", "can_access_hi_def_rendering"),
    *("can_order_hi_def_rendering", "customer_contact_only_by_email"),
)
EMPTY = ("machete_features", "file_attachments", "additional_captured_jobs")
UNKNOWN_OF_MODEL = (
    *("complexity_score", "archive_number", "original_model_id", "image_archive"),
    *("pro_measurements", "pro_premium_measurements", "roof_measurements"),
    *("total_living_area_measurements", "total_living_area_plus_measurements"),
    *("interior_floor_plan_measurements", "address", "position_wgs", "model_json_v3", "atlas"),
    *("video", "machete", "siding_report", "token", "machete_model_measurements"),
    *("complexity_attributes", "manually_uploaded_by_id", "manowar_identifier"),
    *("message_to_production_team", "tracking_log", "export", "cv_data"),
    *("important_changed_areas_to_notify_user_about", "measurement_results_s3_key"),
    *("modeling_status", "dense_capture", "unstructured_mesh", "structured_mesh", "cameras"),
    *("footprint_to_a", "polygon", "payment_method"),
)
UNKNOWN_OF_V2 = (
    *("archive_number", "original_job_id", "org_job_accesses_assigned_lead_count"),
    *("mobile_application_id", "suppress_push_notifications"),
    *("capture_type", "estimated_completed_at", "org_place_id", "external_identifier_slug"),
)


def job_v1(
    job: Row,
    *,
    models: Iterable[Row],
    addresses: Addresses,
    shares: list[dict[str, Any]],
    through: dict[str, Any],
) -> dict[str, Any]:
    """The documented object of create and update."""
    return {
        **identity(job),
        **address(job),
        "location": {
            name: job[f"location_{name}"]
            for name in ("line_1", "line_2", "city", "region", "postal_code", "country")
        },
        "customer_name": job["customer_name"],
        "customer_phone": job["customer_phone"],
        "customer_email": job["customer_email"],
        **status(job),
        **dict.fromkeys(UNKNOWN_OF_JOB),
        "machete_blob": viewer(job, addresses=addresses),
        **dict.fromkeys(NOT_HERE, False),
        **{name: [] for name in EMPTY},
        "shared": job["shared"],
        "job_shares": shares,
        "wallet": wallet(job),
        "org_job_accesses": [access(job)],
        "via_org_job_accesses": [access(job)],
        "job_assignments": [assignment(job)],
        "orgs": [org(job)],
        "through_org": through,
        "pending_capture_request": request(job) if job["request_state"] != "complete" else None,
        "capture_request": request(job) if job["request_state"] == "complete" else None,
        "models": [model_v1(one, job=job, addresses=addresses) for one in models],
    }


def job_v2(job: Row, **around: Any) -> dict[str, Any]:
    """The documented flat object of the older show, made of what `job_v1` takes."""
    shown = job_v1(job, **around)
    return {
        **shown,
        **dict.fromkeys(UNKNOWN_OF_V2),
        "approved_at": iso_millis(job["approved_at"]),
        "approving_user_id": job["approving_user_id"],
        "uploaded_at": iso_millis(job["captured_at"]),
        "archived_at": iso_millis(job["archived_at"]),
        "first_completed_at": iso_millis(job["completed_at"]),
        "test_state": job["test_state"] or "no",
        "captured_user_id": job["captured_user_id"],
        "type": "Job",
        "images": [image for model in shown["models"] for image in model["images"]],
    }


def job_v2_row(job: Row) -> dict[str, Any]:
    """One row of the older list."""
    return {
        "archived": job["archived_at"] is not None,
        "name": job["name"],
        "customer_notes": None,
        "deliverable_id": job["deliverable_id"],
        **address(job),
        "id": job["id"],
        "client_identifier": str(job["client_identifier"]),
        "roof_estimate_access_level": None,
        "estimated_hours_to_completion": None,
        "approved": is_approved(job),
        "example": False,
        "property_type": None,
        "updated_at": iso_millis(job["updated_at"]),
        "completed_at": iso_millis(job["completed_at"]),
        "approved_at": iso_millis(job["approved_at"]),
        "created_at": iso_millis(job["created_at"]),
        "org_id": job["org_id"],
        "user_id": job["user_id"],
        "search_rank": None,
        "has_money_shot": False,
        "state": job["state"],
        "via_job_share": None,
        "via_org_job_accesses": [
            {
                name: access(job)[name]
                for name in ("id", "org_id", "lead_state", "kind", "ordering_state")
            }
        ],
        "via_job_assignments": [{"id": job["id"], "kind": "creator"}],
    }


def viewer(job: Row, *, addresses: Addresses) -> dict[str, Any]:
    """What clients read of the viewer's configuration: its page. The wire is in feet."""
    return {
        "geometrySrc": None,
        "OptInFeature": {"designProUrl": addresses.viewer(job["id"])},
        "MeasurementsFeature": {"useMetricSystem": False},
    }


def identity(job: Row) -> dict[str, Any]:
    """Whose job it is, and by which names it goes."""
    return {
        "id": job["id"],
        "org_id": job["org_id"],
        "org_name": job["org_name"],
        "user_id": job["user_id"],
        "user_name": job["user_email"],
        "name": job["name"],
        "client_identifier": str(job["client_identifier"]),
        "external_identifier": job["external_identifier"],
        "external_identifier_label": job["external_identifier_label"],
        "deliverable_id": job["deliverable_id"],
    }


def address(job: Row) -> dict[str, Any]:
    """The flat address of v1 and v2, with the place that the organization wrote down."""
    names = ("line_1", "line_2", "city", "region", "postal_code", "country")
    return {
        **{f"location_{name}": job[f"location_{name}"] for name in names},
        "location_lat": job["latitude"],
        "location_lon": job["longitude"],
    }


def status(job: Row) -> dict[str, Any]:
    """Where it is, in the words of v1 and v2."""
    return {
        "state": job["state"],
        "created_at": iso_millis(job["created_at"]),
        "updated_at": iso_millis(job["updated_at"]),
        "completed_at": iso_millis(job["completed_at"]),
        "archived": job["archived_at"] is not None,
        "approved": is_approved(job),
    }


def is_approved(job: Row) -> bool:
    """Whether the job waits for nobody's approval."""
    return bool(job["state"] != JobState.WAITING_APPROVAL)


def access(job: Row) -> dict[str, Any]:
    """The organization's access to its job; there is one, and it bears the job's number."""
    return {
        "id": job["id"],
        "org_id": job["org_id"],
        "lead_state": "assigned",
        "ordering_state": "lead",
        "kind": "creator",
        "job_id": job["id"],
        "archived": job["archived_at"] is not None,
        "via_job_share": None,
        "archived_at": iso_millis(job["archived_at"]),
        "created_at": iso_millis(job["created_at"]),
        "org": access_org(job),
        "owner": None,
    }


def access_org(job: Row) -> dict[str, Any]:
    """The organization, as who has access."""
    return {
        "id": job["org_id"],
        "name": job["org_name"],
        "customer_display_name": job["customer_display_name"],
    }


def org(job: Row) -> dict[str, Any]:
    """The organization in the tree of those that see the job: it has no parent and no price list."""
    return {
        "id": job["org_id"],
        "parent_id": None,
        "kind": "dealer",
        "sort_order": None,
        "name": job["org_name"],
        "ancestral_name": job["org_name"],
        "model_price": None,
        "updated_at": iso_millis(job["org_updated_at"]),
        "ordering_email": job["ordering_email"],
        "customer_display_name": job["customer_display_name"],
    }


def wallet(job: Row) -> dict[str, Any] | None:
    """What pays."""
    if job["wallet_id"] is None:
        return None
    return {
        "id": job["wallet_id"],
        "org": {"customer_display_name": job["customer_display_name"]},
    }


def request(job: Row) -> dict[str, Any] | None:
    """The capture request that the job came from."""
    if job["request_id"] is None:
        return None
    return {
        "id": job["request_id"],
        "identifier": job["request_identifier"],
        "state": job["request_state"],
    }


def assignment(job: Row) -> dict[str, Any]:
    """The member whose job it is."""
    first, _, last = job["user_name"].partition(" ")
    return {
        "id": job["id"],
        "user_id": job["user_id"],
        "job_id": job["id"],
        "kind": "creator",
        "archived": job["archived_at"] is not None,
        "archived_at": iso_millis(job["archived_at"]),
        "created_at": iso_millis(job["created_at"]),
        "updated_at": iso_millis(job["updated_at"]),
        "user": {
            "id": job["user_id"],
            "first_name": first,
            "last_name": last,
            "email": job["user_email"],
            "time_zone": job["time_zone"],
            "aasm_state": "invited" if job["invited_at"] else "activated",
            "sign_in_count": None,
            "preferred_identifier": None,
            "require_job_approval": job["require_job_approval"],
        },
        "assigned_by": None,
        "org": access_org(job),
    }


def model_v1(model: Row, *, job: Row, addresses: Addresses) -> dict[str, Any]:
    """One structure; what is not built yet is an empty object or null, as documented."""
    return {
        "id": model["id"],
        "job_id": job["id"],
        "state": model["state"],
        "created_at": iso_millis(model["created_at"]),
        "updated_at": iso_millis(model["updated_at"]),
        "created_with_job": model["created_at"] == job["created_at"],
        "failure_reason": failure_reason(model, job=job),
        "images": addresses.images_of(model, job=job),
        "is_3d_available": model["build_id"] is not None,
        "archived": job["archived_at"] is not None,
        "archived_at": iso_millis(job["archived_at"]),
        "reprocessed": False,
        **_wireframes(model, job=job, addresses=addresses),
        **dict.fromkeys(UNKNOWN_OF_MODEL),
        **_measurements(model, job=job, addresses=addresses),
    }


def _wireframes(model: Row, *, job: Row, addresses: Addresses) -> dict[str, Any]:
    if not is_drawn(model, job=job):
        return {f"wireframe_{name}": {} for name in WIREFRAMES}
    drawn = addresses.wireframes(model, job=job)
    drawn["footprint"] = {"url": drawn["footprint"]}
    return {f"wireframe_{name}": drawn.get(name, {}) for name in WIREFRAMES}


def _measurements(model: Row, *, job: Row, addresses: Addresses) -> dict[str, Any]:
    """The files under the key of what was ordered."""
    name = MEASUREMENTS_OF.get(job["deliverable_id"])
    ready = is_measured(model, job=job)
    return {name: addresses.measurements(model, job=job)} if name and ready else {}


def failure_reason(model: Row, *, job: Row) -> str | None:
    """The code of what went wrong."""
    failure = model["failure"] or job["failure"]
    if model["state"] != "failed" or not failure:
        return None
    code: str | None = failure.get("code")
    return code
