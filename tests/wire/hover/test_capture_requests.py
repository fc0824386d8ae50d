"""`/api/v2/capture_requests`: the documented object letter for letter, and what commits with it."""

import re
import uuid
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from asyncpg.connection import LoggedQuery

from doorstep.kit.db import Role, Tx
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

PATH = "/api/v2/capture_requests"
PLACE = {
    "name": "Vacation Home",
    "location_line_1": "123 Hover Way",
    "location_line_2": "Apartment 22",
    "location_city": "Los Angeles",
    "location_region": "CA",
    "location_postal_code": "90210",
    "external_identifier": "8675309",
    "deliverable_id": 3,
    "client_identifier": "0eb6edb9-b425-4797-8161-18aebf225707",
}
ASKED = {
    "capturing_user_name": "Lucille Bluth",
    "capturing_user_email": "lucille@example.com",
    "capturing_user_phone": "5558675309",
    "signup_type": "homeowner",
    "job_attributes": PLACE,
}


def asking(troupe: Troupe) -> dict[str, Any]:
    return {"current_user_email": f"bob@{troupe.captorra_id}.example", "capture_request": ASKED}


def documented(made: dict[str, Any], troupe: Troupe) -> dict[str, Any]:
    """The documented answer; ids are the server's own."""
    return {
        "id": made["id"],
        "capturing_user_name": "Lucille Bluth",
        "capturing_user_phone": "5558675309",
        "capturing_user_email": "lucille@example.com",
        "capturing_user_id": None,
        "requesting_user_id": made["requesting_user_id"],
        "identifier": made["identifier"],
        "claim_number": None,
        "state": "new",
        "signup_type": "homeowner",
        "job_attributes": PLACE,
        "captured_user_id": None,
        "pending_job_id": made["pending_job_id"],
        "requesting_user": {
            "name": "Bob",
            "email": "bob@123456.example",
            "org": {
                "id": troupe.org_id,
                "name": "Bluth Company",
                "preferences": {
                    "external_identifier_label": "Lead Number",
                    "external_identifier_required": False,
                },
            },
        },
        "org_id": troupe.org_id,
        "wallet": {
            "id": troupe.wallet_id,
            "org": {"customer_display_name": "Bluth Company"},
        },
    }


