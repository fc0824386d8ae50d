"""Rules for old data: chosen, looked at, switched on, swept by the worker; and what is kept."""

import uuid
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope, task_scope
from doorstep.builds import erasures
from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.kit.ids import uuid7
from doorstep.leads import duplicates, terms
from doorstep.retentions import sweeping
from doorstep.web.services import Services
from doorstep.worker import main as worker
from tests.background import take
from tests.captures.test_erasure import keys, put_model
from tests.captures.test_link import in_org
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead

PATH = "/settings/retention"
DAYS = {"photos": "90", "leads": "60", "messages": "60", "deliveries": "7", "sessions": "60"}
AGED = (
    ("jobs", "updated_at"),
    ("leads", "received_at"),
    ("lead_posts", "received_at"),
    ("calls", "received_at"),
    ("refused_calls", "received_at"),
    ("messages", "created_at"),
    ("webhook_deliveries", "created_at"),
    ("capture_sessions", "expires_at"),
)


async def rows(pinned: Tx, org_id: int, sql: str) -> list[tuple[Any, ...]]:
    async with in_org(pinned, org_id):
        return [tuple(row) for row in await pinned.fetch(sql)]


async def age(owner: Tx, days: int) -> None:
    """Everything of both organizations was so many days ago."""
    for table, column in AGED:
        await owner.execute(f"UPDATE {table} SET {column} = now() - interval '{days} days'")


@pytest.fixture
async def pinned(owner: Tx) -> Any:
    """The owner's connection, who may write times; rolled back after the test."""
    await owner.execute("BEGIN")
    yield owner
    await owner.execute("ROLLBACK")


async def furnish(db: PinnedDatabase, services: Services, cast: Cast, lead_id: uuid.UUID) -> Any:
    """A request of the lead's, with a model, a delivery and a browser; its job is complete."""
    made = await ask(db, cast.alice)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await put_model(scope, services.storage, job_id=made.job_id)
        await scope.tx.execute(
            "UPDATE capture_requests SET lead_id = $1 WHERE id = $2", lead_id, made.id
        )
        await scope.tx.execute("UPDATE messages SET state = 'sent'")
        await scope.tx.execute(
            "INSERT INTO capture_sessions (org_id, id, capture_request_id, secret_hash, "
            "user_agent, expires_at) VALUES ($1, $2, $3, $4, 'Pixel 9', now())",
            scope.org_id,
            uuid7(),
            made.id,
            uuid7().bytes,
        )
        await scope.tx.execute(
            "WITH e AS (INSERT INTO webhook_endpoints (org_id, url, secret_sealed) "
            "VALUES ($1, 'https://x.example/', '') RETURNING id) "
            "INSERT INTO webhook_deliveries (org_id, id, endpoint_id, event_id, event_name, body, "
            "state) SELECT $1, $2, id, $2, 'x', '{}', 'failed' FROM e",
            scope.org_id,
            uuid7(),
        )
    return made


async def index(db: PinnedDatabase, cast: Cast, *lead_ids: uuid.UUID) -> None:
    """The worker writes down by what leads are found."""
    async with task_scope(db, org_id=cast.alice.org_id, task="x") as scope:
        await scope.tx.execute("UPDATE leads SET received_at = now() - interval '1 hour'")
        await terms.index_next(scope)
        for lead_id in lead_ids:
            await duplicates.look(scope, lead_id=lead_id)


async def switch_on(desk: Desk, **days: str) -> None:
    assert (await desk.post(PATH, days or DAYS)).headers["location"] == f"{PATH}?said=saved#look"
    answer = await desk.post(f"{PATH}/on", {"version": "1"})
    assert answer.headers["location"] == f"{PATH}?said=on", answer.text


async def sweep(db: PinnedDatabase, services: Services) -> None:
    await worker.sweep_old(db, {})
    for task in await take(db, erasures.ERASE):
        await erasures.erase_later(db, task.payload, storage=services.storage)


