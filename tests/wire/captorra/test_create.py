"""`POST /api/captorraapi/create`, with the documented bodies letter for letter."""

import json
import re
from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role, Tx
from tests.cast import Cast
from tests.pinned import PinnedDatabase

PATH = "/api/captorraapi/create"
ACCEPTED = re.compile(
    r'\{"success":true,"IntakeID":"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"\}'
)
R2 = '{"success":false,"error":"JSON syntax error"}'
R3 = '{"success":false,"error":"Invalid GUID format."}'
R4 = '{"success":false,"error":"Referrer/Type GUID does not exist."}'
R5 = '{"success":false,"error":"Please provide the CaptorraId"}'
R6 = '{"success":false,"error":"Please provide First"}'
R7 = '{"success":false,"error":"Please provide Last"}'
R8 = '{"success":false,"error":"Please provide Referrer"}'
SOME_GUID = "123e4567-e89b-12d3-a456-426655440000"


async def one(tx: Tx, query: str) -> Any:
    """The only row."""
    (row,) = await tx.fetch(query)
    return row


def documented(cast: Cast) -> dict[str, Any]:
    """The documented example with Alice's ids."""
    return {
        "CaptorraId": cast.alice.captorra_id,
        "First": "John",
        "Last": "Smith",
        "Referrer": str(cast.alice.referrer),
        "Primary": "5555555555",
        "Secondary": "5555555556",
        "Email": "john@example.com",
        "Address": "123 Main St.",
        "City": "Philadelphia",
        "State": "PA",
        "Zip": "19146",
        "County": "Philadelphia",
        "BestTime": "9am",
        "Details": "Details of the case.",
        "Type": str(cast.alice.case_type),
        "Keyword": "Personal Injury Law",
        "ID": "12345678",
    }


async def test_the_documented_example_becomes_a_lead(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    answer = await client.post(PATH, json=documented(cast))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert ACCEPTED.fullmatch(answer.text)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        lead = await one(tx, "SELECT * FROM leads")
        post = await one(tx, "SELECT * FROM lead_posts")
        event = await one(tx, "SELECT * FROM events WHERE name = 'lead.received'")
    assert str(lead["id"]) == answer.json()["IntakeID"]
    assert (lead["first_name"], lead["last_name"], lead["region"], lead["best_time"]) == (
        "John",
        "Smith",
        "PA",
        "9am",
    )
    assert lead["warnings"] == []
    assert json.loads(post["body"]) == documented(cast)
    assert (post["outcome"], post["lead_id"]) == ("accepted", lead["id"])
    assert event["lead_id"] == lead["id"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", R2),
        ("{", R2),
        ("null", R2),
        ("[]", R2),
        ('"text"', R2),
        ("CaptorraId=123456&First=a", R2),
        ("{'CaptorraId':'123456'}", R2),
        ('{"CaptorraId":"123456",}', R2),
        ('{"CaptorraId":NaN}', R2),
        ("[" * 5000 + "]" * 5000, R2),
        ("\ufeff{}", R5),
        ("{}", R5),
        ('{"CaptorraId":null}', R5),
        ('{"CaptorraId":"  "}', R5),
        ('{"CaptorraId":"123456"}', R6),
        ('{"CaptorraId":123456,"First":"a"}', R7),
        ('{"Captorrald":"123456","First":"a","Last":"b"}', R8),
        ('{"CaptorraId":"123456","first":"a","Last":"b"}', R6),
    ],
)
async def test_what_cannot_be_read_is_refused_word_for_word(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, body: str, expected: str
) -> None:
    answer = await client.post(PATH, content=body.encode())

    assert (answer.status_code, answer.text) == (200, expected)
    # A post that names its organization is shown to it, however broken it is.
    org_id = cast.alice.org_id if "123456" in body else 0
    async with db.transaction(Role.APP, org_id=org_id) as tx:
        stored = await tx.fetchval("SELECT body FROM lead_posts")
    assert stored == body.encode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Referrer": "abc"}, R3),
        ({"Type": "not-a-guid"}, R3),
        ({"Referrer": "{" + SOME_GUID}, R3),
        ({"Referrer": SOME_GUID}, R4),
        ({"Type": SOME_GUID}, R4),
        ({"Referrer": "00000000-0000-0000-0000-000000000000"}, R4),
        ({"CaptorraId": "999999"}, R4),
        ({"State": ["PA"]}, R2),
        ({"Details": {"a": 1}}, R2),
        ({"First": None}, R6),
        ({"Last": ""}, R7),
        ({"Referrer": " "}, R8),
    ],
)
async def test_a_wrong_value_is_refused_word_for_word(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    change: dict[str, Any],
    expected: str,
) -> None:
    answer = await client.post(PATH, json=documented(cast) | change)

    assert (answer.status_code, answer.text) == (200, expected)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM leads") == 0


