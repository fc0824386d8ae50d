"""`doorstep conformance captorra`: the contract's vectors against any server that speaks the wire."""

import http
import http.client
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from cyclopts import App

from doorstep.kit.errors import CannotStart
from doorstep.wire.captorra.vectors import Answer, Ids, Try, Verdict, all_vectors, run

ANSWER_SECONDS_MAX = 45
"""As long as the official plugin waits."""
VECTORS = 26
WAITS_MAX = 5
WAIT_SECONDS = 1.0

conformance = App(name="conformance", help="Try a server against a published contract.")
conformance.command("doorstep.cli.conformance_hover:hover", name="hover")


@conformance.command
def captorra(
    *,
    url: str,
    captorra_id: str,
    referrer: str,
    type: str,  # noqa: A002  the wire's own word
    other_referrer: str = "",
) -> None:
    """Post the 26 vectors of the lead wire and print a table; exit status 1 when one fails.

    It makes about twenty leads there: use ids that are for trying.

    Parameters
    ----------
    url
        Where leads are posted, such as https://leads.example/api/captorraapi/create.
    captorra_id
        Id of the organization.
    referrer
        GUID of a source of that organization.
    type
        GUID of one of its case types.
    other_referrer
        GUID of a source of another organization there, for vector 14.
    """
    ids = Ids(
        captorra_id=captorra_id, referrer=referrer, case_type=type, other_referrer=other_referrer
    )
    vectors = all_vectors(ids)
    failed = 0
    for vector in vectors:
        verdict = run(vector, lambda one: post(url, one))
        failed += bool(verdict.problems)
        sys.stdout.write(line(verdict))
        sys.stdout.flush()
    skipped = VECTORS - len(vectors)
    sys.stdout.write(
        f"\n{len(vectors) - failed} of {len(vectors)} vectors hold"
        + (f", {skipped} left out (no --other-referrer)" if skipped else "")
        + "\n"
    )
    sys.exit(1 if failed else 0)


def line(verdict: Verdict) -> str:
    """One row of the table."""
    vector = verdict.vector
    codes = " ".join(dict.fromkeys(one.expect for one in vector.tries))
    said = "ok" if not verdict.problems else "FAILED  " + "; ".join(verdict.problems)
    return f"{vector.number:3}  {vector.title:38} {codes:9} {said}\n"


def post(url: str, one: Try) -> Answer:
    """Send one post as its vector wants it; raises CannotStart when nobody answers.

    Most vectors are refused, and a server lets strangers post so many of those a second.
    """
    answer = _post(url, one)
    for _ in range(WAITS_MAX):
        if answer.status != http.HTTPStatus.TOO_MANY_REQUESTS:
            break
        time.sleep(WAIT_SECONDS)
        answer = _post(url, one)
    return answer


def _post(url: str, one: Try) -> Answer:
    parts = urlsplit(url)
    path = parts.path or "/"
    with _connected(url) as connection:
        if one.http_version == "1.0":
            # The one way that the standard library has to speak as old clients do.
            connection._http_vsn = 10  # type: ignore[attr-defined]  # noqa: SLF001
            connection._http_vsn_str = "HTTP/1.0"  # type: ignore[attr-defined]  # noqa: SLF001
        headers = {**one.headers, "Content-Length": str(len(one.body))}
        connection.request("POST", path, body=one.body, headers=headers)
        answer = connection.getresponse()
        return Answer(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.getheaders()},
            text=answer.read().decode("utf-8", "replace"),
        )


@contextmanager
def _connected(url: str) -> Iterator[http.client.HTTPConnection]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CannotStart(f"{url} is no address of a server: it starts with http:// or https://.")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=ANSWER_SECONDS_MAX)
    try:
        yield connection
    except (OSError, http.client.HTTPException) as error:
        raise CannotStart(f"{url} does not answer: {error}") from error
    finally:
        connection.close()
