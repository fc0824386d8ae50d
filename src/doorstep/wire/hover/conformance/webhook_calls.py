"""Webhooks: register, list, verify, delete."""

from typing import Any

import httpx

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

PATH = "/api/v2/webhooks"
WEBHOOK = (
    *("id", "owner_type", "owner_id", "url", "created_at", "updated_at", "verified_at"),
    *("hmac_secret", "last_error", "content_type"),
)


def _register(trial: Trial, **more: Any) -> httpx.Response:
    url = f"https://hooks.example.com/conformance-{trial.run_name}?with=query"
    answer = trial.call("POST", PATH, json={"webhook": {"url": url, **more}})
    if answer.status_code == httpx.codes.CREATED:
        trial.webhooks.append(answer.json()["id"])
    return answer


def register(trial: Trial) -> Problems:
    """The object with its secret."""
    answer = _register(trial, content_type="json")
    yield from status(answer, 201)
    found = json_of(answer)
    trial.made["webhook"] = found
    yield from keys(found, *WEBHOOK)
    yield from same(at(found, "owner_type"), "Org", what="owner_type")
    yield from same(at(found, "verified_at"), None, what="verified_at")
    yield from same(len(at(found, "hmac_secret") or ""), 88, what="the secret's length")


def flat_body(trial: Trial) -> Problems:
    """Not under `webhook`."""
    body = {"url": "https://hooks.example.com/flat", "content_type": "json"}
    yield from readable_error(trial.call("POST", PATH, json=body), 422)


def twice(trial: Trial) -> Problems:
    """The same URL a second time, with a hyphen in the key."""
    yield from status(_register(trial, **{"content-type": "json"}), 201)


def thrice(trial: Trial) -> Problems:
    """Not a third time."""
    yield from readable_error(_register(trial), 422)


def listed(trial: Trial) -> Problems:
    """With secrets."""
    answer = trial.call("GET", PATH, params={"per": 100})
    yield from status(answer, 200)
    found = json_of(answer)
    yield from keys(at(found, "pagination"), "current_page", "total_pages", "total")
    yield from keys(at(found, "results", 0), *WEBHOOK, where="a row")


def unknown_code(trial: Trial) -> Problems:
    """Nobody needs a token to verify; an unknown code is not found."""
    path = f"{PATH}/4addd2b9-5cd7-497f-9f32-52ff0718ddbb/verify"
    for method in ("PUT", "POST"):
        yield from status(trial.call(method, path, token=None), 404, 422)


def removed(trial: Trial) -> Problems:
    """Gone, with nothing in the answer."""
    answer = trial.call("DELETE", f"{PATH}/{trial.made['webhook']['id']}")
    yield from status(answer, 204)
    yield from empty(answer)


VECTORS = [
    Vector(title="register a webhook", evidence="D", run=register),
    Vector(title="a flat body", evidence="C", run=flat_body),
    Vector(title="one URL twice", evidence="C", run=twice, needs=("webhook",)),
    Vector(title="one URL a third time", evidence="C", run=thrice, needs=("webhook",)),
    Vector(title="list of webhooks", evidence="D", run=listed, needs=("webhook",)),
    Vector(title="an unknown code", evidence="D-old", run=unknown_code),
    Vector(title="delete a webhook", evidence="C", run=removed, needs=("webhook",)),
]