async def test_the_referrer_of_another_organization_does_not_exist(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    answer = await client.post(
        PATH, json=documented(cast) | {"Referrer": str(cast.charlie.referrer)}
    )

    assert (answer.status_code, answer.text) == (200, R4)


@pytest.mark.parametrize("form", ["{}", "{{{}}}", "({})", "urn:uuid:{}", "upper", "bare"], ids=str)
async def test_every_form_of_a_guid_is_taken(
    client: httpx.AsyncClient, cast: Cast, form: str
) -> None:
    guid = str(cast.alice.referrer)
    forms = {"upper": guid.upper(), "bare": guid.replace("-", "")}
    body = documented(cast) | {"Referrer": forms.get(form) or form.format(guid)}

    assert ACCEPTED.fullmatch((await client.post(PATH, json=body)).text)


@pytest.mark.parametrize("path", [PATH + "/", "/api/CaptorraApi/Create"])
async def test_the_path_in_any_letter_case(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    assert ACCEPTED.fullmatch((await client.post(path, json=documented(cast))).text)


async def test_the_official_plugin_is_understood(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = {
        "CaptorraId": cast.alice.captorra_id,
        "Referrer": str(cast.alice.referrer).upper(),
        "First": "Zoë",
        "Last": "O\u2019Hara 🏠",
        "Primary": "",
        "Secondary": None,
        "State": "Pennsylvania",
        "Zip": 19146,
        "Type": "",
        "Country": "Bucks",
        "Details": "first\r\nsecond",
        "Source": "Direct Access",
        "Branded": "Yes",
        "ReferrerURL": "https://example.com/",
    }
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "0": "Content-Type: application/json",
    }

    answer = await client.post(PATH, content=json.dumps(body).encode(), headers=headers)

    assert ACCEPTED.fullmatch(answer.text)
    assert answer.headers["content-length"] == "66"
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        lead = await one(tx, "SELECT * FROM leads")
    assert (lead["first_name"], lead["last_name"]) == ("Zoë", "O\u2019Hara 🏠")
    assert (lead["primary_phone"], lead["case_type_id"]) == (None, None)
    assert (lead["postal_code"], lead["county"], lead["region"]) == ("19146", "Bucks", "PA")
    assert lead["details"] == "first\r\nsecond"
    assert lead["extra"] == {
        "Source": "Direct Access",
        "Branded": "Yes",
        "ReferrerURL": "https://example.com/",
    }
    assert lead["warnings"] == [
        "State was written out, as Pennsylvania",
        "No phone and no e-mail: nobody can be reached",
    ]


async def test_what_postgresql_cannot_store_is_removed(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = json.dumps(documented(cast)).replace("John", "Jo\\u0000hn\\ud800")

    answer = await client.post(PATH, content=body.encode())

    assert ACCEPTED.fullmatch(answer.text)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT first_name FROM leads") == "John"


async def test_the_same_post_again_is_the_same_lead(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = documented(cast)
    first = await client.post(PATH, json=body)
    again = await client.post(PATH, json=dict(reversed(body.items())))
    other = await client.post(PATH, json=body | {"First": "Jane"})

    assert again.json() == first.json()
    assert other.json()["IntakeID"] != first.json()["IntakeID"]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        outcomes = await tx.fetch("SELECT outcome FROM lead_posts ORDER BY id")
        assert await tx.fetchval("SELECT count(*) FROM leads") == 2
    assert [row["outcome"] for row in outcomes] == ["accepted", "repeated", "accepted"]


async def test_a_body_over_the_limit_is_refused_and_its_start_kept(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    answer = await client.post(PATH, json=documented(cast) | {"Details": "x" * 300_000})

    assert (answer.status_code, answer.text) == (413, R2)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT length(body) FROM lead_posts") == 262_144


async def test_other_methods_are_not_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {
        "Message": "The requested resource does not support http method 'GET'."
    }


async def test_other_organizations_see_nothing_of_it(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await client.post(PATH, json=documented(cast))

    async with db.transaction(Role.APP, org_id=cast.charlie.org_id) as tx:
        for table in ("leads", "lead_posts", "events", "lead_keys"):
            found = await tx.fetch(f"SELECT * FROM {table} WHERE org_id = {cast.alice.org_id}")
            assert found == [], table
