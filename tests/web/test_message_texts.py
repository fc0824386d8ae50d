"""/settings/messages/{kind}/{language} and `/api/desk/message-texts`."""

import httpx

from tests.api.desk.calls import NOT_FOUND, Integration
from tests.capturing import ask
from tests.cast import Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

PATH = "/settings/messages/invitation/en"
WORDS = {
    "subject": "Photos for {org}",
    "body": "Dear {name},\r\n\r\nphotos please, {address}.",
    "sms": "{org}: photos please {link}",
}
SENT = "SELECT channel, subject, text_body FROM messages ORDER BY id"


async def test_an_admin_rewrites_a_message_and_takes_it_back(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk, bob: Desk
) -> None:
    crm = Integration(client=client, troupe=cast.alice)
    shown = (await alice.get(PATH)).text
    assert "{org} would like photos of your house" in shown
    assert "Back to the usual words" not in shown
    assert "<strong>1 segment</strong>" in shown
    assert (
        'href="/settings/messages/source_silent/es"' in (await alice.get("/settings/messages")).text
    )

    typed = await alice.post(f"{PATH}/preview", WORDS | {"body": "<b>{name}</b> evil.example"})
    assert typed.status_code == 200
    assert "&lt;b&gt;Maria Lopez&lt;/b&gt;" in typed.text
    assert "holds something like a link" in typed.text
    long = await alice.post(f"{PATH}/preview", WORDS | {"sms": "{org} {link} " + "á日" * 40})
    assert "a character in it makes every segment 70" in long.text
    refused = await alice.post(PATH, WORDS | {"subject": "Visit www.evil.example"})
    assert refused.status_code == 422
    assert 'value="Visit www.evil.example" aria-invalid="true"' in refused.text

    saved = await alice.post(PATH, WORDS)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PATH}?said=saved")
    assert "Dear {name}," in (await alice.get(PATH)).text
    letter = await alice.get(f"{PATH}/letter")
    assert "sandbox allow-popups" in letter.headers["content-security-policy"]
    assert "Dear Maria Lopez," in letter.text

    await ask(db, cast.alice)
    await ask(db, cast.charlie)
    (email,) = await rows(db, cast.alice, SENT)
    assert email["subject"] == "Photos for Bluth Company"
    assert email["text_body"].startswith("Dear Gob,\n\nphotos please, 1 Balboa Ave.\n\nTake the")
    theirs = await rows(db, cast.charlie, SENT)
    assert theirs[0]["subject"] == "Sitwell Housing would like photos of your house"

    for path in (PATH, f"{PATH}/letter"):
        assert (await bob.get(path)).status_code == 403
    for path in (PATH, f"{PATH}/reset", f"{PATH}/preview"):
        assert (await bob.post(path, WORDS)).status_code == 403
    for nowhere in ("/settings/messages/invitation/fr", "/settings/messages/x/en"):
        assert (await alice.get(nowhere)).status_code == 404
        assert (await alice.post(nowhere, WORDS)).status_code == 404

    assert (await alice.post(f"{PATH}/reset")).status_code == 303
    assert "Dear {name}," not in (await alice.get(PATH)).text
    status, listed = await crm.get("/message-texts")
    assert status == 200
    assert [(one["kind"], one["language"]) for one in listed["texts"]][:2] == [
        ("invitation", "en"), ("invitation", "es"),
    ]  # fmt: skip
    assert not any(one["own"] for one in listed["texts"])


async def test_a_program_does_the_same(client: httpx.AsyncClient, cast: Cast) -> None:
    crm = Integration(client=client, troupe=cast.alice)
    path = "/message-texts/reminder/es"
    words = {"subject": "Fotos", "body": "Hola {name}", "sms": "{org}: fotos {link}"}
    status, made = await crm.send("PUT", path, words)
    assert status == 200
    assert (made["subject"], made["sms_segments"]) == ("Fotos", 1)
    assert made["sms"].startswith("Bluth Company: fotos http://127.0.0.1:8000/c/")
    status, refused = await crm.send("PUT", path, words | {"sms": "fotos", "body": "{x}"})
    assert (status, sorted(refused["errors"])) == (422, ["body", "sms"])
    for nowhere in ("/message-texts/reminder/fr", "/message-texts/x/en"):
        assert await crm.send("PUT", nowhere, words) == NOT_FOUND
        assert await crm.send("DELETE", nowhere) == NOT_FOUND
    assert await crm.send("DELETE", path) == (204, None)
