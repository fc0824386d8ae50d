"""What members decide of a lead: each decision a row, none of them ever changed."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import member_actor, open_scope
from doorstep.captures import actions as captures
from doorstep.kit.errors import Conflict, Forbidden, Invalid, NotFound
from doorstep.leads import dispositions, merges, queries
from doorstep.orgs.model import OrgScope
from tests.cast import STAGE, Cast
from tests.faults.posting import accepted, encoded, rows
from tests.pinned import PinnedDatabase

NO_LEAD = uuid.UUID("01890000-0000-7000-8000-000000000000")


@pytest.fixture
async def lead_id(client: httpx.AsyncClient, cast: Cast) -> uuid.UUID:
    return await accepted(client, encoded(cast.alice))


@pytest.fixture
async def other_id(client: httpx.AsyncClient, cast: Cast) -> uuid.UUID:
    return await accepted(client, encoded(cast.alice, First="Jane"))


@pytest.fixture
async def scope(
    db: PinnedDatabase, cast: Cast, lead_id: uuid.UUID, other_id: uuid.UUID
) -> AsyncIterator[OrgScope]:
    """Alice's organization with both leads, after their posts: one transaction at a time."""
    assert lead_id != other_id
    actor = member_actor(cast.alice.admin_id, role="member")
    async with open_scope(db, org_id=cast.alice.org_id, actor=actor) as opened:
        yield opened


async def told(scope: OrgScope, name: str) -> list[dict[str, Any]]:
    found = await scope.tx.fetch(
        "SELECT payload FROM events WHERE org_id = $1 AND name = $2 ORDER BY id",
        scope.org_id,
        name,
    )
    return [row["payload"] for row in found]


async def test_a_decision_is_a_row_with_its_author_and_an_event(
    scope: OrgScope, cast: Cast, lead_id: uuid.UUID
) -> None:
    await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted")
    made = await dispositions.dispose(
        scope, lead_id=lead_id, disposition="rejected", reason="fake", note=" No such street "
    )

    assert (made.number, made.disposition, made.reason, made.note) == (
        2,
        "rejected",
        "fake",
        "No such street",
    )
    assert made.actor == f"user:{cast.alice.admin_id}"
    assert await dispositions.current(scope, lead_id=lead_id) == made
    assert [one.disposition for one in await dispositions.history(scope, lead_id=lead_id)] == [
        "rejected",
        "contacted",
    ]
    lead = await queries.list_sources(scope)
    source_id = str(lead[0]["id"])
    assert await told(scope, "lead.disposed") == [
        {
            "source_id": source_id,
            "number": 1,
            "disposition": "contacted",
            "reason": None,
            "previous": None,
            "withdrawn": False,
        },
        {
            "source_id": source_id,
            "number": 2,
            "disposition": "rejected",
            "reason": "fake",
            "previous": "contacted",
            "withdrawn": False,
        },
    ]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (
            {"disposition": "lost"},
            "Disposition is not one of contacted, qualified, signed, rejected, duplicate, returned.",
        ),
        ({"disposition": "rejected"}, "Reason is missing: say why."),
        ({"disposition": "returned", "reason": ""}, "Reason is missing: say why."),
        (
            {"disposition": "returned", "reason": "mood"},
            "Reason is not one of unreachable, wrong_contact, not_interested, outside_area, wrong_",
        ),
        (
            {"disposition": "contacted", "reason": "fake"},
            "Reason goes only with rejected and returned.",
        ),
        (
            {"disposition": "rejected", "reason": "other", "note": " "},
            "Note is missing: say what else it is.",
        ),
        (
            {"disposition": "contacted", "note": "x" * 1001},
            "Note has 1001 characters; 1000 fit.",
        ),
    ],
)
async def test_what_is_missing_is_said(
    scope: OrgScope, lead_id: uuid.UUID, values: dict[str, Any], text: str
) -> None:
    with pytest.raises(Invalid, match=text.replace(".", r"\.")):
        await dispositions.dispose(scope, lead_id=lead_id, **values)
    assert await dispositions.history(scope, lead_id=lead_id) == []


async def test_withdrawing_says_again_what_stood_before(
    scope: OrgScope, lead_id: uuid.UUID
) -> None:
    await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted", note="Voicemail")
    await dispositions.dispose(scope, lead_id=lead_id, disposition="rejected", reason="fake")

    again = await dispositions.withdraw(scope, lead_id=lead_id, number=2)
    assert (again.number, again.disposition, again.note, again.withdraws) == (
        3,
        "contacted",
        "Voicemail",
        2,
    )
    opened = await dispositions.withdraw(scope, lead_id=lead_id, number=1)
    assert (opened.number, opened.disposition, opened.withdraws) == (4, None, 1)

    with pytest.raises(Conflict, match="not the lead's last decision"):
        await dispositions.withdraw(scope, lead_id=lead_id, number=1)
    last = (await told(scope, "lead.disposed"))[-1]
    assert (last["disposition"], last["previous"], last["withdrawn"]) == (None, "contacted", True)


async def test_only_the_last_decision_can_be_withdrawn(scope: OrgScope, lead_id: uuid.UUID) -> None:
    await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted")
    await dispositions.dispose(scope, lead_id=lead_id, disposition="qualified")
    with pytest.raises(Conflict):
        await dispositions.withdraw(scope, lead_id=lead_id, number=1)


