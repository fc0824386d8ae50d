"""Deliverable change requests: ordering later."""

from doorstep.wire.hover.conformance.trial import (
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

OLD = "/api/v2/deliverable_change_requests"
CHANGE = (
    *("id", "job_id", "user_id", "new_deliverable_id", "old_deliverable_id", "changed_at"),
    *("created_at", "updated_at", "state"),
)


def of_model(trial: Trial) -> Problems:
    """From photos only to the roof, by the model."""
    path = f"/api/v3/models/{trial.made['model']['id']}/deliverable_change_requests"
    params = {"new_deliverable_id": 2, "current_user_id": trial.user["id"]}
    answer = trial.call("POST", path, params=params)
    yield from status(answer, 201)
    found = json_of(answer)
    yield from keys(found, *CHANGE)
    yield from same(at(found, "old_deliverable_id"), 7, what="old_deliverable_id")


def of_job(trial: Trial) -> Problems:
    """From the roof to all of it, by the job."""
    wanted = {"job_id": trial.made["job"]["id"], "new_deliverable_id": "3"}
    body = {**trial.acting, "deliverable_change_request": wanted}
    answer = trial.call("POST", OLD, json=body)
    yield from status(answer, 201)
    yield from same(at(json_of(answer), "new_deliverable_id"), 3, what="new_deliverable_id")


def never_from_complete(trial: Trial) -> Problems:
    """There is nothing beyond."""
    wanted = {"job_id": trial.made["job"]["id"], "new_deliverable_id": 2}
    body = {**trial.acting, "deliverable_change_request": wanted}
    yield from readable_error(trial.call("POST", OLD, json=body), 409, 422)


def listed(trial: Trial) -> Problems:
    """What was ordered of a job."""
    params = {"job_id": trial.made["job"]["id"], "current_user_id": trial.user["id"]}
    answer = trial.call("GET", OLD, params=params)
    yield from status(answer, 200)
    yield from keys(at(json_of(answer), "results", 0), *CHANGE, where="a row")


VECTORS = [
    Vector(title="order later, by the model", evidence="D", run=of_model, needs=("model",)),
    Vector(title="order later, by the job", evidence="C", run=of_job, needs=("model",)),
    Vector(title="never from complete", evidence="D", run=never_from_complete, needs=("model",)),
    Vector(title="list of orders", evidence="C", run=listed, needs=("model",)),
]
