"""One trial of a server: its client, what the vectors made there, and how answers are judged."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

REQUESTS = "/api/v2/capture_requests"

Problems = Iterator[str]


@dataclass(frozen=True, kw_only=True)
class Vector:
    """One row of the table; `needs` names what must have been given or made before."""

    title: str
    evidence: str
    run: Callable[["Trial"], Problems]
    needs: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Trial:
    """What is known of the server; the vectors write into it what they make."""

    client: httpx.Client
    token: str
    user: dict[str, Any]
    client_id: str = ""
    client_secret: str = ""
    tokens: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    """By name: `request`, `job`, `webhook` and so on, as the server answered them."""
    requests: list[int] = field(default_factory=list)
    jobs: list[int] = field(default_factory=list)
    webhooks: list[int] = field(default_factory=list)
    run_name: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def has(self, name: str) -> bool:
        """Whether this was given or made."""
        return bool(self.made.get(name) or getattr(self, name, None))

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A call with the token; `token=None` for one without."""
        token = more.pop("token", self.token)
        headers = {**({"Authorization": f"Bearer {token}"} if token else {})}
        headers |= more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    @property
    def acting(self) -> dict[str, Any]:
        """The acting user, by e-mail."""
        return {"current_user_email": self.user["email"]}

    def asking(self, **job: Any) -> dict[str, Any]:
        """A body that asks for photos of a house of its own."""
        street = f"{uuid.uuid4().int % 9000 + 100} Conformance Way"
        return {
            **self.acting,
            "capture_request": {
                "capturing_user_name": "Lucille Bluth",
                "capturing_user_email": f"conformance-{self.run_name}@example.com",
                "job_attributes": {"name": "Conformance", "location_line_1": street} | job,
            },
        }

    def keep(self, answer: httpx.Response, *, name: str = "") -> dict[str, Any]:
        """Remember a capture request, to be deleted at the end."""
        made: dict[str, Any] = answer.json() if answer.status_code == httpx.codes.CREATED else {}
        if "id" in made:
            self.requests.append(made["id"])
            self.jobs.append(made["pending_job_id"])
        if name:
            self.made[name] = made
        return made

    def clean(self) -> None:
        """Delete what the vectors made, where the API lets it; jobs are archived."""
        for number in self.webhooks:
            self.call("DELETE", f"/api/v2/webhooks/{number}")
        for number in self.requests:
            self.call("DELETE", f"{REQUESTS}/{number}", params=self.acting)
        for number in dict.fromkeys(self.jobs):
            self.call("PUT", f"/api/v2/jobs/{number}/archive", params=self.acting)


def status(answer: httpx.Response, *wanted: int) -> Problems:
    """Nothing when the status is one of these."""
    if answer.status_code not in wanted:
        numbers = " or ".join(map(str, wanted))
        yield f"status {answer.status_code}, not {numbers}: {answer.text[:120]}"


def empty(answer: httpx.Response) -> Problems:
    """Nothing when there is no body."""
    if answer.content:
        yield f"a body where none is due: {answer.text[:80]}"


def json_of(answer: httpx.Response) -> Any:
    """The body, None when it is no JSON."""
    try:
        return answer.json()
    except ValueError:
        return None


def keys(found: Any, *wanted: str, where: str = "") -> Problems:
    """Nothing when all of these keys are there, nulls too."""
    lacking = [key for key in wanted if not isinstance(found, dict) or key not in found]
    if lacking:
        yield f"{where or 'the answer'} lacks {', '.join(lacking)}"


def same(found: Any, wanted: Any, *, what: str) -> Problems:
    """Nothing when both are equal."""
    if found != wanted:
        yield f"{what} is {found!r}, not {wanted!r}"


def readable_error(answer: httpx.Response, *statuses: int) -> Problems:
    """Nothing when the refusal has this status and a body that clients can read."""
    yield from status(answer, *statuses)
    body = json_of(answer)
    if not isinstance(body, dict) or not {"errors", "error", "message"} & body.keys():
        yield f"no errors, error or message: {answer.text[:80]}"


def at(found: Any, *path: str | int) -> Any:
    """The value at this path, None when there is no such path."""
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return None
    return found
