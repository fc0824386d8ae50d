"""Calls of every kind that the description allows, with whatever values it allows."""

from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)

from tests.described import closed
from tests.serving import Served

CALLS_EACH = 8
EXCLUDED = [
    # A value may fit its type and still be refused, by the rules behind it.
    positive_data_acceptance,
    # Numbers may be text, forms know nothing but text, unknown keys and parameters are ignored:
    # the published API is lenient on purpose, and what it takes is tested call by call.
    negative_data_rejection,
    # Each call is sent with a wrong credential by the tests of its own; here one session of a
    # capture goes along in a cookie, which a call for the same address without one does not lack.
    ignored_auth,
    # Some addresses are names of two routes, of which one is a page.
    unsupported_method,
]


@schemathesis.serializer("application/offset+octet-stream", "message/rfc822")
def piece(context: object, value: object) -> bytes:
    """Any bytes are a piece, or a letter."""
    return value if isinstance(value, bytes) else repr(value).encode()


def call_at_random(served: Served) -> int:
    """How many calls were made; each answer is one that the description knows."""
    base = f"http://127.0.0.1:{served.port}"
    document: Any = closed(httpx.get(f"{base}/openapi.json").json())
    described = schemathesis.openapi.from_dict(document)
    described.config.update(base_url=base)
    token, session = served.cast.alice.token, capture_session(served, base)
    made = 0

    def call(case: schemathesis.Case[Any]) -> None:
        nonlocal made
        made += 1
        case.headers["Authorization"] = f"Bearer {token}"
        case.cookies["doorstep_capture"] = session
        case.call_and_validate(excluded_checks=EXCLUDED)

    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        every = given(found.ok().as_strategy())(call)
        settings(
            max_examples=CALLS_EACH,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(every)()
    return made


def capture_session(served: Served, base: str) -> str:
    """The cookie of a homeowner who opened the link."""
    alice = served.cast.alice
    asked = {
        "current_user_id": alice.admin_id,
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": "1 Balboa Boulevard"},
        },
    }
    with httpx.Client(base_url=base, headers=alice.bearer) as client:
        made = client.post("/api/v2/capture_requests", json=asked).json()
        details = client.get(f"/api/v2/capture_requests/{made['id']}/details").json()
        client.post(details["branch_link"].removeprefix(base))
        return client.cookies["doorstep_capture"]
