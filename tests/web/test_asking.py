"""Ask for photos without a lead."""

from doorstep.kit.db import Tx
from tests.captures.test_link import in_org
from tests.cast import Cast
from tests.web.conftest import Desk

FORM = {
    "name": "Maeby Fünke",
    "email": "maeby@example.com",
    "phone": "(217) 555-0188",
    "line_1": "7 Sudden Valley",
    "city": "Newport Beach",
    "region": "CA",
    "postal_code": "92661",
    "external_identifier": "SV-7",
}


async def test_makes_a_job_and_an_invitation(bob: Desk) -> None:
    answer = await bob.post("/jobs/new", FORM)
    assert answer.status_code == 303
    job = (await bob.get(answer.headers["location"])).text
    assert "<h1>7 Sudden Valley</h1>" in job
    assert "<dd>Maeby Fünke</dd>" in job
    assert "<dd>SV-7</dd>" in job
    assert "maeby@example.com" in (await bob.get("/outbox")).text


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(bob: Desk) -> None:
    answer = await bob.post("/jobs/new", FORM | {"name": " ", "email": "maeby", "phone": "12"})
    assert answer.status_code == 422
    assert "3 things are not right yet." in answer.text
    assert "Who should take the photos?" in answer.text
    assert "This is no e-mail address" in answer.text
    assert "This is no phone number" in answer.text
    assert 'value="7 Sudden Valley"' in answer.text
    assert "The first house is still to come" in (await bob.get("/jobs")).text


async def test_too_long_and_empty(bob: Desk) -> None:
    answer = await bob.post("/jobs/new", FORM | {"city": "x" * 81})
    assert "At most 80 characters" in answer.text
    assert (await bob.post("/jobs/new")).status_code == 422


async def test_the_letters_go_in_the_language_that_was_chosen(
    bob: Desk, pinned: Tx, cast: Cast
) -> None:
    await bob.post("/jobs/new", FORM | {"language": "es"})
    async with in_org(pinned, cast.alice.org_id):
        language = await pinned.fetchval("SELECT language FROM capture_requests")
        rows = await pinned.fetch(
            "SELECT channel, subject, text_body FROM messages ORDER BY channel"
        )
    assert language == "es"
    assert [row["channel"] for row in rows] == ["email", "sms"]
    assert rows[0]["subject"] == "Bluth Company le pide fotos de su casa"
    assert rows[0]["text_body"].startswith("Hola Maeby Fünke:\n\n")
    assert rows[1]["text_body"].endswith("Responda STOP para no recibir mas")


async def test_a_language_that_nobody_here_writes(bob: Desk) -> None:
    answer = await bob.post("/jobs/new", FORM | {"language": "fr"})
    assert answer.status_code == 422
    assert "We do not write in this language" in answer.text


async def test_an_organization_of_one_language_is_not_asked(
    bob: Desk, pinned: Tx, cast: Cast
) -> None:
    assert "Language of the letters" in (await bob.get("/jobs/new")).text
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE orgs SET languages = '{en}'")
    assert "Language of the letters" not in (await bob.get("/jobs/new")).text


async def test_an_approver_may_not(amy: Desk) -> None:
    assert (await amy.get("/jobs/new")).status_code == 403
    assert (await amy.post("/jobs/new", FORM)).status_code == 403
