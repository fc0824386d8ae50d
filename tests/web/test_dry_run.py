"""Dry runs: the answer that the door would give, everything that is wrong, and nothing written."""

import hashlib
import hmac
import html
import json
import re
import uuid
from typing import Any

import httpx
import pytest

from doorstep.kit.pace import Pace
from doorstep.web.vendor import dry_running
from tests.cast import Cast
from tests.faults.posting import R2, R3, R4, R5, R6, encoded, rows, send, values
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.vendors import Vendor, linked, source_of

TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
COUNTERS = (
    "SELECT schemaname, relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables "
    "ORDER BY relname"
)
HEADERS = {"content-type": "application/json; charset=utf-8"}
OTHER = str(uuid.UUID(int=7))


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """Alice's source."""
    return await source_of(db, cast.alice)


@pytest.fixture
async def vendor(alice: Desk, source_id: uuid.UUID) -> Vendor:
    """Its vendor."""
    return await linked(alice, source_id)


def sentences(told: dict[str, Any]) -> list[str]:
    return [fault["sentence"] for fault in told["faults"]]


async def test_a_good_post_is_answered_as_the_door_would(cast: Cast, vendor: Vendor) -> None:
    told = await vendor.dry_run(encoded(cast.alice), content_type="application/json")

    body = told["answer"].pop("body")
    assert re.fullmatch(r'\{"success":true,"IntakeID":"[0-9a-f-]{36}"\}', body)
    assert told == {
        "dry_run": True,
        "outcome": "accepted",
        "answer": {"status": 200, "headers": HEADERS | {"content-length": "66"}},
        "faults": [],
        "warnings": [],
    }


async def test_nothing_at_all_is_written(
    cast: Cast, db: PinnedDatabase, alice: Desk, vendor: Vendor, source_id: uuid.UUID, pinned: Any
) -> None:
    before = [tuple(row) for row in await pinned.fetch(COUNTERS)]
    for body in (encoded(cast.alice), encoded(cast.alice, Last=""), b"{", b""):
        await vendor.dry_run(body)
        await vendor.post("/try", {"body": body.decode(), "label": "json"})
    await vendor.get("/try")

    assert [tuple(row) for row in await pinned.fetch(COUNTERS)] == before
    for table in ("lead_posts", "leads", "lead_keys"):
        assert await rows(db, cast.alice, f"SELECT * FROM {table}") == []
    assert await rows(db, None, "SELECT * FROM lead_posts") == []


@pytest.mark.parametrize(
    ("changes", "error", "faults"),
    [
        ({"CaptorraId": None}, R5, ["CaptorraId is missing or blank."]),
        (
            {"First": " ", "Last": "", "Type": "x"},
            R6,
            ["First is missing or blank.", "Last is missing or blank.", "Type is no GUID: x."],
        ),
        ({"Referrer": "abc"}, R3, ["Referrer is no GUID: abc."]),
        (
            {"CaptorraId": "999999"},
            R4,
            ["CaptorraId is not the firm's, which is 123456."],
        ),
        ({"Type": OTHER}, R4, ["Type is none of the case types in use here."]),
    ],
)
async def test_the_first_fault_is_answered_and_all_are_said(
    client: httpx.AsyncClient,
    cast: Cast,
    vendor: Vendor,
    changes: dict[str, Any],
    error: str,
    faults: list[str],
) -> None:
    body = encoded(cast.alice, **changes)

    told = await vendor.dry_run(body)

    assert told["answer"]["body"] == error
    assert sentences(told) == faults
    assert (await send(client, body)).text == error


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is empty."),
        (b'{"First": "a",}', "There is a comma after the last value."),
        (b"CaptorraId=1&First=a", "Form fields were sent, not JSON."),
        (b'"First": "a"', "The braces around the object are missing."),
    ],
)
async def test_what_cannot_be_read_is_explained(vendor: Vendor, body: bytes, sentence: str) -> None:
    told = await vendor.dry_run(body)

    assert (told["answer"]["status"], told["answer"]["body"]) == (200, R2)
    assert sentences(told) == [sentence]


