"""The link by the six-character name, and sending it again."""

from doorstep.wire.hover.conformance.trial import (
    REQUESTS,
    Problems,
    Trial,
    Vector,
    readable_error,
    same,
    status,
)


def link(trial: Trial) -> Problems:
    """The redirect, as header and as HTML."""
    answer = trial.call("GET", f"{REQUESTS}/{trial.made['request']['identifier']}")
    yield from status(answer, 302)
    target = answer.headers.get("location", "")
    if not target or f'href="{target}"' not in answer.text.replace("&amp;", "&"):
        yield "Location and href do not agree"


def link_for_anybody(trial: Trial) -> Problems:
    """Without a token, as homeowners follow it."""
    answer = trial.call("GET", f"{REQUESTS}/{trial.made['request']['identifier']}", token=None)
    yield from status(answer, 302)


def unknown_link(trial: Trial) -> Problems:
    """A name that nobody has."""
    yield from readable_error(trial.call("GET", f"{REQUESTS}/zzzzz_"), 404)


def resend(trial: Trial) -> Problems:
    """Once more, by number."""
    path = f"{REQUESTS}/{trial.made['request']['id']}/resend"
    yield from status(trial.call("POST", path, json=trial.acting), 200, 204)


def resend_with_suffix(trial: Trial) -> Problems:
    """Once more, with `.json` at the end."""
    path = f"{REQUESTS}/{trial.made['request']['id']}/resend.json"
    yield from status(trial.call("POST", path, json=trial.acting), 200, 204)


def resend_by_name(trial: Trial) -> Problems:
    """Once more, by name."""
    path = f"{REQUESTS}/{trial.made['request']['identifier']}/resend"
    yield from status(trial.call("POST", path, json=trial.acting), 200, 204)


def still_new(trial: Trial) -> Problems:
    """None of that changed anything."""
    found = trial.call("GET", f"{REQUESTS}/{trial.made['request']['id']}/details").json()
    yield from same(found["state"], "new", what="state")


REQUEST = ("request",)
VECTORS = [
    Vector(title="the link", evidence="D", run=link, needs=REQUEST),
    Vector(title="the link for anybody", evidence="C", run=link_for_anybody, needs=REQUEST),
    Vector(title="the link of nobody", evidence="I", run=unknown_link),
    Vector(title="resend", evidence="D", run=resend, needs=REQUEST),
    Vector(title="resend with .json", evidence="I", run=resend_with_suffix, needs=REQUEST),
    Vector(title="resend by identifier", evidence="I", run=resend_by_name, needs=REQUEST),
    Vector(title="still new", evidence="D", run=still_new, needs=REQUEST),
]
