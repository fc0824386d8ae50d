"""What is ordered is set aside, charged when it is there, and free again when nothing came."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.builds import actions as builds
from doorstep.captures import expiry, rehearsals, reopenings
from doorstep.events import actions as events
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.db import Role
from doorstep.orgs import wallets
from doorstep.orgs.money import Kind
from doorstep.web.services import Services
from doorstep.worker.main import expire, fan_out, finish_rehearsal
from tests.background import Waiting, take
from tests.cast import STAGE, Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

REQUESTS = "/api/v2/capture_requests"
INVITATIONS = "SELECT count(*) FROM messages WHERE kind = 'invitation'"
WAY = [JobState.PROCESSING_UPLOAD, JobState.WORKING]


async def stock(db: PinnedDatabase, troupe: Troupe, *, cents: int, **prices: int) -> None:
    """Funds in the organization's wallet, and prices as `d3=3500`."""
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        await wallets.adjust(
            scope, wallet_id=troupe.wallet_id, kind=Kind.ADDED, cents=cents, note="start"
        )
        for name, price in prices.items():
            await wallets.set_price(scope, deliverable_id=int(name[1:]), cents=price)


async def balance(db: PinnedDatabase, troupe: Troupe) -> tuple[int, int]:
    """(to spend, set aside), which the book must add up to."""
    async with db.transaction(Role.APP, org_id=troupe.org_id) as tx:
        row = (await tx.fetch("SELECT available_cents, held_cents FROM wallets"))[0]
        booked = (
            await tx.fetch(
                "SELECT sum(cents * ((credit = 'available')::int - (debit = 'available')::int)),"
                " sum(cents * ((credit = 'held')::int - (debit = 'held')::int)) FROM wallet_entries"
            )
        )[0]
    assert tuple(map(int, booked)) == tuple(row)
    return row["available_cents"], row["held_cents"]


async def entries(db: PinnedDatabase, troupe: Troupe) -> list[tuple[str, int]]:
    async with db.transaction(Role.APP, org_id=troupe.org_id) as tx:
        rows = await tx.fetch("SELECT kind, cents FROM wallet_entries ORDER BY id")
    return [(row["kind"], row["cents"]) for row in rows][1:]


async def bring(db: PinnedDatabase, troupe: Troupe, job_id: int, *states: JobState) -> None:
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        for state in states:
            await jobs.move(scope, job_id=job_id, to=state)


async def complete(db: PinnedDatabase, troupe: Troupe, job_id: int) -> None:
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        await jobs.finish(scope, job_id=job_id)


async def create(client: httpx.AsyncClient, troupe: Troupe, **job: Any) -> httpx.Response:
    body = {
        "current_user_id": troupe.admin_id,
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": "123 Hover Way"} | job,
        },
    }
    return await client.post(REQUESTS, json=body, headers=troupe.bearer)


async def test_set_aside_and_charged_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.alice, cents=10_000, d3=3500)
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    assert await balance(db, cast.alice) == (6500, 3500)

    await bring(db, cast.alice, job_id, *WAY)
    await complete(db, cast.alice, job_id)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await wallets.capture(scope, job_id=job_id)
        await wallets.release(scope, job_id=job_id)
        states = await scope.tx.fetch(
            "SELECT payload ->> 'state' AS state FROM events WHERE name = 'job.state_changed' "
            "ORDER BY id"
        )
        told = await scope.tx.fetch(
            "SELECT name, payload ->> 'cents' AS cents FROM events "
            "WHERE job_id = $1 AND name LIKE 'wallet.%' ORDER BY id",
            job_id,
        )
    assert await balance(db, cast.alice) == (6500, 0)
    assert await entries(db, cast.alice) == [("held", 3500), ("captured", 3500)]
    assert [row["state"] for row in states][2:] == ["processing", "paying", "complete"]
    assert [(row["name"], row["cents"]) for row in told] == [
        ("wallet.held", "3500"),
        ("wallet.charged", "3500"),
    ]


