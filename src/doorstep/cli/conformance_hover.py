"""`doorstep conformance hover`: the published capture-request API against any server."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from doorstep.kit.errors import CannotStart
from doorstep.wire.hover.conformance import VECTORS
from doorstep.wire.hover.conformance.trial import Trial, Vector

ANSWER_SECONDS_MAX = 60
"""As long as the published API takes for any call."""
RATE_CALLS_MAX = 240


# allow: sizes each is an option of the command line
def hover(
    *,
    url: str,
    client_id: str = "",
    client_secret: str = "",
    token: str = "",
    refresh_token: str = "",
    code: str = "",
    redirect_uri: str = "",
    user: str = "",
    rate: bool = False,
    keep: bool = False,
) -> None:
    """Call the server as documented, print a table, and exit with 1 when a vector fails.

    It makes capture requests, jobs and webhooks there and removes them again, which sends
    invitations to addresses at example.com. Use an organization that is for trying, and one of
    --token, --refresh-token, and --code with --redirect-uri to get in.

    Parameters
    ----------
    url
        The server, such as https://doorstep.example.
    client_id
        Of the integration; without it the vectors of the token endpoint are left out.
    client_secret
        Its secret.
    token
        An access token.
    refresh_token
        A refresh token; it is used up, and the new one is printed at the end.
    code
        A code that the consent page gave, as it stands in the address of the answer.
    redirect_uri
        The address that the code was given to.
    user
        E-mail of the member in whose name to act; the first admin when it is not given.
    rate
        Also pass the rate limit, as the last thing.
    keep
        Leave everything there that was made.
    """
    vectors = [*VECTORS, RATE] if rate else VECTORS
    credentials = {"client_id": client_id, "client_secret": client_secret}
    grant = grant_of(refresh_token, code=code, redirect_uri=redirect_uri)
    with client_of(url) as client:
        tokens = trade(client, credentials | grant) if grant else {}
        bearer = token or tokens.get("access_token", "")
        if not bearer:
            raise CannotStart("Give --token, --refresh-token, or --code with --redirect-uri.")
        member = acting_user(client, bearer, email=user)
        trial = Trial(
            client=client,
            token=bearer,
            user=member,
            client_id=client_id,
            client_secret=client_secret,
            tokens=tokens,
        )
        try:
            failed, left_out = run(trial, vectors)
        finally:
            if not keep:
                trial.clean()
    tried = len(vectors) - left_out
    more = f", {left_out} left out" if left_out else ""
    sys.stdout.write(f"\n{tried - failed} of {tried} vectors hold{more}\n")
    if tokens:
        sys.stdout.write(f"The refresh token is now {tokens['refresh_token']}\n")
    sys.exit(1 if failed else 0)


def run(trial: Trial, vectors: list[Vector]) -> tuple[int, int]:
    """(how many failed, how many were left out), with a line printed for each."""
    failed = left_out = 0
    for number, vector in enumerate(vectors, start=1):
        lacking = [name for name in vector.needs if not trial.has(name)]
        if lacking:
            left_out += 1
            said = f"left out: no {lacking[0]}"
        else:
            problems = list(vector.run(trial))
            failed += bool(problems)
            said = "FAILED  " + "; ".join(problems) if problems else "ok"
        sys.stdout.write(f"{number:3}  {vector.title:30} {vector.evidence:5} {said}\n")
        sys.stdout.flush()
    return failed, left_out


def grant_of(refresh_token: str, *, code: str, redirect_uri: str) -> dict[str, str]:
    """What to trade for tokens, nothing when none of it was given."""
    if code:
        return {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    if refresh_token:
        return {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return {}


def trade(client: httpx.Client, body: dict[str, str]) -> dict[str, Any]:
    """The tokens for a code or a refresh token; raises CannotStart."""
    answer = client.post("/oauth/token", json=body)
    if answer.status_code != httpx.codes.OK:
        raise CannotStart(f"The server gave no token: {answer.text[:200]}")
    found: dict[str, Any] = answer.json()
    return found


def acting_user(client: httpx.Client, token: str, *, email: str) -> dict[str, Any]:
    """The member in whose name to act; raises CannotStart."""
    params = {"search": email} if email else {"admin": "true"}
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v2/users", params=params, headers=headers)
    if answer.status_code != httpx.codes.OK:
        raise CannotStart(f"The server does not know this token: {answer.text[:200]}")
    found: list[dict[str, Any]] = answer.json()["results"]
    if not found:
        raise CannotStart("There is no such user; name one with --user.")
    return found[0]


def pass_the_rate(trial: Trial) -> Iterator[str]:
    """More calls than a minute has."""
    for _ in range(RATE_CALLS_MAX):
        answer = trial.call("GET", "/api/v1/orgs")
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            if "Rate Limit Exceeded" not in answer.text:
                yield f"the text is {answer.text[:80]}"
            return
    yield f"{RATE_CALLS_MAX} calls were let through"


RATE = Vector(title="too many calls", evidence="D", run=pass_the_rate)


@contextmanager
def client_of(url: str) -> Iterator[httpx.Client]:
    """A client of this server; raises CannotStart when it does not answer."""
    if not url.startswith(("http://", "https://")):
        raise CannotStart(f"{url} is no address of a server: it starts with http:// or https://.")
    with httpx.Client(base_url=url.rstrip("/"), timeout=ANSWER_SECONDS_MAX) as client:
        try:
            yield client
        except httpx.HTTPError as error:
            raise CannotStart(f"{url} does not answer: {error}") from error
