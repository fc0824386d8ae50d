"""The audit log: what is in it, who may read it, and that tampering is named."""

import json
import re
import uuid
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from doorstep.auth.scopes import task_scope
from doorstep.cli import audit as command
from doorstep.events import audit
from doorstep.jobs.model import JobState
from doorstep.kit.db import Role, Tx
from doorstep.kit.ids import uuid7
from doorstep.web.services import Services
from tests.capturing import ask
from tests.cast import Cast
from tests.pinned import UnfencedDatabase
from tests.web.conftest import desk_of
from tests.web.test_job import bring_to, put_build
from tests.web.test_measurements import METRIC, put_record


@pytest.fixture
async def pinned(owner: Tx) -> AsyncIterator[Tx]:
    """A superuser, whom nothing holds; rolled back after the test."""
    await owner.execute("BEGIN")
    yield owner
    await owner.execute("ROLLBACK")


@pytest.fixture
def db(pinned: Tx) -> UnfencedDatabase:
    return UnfencedDatabase(pinned)


async def link(db: UnfencedDatabase, cast: Cast) -> None:
    async with task_scope(db, org_id=cast.alice.org_id, task=audit.LINK) as scope:
        assert await audit.link_next(scope) is False


async def said(db: UnfencedDatabase, cast: Cast) -> str:
    """What `doorstep audit verify` prints of Alice's organization."""
    return {org_id: command.line(org_id, one) async for org_id, one in command.verdicts(db)}[
        cast.alice.org_id
    ]


async def test_tampering_is_named(
    client: httpx.AsyncClient, cast: Cast, db: UnfencedDatabase, pinned: Tx
) -> None:
    org = cast.alice.org_id
    bob = desk_of(client, cast.alice, "bob")
    assert await said(db, cast) == f"whole  organization {org}: 0 links, the last {bytes(32).hex()}"
    made = await ask(db, cast.alice)
    await link(db, cast)
    await bob.post(f"/jobs/{made.job_id}/notes", {"text": "One"})
    await link(db, cast)
    links = await pinned.fetch(
        "SELECT number, entry_id, hash FROM audit_links WHERE org_id = $1 ORDER BY number", org
    )
    numbers = [row["number"] for row in links]
    assert numbers == list(range(1, len(links) + 1))
    assert len(links) >= 6
    whole = f"whole  organization {org}: {len(links)} links, the last {links[-1]['hash'].hex()}"
    assert await said(db, cast) == whole

    async def tampered(statement: str, *arguments: object) -> str:
        await pinned.execute("SAVEPOINT tampering; SET LOCAL session_replication_role = replica")
        await pinned.execute(statement, *arguments)
        told = await said(db, cast)
        await pinned.execute("ROLLBACK TO tampering")
        return told

    noted = await pinned.fetchrow(
        "SELECT e.id, l.number FROM events e JOIN audit_links l ON l.org_id = e.org_id "
        "AND l.entry_id = e.id WHERE e.org_id = $1 AND e.name = 'job.noted'",
        org,
    )
    assert noted is not None
    number, entry_id = noted["number"], noted["id"]
    start = f"BROKEN organization {org}: "
    for change in (
        """payload = '{"verb": "removed"}'""",
        "actor = 'user:1'",
        "occurred_at = occurred_at - interval '1 second'",
        "job_id = NULL",
    ):
        told = await tampered(
            f"UPDATE events SET {change} WHERE org_id = $1 AND id = $2", org, entry_id
        )
        assert told == f"{start}link {number}: its entry {entry_id} (job.noted) was changed", change
    told = await tampered("UPDATE accesses SET what = 'GET /' WHERE org_id = $1", org)
    assert re.fullmatch(
        rf"{start}link \d+: its entry [0-9a-f-]+ \(access\.write\) was changed", told
    )
    gone = await tampered("DELETE FROM events WHERE org_id = $1 AND id = $2", org, entry_id)
    assert gone == f"{start}link {number}: its entry {entry_id} is gone"
    unlinked = "DELETE FROM audit_links WHERE org_id = $1 AND number = $2"
    assert await tampered(unlinked, org, 2) == f"{start}link 2 is gone"
    forged = uuid.UUID(int=uuid7().int - (10 * 60 * 1000 << 80))
    told = await tampered(
        "INSERT INTO events (org_id, id, name, actor) VALUES ($1, $2, 'job.approved', 'user:1')",
        org,
        forged,
    )
    assert told == f"{start}entry {forged} stands in no link: it was put in later"
    assert await said(db, cast) == whole


