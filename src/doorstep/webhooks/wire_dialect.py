"""The older dialect: the bodies and signatures that receivers of the published API know.

An endpoint that speaks it gets one delivery for each documented event that ours stands
for, and hears nothing until somebody has shown, by a code, that the URL is theirs.
"""

import base64
import email.utils
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from doorstep.events.model import Event
from doorstep.webhooks.model import TEST_EVENT

VERIFICATION = "webhook-verification-code"

REQUEST_STATES = {
    "capture_request.created": "new",
    "capture_request.connected": "connected",
    "capture_request.completed": "complete",
    "capture_request.deleted": "deleted",
}
NEW_JOB_STATES = {
    "processing_upload": "working",
    "waiting_approval": "waiting_approval",
    "processing": "processing",
    "paying": "paying",
    "complete": "completed",
    "failed": "failed",
}
"""Each name once on its way: `working` is told when the photos are in, nothing tells of a draft."""

Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What bodies say beside the event: the names of its job."""

    job_external_identifier: str | None
    model_id: int | None
    identifier: str | None
    request_id: int | None


NOBODY = Subject(job_external_identifier=None, model_id=None, identifier=None, request_id=None)


def bodies(event: Event, *, subject: Subject) -> Iterator[Body]:
    """The documented bodies that this event stands for, without `webhook_id`."""
    if event.name == TEST_EVENT:
        yield {"event": "webhook-test"}
    elif event.name in ("job.created", "model.created"):
        yield _model("model-created", event, subject=subject)
    elif event.name == "model.state_changed":
        state = event.payload["state"]
        yield _model("model-state-changed", event, subject=subject, state=state)
    elif event.name == "job.state_changed":
        yield from _job_moved(event, subject=subject)
    elif event.name in REQUEST_STATES:
        yield {
            "event": "capture-request-state-changed",
            "capture_request_id": event.capture_request_id,
            "capture_request_identifier": subject.identifier,
            "job_id": event.job_id,
            "pending_job_id": event.job_id,
            "job_external_identifier": subject.job_external_identifier,
            "state": REQUEST_STATES[event.name],
            "content-available": 1,
        }
    elif event.name == "job.deliverable_changed":
        yield {
            "event": "deliverable-change-request-state-changed",
            "deliverable_change_request_id": event.payload["change_id"],
            "job_id": event.job_id,
            "model_id": event.payload["model_id"],
            "old_deliverable_id": event.payload["old_deliverable_id"],
            "new_deliverable_id": event.payload["new_deliverable_id"],
            "job_external_identifier": subject.job_external_identifier,
            "state": "complete",
            "content-available": 1,
        }


def encoded(body: Body, *, endpoint_id: int) -> bytes:
    """The bytes for one endpoint, which is named in every body."""
    first = {"event": body["event"], "webhook_id": endpoint_id}
    return json.dumps(first | body, separators=(",", ":"), ensure_ascii=False).encode()


def delivery_key(event_id: uuid.UUID, name: str) -> uuid.UUID:
    """One id for each body of an event, the same whenever it is told."""
    return uuid.uuid5(event_id, name)


def signed_headers(
    body: bytes, *, url: str, endpoint_id: int, secret: str, now: datetime
) -> dict[str, str]:
    """Both signatures over `content type,MD5,path with query,date`."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    date = email.utils.format_datetime(now, usegmt=True)
    canonical = f"application/json,{digest},{path},{date}".encode()
    return {
        "Content-Type": "application/json",
        "Content-MD5": digest,
        "Date": date,
        "Hover-Signature": _signature("sha1", canonical, endpoint_id=endpoint_id, secret=secret),
        "Hover-Signature-256": _signature(
            "sha256", canonical, endpoint_id=endpoint_id, secret=secret
        ),
    }


def _signature(kind: str, canonical: bytes, *, endpoint_id: int, secret: str) -> str:
    mac = base64.b64encode(hmac.digest(secret.encode(), canonical, kind)).decode()
    return f"{kind}={endpoint_id}:{mac}"


def _job_moved(event: Event, *, subject: Subject) -> Iterator[Body]:
    state = event.payload["state"]
    yield _job("job-state-changed", event, subject=subject, state=state)
    if state in NEW_JOB_STATES:
        yield _job("job-state-changed-v2", event, subject=subject, state=NEW_JOB_STATES[state])


def _job(name: str, event: Event, *, subject: Subject, state: str) -> Body:
    return {
        "event": name,
        "job_external_identifier": subject.job_external_identifier,
        "job_id": event.job_id,
        "state": state,
        "content-available": 1,
        "job_estimated_hours_to_completion": None,
    }


def _model(name: str, event: Event, *, subject: Subject, state: str | None = None) -> Body:
    told = {} if state is None else {"state": state}
    return {
        "event": name,
        "job_id": event.job_id,
        "model_id": event.payload.get("model_id") or subject.model_id,
        "job_external_identifier": subject.job_external_identifier,
        **told,
        "content-available": 1,
    }
