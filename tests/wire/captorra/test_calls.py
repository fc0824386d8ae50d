"""`POST /api/captorracalltracking/create`, and the leads that calls belong to."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import member_actor, open_scope
from doorstep.kit.errors import Forbidden, NotFound
from doorstep.leads import calls
from tests.cast import STAGE, Cast, Troupe
from tests.faults.posting import accepted, encoded, rows
from tests.pinned import PinnedDatabase

PATH = "/api/captorracalltracking/create"


def call(troupe: Troupe, **changes: Any) -> dict[str, Any]:
    return {
        "CaptorraId": int(troupe.captorra_id),
        "Name": "Billboard I-70",
        "ANI": "+1 (555) 555-5555",
        "Date": datetime.now(UTC).isoformat(),
        "ID": "call-1",
        "String01": "answered",
        **changes,
    }


async def made(client: httpx.AsyncClient, body: dict[str, Any]) -> uuid.UUID:
    answer = await client.post(PATH, json=body)
    assert (answer.status_code, answer.json()["success"]) == (200, True), answer.text
    return uuid.UUID(answer.json()["CallID"])


async def listed(
    db: PinnedDatabase, troupe: Troupe, *, matched: bool | None = None
) -> list[calls.Call]:
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        return (await calls.page(scope, matched=matched)).calls


async def test_a_call_is_stored_and_waits_for_its_lead(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    call_id = await made(client, call(cast.alice))

    (waiting,) = await listed(db, cast.alice, matched=False)
    assert (waiting.id, waiting.name, waiting.ani) == (
        call_id, "Billboard I-70", "+1 (555) 555-5555",
    )  # fmt: skip
    assert (waiting.extra, waiting.warnings) == ({"String01": "answered"}, [])
    assert (waiting.lead_id, waiting.reason) == (None, None)
    # The lead comes after the call, as when somebody types it in.
    lead_id = await accepted(client, encoded(cast.alice, Primary="555.555.5555"))
    assert await listed(db, cast.alice, matched=False) == []
    (matched,) = await listed(db, cast.alice)
    assert (matched.lead_id, matched.lead_name) == (lead_id, "John Smith")
    assert matched.reason == "Same number; the call and the lead came at the same time"
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        assert [one.id for one in await calls.of_lead(scope, lead_id=lead_id)] == [call_id]


async def test_the_second_number_of_a_lead_counts_too(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, Primary="", Secondary="15555555555"))
    await made(client, call(cast.alice))

    assert [one.lead_id for one in await listed(db, cast.alice)] == [lead_id]


@pytest.mark.parametrize(
    ("hours", "found"), [(-25, False), (-23, True), (71, True), (73, False)]
)  # fmt: skip
async def test_only_leads_near_in_time(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    hours: int,
    found: bool,  # noqa: FBT001
) -> None:
    await accepted(client, encoded(cast.alice))
    # The lead came so many hours after the call.
    when = datetime.now(UTC) - timedelta(hours=hours)
    await made(client, call(cast.alice, Date=when.isoformat()))

    (one,) = await listed(db, cast.alice)
    assert (one.lead_id is not None) is found


async def test_a_wrong_match_is_undone_and_done_again(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    lead_id = await accepted(client, encoded(cast.alice))
    call_id = await made(client, call(cast.alice))
    org_id = cast.alice.org_id

    async with open_scope(db, org_id=org_id, actor=STAGE) as scope:
        await calls.part(scope, call_id=call_id, lead_id=lead_id)
        assert await calls.of_lead(scope, lead_id=lead_id) == []
        await calls.rejoin(scope, call_id=call_id, lead_id=lead_id)
        assert len(await calls.of_lead(scope, lead_id=lead_id)) == 1
    approver = member_actor(cast.alice.admin_id, role="approver")
    async with open_scope(db, org_id=org_id, actor=approver) as scope:
        with pytest.raises(Forbidden):
            await calls.part(scope, call_id=call_id, lead_id=lead_id)
    async with open_scope(db, org_id=cast.charlie.org_id, actor=STAGE) as scope:
        assert (await calls.page(scope)).calls == []
        with pytest.raises(NotFound):
            await calls.part(scope, call_id=call_id, lead_id=lead_id)


async def test_the_same_id_and_number_is_the_same_call(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    first = await made(client, call(cast.alice))
    again = await made(client, call(cast.alice, Name="Renamed"))
    other_number = await made(client, call(cast.alice, ANI="5555550000"))
    without_id = {await made(client, call(cast.alice, ID="")) for _ in range(2)}

    assert again == first
    assert len({first, other_number, *without_id}) == 4
    assert {one.name for one in await listed(db, cast.alice) if one.id == first} == {"Renamed"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{", "JSON syntax error"),
        ("[]", "JSON syntax error"),
        ('{"CaptorraId":123456,"Name":["a"],"ANI":"1"}', "JSON syntax error"),
        ("{}", "Please provide the CaptorraId"),
        ('{"CaptorraId":123456}', "Please provide Name"),
        ('{"CaptorraId":123456,"Name":"a","ANI":""}', "Please provide ANI"),
        ('{"CaptorraId":999999,"Name":"a","ANI":"1"}', "Referrer/Type GUID does not exist."),
    ],
)
async def test_refusals(client: httpx.AsyncClient, cast: Cast, body: str, error: str) -> None:
    answer = await client.post(PATH.upper() + "/", content=body)

    assert answer.status_code == 200
    assert answer.text == json.dumps({"success": False, "error": error}, separators=(",", ":"))


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"{'CaptorraId': 123456}", "syntax"),
        (b'{"CaptorraId":123456,"Name":"a"', "syntax"),
        (b'{"CaptorraId":123456}', "missing_name"),
        (b'{"Captorrald":123456,"Name":"a","ANI":null}', "missing_ani"),
        (b'{"CaptorraId":123456,"Name":"a","String01":"' + b"x" * 300_000, "syntax"),
    ],
)
async def test_a_refused_call_is_kept_for_whom_it_names(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, body: bytes, outcome: str
) -> None:
    await client.post(PATH, content=body, headers={"authorization": "x", "user-agent": "Rail"})

    (kept,) = await rows(db, cast.alice, "SELECT outcome, body, headers FROM refused_calls")
    assert (kept["outcome"], kept["body"]) == (outcome, body[:262_144])
    assert kept["headers"]["user-agent"] == "Rail"
    assert "authorization" not in kept["headers"]
    assert await rows(db, cast.charlie, "SELECT 1 FROM refused_calls") == []
    assert await rows(db, None, "SELECT 1 FROM refused_calls") == []


@pytest.mark.parametrize("body", [b"", b"{}", b'{"CaptorraId":999999,"Name":"a","ANI":"1"}'])
async def test_a_refused_call_that_names_nobody_is_kept_for_nobody(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, body: bytes
) -> None:
    await client.post(PATH, content=body)

    assert [one["body"] for one in await rows(db, None, "SELECT body FROM refused_calls")] == [body]
    assert await rows(db, cast.alice, "SELECT 1 FROM refused_calls") == []


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "١٧٧٢٧٢٢٨٠٠", "1e9"]
)
async def test_a_date_at_the_edge_of_time_is_no_date(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, text: str
) -> None:
    await made(client, call(cast.alice, Date=text))

    (one,) = await listed(db, cast.alice)
    assert one.warnings == ["No readable Date: taken as the moment of the post"]


async def test_other_methods_are_not_allowed(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 405


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-05T10:00:00-05:00", datetime(2026, 3, 5, 15, tzinfo=UTC)),
        ("2026-03-05 10:00:00", datetime(2026, 3, 5, 15, tzinfo=UTC)),
        ("03/05/2026 10:00:00 AM", datetime(2026, 3, 5, 15, tzinfo=UTC)),
        ("1772722800", datetime(2026, 3, 5, 15, tzinfo=UTC)),
    ],
)
async def test_dates_without_an_offset_are_the_organizations(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, text: str, moment: datetime
) -> None:
    await made(client, call(cast.alice, Date=text))

    assert [one.called_at for one in await listed(db, cast.alice)] == [moment]


async def test_a_date_that_cannot_be_read_is_said(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await made(client, call(cast.alice, Date="yesterday", String20="x" * 101))

    (one,) = await listed(db, cast.alice)
    assert one.warnings == [
        "String20 has 101 characters; 100 fit",
        "No readable Date: taken as the moment of the post",
    ]