async def test_the_vendors_own_guids_in_the_wrong_places_are_named(
    cast: Cast, vendor: Vendor
) -> None:
    alice = cast.alice
    swapped = encoded(alice, Referrer=str(alice.case_type), Type=str(alice.referrer))

    told = await vendor.dry_run(swapped)

    assert told["answer"]["body"] == R4
    assert sentences(told) == [
        "This is the case type Roof, sent as Referrer.",
        "This is your Referrer, sent as Type.",
    ]


async def test_another_sources_ids_read_as_ids_that_do_not_exist(
    cast: Cast, db: PinnedDatabase, alice: Desk, vendor: Vendor
) -> None:
    await alice.post("/sources", {"kind": "sources", "name": "Rival Leads", "guid": OTHER})
    unknown = str(uuid.UUID(int=8))
    for key, foreign in (("Referrer", OTHER), ("Referrer", str(cast.charlie.referrer))):
        theirs = await vendor.dry_run(encoded(cast.alice, **{key: foreign}))
        nothing = await vendor.dry_run(encoded(cast.alice, **{key: unknown}))
        assert theirs == nothing
        assert theirs["answer"]["body"] == R4
    whole = await vendor.dry_run(encoded(cast.charlie))
    assert whole["answer"]["body"] == R4
    assert "Rival" not in json.dumps(whole)


