"""Consent to texts: proof shown and exported, notes by hand, and the texts that wait for it."""

import csv
import html
import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from doorstep.captures.reminding import REMIND
from doorstep.kit.sms import HttpSms
from doorstep.messages import tasks
from doorstep.messages.actions import DELIVER
from doorstep.web.services import Services
from doorstep.worker import main as worker
from tests.background import take
from tests.captures.test_reminding import due_now
from tests.cast import Cast
from tests.fakes.sms import SmsProvider
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead

CERTIFICATE = "https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567"
TOKEN = "5D5B3A2C-91D4-4E7F-A0B1-C2D3E4F50617"
NOBODY = "01890000-0000-7000-8000-000000000000"
MOBILE = "4025550123"
AGREED = {"given": "yes", "how": "phone", "note": "Said so when we called"}
REFUSED = {"given": "no", "how": "message", "note": "Wrote that texts are a nuisance"}
NO_PROOF = "Nothing proves that this person agreed to texts."
WANTS_NONE = "This person wants no texts: none is sent."
TEXTS = "SELECT kind, state, problem FROM messages WHERE channel = 'sms' ORDER BY id"
MAILS = "SELECT count(*) AS n FROM messages WHERE channel = 'email' AND state = 'queued'"


@pytest.fixture
def provider() -> Iterator[SmsProvider]:
    with SmsProvider() as made:
        yield made


async def unproven(client: httpx.AsyncClient, cast: Cast, **other: str) -> uuid.UUID:
    """A lead with a mobile number and no proof."""
    return await post_lead(client, cast.alice, Primary=MOBILE, **other)


async def page(desk: Desk, path: str) -> str:
    answer = await desk.get(path)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


async def deliver(db: PinnedDatabase, services: Services, provider: SmsProvider) -> None:
    """Send what waits: texts to the provider, e-mails nowhere."""
    sms = HttpSms(provider.url, sender="+14025550100", secret=provider.secret)
    for task in await take(db, DELIVER):
        await tasks.deliver(
            db, payload=task.payload, mail=None, sms=sms, resolve_link=services.links.resolve
        )


async def remind(db: PinnedDatabase, cast: Cast) -> None:
    """The first reminder's time has come."""
    await due_now(db, cast.alice)
    first = (await take(db, REMIND))[0]
    await worker.remind(db, first.payload)


async def ask(desk: Desk, lead_id: uuid.UUID) -> str:
    """Click on Ask for photos; the path of the job."""
    answer = await desk.post(f"/leads/{lead_id}/capture-request")
    assert answer.status_code == 303, answer.text
    path: str = answer.headers["location"].partition("?")[0]
    return path


async def test_the_lead_shows_its_proof(client: httpx.AsyncClient, cast: Cast, amy: Desk) -> None:
    lead_id = await unproven(
        client,
        cast,
        xxTrustedFormCertUrl=CERTIFICATE,
        Tracking=f"/roof?universal_leadid={TOKEN}",
        tcpa_text="I agree <b>to texts</b>.",
        ip_address="192.0.2.9",
    )

    text = (await amy.get(f"/leads/{lead_id}")).text

    assert '<span class="pill good">Proven</span>' in text
    assert f'<a href="{CERTIFICATE}" rel="noopener noreferrer" target="_blank">' in text
    assert f'<span class="mono">{TOKEN}</span> <span class="quiet small">in Tracking</span>' in text
    assert "<dt>Agreed to</dt><dd>I agree &lt;b&gt;to texts&lt;/b&gt;.</dd>" in text
    assert "<dt>From</dt><dd>192.0.2.9</dd>" in text
    assert NO_PROOF not in text
    assert f"/leads/{lead_id}/consents" not in text


async def test_proof_in_a_text_that_was_cut_is_found_in_the_post(
    client: httpx.AsyncClient, cast: Cast, amy: Desk
) -> None:
    lead_id = await unproven(client, cast, Details="x" * 4000 + " " + CERTIFICATE)

    assert f'href="{CERTIFICATE}"' in await page(amy, f"/leads/{lead_id}")


async def test_a_text_by_own_click_goes_out_with_a_warning(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    bob: Desk,
    provider: SmsProvider,
) -> None:
    lead_id = await unproven(client, cast)
    assert NO_PROOF in await page(bob, f"/leads/{lead_id}")

    job = await ask(bob, lead_id)
    await deliver(db, services, provider)

    assert [one.to for one in provider.taken] == ["+14025550123"]
    assert NO_PROOF in await page(bob, job)


