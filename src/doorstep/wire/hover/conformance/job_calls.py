"""Jobs in their three generations: create, update, list, show, reassign, archive."""

import re

from doorstep.wire.hover.conformance.trial import (
    Problems,
    Trial,
    Vector,
    at,
    empty,
    json_of,
    keys,
    readable_error,
    same,
    status,
)

V1, V2, V3 = "/api/v1/jobs", "/api/v2/jobs", "/api/v3/jobs"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ROW = ("id", "name", "state", "deliverable_id", "client_identifier", "location_line_1", "org_id")


def create(trial: Trial) -> Problems:
    """A draft without an invitation."""
    job = {"name": "Conformance", "location_line_1": "1 Conformance Way", "deliverable_id": 7}
    answer = trial.call("POST", V1, json={**trial.acting, "job": job})
    yield from status(answer, 201)
    made = at(json_of(answer), "job")
    yield from keys(made, *ROW, "models", "user_id", "archived")
    yield from same(at(made, "state"), "uploading", what="state")
    if made:
        trial.made["job"] = made
        trial.jobs.append(made["id"])


def moments(trial: Trial) -> Problems:
    """Times with milliseconds and Z."""
    if not MOMENT.fullmatch(str(trial.made["job"]["created_at"])):
        yield f"created_at is {trial.made['job']['created_at']!r}"


def around(trial: Trial) -> Problems:
    """Who sees the job, whose it is, and the organization that it came through."""
    made = trial.made["job"]
    tree = ("id", "parent_id", "kind", "sort_order", "name", "ancestral_name", "model_price")
    yield from keys(at(made, "orgs", 0), *tree, "updated_at", "ordering_email", where="orgs")
    assigned = at(made, "job_assignments", 0)
    yield from keys(assigned, "id", "user_id", "kind", "assigned_by", "org", where="an assignment")
    user = ("id", "first_name", "last_name", "email", "time_zone", "aasm_state", "sign_in_count")
    yield from keys(at(assigned, "user"), *user, "require_job_approval", where="its user")
    org = ("id", "parent_id", "kind", "ancestral_name", "preferences", "wallet")
    yield from keys(at(made, "through_org"), *org, where="through_org")


def shared(trial: Trial) -> Problems:
    """A link to it is in the job's own object."""
    number = trial.made["job"]["id"]
    body = {**trial.acting, "job_share": {"job_id": number}}
    answer = trial.call("POST", "/api/v1/job_shares", json=body)
    yield from status(answer, 200, 201)
    share = at(json_of(answer), "job_share")
    found = trial.call("PATCH", f"{V1}/{number}", json={**trial.acting, "job": {}})
    yield from same(at(json_of(found), "job", "job_shares", 0), share, what="job_shares")
    trial.call("DELETE", f"/api/v1/job_shares/{at(share, 'id')}")


def no_actor(trial: Trial) -> Problems:
    """A draft of nobody."""
    yield from readable_error(trial.call("POST", V1, json={"job": {"name": "x"}}), 422)


def _update(trial: Trial, method: str, *, name: str) -> Problems:
    body = {**trial.acting, "job": {"name": name, "external_identifier": "C-1"}}
    answer = trial.call(method, f"{V1}/{trial.made['job']['id']}", json=body)
    yield from status(answer, 200)
    yield from same(at(json_of(answer), "job", "name"), name, what="name")


def patched(trial: Trial) -> Problems:
    """As documented."""
    yield from _update(trial, "PATCH", name="Conformance, patched")


def put(trial: Trial) -> Problems:
    """As a client does it."""
    yield from _update(trial, "PUT", name="Conformance, put")


def list_v3(trial: Trial) -> Problems:
    """The current list."""
    answer = trial.call("GET", V3, params={"per": 5})
    yield from status(answer, 200)
    found = json_of(answer)
    yield from keys(at(found, "pagination"), "current_page", "next_page", where="pagination")
    yield from keys(at(found, "results", 0), "id", "reconstruction_state", "models", where="a row")