async def test_a_hidden_case_type_is_taken_and_never_named(
    cast: Cast, alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    await alice.post(f"/sources/{source_id}/page/shown", {"shows_status": "no"})
    kind = str(cast.alice.case_type)

    assert (await vendor.dry_run(encoded(cast.alice, Type=kind)))["outcome"] == "accepted"
    told = await vendor.dry_run(encoded(cast.alice, Referrer=kind))
    assert sentences(told) == [f"Referrer is not yours, which is {cast.alice.referrer}."]


async def test_a_repeat_is_told_and_has_the_id_that_there_is(
    client: httpx.AsyncClient, cast: Cast, vendor: Vendor
) -> None:
    real = (await send(client, encoded(cast.alice))).text

    told = await vendor.dry_run(encoded(cast.alice))

    assert (told["outcome"], told["answer"]["body"]) == ("repeated", real)


async def test_the_rules_of_the_source_hold(
    cast: Cast, alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    form = {"success_key": "IntakeId", "posts_per_second_max": "1"}
    await alice.post(
        f"/sources/{source_id}", form | {"strict": "yes", "statuses": "yes", "networks": ""}
    )
    for _ in range(3):
        told = await vendor.dry_run(encoded(cast.alice))
        assert told["answer"]["status"] == 201
    assert '"IntakeId"' in told["answer"]["body"]
    long = await vendor.dry_run(encoded(cast.alice, First="x" * 51, City="y" * 81))
    assert long["answer"]["status"] == 422
    assert long["answer"]["body"] == (
        '{"success":false,"error":"First is longer than 50 characters"}'
    )
    assert sentences(long) == [
        "First has 51 characters, and 50 are taken.",
        "City has 81 characters, and 80 are taken.",
    ]
    assert (await vendor.dry_run(b"{"))["answer"]["status"] == 200
    hinted = b'{"CaptorraId":"123456","Referrer":"%s",' % str(cast.alice.referrer).encode()
    assert (await vendor.dry_run(hinted))["answer"]["status"] == 400

    await alice.post(f"/sources/{source_id}", form | {"networks": "192.0.2.0/24"})
    fenced = await vendor.dry_run(encoded(cast.alice))
    assert (fenced["outcome"], fenced["answer"]["body"]) == ("network", R4)
    assert sentences(fenced) == [
        "Your posts are taken from certain addresses only, and 127.0.0.1 is none of them."
    ]


async def test_a_signature_is_checked_and_a_switched_off_source_refuses(
    cast: Cast, alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    await alice.post(f"/sources/{source_id}/signature")
    page = (await alice.get(f"/sources/{source_id}")).text
    secret = re.search(r'aria-label="Secret of the signature" value="([0-9a-f]{64})"', page)
    assert secret
    body = encoded(cast.alice)
    mac = "sha256=" + hmac.new(secret[1].encode(), body, hashlib.sha256).hexdigest()

    unsigned = await vendor.dry_run(body)
    assert sentences(unsigned) == [
        "The header X-Doorstep-Signature is missing or does not fit the body."
    ]
    assert (await vendor.dry_run(body, x_doorstep_signature=mac))["outcome"] == "accepted"
    form = {"body": body.decode(), "label": "json", "signature": mac}
    assert "It would be a new lead" in (await vendor.post("/try", form)).text

    await alice.post(f"/sources/{source_id}/disable")
    off = await vendor.dry_run(body, x_doorstep_signature=mac)
    assert off["answer"]["body"] == R4
    assert sentences(off) == ["The firm has switched your posts off. Ask them."]


async def test_warnings_of_a_post_that_is_taken_are_said(cast: Cast, vendor: Vendor) -> None:
    told = await vendor.dry_run(encoded(cast.alice, First="x" * 51, State="Pennsylvania"))

    assert told["warnings"] == [
        "First has 51 characters; 50 fit",
        "State was written out, as Pennsylvania",
    ]


async def test_a_body_over_the_limit_is_answered_as_at_the_door(vendor: Vendor) -> None:
    told = await vendor.dry_run(b'{"First":"' + b"x" * (256 << 10) + b'"}')

    assert (told["answer"]["status"], told["answer"]["body"]) == (413, R2)


async def test_people_paste_a_body(cast: Cast, vendor: Vendor) -> None:
    form = {"body": encoded(cast.alice, Last="", First="<b>x</b>").decode(), "label": "form"}

    answer = await vendor.post("/try", form)

    assert answer.status_code == 200
    text = html.unescape(answer.text)
    assert "HTTP/1.1 200 OK\ncontent-type: application/json; charset=utf-8\n" in text
    assert '{"success":false,"error":"Please provide Last"}</pre>' in text
    assert '<li class="note warn">Last is missing or blank.</li>' in text
    assert '<option value="form" selected>' in text
    assert "<b>x</b>" not in answer.text
    assert form["body"] in text


async def test_people_fill_in_fields(cast: Cast, vendor: Vendor) -> None:
    form = values(cast.alice) | {"label": "json", "State": ""}

    answer = await vendor.post("/try", form)

    assert "It would be a new lead, with an id of its own." in answer.text
    assert '"First": "John"' in html.unescape(answer.text)
    assert '"State":' not in html.unescape(answer.text)


async def test_the_label_decides_how_bytes_are_read(cast: Cast, vendor: Vendor) -> None:
    body = encoded(cast.alice).decode().replace("John", "Zoë")

    latin = await vendor.post("/try", {"body": body, "label": "latin"})

    assert "Read as iso8859-1, as its sender declared" in latin.text
    plain = await vendor.post("/try", {"body": body, "label": "json"})
    assert "Read as" not in plain.text


async def test_the_page_begins_with_a_lead_that_would_be_taken(vendor: Vendor) -> None:
    text = await vendor.text("/try")
    found = re.search(r'<textarea class="mono" id="body"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    assert found

    assert (await vendor.dry_run(found[1].encode()))["outcome"] == "accepted"


async def test_so_many_a_minute(
    cast: Cast, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_running, "pace", Pace(2, seconds=60, clock=lambda: 5.0))
    for _ in range(2):
        await vendor.dry_run(encoded(cast.alice))

    for path in ("/dry-run", "/try"):
        answer = await vendor.post(path, {"body": "{}"})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "61")
