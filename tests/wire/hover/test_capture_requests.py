"""`/api/v2/capture_requests`: create and details, the documented objects letter for letter."""

import re

import httpx
from asyncpg.connection import LoggedQuery

from doorstep.kit.db import Role, Tx
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask
from tests.wire.hover.requests import ASKED, PATH, asking, create, create_for_charlie, documented


async def test_create_answers_the_documented_object(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await create(client, cast.alice)

    assert made == documented(made, cast.alice)
    assert list(made) == list(documented(made, cast.alice))
    assert re.fullmatch(r"[A-Za-z0-9_-]{6}", made["identifier"])
    assert made["id"] > 0
    assert made["pending_job_id"] > 0


async def test_everything_that_belongs_to_it_is_written_with_it(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = await create(client, cast.alice)

    async with db.transaction(Role.WORKER, org_id=cast.alice.org_id) as tx:
        job = await tx.fetch("SELECT * FROM jobs")
        messages = await tx.fetch(
            "SELECT channel, kind, to_address, text_body FROM messages ORDER BY channel"
        )
        reminders = await tx.fetch(
            "SELECT kind, m.state, due_at - r.created_at AS after FROM reminders m "
            "JOIN capture_requests r ON r.id = capture_request_id ORDER BY kind"
        )
        events = await tx.fetch("SELECT name FROM events WHERE job_id IS NOT NULL ORDER BY id")
        tasks = await tx.fetch("SELECT entrypoint FROM pgqueuer ORDER BY id")
    assert [(one["id"], one["state"]) for one in job] == [(made["pending_job_id"], "uploading")]
    assert [(m["channel"], m["kind"]) for m in messages] == [
        ("email", "invitation"),
        ("sms", "invitation"),
    ]
    assert messages[0]["to_address"] == "lucille@example.com"
    assert "{link}" in messages[0]["text_body"]
    assert [(r["kind"], r["state"], r["after"].days) for r in reminders] == [
        ("2_days", "scheduled", 2),
        ("7_days", "scheduled", 7),
    ]
    assert [e["name"] for e in events] == ["job.created", "capture_request.created"]
    assert sorted(t["entrypoint"] for t in tasks).count("captures.remind") == 2


async def test_it_takes_five_statements(client: httpx.AsyncClient, cast: Cast, pinned: Tx) -> None:
    seen: list[str] = []

    def note(statement: LoggedQuery) -> None:
        words = " ".join(statement.query.split())
        if not words.startswith(("SAVEPOINT", "SET", "RELEASE")):
            seen.append(words)

    with pinned.query_logger(note):
        made = await ask(client, cast.alice)
    assert [statement[:14] for statement in seen] == [
        "WITH token AS ",  # who calls, and how often
        "SELECT o.id, o",  # for whom
        "SELECT nextval",  # on which ground
        "SELECT EXISTS ",  # whether mail to the person came back
        "WITH write_0 A",  # everything
    ]
    shown = await client.get(f"{PATH}/{made['id']}/details", headers=cast.alice.bearer)
    assert {key: shown.json()[key] for key in made} == made


async def test_details_are_the_richer_object(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await create(client, cast.alice)

    answer = await client.get(f"{PATH}/{made['id']}/details", headers=cast.alice.bearer)

    details = answer.json()
    link = details.pop("branch_link")
    assert link.startswith(f"http://127.0.0.1:8000/c/{made['identifier']}")
    assert len(link) == len("http://127.0.0.1:8000/c/") + 28
    assert details == made | {
        "inspection_workflow_id": None,
        "requires_reconstruction_capture": True,
        "suppress_text_messages": False,
    }


async def test_the_same_client_identifier_makes_one_request(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    first = await create(client, cast.alice)
    again = await create(client, cast.alice)
    theirs = await create_for_charlie(client, cast.charlie)

    assert again == first
    assert theirs["id"] != first["id"]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for table in ("capture_requests", "jobs"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 1, table
        assert await tx.fetchval("SELECT count(*) FROM messages") == 2


async def test_a_client_identifier_of_another_request_is_refused(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    await create(client, cast.alice)
    other = asking(cast.alice) | {
        "capture_request": ASKED | {"capturing_user_email": "gob@example.com"}
    }
    answer = await client.post(PATH, json=other, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "client_identifier": ["was used for another capture request"]
    }


async def test_after_a_delete_the_client_identifier_is_free(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    first = await create(client, cast.alice)
    await client.delete(f"{PATH}/{first['id']}", headers=cast.alice.bearer)
    assert (await create(client, cast.alice))["id"] != first["id"]
