"""The code's fence alone: with row-level security out of the way, scoped queries still hold."""

from collections.abc import AsyncIterator

import httpx
import pytest

from doorstep.kit.db import Role, Tx
from tests.cast import Cast
from tests.pinned import UnfencedDatabase
from tests.tenancy.life import live


@pytest.fixture
async def pinned(owner: Tx) -> AsyncIterator[Tx]:
    """A connection of the owner, whom no policy holds; rolled back after the test."""
    await owner.execute("BEGIN")
    yield owner
    await owner.execute("ROLLBACK")


@pytest.fixture
def db(pinned: Tx) -> UnfencedDatabase:
    return UnfencedDatabase(pinned)


async def test_the_fence_is_really_away(
    client: httpx.AsyncClient, cast: Cast, db: UnfencedDatabase
) -> None:
    await live(client, cast.alice)
    async with db.transaction(Role.APP, org_id=cast.charlie.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM capture_requests") == 1


async def test_lists_hold_only_ones_own(client: httpx.AsyncClient, cast: Cast) -> None:
    await live(client, cast.alice)

    answer = await client.get("/api/v2/capture_requests", headers=cast.charlie.bearer)

    assert answer.json()["requested_captures"]["results"] == []


@pytest.mark.parametrize("path", ["/api/v2/jobs", "/api/v3/jobs"])
async def test_lists_of_jobs_hold_only_ones_own(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    await live(client, cast.alice)
    answer = await client.get(path, headers=cast.charlie.bearer)
    assert answer.json()["results"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v2/capture_requests/{id}/details"),
        ("GET", "/api/v2/capture_requests/{identifier}"),
        ("DELETE", "/api/v2/capture_requests/{id}"),
        ("POST", "/api/v2/capture_requests/{id}/resend"),
        ("POST", "/api/v2/capture_requests/{identifier}/resend"),
        ("GET", "/api/v2/jobs/{pending_job_id}"),
        ("GET", "/api/v3/jobs/{pending_job_id}"),
        ("PUT", "/api/v2/jobs/{pending_job_id}/archive"),
        ("PUT", "/api/v2/jobs/{pending_job_id}/unarchive"),
        ("PATCH", "/api/v2/jobs/{pending_job_id}/approve"),
        ("PUT", "/api/v1/org_job_accesses/{pending_job_id}"),
        ("GET", "/api/v1/job_shares/{share_id}"),
        ("DELETE", "/api/v1/job_shares/{share_id}"),
        ("GET", "/api/v3/models/{model_id}/deliverable_change_requests/price?new_deliverable_id=3"),
        ("GET", "/api/v2/deliverable_change_requests?job_id={pending_job_id}"),
        ("GET", "/api/v3/models/{model_id}/deliverable_change_requests"),
    ],
)
async def test_what_is_anothers_is_not_there(
    client: httpx.AsyncClient, cast: Cast, method: str, path: str
) -> None:
    made = await live(client, cast.alice)
    shown = await client.get(f"/api/v3/jobs/{made['pending_job_id']}", headers=cast.alice.bearer)
    made["model_id"] = shown.json()["models"][0]["id"]

    body = {"current_user_id": cast.alice.admin_id, "job_share": {"job_id": made["pending_job_id"]}}
    shared = await client.post("/api/v1/job_shares", json=body, headers=cast.alice.bearer)
    made["share_id"] = shared.json()["job_share"]["id"]

    answer = await client.request(method, path.format(**made), headers=cast.charlie.bearer)

    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing here.", "code": "not_found"}


@pytest.mark.parametrize("path", ["/jobs/{pending_job_id}", "/jobs", "/inbox", "/outbox"])
async def test_pages_show_only_ones_own(client: httpx.AsyncClient, cast: Cast, path: str) -> None:
    made = await live(client, cast.alice)

    answer = await client.get(
        path.format(**made),
        headers=cast.charlie.cookie("charlie") | {"accept": "text/html"},
    )

    assert answer.status_code == (404 if "{" in path else 200)
    assert "123 Hover Way" not in answer.text
    assert "Lucille" not in answer.text


async def test_figures_count_only_ones_own(client: httpx.AsyncClient, cast: Cast) -> None:
    await live(client, cast.alice)

    answer = await client.get("/sources/quality.csv", headers=cast.charlie.cookie("charlie"))

    (_, overall) = answer.text.splitlines()
    assert overall.startswith("All vendors,0,0,0,0,,0,0,,,0,")