async def create(client: httpx.AsyncClient, troupe: Troupe) -> dict[str, Any]:
    answer = await client.post(PATH, json=asking(troupe), headers=troupe.bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


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


async def test_a_form_with_brackets_is_the_same(client: httpx.AsyncClient, cast: Cast) -> None:
    form = {
        "current_user_id": str(cast.alice.admin_id),
        "capture_request[capturing_user_name]": "Lucille Bluth",
        "capture_request[capturing_user_email]": "lucille@example.com",
        "capture_request[job_attributes][location_line_1]": "123 Hover Way",
        "capture_request[job_attributes][deliverable_id]": "2",
        "capture_request[suppress_text_messages]": "true",
    }

    answer = await client.post(
        PATH + "/",
        content=urlencode(form),
        headers=cast.alice.bearer | {"content-type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["job_attributes"]["location_line_1"] == "123 Hover Way"
    assert made["job_attributes"]["deliverable_id"] == 2
    assert made["job_attributes"]["name"] == "123 Hover Way"
    assert uuid.UUID(made["job_attributes"]["client_identifier"]).version == 4
    assert made["requesting_user"]["name"] == "Alice"


async def test_a_multipart_form_is_the_same(client: httpx.AsyncClient, cast: Cast) -> None:
    parts = {
        "current_user_id": (None, str(cast.alice.admin_id)),
        "capture_request[capturing_user_name]": (None, "Lucille Bluth"),
        "capture_request[capturing_user_email]": (None, "lucille@example.com"),
        "capture_request[job_attributes][location_line_1]": (None, "123 Hover Way"),
    }

    answer = await client.post(PATH, files=parts, headers=cast.alice.bearer)

    assert answer.status_code == 201, answer.text
    assert answer.json()["job_attributes"]["deliverable_id"] == 3


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"current_user_email": None}, "current_user_email", "or current_user_id must be given"),
        (
            {"current_user_email": "charlie@654321.example"},
            "current_user_email",
            "is not an active user of this organization",
        ),
        (
            {"current_user_email": "nobody@example.com"},
            "current_user_email",
            "is not an active user of this organization",
        ),
        ({"capture_request": None}, "capture_request", "is missing or not an object"),
        ({"capture_request": {}}, "capturing_user_email", "can't be blank"),
        (
            {"capture_request": ASKED | {"capturing_user_email": "x"}},
            "capturing_user_email",
            "is invalid",
        ),
        (
            {"capture_request": ASKED | {"capturing_user_name": "a\r\nBcc: b"}},
            "capturing_user_name",
            "must be on one line",
        ),
        (
            {"capture_request": ASKED | {"job_attributes": PLACE | {"location_line_1": " "}}},
            "location_line_1",
            "can't be blank",
        ),
        (
            {"capture_request": ASKED | {"job_attributes": PLACE | {"deliverable_id": 99}}},
            "deliverable_id",
            "must be one of 2, 3, 5, 6, 7, 8",
        ),
        (
            {"capture_request": ASKED | {"job_attributes": PLACE | {"deliverable_id": "x"}}},
            "deliverable_id",
            "must be a whole number",
        ),
        (
            {"capture_request": ASKED | {"wallet_id": 999_999}},
            "wallet_id",
            "is not one of your wallets",
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_made(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    change: dict[str, Any],
    field: str,
    words: str,
) -> None:
    answer = await client.post(PATH, json=asking(cast.alice) | change, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert answer.json()["errors"][field] == [words]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for table in ("capture_requests", "jobs", "messages", "reminders"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_the_wallet_of_another_organization_is_no_wallet(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    body = asking(cast.alice)
    body["capture_request"] = ASKED | {"wallet_id": cast.charlie.wallet_id}

    answer = await client.post(PATH, json=body, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"wallet_id": ["is not one of your wallets"]}


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer x"}, {"authorization": "Basic eA"}]
)
async def test_without_a_token_there_is_no_way_in(
    client: httpx.AsyncClient, cast: Cast, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, json=asking(cast.alice), headers=headers)

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "Sign in, or send a valid access token.",
        "code": "unauthorized",
    }


async def test_a_broken_body_is_a_bad_request(client: httpx.AsyncClient, cast: Cast) -> None:
    answer = await client.post(
        PATH, content=b"{", headers=cast.alice.bearer | {"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json() == {"error": "The body is not valid JSON.", "code": "bad_request"}


async def test_list_has_its_own_wrapper(client: httpx.AsyncClient, cast: Cast) -> None:
    first = await create(client, cast.alice)
    second = await ask(client, cast.alice)
    await create_for_charlie(client, cast.charlie)

    answer = await client.get(PATH, params={"per": "1"}, headers=cast.alice.bearer)
    rest = await client.get(PATH, params={"per": "1", "page": "2"}, headers=cast.alice.bearer)

    assert answer.json() == {
        "requested_captures": {
            "pagination": {"current_page": 1, "total_pages": 2, "total": 2},
            "results": [second],
        }
    }
    assert rest.json()["requested_captures"]["results"] == [first]


async def test_list_of_one_user(client: httpx.AsyncClient, cast: Cast) -> None:
    await create(client, cast.alice)

    params = {"current_user_id": str(cast.alice.admin_id)}
    answer = await client.get(PATH, params=params, headers=cast.alice.bearer)

    assert answer.json()["requested_captures"]["pagination"]["total"] == 0


@pytest.mark.parametrize("params", [{"page": "0"}, {"per": "101"}, {"per": "x"}, {"state": "old"}])
async def test_list_refuses_what_it_does_not_know(
    client: httpx.AsyncClient, cast: Cast, params: dict[str, str]
) -> None:
    answer = await client.get(PATH, params=params, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(params)


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


@pytest.mark.parametrize("verb", ["details", "link", "delete", "resend"])
async def test_another_organizations_request_is_not_there(
    client: httpx.AsyncClient, cast: Cast, verb: str
) -> None:
    made = await create_for_charlie(client, cast.charlie)
    calls = {
        "details": ("GET", "{}/details", made["id"], 999_999_999),
        "link": ("GET", "{}", made["identifier"], "zzzzzz"),
        "delete": ("DELETE", "{}", made["id"], 999_999_999),
        "resend": ("POST", "{}/resend", made["id"], 999_999_999),
    }
    method, path, foreign, missing = calls[verb]

    answers = [
        await client.request(method, f"{PATH}/{path.format(one)}", headers=cast.alice.bearer)
        for one in (foreign, missing)
    ]

    theirs, none = answers
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json() == {"error": "There is nothing here.", "code": "not_found"}
    assert set(theirs.headers) == set(none.headers)


async def test_the_link_by_identifier_redirects(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await create(client, cast.alice)
    details = await client.get(f"{PATH}/{made['id']}/details", headers=cast.alice.bearer)

    answer = await client.get(f"{PATH}/{made['identifier']}", headers=cast.alice.bearer)

    assert answer.status_code == 302
    assert answer.headers["location"] == details.json()["branch_link"]


async def test_delete_ends_the_request_and_its_link(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = await create(client, cast.alice)

    gone = await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    again = await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    listed = await client.get(PATH, headers=cast.alice.bearer)

    assert (gone.status_code, gone.content) == (204, b"")
    assert again.status_code == 422
    assert again.json() == {
        "errors": {
            "state": ["is deleted; only one whose photos never came can be deleted"],
        },
        "code": "invalid",
    }
    assert listed.json()["requested_captures"]["results"] == []
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT archived_at IS NOT NULL FROM jobs")
        states = await tx.fetch("SELECT DISTINCT state FROM reminders")
    assert [row["state"] for row in states] == ["cancelled"]


async def test_resend_queues_the_invitation_again(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = await create(client, cast.alice)

    answer = await client.post(f"{PATH}/{made['id']}/resend", headers=cast.alice.bearer)

    assert (answer.status_code, answer.json()) == (200, made)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM messages WHERE channel = 'email'") == 2


async def create_for_charlie(client: httpx.AsyncClient, troupe: Troupe) -> dict[str, Any]:
    body = {"current_user_id": troupe.admin_id, "capture_request": ASKED}
    answer = await client.post(PATH, json=body, headers=troupe.bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


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


@pytest.mark.parametrize("path", ["exists", "check", "check.json"])
async def test_check_for_an_existing_request(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    async def checked(email: str, who: Troupe) -> Any:
        answer = await client.get(f"{PATH}/{path}", params={"email": email}, headers=who.bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    nobody = {
        "pending_capture_request_exists": False,
        "requesting_user_name": None,
        "capturing_user_exists": False,
    }
    made = await create(client, cast.alice)

    assert await checked("LUCILLE@example.com", cast.alice) == {
        "pending_capture_request_exists": True,
        "requesting_user_name": "Bob",
        "capturing_user_exists": False,
    }
    assert await checked("lucille@example.com", cast.charlie) == nobody
    assert await checked("gob@example.com", cast.alice) == nobody
    await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    assert await checked("lucille@example.com", cast.alice) == nobody
    missing = await client.get(f"{PATH}/{path}", headers=cast.alice.bearer)
    assert (missing.status_code, missing.json()["errors"]) == (422, {"email": ["can't be blank"]})
    assert (await client.get(f"{PATH}/{path}")).status_code == 401


@pytest.mark.parametrize("state", ["new", "deleted", "complete"])
async def test_list_by_state(client: httpx.AsyncClient, cast: Cast, state: str) -> None:
    await ask(client, cast.alice)
    deleted = await ask(client, cast.alice)
    complete = await ask(client, cast.alice, test_state="complete")
    await client.delete(f"{PATH}/{deleted['id']}", headers=cast.alice.bearer)

    answer = await client.get(PATH, params={"state": state}, headers=cast.alice.bearer)

    results = answer.json()["requested_captures"]["results"]
    assert [one["state"] for one in results] == [state]
    if state == "complete":
        assert results[0]["id"] == complete["id"]
        assert results[0]["captured_user_id"] == results[0]["capturing_user_id"] is not None


async def test_resend_by_name(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await create(client, cast.alice)
    answer = await client.post(
        f"{PATH}/{made['identifier']}/resend.json", headers=cast.alice.bearer
    )
    theirs = await client.post(f"{PATH}/{made['identifier']}/resend", headers=cast.charlie.bearer)
    assert (answer.status_code, theirs.status_code) == (200, 404)


async def test_a_required_external_identifier(client: httpx.AsyncClient, cast: Cast) -> None:
    wanted = {"external_identifier_label": "Claim Number", "external_identifier_required": True}
    changed = await client.patch(
        f"/api/v1/orgs/{cast.alice.org_id}",
        json={"org": {"preferences_attributes": wanted}},
        headers=cast.alice.bearer,
    )
    body = asking(cast.alice)
    body["capture_request"] = ASKED | {"job_attributes": PLACE | {"external_identifier": None}}
    refused = await client.post(PATH, json=body, headers=cast.alice.bearer)
    made = await create(client, cast.alice)

    assert changed.status_code == 204
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"external_identifier": ["can't be blank"]}
    assert made["requesting_user"]["org"]["preferences"] == wanted