async def test_a_reminder_without_proof_is_kept_and_not_texted(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    bob: Desk,
    provider: SmsProvider,
) -> None:
    lead_id = await unproven(client, cast)
    job = await ask(bob, lead_id)
    await deliver(db, services, provider)
    await remind(db, cast)
    assert await rows(db, cast.alice, MAILS) == [{"n": 1}]
    await deliver(db, services, provider)

    assert len(provider.taken) == 1
    assert (await rows(db, cast.alice, TEXTS))[1] == {
        "kind": "reminder", "state": "unsendable", "problem": "no_consent",
    }  # fmt: skip
    why = "Nothing proves that the person agreed to text messages, so it does not go out by itself."
    (held,) = await rows(db, cast.alice, "SELECT id FROM messages WHERE problem = 'no_consent'")
    assert why in await page(bob, f"/outbox/{held['id']}")
    assert why in await page(bob, job)
    # Whoever sends it all the same does so with a click of their own.
    again = await bob.post(f"/outbox/{held['id']}/copies")
    assert again.status_code == 303
    await deliver(db, services, provider)
    assert len(provider.taken) == 2


@pytest.mark.parametrize(
    "proof",
    [
        {"TrustedForm": CERTIFICATE},
        {"leadid_token": TOKEN},
        {"consent_text": "I agree.", "consent_time": "10:00", "consent_ip": "192.0.2.9"},
    ],
)
async def test_a_reminder_with_proof_is_texted(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    bob: Desk,
    provider: SmsProvider,
    proof: dict[str, str],
) -> None:
    await ask(bob, await unproven(client, cast, **proof))
    await remind(db, cast)
    await deliver(db, services, provider)

    assert len(provider.taken) == 2


async def test_a_note_by_hand_is_proof_until_the_next(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    bob: Desk,
    provider: SmsProvider,
) -> None:
    lead_id = await unproven(client, cast)
    answer = await bob.post(f"/leads/{lead_id}/consents", AGREED)
    assert (answer.status_code, answer.headers["location"]) == (
        303, f"/leads/{lead_id}?said=consent#consent",
    )  # fmt: skip
    text = await page(bob, f"/leads/{lead_id}")
    assert "Agreed, on the phone:</strong> Said so when we called" in text
    assert '<span class="quiet small">Bob, ' in text
    assert "Consent to texts was noted" in text
    await ask(bob, lead_id)
    await deliver(db, services, provider)
    assert len(provider.taken) == 1

    await bob.post(f"/leads/{lead_id}/consents", REFUSED)
    await remind(db, cast)
    await deliver(db, services, provider)

    assert len(provider.taken) == 1
    assert WANTS_NONE in await page(bob, f"/leads/{lead_id}")
    texts = await rows(db, cast.alice, TEXTS)
    assert [one["problem"] for one in texts] == [None, "consent_withdrawn"]
    (kept,) = await rows(db, cast.alice, "SELECT id FROM messages WHERE provider_id IS NOT NULL")
    again = await bob.post(f"/outbox/{kept['id']}/copies")
    assert (again.status_code, "wants no text messages" in again.text) == (409, True)
    noted = await rows(db, cast.alice, "SELECT given, how, note, actor FROM consents ORDER BY id")
    member = f"user:{cast.alice.admin_id + 1}"
    assert [(one["given"], one["how"], one["actor"]) for one in noted] == [
        (True, "phone", member), (False, "message", member),
    ]  # fmt: skip


async def test_who_wants_none_gets_none_by_click_either_and_the_mail_goes(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, bob: Desk
) -> None:
    lead_id = await unproven(client, cast, TrustedForm=CERTIFICATE)
    await bob.post(f"/leads/{lead_id}/consents", REFUSED)

    await ask(bob, lead_id)

    (text,) = await rows(db, cast.alice, TEXTS)
    assert (text["state"], text["problem"]) == ("unsendable", "consent_withdrawn")
    assert await rows(db, cast.alice, MAILS) == [{"n": 1}]


async def test_an_organization_may_do_without_proof(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    alice: Desk,
    bob: Desk,
    provider: SmsProvider,
) -> None:
    rule = {"texts_need_consent": "no"}
    assert (await bob.post("/settings/texts", rule)).status_code == 403
    assert "need proof that its person agreed" in await page(alice, "/settings")
    answer = await alice.post("/settings/texts", rule)
    assert answer.headers["location"] == "/settings?said=texts"
    assert "whether or not anything proves" in await page(alice, "/settings")
    lead_id = await unproven(client, cast)

    await ask(bob, lead_id)
    await remind(db, cast)
    await deliver(db, services, provider)

    assert len(provider.taken) == 2
    assert "Texts go out all the same" in await page(bob, f"/leads/{lead_id}")
    await alice.post("/settings/texts", {"texts_need_consent": "yes"})
    assert "need proof that its person agreed" in await page(alice, "/settings")


