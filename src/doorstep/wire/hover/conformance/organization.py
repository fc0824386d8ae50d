"""Users, wallets and the organization."""

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


def wallets(trial: Trial) -> Problems:
    """The organization's own is always there."""
    answer = trial.call("GET", "/api/v2/wallets")
    yield from status(answer, 200)
    wanted = ("id", "preferred", "shared", "allowed_good_types", "org")
    yield from keys(at(json_of(answer), "results", 0), *wanted, where="a wallet")


def users(trial: Trial) -> Problems:
    """Members, found by a word."""
    params = {"search": trial.user["email"], "per": 20}
    found = json_of(trial.call("GET", "/api/v2/users", params=params))
    wanted = ("id", "first_name", "last_name", "email", "acl_template", "aasm_state")
    yield from keys(at(found, "results", 0), *wanted, where="a user")
    yield from same(at(found, "results", 0, "id"), trial.user["id"], what="who was found")


def profile(trial: Trial) -> Problems:
    """The acting user."""
    params = {"current_user_id": trial.user["id"]}
    found = json_of(trial.call("GET", "/api/v2/users/profile", params=params))
    yield from keys(found, "id", "first_name", "last_name", "email", "time_zone", "orgs")
    yield from keys(at(found, "orgs", 0, "preferences"), "external_identifier_label")


def profile_of_nobody(trial: Trial) -> Problems:
    """Somebody must act."""
    yield from readable_error(trial.call("GET", "/api/v2/users/profile"), 422)


def orgs(trial: Trial) -> Problems:
    """What the token sees."""
    found = json_of(trial.call("GET", "/api/v1/orgs"))
    yield from keys(at(found, "orgs", 0), "id", "name", "customer_display_name", "preferences")
    trial.made["org"] = at(found, "orgs", 0)


def update(trial: Trial) -> Problems:
    """A name that it has already."""
    org = trial.made["org"]
    body = {"org": {"customer_display_name": org["customer_display_name"]}}
    answer = trial.call("PATCH", f"/api/v1/orgs/{org['id']}", json=body)
    yield from status(answer, 204)
    yield from empty(answer)


def foreign(trial: Trial) -> Problems:
    """Somebody else's."""
    yield from readable_error(trial.call("GET", "/api/v1/orgs/999999999"), 404)


VECTORS = [
    Vector(title="wallets", evidence="D", run=wallets),
    Vector(title="users", evidence="C", run=users),
    Vector(title="the profile", evidence="D", run=profile),
    Vector(title="the profile of nobody", evidence="D", run=profile_of_nobody),
    Vector(title="organizations", evidence="C", run=orgs),
    Vector(title="update the organization", evidence="D", run=update, needs=("org",)),
    Vector(title="another organization", evidence="C", run=foreign),
]
