"""Reading capture requests: list, details, the check, and what is not there."""

from doorstep.wire.hover.conformance.making import CREATED
from doorstep.wire.hover.conformance.trial import (
    REQUESTS,
    Problems,
    Trial,
    Vector,
    at,
    json_of,
    keys,
    readable_error,
    same,
    status,
)

PAGINATION = ("current_page", "total_pages", "total")
DETAILS = (
    *("inspection_workflow_id", "requires_reconstruction_capture", "suppress_text_messages"),
    "branch_link",
)
UNKNOWN = 999_999_999


def listed(trial: Trial) -> Problems:
    """The wrapped list."""
    answer = trial.call("GET", REQUESTS, params={"current_user_id": trial.user["id"]})
    yield from status(answer, 200)
    found = at(json_of(answer), "requested_captures")
    yield from keys(at(found, "pagination"), *PAGINATION, where="pagination")
    yield from keys(at(found, "results", 0), *CREATED, where="a row")
    numbers = {row["id"] for row in at(found, "results") or []}
    if not numbers & set(trial.requests):
        yield "none of the new requests is on the first page"


def with_slash(trial: Trial) -> Problems:
    """A slash at the end."""
    yield from status(trial.call("GET", REQUESTS + "/"), 200)


def one_page(trial: Trial) -> Problems:
    """Two pages of one."""
    pages = [trial.call("GET", REQUESTS, params={"page": n, "per": 1}).json() for n in (1, 2)]
    rows = [at(page, "requested_captures", "results") for page in pages]
    if [len(row or []) for row in rows] != [1, 1] or rows[0] == rows[1]:
        yield "per=1 does not give one row a page"


def details(trial: Trial) -> Problems:
    """Everything, by number."""
    answer = trial.call("GET", f"{REQUESTS}/{trial.made['request']['id']}/details")
    yield from status(answer, 200)
    found = json_of(answer)
    yield from keys(found, *CREATED, *DETAILS)
    trial.made["details"] = found
    if not str(at(found, "branch_link")).startswith("http"):
        yield "branch_link is no address"


def draft(trial: Trial) -> Problems:
    """Its job is there at once."""
    answer = trial.call("GET", f"/api/v3/jobs/{trial.made['request']['pending_job_id']}")
    yield from status(answer, 200)
    state = at(json_of(answer), "reconstruction_state")
    yield from same(state, "draft", what="reconstruction_state")


def existing(trial: Trial) -> Problems:
    """Somebody who is asked."""
    email = trial.made["request"]["capturing_user_email"]
    answer = trial.call("GET", f"{REQUESTS}/exists", params={"email": email})
    yield from status(answer, 200)
    found = json_of(answer)
    wanted = ("pending_capture_request_exists", "requesting_user_name", "capturing_user_exists")
    yield from keys(found, *wanted)
    exists = at(found, "pending_capture_request_exists")
    yield from same(exists, True, what="pending_capture_request_exists")


def not_existing(trial: Trial) -> Problems:
    """Somebody who is not."""
    answer = trial.call("GET", f"{REQUESTS}/exists", params={"email": "x@nowhere.example"})
    exists = at(json_of(answer), "pending_capture_request_exists")
    yield from same(exists, False, what="pending_capture_request_exists")


def unknown_details(trial: Trial) -> Problems:
    """A number that nobody has."""
    yield from readable_error(trial.call("GET", f"{REQUESTS}/{UNKNOWN}/details"), 404)


def indistinguishable(trial: Trial) -> Problems:
    """What is unknown answers alike, whatever it is."""
    first, second, third = (
        trial.call("GET", f"/api/v3/jobs/{number}") for number in (UNKNOWN, UNKNOWN - 1, 1 << 55)
    )
    if not (first.text == second.text == third.text and first.status_code == 404):  # noqa: PLR2004
        yield "two unknown jobs answer differently"


REQUEST = ("request",)
VECTORS = [
    Vector(title="the list", evidence="D-old", run=listed, needs=REQUEST),
    Vector(title="the list with a slash", evidence="D", run=with_slash),
    Vector(title="pages of one", evidence="I", run=one_page, needs=REQUEST),
    Vector(title="details", evidence="D", run=details, needs=REQUEST),
    Vector(title="the draft job", evidence="D", run=draft, needs=REQUEST),
    Vector(title="exists", evidence="D", run=existing, needs=REQUEST),
    Vector(title="does not exist", evidence="D", run=not_existing),
    Vector(title="details of an unknown one", evidence="C", run=unknown_details),
    Vector(title="unknown ones answer alike", evidence="C", run=indistinguishable),
]
