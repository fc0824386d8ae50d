"""How it ends: test states, deleting, and what is refused afterwards."""

import time

from doorstep.wire.hover.conformance.trial import (
    REQUESTS,
    Problems,
    Trial,
    Vector,
    at,
    empty,
    json_of,
    readable_error,
    same,
    status,
)

FINISH_SECONDS_MAX = 120
LOOK_SECONDS = 1.0


def _test(trial: Trial, state: str, *, suffix: str = ".json") -> Problems:
    number = trial.made["request"]["pending_job_id"]
    path = f"/api/v2/jobs/{number}/set_test_state{suffix}"
    answer = trial.call("PATCH", path, params=trial.acting, data={"state": state})
    yield from status(answer, 200)
    yield from empty(answer)


def completed(trial: Trial) -> Problems:
    """As documented, with a suffix, the acting user in the query."""
    yield from _test(trial, "complete")


def unknown_state(trial: Trial) -> Problems:
    """Only two ends."""
    number = trial.made["request"]["pending_job_id"]
    answer = trial.call(
        "PATCH", f"/api/v2/jobs/{number}/set_test_state", json=trial.acting | {"state": "odd"}
    )
    yield from readable_error(answer, 422)


def finishes(trial: Trial) -> Problems:
    """The job gets there by itself."""
    number = trial.made["request"]["pending_job_id"]
    deadline = time.monotonic() + FINISH_SECONDS_MAX
    state = None
    while time.monotonic() < deadline:
        state = at(json_of(trial.call("GET", f"/api/v3/jobs/{number}")), "reconstruction_state")
        if state == "completed":
            return
        time.sleep(LOOK_SECONDS)
    yield f"it is {state} after {FINISH_SECONDS_MAX} s"


def two_words(trial: Trial) -> Problems:
    """`complete` in v2 is `completed` in v3."""
    number = trial.made["request"]["pending_job_id"]
    found = json_of(trial.call("GET", f"/api/v2/jobs/{number}"))
    yield from same(at(found, "state"), "complete", what="state")
    yield from same(at(found, "test_state"), "complete", what="test_state")


def too_late(trial: Trial) -> Problems:
    """Only drafts can be tested."""
    number = trial.made["request"]["pending_job_id"]
    path = f"/api/v2/jobs/{number}/set_test_state.json"
    answer = trial.call("PATCH", path, json=trial.acting | {"state": "failed"})
    yield from readable_error(answer, 409, 422)


def kept(trial: Trial) -> Problems:
    """Photos that are in cannot be taken back."""
    path = f"{REQUESTS}/{trial.made['request']['id']}"
    yield from readable_error(trial.call("DELETE", path, params=trial.acting), 409, 422)


def deleted(trial: Trial) -> Problems:
    """A request that still waits."""
    body = trial.asking()
    made = trial.keep(trial.call("POST", REQUESTS, json=body))
    path = f"{REQUESTS}/{made['id']}"
    yield from status(trial.call("DELETE", path, params=trial.acting), 200, 204)
    listed = json_of(trial.call("GET", REQUESTS, params={"per": 100}))
    rows = at(listed, "requested_captures", "results") or []
    if made["id"] in [row["id"] for row in rows]:
        yield "it is still on the list"


def unknown(trial: Trial) -> Problems:
    """What was never there."""
    path = f"{REQUESTS}/999999999"
    yield from readable_error(trial.call("DELETE", path, params=trial.acting), 404)


REQUEST = ("request",)
VECTORS = [
    Vector(title="an unknown test state", evidence="D", run=unknown_state, needs=REQUEST),
    Vector(title="test state complete", evidence="D", run=completed, needs=REQUEST),
    Vector(title="it completes", evidence="D", run=finishes, needs=REQUEST),
    Vector(title="complete and completed", evidence="D", run=two_words, needs=REQUEST),
    Vector(title="a test state too late", evidence="D", run=too_late, needs=REQUEST),
    Vector(title="delete after the photos", evidence="D", run=kept, needs=REQUEST),
    Vector(title="delete before", evidence="D", run=deleted),
    Vector(title="delete what is not there", evidence="C", run=unknown),
]