async def test_a_short_wallet_refuses_and_nothing_is_made(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.alice, cents=3499, d3=3500)
    answer = await create(client, cast.alice)
    job = {"current_user_id": cast.alice.admin_id, "job": {"name": "x"}}
    other = await client.post("/api/v1/jobs", json=job, headers=cast.alice.bearer)

    assert (answer.status_code, other.status_code) == (422, 422)
    assert answer.json() == {
        "errors": {"wallet_id": ["does not hold enough: this costs 35.00"]},
        "code": "wallet_short",
    }
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for table in ("capture_requests", "jobs", "messages", "holds"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert (await create(client, cast.alice, deliverable_id=7)).status_code == 201
    assert (await create(client, cast.alice, test_state="complete")).status_code == 201
    assert await balance(db, cast.alice) == (3499, 0)


async def test_without_a_wallet_something_free_is_all_that_can_be_had(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute("DELETE FROM wallets WHERE org_id = $1", scope.org_id)
        await wallets.set_price(scope, deliverable_id=3, cents=100)
    answer = await create(client, cast.alice)
    assert answer.json()["errors"] == {"wallet_id": ["is needed: this costs 1.00"]}
    assert (await create(client, cast.alice, deliverable_id=2)).status_code == 201


async def test_what_is_free_leaves_no_rows(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    await bring(db, cast.alice, job_id, *WAY)
    await complete(db, cast.alice, job_id)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for table in ("holds", "wallet_entries", "prices"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0
        rows = await tx.fetch(
            "SELECT payload ->> 'state' AS state FROM events WHERE name = 'job.state_changed'"
        )
    assert "paying" not in {row["state"] for row in rows}


async def test_a_withdrawn_request_gives_it_back(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.alice, cents=5000, d3=3500)
    made = await ask(client, cast.alice)
    await client.delete(f"{REQUESTS}/{made['id']}", headers=cast.alice.bearer)
    assert await balance(db, cast.alice) == (5000, 0)
    assert await entries(db, cast.alice) == [("held", 3500), ("released", 3500)]


async def test_a_failed_job_gives_it_back_and_is_charged_when_built_again(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.alice, cents=5000, d3=3500)
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    await bring(db, cast.alice, job_id, *WAY, JobState.FAILED)
    assert await balance(db, cast.alice) == (5000, 0)

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await builds.order_again(scope, job_id=job_id)
    assert await balance(db, cast.alice) == (1500, 3500)
    await bring(db, cast.alice, job_id, JobState.WORKING)
    await complete(db, cast.alice, job_id)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await builds.order_again(scope, job_id=job_id)
    await bring(db, cast.alice, job_id, JobState.WORKING, JobState.FAILED)
    assert await balance(db, cast.alice) == (1500, 0), "built again from what was paid for"


async def test_a_change_is_charged_the_difference(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.alice, cents=4000, d2=1500, d3=3500)
    job_id = (await ask(client, cast.alice, deliverable_id=2))["pending_job_id"]
    await bring(db, cast.alice, job_id, *WAY)
    await complete(db, cast.alice, job_id)
    job = await client.get(f"/api/v3/jobs/{job_id}", headers=cast.alice.bearer)
    path = f"/api/v3/models/{job.json()['models'][0]['id']}/deliverable_change_requests/price"
    priced = await client.get(f"{path}?new_deliverable_id=3", headers=cast.alice.bearer)
    assert priced.json() == {"new_deliverable_id": 3, "price_cents": 2000}
    for wanted, troupe, status in (("2", cast.alice, 422), ("3", cast.charlie, 404)):
        other = await client.get(f"{path}?new_deliverable_id={wanted}", headers=troupe.bearer)
        assert other.status_code == status
    body = {
        "current_user_id": cast.alice.admin_id,
        "deliverable_change_request": {"job_id": job_id, "new_deliverable_id": 3},
    }
    answer = await client.post(
        "/api/v2/deliverable_change_requests", json=body, headers=cast.alice.bearer
    )
    assert answer.status_code == 201
    assert await balance(db, cast.alice) == (500, 2000)
    await bring(db, cast.alice, job_id, JobState.WORKING)
    await complete(db, cast.alice, job_id)
    assert await entries(db, cast.alice) == [
        *(("held", 1500), ("captured", 1500), ("held", 2000), ("captured", 2000))
    ]


async def test_a_change_that_the_wallet_cannot_pay_changes_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.alice, cents=100, d3=3500)
    job_id = (await ask(client, cast.alice, deliverable_id=7))["pending_job_id"]
    body = {
        "current_user_id": cast.alice.admin_id,
        "deliverable_change_request": {"job_id": job_id, "new_deliverable_id": 3},
    }
    answer = await client.post(
        "/api/v2/deliverable_change_requests", json=body, headers=cast.alice.bearer
    )
    job = await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()["code"]) == (422, "wallet_short")
    assert job.json()["deliverable_id"] == 7


@pytest.mark.parametrize("outcome", ["complete", "failed"])
async def test_a_test_is_never_billed(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services, outcome: str
) -> None:
    await stock(db, cast.alice, cents=4000, d3=3500)
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    await client.patch(
        f"/api/v2/jobs/{job_id}/set_test_state.json",
        params={"state": outcome, "current_user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )
    assert await balance(db, cast.alice) == (4000, 0)
    for task in await take(db, rehearsals.FINISH):
        await finish_rehearsal(db, task.payload, storage=services.storage)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await builds.order_again(scope, job_id=job_id)
    assert await balance(db, cast.alice) == (4000, 0)


async def test_another_organizations_wallet_pays_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await stock(db, cast.charlie, cents=9000, d3=1)
    answer = await create(client, cast.alice, wallet_id=cast.charlie.wallet_id)
    assert answer.json()["errors"] == {"wallet_id": ["is not one of your wallets"]}
    async with db.transaction(Role.APP, org_id=cast.charlie.org_id) as tx:
        assert await tx.fetchval("SELECT available_cents FROM wallets") == 9000


@pytest.mark.parametrize(("end", "held"), [(JobState.FAILED, 3500), (JobState.COMPLETE, 0)])
async def test_more_photos_are_charged_unless_the_model_was(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, end: JobState, held: int
) -> None:
    await stock(db, cast.alice, cents=3500, d3=3500)
    made = await ask(client, cast.alice)
    job_id = made["pending_job_id"]
    await bring(db, cast.alice, job_id, *WAY, end)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute("UPDATE capture_requests SET state = 'complete'")
        await reopenings.reopen(scope, request_id=made["id"], spots=["back"])
    assert await balance(db, cast.alice) == (0, held)
    await bring(db, cast.alice, job_id, *WAY)
    await complete(db, cast.alice, job_id)
    assert await balance(db, cast.alice) == (0, 0)


async def end_links(db: PinnedDatabase, troupe: Troupe) -> None:
    async with db.transaction(Role.APP, org_id=troupe.org_id) as tx:
        await tx.execute("UPDATE capture_requests SET expires_at = now() - interval '1 second'")


async def test_the_end_of_a_link_frees_its_price_and_a_new_one_holds_it_again(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    alice = cast.alice
    await stock(db, alice, cents=3500, d3=3500)
    made = await ask(client, alice)
    path = f"{REQUESTS}/{made['id']}/resend"

    async def tell() -> list[Waiting]:
        """What waits for the link's end once the readers have heard of the events."""
        for task in await take(db, events.FAN_OUT):
            await fan_out(db, task.payload)
        return await take(db, expiry.EXPIRE)

    # It comes back when the link ends, and again when it came too early.
    (first,) = await tell()
    assert first.payload == {"org_id": alice.org_id, "request_id": made["id"]}
    assert abs(first.delay - timedelta(days=14)) < timedelta(minutes=1)
    await expire(db, first.payload)
    assert [task.payload for task in await tell()] == [first.payload]
    assert await balance(db, alice) == (0, 3500)

    # The end frees it, once; another organization's task does not find the request.
    await end_links(db, alice)
    await expire(db, first.payload | {"org_id": cast.charlie.org_id})
    assert await balance(db, alice) == (0, 3500)
    for _ in range(2):
        await expire(db, first.payload)
    assert await balance(db, alice) == (3500, 0)
    assert await entries(db, alice) == [("held", 3500), ("released", 3500)]

    # Who sends it again holds it again, with another 14 days; while it lives, nothing changes.
    for _ in range(2):
        assert (await client.post(path, headers=alice.bearer)).status_code == 200
    assert (await entries(db, alice))[2:] == [("held", 3500)]
    assert len(await tell()) == 1
    async with db.transaction(Role.APP, org_id=alice.org_id) as tx:
        lives = "SELECT expires_at > now() + interval '13 days' FROM capture_requests"
        assert await tx.fetchval(lives)

    # Or is refused plainly, and nothing is sent.
    await end_links(db, alice)
    await expire(db, first.payload)
    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        await wallets.adjust(
            scope, wallet_id=alice.wallet_id, kind=Kind.TAKEN, cents=1, note="spent"
        )
    refused = await client.post(path, headers=alice.bearer)
    assert (refused.status_code, refused.json()) == (
        422,
        {
            "errors": {"wallet_id": ["does not hold enough: this costs 35.00"]},
            "code": "wallet_short",
        },
    )
    async with db.transaction(Role.APP, org_id=alice.org_id) as tx:
        assert await tx.fetchval(INVITATIONS) == 3
    assert await balance(db, alice) == (3499, 0)


async def test_a_phone_that_finishes_after_the_end_of_its_link_has_its_build_wait_for_funds(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    alice = cast.alice
    await stock(db, alice, cents=3500, d3=3500)
    made = await ask(client, alice)
    job_id = made["pending_job_id"]
    await end_links(db, alice)
    await expire(db, {"org_id": alice.org_id, "request_id": made["id"]})
    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        wallet: Any = {"wallet_id": alice.wallet_id, "cents": 1, "note": "by hand"}
        await wallets.adjust(scope, kind=Kind.TAKEN, **wallet)
    await bring(db, alice, job_id, JobState.PROCESSING_UPLOAD)
    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        assert await builds.order(scope, job_id=job_id) is None
        assert (await jobs.find(scope, job_id=job_id)).state == "waiting_approval"
    approve = f"/api/v2/jobs/{job_id}/approve"
    actor = {"current_user_id": alice.admin_id}
    short = await client.patch(approve, params=actor, headers=alice.bearer)
    assert (short.status_code, short.json()["code"]) == (422, "wallet_short")
    assert await balance(db, alice) == (3499, 0)

    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        await wallets.adjust(scope, kind=Kind.ADDED, **wallet)
    approved = await client.patch(approve, params=actor, headers=alice.bearer)
    assert approved.is_success, approved.text
    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        assert await builds.order(scope, job_id=job_id) is not None
    assert await balance(db, alice) == (0, 3500)