async def test_an_entry_that_becomes_visible_late_is_linked(
    cast: Cast, db: UnfencedDatabase, pinned: Tx
) -> None:
    await ask(db, cast.alice)
    await link(db, cast)
    late = uuid.UUID(int=uuid7().int - (60 * 1000 << 80))
    await pinned.execute(
        "INSERT INTO events (org_id, id, name, actor) VALUES ($1, $2, 'job.approved', 'user:1')",
        cast.alice.org_id,
        late,
    )
    await link(db, cast)
    newest = await pinned.fetchval(
        "SELECT entry_id FROM audit_links WHERE org_id = $1 ORDER BY number DESC LIMIT 1",
        cast.alice.org_id,
    )
    assert newest == late
    assert (await said(db, cast)).startswith("whole ")


async def test_reads_and_requests_are_in_it(
    client: httpx.AsyncClient, cast: Cast, db: UnfencedDatabase, services: Services, pinned: Tx
) -> None:
    alice, bob, amy = (desk_of(client, cast.alice, name) for name in ("alice", "bob", "amy"))
    charlie = desk_of(client, cast.charlie, "charlie")
    job_id = await measured(db, services, cast)
    await pinned.execute("DELETE FROM accesses")
    await bob.get(f"/jobs/{job_id}")
    await bob.get(f"/jobs/{job_id}/files/measurements.json")
    assert (await bob.get(f"/jobs/{job_id}/measurements.xlsx")).status_code == 200
    wire = f"/api/v2/jobs/{job_id}/measurements.json"
    assert (await client.get(wire, headers=cast.alice.bearer)).status_code == 200
    assert (await client.get(wire, headers=cast.charlie.bearer)).status_code == 404
    await amy.get("/jobs")
    await bob.post(f"/jobs/{job_id}/archive")
    assert (await amy.post(f"/jobs/{job_id}/archive")).status_code == 403

    answer = await client.get("/api/desk/audit?group=access", headers=cast.alice.bearer)
    found = [
        (one["name"], one["actor"].partition(":")[0], one["payload"]["what"], one["job_id"])
        for one in answer.json()["entries"]
    ]
    assert found == [
        ("access.write", "user", f"POST /jobs/{job_id}/archive", None),
        ("access.read", "integration", "measurements", job_id),
        ("access.read", "user", "measurements", job_id),
        ("access.read", "user", "measurements.json", job_id),
        ("access.read", "user", "measurements", job_id),
    ]
    page = (await alice.get("/audit?group=access")).text
    assert page.count("Read of measurements") == 4
    assert f"Request: POST /jobs/{job_id}/archive" in page
    assert page.count('<span class="quiet">soon</span>') == 5
    bobs = re.search(r'<option value="(\d+)">Bob</option>', page)
    assert bobs
    only = (await alice.get(f"/audit?member={bobs[1]}&group=job")).text
    assert only.count("Somebody took the job out of the lists.") == 1
    assert "Read of measurements" not in only
    assert "No entry is like that." in (await alice.get("/audit?until=2020-01-01")).text
    assert "No entry is like that." in (await alice.get("/audit?since=8000-01-01")).text
    table = (await alice.get(f"/audit/audit.csv?member={bobs[1]}&group=access")).text
    head, *rows = table.splitlines()
    assert head == "link,id,occurred_at,actor,name,lead_id,capture_request_id,job_id,payload"
    assert len(rows) == 4
    assert rows[0].endswith(
        json.dumps({"what": f"POST /jobs/{job_id}/archive"}).replace('"', '""') + '"'
    )

    for desk in (bob, amy):
        assert (await desk.get("/audit")).status_code == 403
        assert (await desk.get("/audit/audit.csv")).status_code == 403
    assert "/archive" not in (await charlie.get("/audit")).text
    for wrong in ("group=x", "since=x", "until=0001-01-01", "before=x"):
        assert (await alice.get(f"/audit?{wrong}")).status_code == 404


async def measured(db: UnfencedDatabase, services: Services, cast: Cast) -> int:
    made = await ask(db, cast.alice)
    states = [JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.COMPLETE]
    await bring_to(db, cast, job_id=made.job_id, states=states)
    build_id = await put_build(db, services, cast, job_id=made.job_id, state="complete")
    await put_record(
        db,
        services,
        org_id=cast.alice.org_id,
        build_id=build_id,
        content=json.dumps(METRIC).encode(),
    )
    return made.job_id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accesses SET what = 'x'",
        "DELETE FROM accesses",
        "UPDATE audit_links SET hash = ''",
        "DELETE FROM audit_links",
        "INSERT INTO audit_links (org_id, number, entry_id, hash) VALUES ({org}, 1, gen_random_uuid(), '')",
        "DELETE FROM events",
    ],
)
async def test_the_application_may_only_add(cast: Cast, pinned: Tx, statement: str) -> None:
    await pinned.execute(f"SET LOCAL ROLE {Role.APP}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pinned.execute(statement.format(org=cast.alice.org_id))
