"""The old form wire, and many leads at once: the same journal, the same rules."""

import json
from urllib.parse import urlencode

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import R4, lead, rows, values
from tests.pinned import PinnedDatabase

FORM = "/LidogeneratorService.svc/rest/create"
MANY = "/api/leads"


def form(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "LidogeneratorId": cast.alice.captorra_id,
        "Referrer": str(cast.alice.referrer),
        "First Name": "Ann",
        "Last Name": "Lee",
        "Telephone Number": "555-555-5555",
        "Alt Telephone Number": "n/a",
        "Email Address": "ann@example.com",
        "State": "n/a",
        "Zip Code": "19146",
        "Case Details": "Hail.",
        "Type of Case": "n/a",
        "Contact Source": "Web",
        "HubspotID": "77",
        **changes,
    }


async def test_an_old_form_post_becomes_a_lead(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    answer = await client.post(FORM, data=form(cast))

    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    made = await lead(db, cast.alice, answer.json()["IntakeID"])
    assert (made["first_name"], made["last_name"], made["primary_phone"]) == (
        "Ann", "Lee", "555-555-5555",
    )  # fmt: skip
    assert (made["secondary_phone"], made["region"], made["case_type_id"]) == (None, None, None)
    assert (made["postal_code"], made["details"]) == ("19146", "Hail.")
    assert made["extra"] == {
        "LidogeneratorId": cast.alice.captorra_id,
        "Source": "Web",
        "HubspotID": "77",
    }
    (post,) = await rows(db, cast.alice, "SELECT body, outcome FROM lead_posts")
    assert post["body"] == urlencode(form(cast)).encode()


async def test_the_case_type_of_a_form_may_be_a_guid(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    typed = form(cast, **{"Type of Case": str(cast.alice.case_type)})

    answer = await client.post(FORM, data=typed)

    assert (await lead(db, cast.alice, answer.json()["IntakeID"]))["case_type_id"] is not None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"First Name": "n/a"}, "Please provide First"),
        ({"Referrer": "abc"}, "Invalid GUID format."),
        ({"LidogeneratorId": ""}, "Please provide the CaptorraId"),
    ],
)
async def test_a_form_is_refused_in_the_same_words(
    client: httpx.AsyncClient, cast: Cast, change: dict[str, str], error: str
) -> None:
    answer = await client.post(FORM, data=form(cast, **change))

    assert (answer.status_code, answer.json()) == (200, {"success": False, "error": error})


async def test_the_form_of_another_organization(client: httpx.AsyncClient, cast: Cast) -> None:
    foreign = form(cast, Referrer=str(cast.charlie.referrer))

    assert (await client.post(FORM, data=foreign)).text == R4


async def test_other_paths_are_not_found(client: httpx.AsyncClient, cast: Cast) -> None:
    assert (await client.post("/other/rest/create", data=form(cast))).status_code == 404


async def test_many_leads_as_json_each_with_its_answer(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    posts = [values(cast.alice, First="Ann"), values(cast.alice, First=""), {}]

    answer = await client.post(MANY, json=posts)

    assert answer.status_code == 200
    first, second, third = answer.json()["results"]
    assert first["success"] is True
    assert second == {"success": False, "error": "Please provide First"}
    assert third == {"success": False, "error": "Please provide the CaptorraId"}
    assert (await lead(db, cast.alice, first["IntakeID"]))["first_name"] == "Ann"
    refused = await rows(db, cast.alice, "SELECT body FROM lead_posts WHERE outcome LIKE 'miss%'")
    assert [json.loads(row["body"])["First"] for row in refused] == [""]


async def test_many_leads_as_csv(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> None:
    table = '\ufeffFirst,Last,Primary,Details\r\nAnn,Lee,5555555555,"Hail, twice"\r\nBea,Lee,,\r\n'
    headers = {
        "content-type": "text/csv",
        "x-captorra-id": cast.alice.captorra_id,
        "x-referrer": str(cast.alice.referrer),
    }

    answer = await client.post(MANY, content=table.encode(), headers=headers)

    assert [one["success"] for one in answer.json()["results"]] == [True, True]
    made = await rows(db, cast.alice, "SELECT first_name, details FROM leads ORDER BY first_name")
    assert made == [
        {"first_name": "Ann", "details": "Hail, twice"},
        {"first_name": "Bea", "details": None},
    ]


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ("[1]", 400), ("[" + "{}," * 200 + "{}]", 413)]
)
async def test_what_is_no_list_of_leads(
    client: httpx.AsyncClient, cast: Cast, body: str, status: int
) -> None:
    assert (await client.post(MANY, content=body)).status_code == status