async def test_what_somebody_else_decided_is_not_overwritten(
    scope: OrgScope, lead_id: uuid.UUID
) -> None:
    await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted", seen=0)
    with pytest.raises(Conflict, match="In the meantime the lead was marked as contacted"):
        await dispositions.dispose(scope, lead_id=lead_id, disposition="qualified", seen=0)
    await dispositions.withdraw(scope, lead_id=lead_id, number=1)
    with pytest.raises(Conflict, match="In the meantime the lead was opened again"):
        await dispositions.dispose(scope, lead_id=lead_id, disposition="qualified", seen=1)
    await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted", seen=2)
    with pytest.raises(Conflict, match="marked as contacted already"):
        await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted")


async def test_an_approver_decides_nothing(
    db: PinnedDatabase, cast: Cast, lead_id: uuid.UUID
) -> None:
    approver = member_actor(cast.alice.admin_id, role="approver")
    async with open_scope(db, org_id=cast.alice.org_id, actor=approver) as scope:
        for decide in (
            dispositions.dispose(scope, lead_id=lead_id, disposition="contacted"),
            dispositions.withdraw(scope, lead_id=lead_id, number=1),
            merges.merge(scope, lead_id=lead_id, into_id=NO_LEAD),
            merges.undo(scope, lead_id=lead_id),
        ):
            with pytest.raises(Forbidden):
                await decide


async def test_another_organizations_lead_is_not_there(
    db: PinnedDatabase, cast: Cast, lead_id: uuid.UUID
) -> None:
    async with open_scope(db, org_id=cast.charlie.org_id, actor=STAGE) as scope:
        for one in (lead_id, NO_LEAD):
            for decide in (
                dispositions.dispose(scope, lead_id=one, disposition="contacted"),
                dispositions.withdraw(scope, lead_id=one, number=1),
                merges.merge(scope, lead_id=one, into_id=uuid.UUID(int=1)),
                merges.undo(scope, lead_id=one),
            ):
                with pytest.raises(NotFound):
                    await decide
    assert await rows(db, cast.alice, "SELECT * FROM lead_dispositions") == []


async def test_the_first_touch_is_the_first_decision_that_stands_or_the_request_for_photos(
    scope: OrgScope, cast: Cast, lead_id: uuid.UUID
) -> None:
    await scope.tx.execute(
        "UPDATE leads SET received_at = now() - interval '7 minutes' WHERE org_id = $1",
        scope.org_id,
    )
    assert await dispositions.first_touch(scope, lead_id=lead_id) is None
    await dispositions.dispose(scope, lead_id=lead_id, disposition="contacted")
    assert await dispositions.first_touch(scope, lead_id=lead_id) == timedelta(minutes=7)
    await dispositions.withdraw(scope, lead_id=lead_id, number=1)
    assert await dispositions.first_touch(scope, lead_id=lead_id) is None

    lead = await queries.find(scope, lead_id=lead_id)
    assert lead is not None
    await captures.ask_for_photos(scope, lead=lead, requesting_user_id=cast.alice.admin_id)
    assert await dispositions.first_touch(scope, lead_id=lead_id) == timedelta(minutes=7)


async def test_a_merged_lead_is_a_duplicate_that_points_to_the_other(
    scope: OrgScope, lead_id: uuid.UUID, other_id: uuid.UUID
) -> None:
    await dispositions.dispose(scope, lead_id=other_id, disposition="contacted")
    await merges.merge(scope, lead_id=other_id, into_id=lead_id, seen=1)

    newest = await dispositions.current(scope, lead_id=other_id)
    assert newest is not None
    assert newest.disposition == "duplicate"
    assert await merges.merged_into(scope, lead_id=other_id) == lead_id
    assert await merges.merged(scope, lead_id=lead_id) == [other_id]
    (event,) = await told(scope, "lead.merged")
    assert event["into_id"] == str(lead_id)
    with pytest.raises(Conflict, match="merged into another one"):
        await dispositions.dispose(scope, lead_id=other_id, disposition="signed")
    with pytest.raises(Conflict, match="merged into another one"):
        await merges.merge(scope, lead_id=lead_id, into_id=other_id)

    await merges.undo(scope, lead_id=other_id)
    newest = await dispositions.current(scope, lead_id=other_id)
    assert newest is not None
    assert (newest.number, newest.disposition, newest.withdraws) == (3, "contacted", 2)
    assert await merges.merged(scope, lead_id=lead_id) == []
    assert len(await told(scope, "lead.unmerged")) == 1
    with pytest.raises(Conflict, match="is not merged"):
        await merges.undo(scope, lead_id=other_id)


async def test_merges_reach_through_each_other(
    scope: OrgScope, lead_id: uuid.UUID, other_id: uuid.UUID
) -> None:
    third = await scope.tx.fetchval(
        "INSERT INTO leads (org_id, id, post_id, source_id, first_name, last_name) "
        "SELECT org_id, gen_random_uuid(), post_id, source_id, 'J', 'S' FROM leads "
        "WHERE org_id = $1 LIMIT 1 RETURNING id",
        scope.org_id,
    )
    await merges.merge(scope, lead_id=third, into_id=other_id)
    await merges.merge(scope, lead_id=other_id, into_id=lead_id)
    assert sorted(await merges.merged(scope, lead_id=lead_id)) == sorted([third, other_id])

    with pytest.raises(Invalid, match="into itself"):
        await merges.merge(scope, lead_id=lead_id, into_id=lead_id)