FOUND = """SELECT (SELECT count(*) FROM leads WHERE email IS NOT NULL),
    (SELECT count(*) FROM lead_terms), (SELECT count(*) FROM lead_marks),
    (SELECT count(*) FROM lead_posts WHERE length(body) > 0),
    (SELECT count(*) FROM messages WHERE text_body <> ''),
    (SELECT count(*) FROM webhook_deliveries),
    (SELECT count(*) FROM capture_sessions WHERE user_agent <> ''),
    (SELECT count(*) FROM build_files)"""


async def test_what_is_old_goes_and_all_else_stays(
    alice: Desk, lead_id: uuid.UUID, services: Services, *, db: PinnedDatabase, pinned: Tx,
    cast: Cast,
) -> None:  # fmt: skip
    org = cast.alice.org_id
    theirs = await post_lead(alice.client, cast.charlie)
    assert (await alice.post("/settings/readiness/letters")).status_code == 303
    made = await furnish(db, services, cast, lead_id)
    await index(db, cast, lead_id)
    ((leads, words, marks, posts, letters, *rest),) = await rows(pinned, org, FOUND)
    assert (leads, posts, rest) == (1, 1, [1, 1, 4])
    assert min(words, marks, letters) >= 1
    await age(pinned, 100)
    await alice.post(PATH, DAYS)
    shown = (await alice.get(PATH)).text
    for label, number in (
        *(("Photos and models", 1), ("Persons in leads", 1), ("Words of messages", letters)),
        *(("Webhook deliveries", 1), ("Homeowners&#39; browsers", 1)),
    ):
        assert f"<dt>{label}</dt><dd>{number} " in shown
    assert "Nothing is erased yet." in shown
    await sweep(db, services)
    assert (await rows(pinned, org, FOUND))[0][0] == 1

    assert (await alice.post(f"{PATH}/on", {"version": "1"})).status_code == 303
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == [(0, 0, 0, 0, 0, 0, 0, 1)]
    (left,) = await keys(services.storage)
    assert left.endswith("/measurements.json")
    assert await rows(pinned, org, "SELECT first_name, last_name, region FROM leads") == [
        ("Erased", "", "CA")
    ]
    assert await rows(pinned, org, "SELECT state, customer_email FROM jobs") == [("complete", None)]
    told = (
        "SELECT payload ->> 'kind', payload ->> 'number' FROM events WHERE name = '{}' ORDER BY id"
    )
    erased = await rows(pinned, org, told.format("retention.erased"))
    assert erased == [
        *(("photos", "1"), ("leads", "1"), ("posts", "1"), ("messages", "1"), ("deliveries", "1")),
    ]
    ((swept,),) = await rows(pinned, org, "SELECT swept_at IS NOT NULL FROM retentions")
    assert swept
    page = (await alice.get(f"/jobs/{made.job_id}")).text
    assert "Erased because of its age" in page
    assert "by the homeowner" not in page
    assert (await alice.get(f"/leads/{lead_id}")).status_code == 200
    assert f"/leads/{lead_id}" not in (await alice.get("/inbox?q=lucille")).text
    kept = await rows(pinned, cast.charlie.org_id, "SELECT id, email FROM leads")
    assert kept == [(theirs, "lucille@example.com")]
    await sweep(db, services)
    assert await rows(pinned, org, told.format("retention.erased")) == erased


async def test_each_kind_goes_alone(
    alice: Desk, lead_id: uuid.UUID, services: Services, *, db: PinnedDatabase, pinned: Tx,
    cast: Cast,
) -> None:  # fmt: skip
    org = cast.alice.org_id
    await furnish(db, services, cast, lead_id)
    await index(db, cast, lead_id)
    ((*stays, letters, deliveries, browsers, files),) = await rows(pinned, org, FOUND)
    assert (letters >= 1, deliveries, browsers, files) == (True, 1, 1, 4)
    await age(pinned, 59)
    await switch_on(alice, messages="60", sessions="60")
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == [(*stays, letters, 1, 1, 4)]
    await age(pinned, 61)
    await pinned.execute("UPDATE retentions SET swept_at = now() - interval '23 hours'")
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == [(*stays, letters, 1, 1, 4)]
    await pinned.execute("UPDATE retentions SET swept_at = now() - interval '25 hours'")
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == [(*stays, 0, 1, 0, 4)]
    addresses = "SELECT count(*) FROM messages WHERE to_address <> '' AND subject = ''"
    assert await rows(pinned, org, addresses) == [(letters,)]