async def test_a_request_without_a_lead_needs_no_proof(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asked = {
        "current_user_id": cast.alice.admin_id,
        "capture_request": {
            "capturing_user_name": "Gob",
            "capturing_user_email": "gob@example.com",
            "capturing_user_phone": MOBILE,
            "job_attributes": {"location_line_1": "1 Balboa Ave"},
        },
    }
    await client.post("/api/v2/capture_requests", json=asked, headers=cast.alice.bearer)

    assert [one["state"] for one in await rows(db, cast.alice, TEXTS)] == ["queued"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"note": " "}, "says how you know"),
        ({"note": "x" * 1001}, "says how you know"),
        ({"how": "telepathy"}, "is one of phone"),
    ],
)
async def test_a_note_without_a_reason_is_not_kept(
    cast: Cast, db: PinnedDatabase, bob: Desk, lead_id: uuid.UUID, changes: Any, words: str
) -> None:
    answer = await bob.post(f"/leads/{lead_id}/consents", AGREED | changes)

    assert answer.status_code == 422
    assert await rows(db, cast.alice, "SELECT 1 FROM consents") == []


async def test_rights_and_other_organizations(
    cast: Cast, db: PinnedDatabase, amy: Desk, charlie: Desk, lead_id: uuid.UUID
) -> None:
    assert (await amy.post(f"/leads/{lead_id}/consents", AGREED)).status_code == 403
    assert (await amy.get(f"/leads/{lead_id}/consent.json")).status_code == 403
    theirs = await charlie.post(f"/leads/{lead_id}/consents", AGREED)
    nothing = await charlie.post(f"/leads/{NOBODY}/consents", AGREED)
    assert (theirs.status_code, theirs.text) == (404, nothing.text)
    theirs = await charlie.get(f"/leads/{lead_id}/consent.json")
    nothing = await charlie.get(f"/leads/{NOBODY}/consent.json")
    assert (theirs.status_code, theirs.text) == (404, nothing.text)
    for troupe in (cast.alice, cast.charlie):
        assert await rows(db, troupe, "SELECT 1 FROM consents") == []


async def test_the_evidence_is_a_file(client: httpx.AsyncClient, cast: Cast, bob: Desk) -> None:
    lead_id = await unproven(
        client, cast, TrustedForm=CERTIFICATE, consent_page="https://a.example"
    )
    await bob.post(f"/leads/{lead_id}/consents", AGREED)

    answer = await bob.get(f"/leads/{lead_id}/consent.json")

    assert answer.headers["content-disposition"] == f'attachment; filename="consent-{lead_id}.json"'
    told = json.loads(answer.text)
    assert (told["lead_id"], told["proven"], told["withdrawn"]) == (str(lead_id), True, False)
    assert told["proofs"] == [
        {"kind": "trustedform", "value": CERTIFICATE, "found_in": "TrustedForm"}
    ]
    assert told["told"] == {"text": "", "page": "https://a.example", "ip": "", "time": ""}
    assert told["person"]["primary_phone"] == MOBILE
    (noted,) = told["notes"]
    assert (noted["given"], noted["how"], noted["by"]) == (True, "phone", "Bob")
    assert told["post"]["from"] == "127.0.0.1"
    assert len(told["post"]["body_sha256"]) == 64


async def test_the_table_of_leads_has_the_proof(
    client: httpx.AsyncClient, cast: Cast, bob: Desk
) -> None:
    await unproven(client, cast, ID="1")
    await unproven(client, cast, ID="2", TrustedForm=CERTIFICATE, Details=f"leadid_token={TOKEN}")
    refused = await unproven(client, cast, ID="3", TrustedForm=CERTIFICATE)
    await bob.post(f"/leads/{refused}/consents", REFUSED)

    table = list(csv.DictReader(io.StringIO((await bob.get("/inbox/leads.csv")).text)))

    assert {
        one["vendor_lead_id"]: (one["consent"], one["trustedform"], one["jornaya"]) for one in table
    } == {
        "1": ("none", "", ""),
        "2": ("proven", CERTIFICATE, TOKEN),
        "3": ("withdrawn", CERTIFICATE, ""),
    }
