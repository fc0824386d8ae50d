"""Who gets in: the token endpoint's errors and shapes, and calls without a good token."""

from typing import Any

from doorstep.wire.hover.conformance.trial import (
    REQUESTS,
    Problems,
    Trial,
    Vector,
    json_of,
    keys,
    readable_error,
    same,
    status,
)

TOKEN = "/oauth/token"  # noqa: S105  an address
PAIR = (
    *("access_token", "token_type", "expires_in", "refresh_token", "scope", "created_at"),
    *("owner_id", "owner_type"),
)


def _refused(trial: Trial, wanted: str, *, path: str = TOKEN, **body: Any) -> Problems:
    credentials = {"client_id": trial.client_id, "client_secret": trial.client_secret}
    answer = trial.call("POST", path, token=None, json=credentials | body)
    yield from status(answer, 400, 401)
    yield from same((json_of(answer) or {}).get("error"), wanted, what="error")


def wrong_secret(trial: Trial) -> Problems:
    """A client whose secret is not its own."""
    grant = {"grant_type": "refresh_token", "refresh_token": "x"}
    yield from _refused(trial, "invalid_client", client_secret="wrong", **grant)  # noqa: S106


def unknown_code(trial: Trial) -> Problems:
    """A code that nobody was given."""
    code = {"code": "unknown", "redirect_uri": "https://a.example"}
    yield from _refused(trial, "invalid_grant", grant_type="authorization_code", **code)


def unknown_refresh(trial: Trial) -> Problems:
    """A refresh token that nobody was given."""
    grant = {"grant_type": "refresh_token", "refresh_token": "unknown"}
    yield from _refused(trial, "invalid_grant", **grant)


def with_slash(trial: Trial) -> Problems:
    """The address with a slash at its end, and a form."""
    body = {
        "client_id": trial.client_id,
        "client_secret": trial.client_secret,
        "grant_type": "refresh_token",
        "refresh_token": "unknown",
    }
    answer = trial.call("POST", TOKEN + "/", token=None, data=body)
    yield from same((json_of(answer) or {}).get("error"), "invalid_grant", what="error")


def pair(trial: Trial) -> Problems:
    """What a trade gave."""
    yield from keys(trial.tokens, *PAIR)
    yield from same(trial.tokens.get("token_type"), "Bearer", what="token_type")
    yield from same(trial.tokens.get("expires_in"), 7200, what="expires_in")
    yield from same(trial.tokens.get("owner_type"), "orgs", what="owner_type")


def without_token(trial: Trial) -> Problems:
    """No credential."""
    yield from readable_error(trial.call("GET", REQUESTS, token=None), 401)


def unknown_token(trial: Trial) -> Problems:
    """A credential that nobody was given."""
    yield from readable_error(trial.call("GET", REQUESTS, token="unknown"), 401)  # noqa: S106


CLIENT = ("client_id", "client_secret")
VECTORS = [
    Vector(title="a wrong client secret", evidence="I", run=wrong_secret, needs=CLIENT),
    Vector(title="an unknown code", evidence="I", run=unknown_code, needs=CLIENT),
    Vector(title="an unknown refresh token", evidence="I", run=unknown_refresh, needs=CLIENT),
    Vector(title="/oauth/token/ with a form", evidence="D", run=with_slash, needs=CLIENT),
    Vector(title="the pair of tokens", evidence="D", run=pair, needs=("tokens",)),
    Vector(title="no token", evidence="D", run=without_token),
    Vector(title="an unknown token", evidence="C", run=unknown_token),
]