async def test_open_jobs_and_what_is_kept_are_left_alone(
    alice: Desk, lead_id: uuid.UUID, services: Services, *, db: PinnedDatabase, pinned: Tx,
    cast: Cast,
) -> None:  # fmt: skip
    org = cast.alice.org_id
    made = await furnish(db, services, cast, lead_id)
    await index(db, cast, lead_id)
    before = await rows(pinned, org, FOUND)
    await age(pinned, 100)
    await switch_on(alice)
    await pinned.execute("UPDATE jobs SET state = 'processing'")
    await sweep(db, services)
    # Deliveries are about everything: they go by their age alone.
    untouched = [(*before[0][:5], 0, *before[0][6:])]
    assert await rows(pinned, org, FOUND) == untouched

    await pinned.execute("UPDATE jobs SET state = 'complete', updated_at = '2020-01-01'")
    await pinned.execute("UPDATE retentions SET swept_at = NULL")
    kept = await alice.post(f"{PATH}/keeps", {"subject": f"http://x.example/leads/{lead_id}?a=b"})
    assert kept.headers["location"] == f"{PATH}?said=kept#keeps"
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == untouched
    assert f'href="/leads/{lead_id}"' in (await alice.get(PATH)).text

    end = {"subject": f"lead:{lead_id}"}
    assert (await alice.post(f"{PATH}/keeps", {"subject": str(made.job_id)})).status_code == 303
    assert (await alice.post(f"{PATH}/keeps/end", end)).status_code == 303
    await pinned.execute("UPDATE retentions SET swept_at = NULL")
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == untouched
    end = {"subject": f"job:{made.job_id}"}
    assert (await alice.post(f"{PATH}/keeps/end", end)).status_code == 303
    assert (await alice.post(f"{PATH}/keeps/end", end)).status_code == 404
    await pinned.execute("UPDATE retentions SET swept_at = NULL")
    await sweep(db, services)
    assert (await rows(pinned, org, FOUND))[0] == (0, 0, 0, 0, 0, 0, 0, 1)
    told = "SELECT payload ->> 'kept' FROM events WHERE name = 'keep.changed' ORDER BY id"
    assert await rows(pinned, org, told) == [("true",), ("true",), ("false",), ("false",)]


async def test_a_killed_sweep_goes_on_where_it_was(
    alice: Desk, lead_id: uuid.UUID, services: Services, *, db: PinnedDatabase, pinned: Tx,
    cast: Cast,
) -> None:  # fmt: skip
    org = cast.alice.org_id
    await furnish(db, services, cast, lead_id)
    await index(db, cast, lead_id)
    await age(pinned, 100)
    await switch_on(alice)
    unerased = (
        "SELECT count(*) FROM capture_requests r WHERE NOT EXISTS "
        "(SELECT FROM erasures e WHERE e.capture_request_id = r.id)"
    )
    for photos, leads in ((0, 1), (0, 0)):
        async with task_scope(db, org_id=org, task=sweeping.SWEEP) as scope:
            assert await sweeping.erase_next(scope) is True
        assert await rows(pinned, org, unerased) == [(photos,)]
        persons = "SELECT count(*) FROM leads WHERE email IS NOT NULL"
        assert await rows(pinned, org, persons) == [(leads,)]
        assert await rows(pinned, org, "SELECT swept_at FROM retentions") == [(None,)]
    await sweep(db, services)
    assert await rows(pinned, org, FOUND) == [(0, 0, 0, 0, 0, 0, 0, 1)]
    numbers = "SELECT sum((payload ->> 'number')::int) FROM events WHERE payload ->> 'kind' = '{}'"
    for kind in ("photos", "leads", "posts", "deliveries"):
        assert await rows(pinned, org, numbers.format(kind)) == [(1,)]