def show_v3(trial: Trial) -> Problems:
    """The current object, with its mixed address."""
    found = json_of(trial.call("GET", f"{V3}/{trial.made['job']['id']}"))
    wanted = ("id", "name", "reconstruction_state", "org", "address", "customer", "captures")
    yield from keys(found, *wanted, "models", "inspections")
    yield from keys(at(found, "address"), "location_line_1", "city", "region", where="address")
    yield from keys(at(found, "models", 0), "id", "state", "artifacts", "images", where="a model")
    trial.made["model"] = at(found, "models", 0)


def list_v2(trial: Trial) -> Problems:
    """The older list, with a filter."""
    answer = trial.call("GET", V2, params={"states[]": "needs_photos"})
    yield from status(answer, 200)
    found = json_of(answer)
    yield from keys(at(found, "pagination"), "current_page", "total_pages", "total")
    yield from keys(at(found, "results", 0), *ROW, where="a row")
    yield from keys(at(found, "meta"), "request_received_at", where="meta")


def show_v2(trial: Trial) -> Problems:
    """The older object, flat."""
    found = json_of(trial.call("GET", f"{V2}/{trial.made['job']['id']}"))
    yield from keys(found, *ROW, "test_state", "type", "images")
    yield from same(at(found, "test_state"), "no", what="test_state")


def with_suffix(trial: Trial) -> Problems:
    """`.json` at the end."""
    yield from status(trial.call("GET", f"{V2}/{trial.made['job']['id']}.json"), 200)


def reassign(trial: Trial) -> Problems:
    """To a member, by the job's number."""
    path = f"{V2}/{trial.made['job']['id']}/reassign"
    answer = trial.call("POST", path, json={**trial.acting, "user_id": trial.user["id"]})
    yield from status(answer, 204)
    yield from empty(answer)


def reassign_request(trial: Trial) -> Problems:
    """To a member, by the capture request's name."""
    path = f"{V2}/{trial.made['request']['identifier']}/reassign"
    body = {**trial.acting, "user_id": str(trial.user["id"])}
    yield from status(trial.call("POST", path, json=body), 204)


def archive(trial: Trial) -> Problems:
    """Out of the list, and into the other."""
    number = trial.made["job"]["id"]
    yield from status(trial.call("PUT", f"{V2}/{number}/archive"), 200, 204)
    found = trial.call("GET", V3, params={"archived": "true", "per": 100}).json()
    if number not in [row["id"] for row in found["results"]]:
        yield "it is not among the archived"


def unarchive(trial: Trial) -> Problems:
    """Back again."""
    path = f"{V2}/{trial.made['job']['id']}/unarchive"
    yield from status(trial.call("PUT", path), 200, 204)


def unknown(trial: Trial) -> Problems:
    """A job that nobody has."""
    yield from readable_error(trial.call("GET", f"{V2}/999999999"), 404)


JOB = ("job",)
VECTORS = [
    Vector(title="create a job", evidence="D", run=create),
    Vector(title="times", evidence="D", run=moments, needs=JOB),
    Vector(title="what is round a job", evidence="D", run=around, needs=JOB),
    Vector(title="a job that is shared", evidence="D", run=shared, needs=JOB),
    Vector(title="a job of nobody", evidence="D", run=no_actor),
    Vector(title="update by PATCH", evidence="D", run=patched, needs=JOB),
    Vector(title="update by PUT", evidence="C", run=put, needs=JOB),
    Vector(title="list of v3", evidence="C", run=list_v3, needs=JOB),
    Vector(title="show of v3", evidence="D", run=show_v3, needs=JOB),
    Vector(title="list of v2", evidence="D-old", run=list_v2, needs=JOB),
    Vector(title="show of v2", evidence="D-old", run=show_v2, needs=JOB),
    Vector(title=".json at the end", evidence="D", run=with_suffix, needs=JOB),
    Vector(title="reassign", evidence="D", run=reassign, needs=JOB),
    Vector(title="reassign by identifier", evidence="D", run=reassign_request, needs=("request",)),
    Vector(title="archive", evidence="D", run=archive, needs=JOB),
    Vector(title="unarchive", evidence="D", run=unarchive, needs=JOB),
    Vector(title="an unknown job", evidence="C", run=unknown),
]
