"""Making capture requests: three encodings, the object, and what must be said."""

import re
import uuid
from typing import Any

import httpx

from doorstep.wire.hover.conformance.trial import (
    REQUESTS,
    Problems,
    Trial,
    Vector,
    at,
    keys,
    readable_error,
    same,
    status,
)

CREATED = (
    *("id", "capturing_user_name", "capturing_user_phone", "capturing_user_email"),
    *("capturing_user_id", "requesting_user_id", "identifier", "claim_number", "state"),
    *("signup_type", "job_attributes", "captured_user_id", "pending_job_id"),
    *("requesting_user", "org_id", "wallet"),
)
ATTRIBUTES = (
    *("name", "location_line_1", "location_line_2", "location_city", "location_region"),
    *("location_postal_code", "external_identifier", "deliverable_id", "client_identifier"),
)
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{6}")


def ask(trial: Trial, **more: Any) -> httpx.Response:
    """A create call."""
    return trial.call("POST", REQUESTS, **more)


def flat(tree: dict[str, Any], head: str = "") -> dict[str, str]:
    """A tree as a form with bracketed names."""
    found: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{head}[{key}]" if head else key
        found |= flat(value, name) if isinstance(value, dict) else {name: str(value)}
    return found


def as_json(trial: Trial) -> Problems:
    """JSON."""
    answer = ask(trial, json=trial.asking(deliverable_id=3))
    made = trial.keep(answer, name="request")
    yield from status(answer, 201)
    yield from keys(made, *CREATED)


def as_form(trial: Trial) -> Problems:
    """A form with brackets."""
    answer = ask(trial, data=flat(trial.asking()))
    yield from status(answer, 201)
    yield from keys(trial.keep(answer), *CREATED)


def as_multipart(trial: Trial) -> Problems:
    """The same in parts."""
    parts = {name: (None, value) for name, value in flat(trial.asking()).items()}
    answer = ask(trial, files=parts)
    yield from status(answer, 201)
    yield from keys(trial.keep(answer), *CREATED)


def fresh(trial: Trial) -> Problems:
    """What a new one says of itself."""
    made = trial.made["request"]
    yield from same(made["state"], "new", what="state")
    yield from same(made["signup_type"], "homeowner", what="signup_type")
    yield from same(made["capturing_user_id"], None, what="capturing_user_id")
    yield from same(made["captured_user_id"], None, what="captured_user_id")
    yield from same(at(made, "requesting_user", "email"), trial.user["email"], what="requester")


def identifier(trial: Trial) -> Problems:
    """Six characters for addresses."""
    if not IDENTIFIER.fullmatch(str(trial.made["request"]["identifier"])):
        yield f"identifier is {trial.made['request']['identifier']!r}"


def attributes(trial: Trial) -> Problems:
    """Always the nine keys."""
    yield from keys(trial.made["request"]["job_attributes"], *ATTRIBUTES, where="job_attributes")
    preferences = at(trial.made["request"], "requesting_user", "org", "preferences")
    wanted = ("external_identifier_label", "external_identifier_required")
    yield from keys(preferences, *wanted, where="preferences")


def number_as_text(trial: Trial) -> Problems:
    """`"deliverable_id": "2"`."""
    made = trial.keep(ask(trial, json=trial.asking(deliverable_id="2")))
    yield from same(at(made, "job_attributes", "deliverable_id"), 2, what="deliverable_id")


def own_identifier(trial: Trial) -> Problems:
    """A client's own UUID comes back."""
    own = str(uuid.uuid4())
    made = trial.keep(ask(trial, json=trial.asking(client_identifier=own)))
    yield from same(at(made, "job_attributes", "client_identifier"), own, what="client_identifier")


def acting_in_query(trial: Trial) -> Problems:
    """The acting user in the query, by number."""
    body = trial.asking()
    del body["current_user_email"]
    answer = ask(trial, json=body, params={"current_user_id": trial.user["id"]})
    yield from status(answer, 201)
    trial.keep(answer)


def unknown_keys(trial: Trial) -> Problems:
    """Keys that nobody knows are ignored."""
    answer = ask(trial, json=trial.asking(color="blue") | {"per_page": 3})
    yield from status(answer, 201)
    trial.keep(answer)


def no_acting_user(trial: Trial) -> Problems:
    """Nobody acts."""
    body = trial.asking()
    del body["current_user_email"]
    yield from readable_error(ask(trial, json=body), 422)


def foreign_acting_user(trial: Trial) -> Problems:
    """Somebody else acts."""
    body = trial.asking() | {"current_user_email": "nobody@nowhere.example"}
    yield from readable_error(ask(trial, json=body), 422)


def lacking(*path: str) -> Any:
    """A vector's run without one needed key."""

    def run(trial: Trial) -> Problems:
        body = trial.asking()
        place: dict[str, Any] = body["capture_request"]
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        yield from readable_error(ask(trial, json=body), 422)

    return run


REQUEST = ("request",)
VECTORS = [
    Vector(title="create with JSON", evidence="D", run=as_json),
    Vector(title="create with a form", evidence="C", run=as_form),
    Vector(title="create in parts", evidence="I", run=as_multipart),
    Vector(title="a new request", evidence="D", run=fresh, needs=REQUEST),
    Vector(title="an identifier of six", evidence="D", run=identifier, needs=REQUEST),
    Vector(title="nine job attributes", evidence="D", run=attributes, needs=REQUEST),
    Vector(title="a number as text", evidence="C", run=number_as_text),
    Vector(title="the client's own identifier", evidence="I", run=own_identifier),
    Vector(title="the acting user in the query", evidence="C", run=acting_in_query),
    Vector(title="unknown keys", evidence="C", run=unknown_keys),
    Vector(title="no acting user", evidence="D", run=no_acting_user),
    Vector(title="an acting user from elsewhere", evidence="I", run=foreign_acting_user),
    Vector(title="no name", evidence="D", run=lacking("capturing_user_name")),
    Vector(title="no e-mail", evidence="D", run=lacking("capturing_user_email")),
    Vector(title="no address", evidence="D", run=lacking("job_attributes", "location_line_1")),
]