async def test_what_fails_in_one_organization_holds_up_no_other(
    alice: Desk, lead_id: uuid.UUID, services: Services, *, db: PinnedDatabase, pinned: Tx,
    cast: Cast, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await furnish(db, services, cast, lead_id)
    await age(pinned, 100)
    await switch_on(alice)
    # The sweep goes by the organizations' ids.
    assert cast.alice.org_id < cast.charlie.org_id
    await pinned.execute(
        "INSERT INTO retentions (org_id, leads_days, enabled_at, actor) "
        "VALUES ($1, 60, now(), 'user:1')",
        cast.charlie.org_id,
    )

    async def broken(*_: Any) -> None:
        raise OSError("the disk is away")

    for what in sweeping.FORGET:
        monkeypatch.setitem(sweeping.FORGET, what, broken)
    with pytest.raises(ExceptionGroup, match="some organizations"):
        await worker.sweep_old(db, {})
    swept = "SELECT swept_at IS NOT NULL FROM retentions"
    assert await rows(pinned, cast.alice.org_id, swept) == [(False,)]
    assert await rows(pinned, cast.charlie.org_id, swept) == [(True,)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"photos": "29"}, "This is kept for 30 to 36500 days, or for good."),
        ({"deliveries": "6"}, "This is kept for 7 to 36500 days, or for good."),
        ({"leads": "36501"}, "This is kept for 30 to 36500 days, or for good."),
        ({"messages": "soon"}, "This is a whole number of days, or nothing."),
        ({"sessions": "-1"}, "This is a whole number of days, or nothing."),
    ],
)
async def test_wrong_days_are_said_and_nothing_is_kept(
    alice: Desk, pinned: Tx, cast: Cast, change: dict[str, str], words: str
) -> None:
    answer = await alice.post(PATH, DAYS | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert await rows(pinned, cast.alice.org_id, "SELECT 1 FROM retentions") == []


async def test_what_is_switched_on_is_what_was_looked_at(
    alice: Desk, bob: Desk, charlie: Desk, pinned: Tx, *, cast: Cast, asked: CaptureRequest
) -> None:
    assert (await alice.post(f"{PATH}/on", {"version": "1"})).status_code == 409
    assert (await alice.post(f"{PATH}/off")).status_code == 409
    await alice.post(PATH, DAYS)
    await alice.post(PATH, {"photos": "30"})
    stale = await alice.post(f"{PATH}/on", {"version": "1"})
    assert stale.status_code == 409
    assert "look again" in stale.text
    state = "SELECT photos_days, leads_days, version, enabled_at IS NOT NULL FROM retentions"
    assert await rows(pinned, cast.alice.org_id, state) == [(30, None, 2, False)]
    assert (await alice.post(f"{PATH}/on", {"version": "2"})).status_code == 303
    assert (await alice.post(f"{PATH}/off")).status_code == 303
    assert await rows(pinned, cast.alice.org_id, state) == [(30, None, 2, False)]
    for path in (PATH, f"{PATH}/on", f"{PATH}/off", f"{PATH}/keeps", f"{PATH}/keeps/end"):
        assert (await bob.post(path, DAYS)).status_code == 403
    assert "Old data" not in (await bob.get("/settings")).text
    for subject in (str(asked.job_id), "0", "x", f"leads/{uuid7()}", "9" * 30, "job:1"):
        refused = await charlie.post(f"{PATH}/keeps", {"subject": subject})
        assert refused.status_code == 422
        assert "There is no such job or lead." in refused.text
    assert await rows(pinned, cast.charlie.org_id, "SELECT 1 FROM keeps") == []
