"""A vendor hears how its leads stand: set on the desk, delivered, verified by the published library."""

import html
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from standardwebhooks import WebhookVerificationError

from doorstep.auth.scopes import open_scope, task_scope
from doorstep.events import actions as events
from doorstep.kit.settings import Settings
from doorstep.leads import dispositions
from doorstep.webhooks import actions
from doorstep.worker.readers import readers_of
from tests.background import take
from tests.cast import STAGE, Cast
from tests.fakes.receiver import Receiver, Reply
from tests.faults.posting import accepted, encoded, rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk as Member
from tests.web.conftest import desk_of
from tests.web.vendors import source_of
from tests.webhooks.conftest import LOOPBACK, Desk

EVERY = ("received", "contacted", "qualified", "signed", "rejected", "duplicate", "returned")
PUBLIC = "https://93.184.216.34/postback"
NO_SOURCE = "01890000-0000-7000-8000-000000000000"
VERBS = ("postbacks", "words", *(f"postbacks/{verb}" for verb in ("test", "secret", "enable")))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The vendor's server."""
    with Receiver() as made:
        yield made


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with which URLs on this machine are allowed."""
    return replace(settings, egress_allow=LOOPBACK)


@pytest.fixture
def alice(client: httpx.AsyncClient, cast: Cast) -> Member:
    """The admin."""
    return desk_of(client, cast.alice, "alice")


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """Alice's source."""
    return await source_of(db, cast.alice)


def form(url: str, *names: str, template: str = "") -> dict[str, str]:
    return {"url": url, "template": template} | {f"event-{name}": "yes" for name in names or EVERY}


async def saved(alice: Member, source_id: uuid.UUID, **fields: str) -> str:
    """The secret that the page shows once the form is saved."""
    answer = await alice.post(f"/sources/{source_id}/postbacks", fields)
    assert answer.status_code == 303, answer.text
    text = (await alice.get(answer.headers["location"])).text
    assert "Saved. Every change from now on goes there." in text
    found = re.search(r'aria-label="Secret" value="(whsec_[^"]+)"', text)
    assert found
    return html.unescape(found[1])


async def work(desk: Desk) -> None:
    """What the worker does: every event to every reader, then every delivery."""
    for task in await take(desk.db, events.FAN_OUT):
        org_id = int(task.payload["org_id"])
        for event_id in task.payload["event_ids"]:
            async with task_scope(desk.db, org_id=org_id, task=events.FAN_OUT) as scope:
                event = await events.find(scope, event_id=uuid.UUID(event_id))
                # Twice, as after a crash.
                for reader in 2 * readers_of(event.name):
                    await reader(scope, event)
    for task in await take(desk.db, actions.DELIVER):
        await desk.deliver(task)


async def dispose(desk: Desk, lead_id: uuid.UUID, **said: Any) -> dispositions.Disposition:
    async with open_scope(desk.db, org_id=desk.org_id, actor=STAGE) as scope:
        return await dispositions.dispose(scope, lead_id=lead_id, **said)


async def test_each_step_of_a_lead_reaches_its_vendor_signed(
    client: httpx.AsyncClient,
    cast: Cast,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    secret = await saved(alice, source_id, **form(receiver.url))
    await work(desk)
    receiver.requests.clear()

    lead_id = await accepted(client, encoded(cast.alice))
    await work(desk)
    await dispose(desk, lead_id, disposition="contacted")
    await work(desk)
    made = await dispose(
        desk, lead_id, disposition="rejected", reason="fake", note="between ourselves"
    )
    await work(desk)
    async with open_scope(desk.db, org_id=desk.org_id, actor=STAGE) as scope:
        await dispositions.withdraw(scope, lead_id=lead_id, number=made.number)
    await work(desk)

    told = receiver.verified(secret=secret)
    assert [one.type for one in told] == [
        "lead.received",
        "lead.contacted",
        "lead.rejected",
        "lead.contacted",
    ]
    received = told[0].payload["data"]["received"]
    assert told[2].payload.keys() == {"type", "timestamp", "data"}
    assert told[2].payload["data"] == {
        "IntakeID": str(lead_id),
        "ID": "12345678",
        "status": "rejected",
        "reason": "fake",
        "received": received,
    }
    assert b"between ourselves" not in b"".join(one.body for one in receiver.requests)
    assert b"John" not in b"".join(one.body for one in receiver.requests)
    log = (await alice.get(f"/sources/{source_id}/postbacks")).text
    assert log.count('<span class="pill good">Delivered</span>') == 4
    with pytest.raises(WebhookVerificationError):
        receiver.verified(secret="whsec_" + "A" * 88)


async def test_only_the_events_that_were_chosen(
    client: httpx.AsyncClient,
    cast: Cast,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    secret = await saved(alice, source_id, **form(receiver.url, "signed"))
    lead_id = await accepted(client, encoded(cast.alice))
    await dispose(desk, lead_id, disposition="contacted")
    await dispose(desk, lead_id, disposition="signed")
    await work(desk)

    assert [one.type for one in receiver.verified(secret=secret)] == ["lead.signed"]


async def test_a_template_is_filled_with_the_vendors_words_and_stays_json(
    client: httpx.AsyncClient,
    cast: Cast,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    template = json.dumps(
        {
            "event": "postback",
            "list": [{"lead": "{{ID}}", "ours": "{{ IntakeID }}"}, 1.5, None, True],
            "text": "Lead {{ID}} is {{status}} ({{event}})",
            "why": "{{reason}}",
            "keyword": "<{{Keyword}}>",
        }
    )
    words = {"word-received": 'in "limbo"', "word-signed": "Won"}
    assert (await alice.post(f"/sources/{source_id}/words", words)).status_code == 303
    secret = await saved(alice, source_id, **form(receiver.url, template=template))
    hostile = '","status":"signed\\'
    lead_id = await accepted(client, encoded(cast.alice, ID=hostile))
    await work(desk)

    (told,) = receiver.verified(secret=secret)
    assert told.payload == {
        "event": "postback",
        "list": [{"lead": hostile, "ours": str(lead_id)}, 1.5, None, True],
        "text": f'Lead {hostile} is in "limbo" (received)',
        "why": None,
        "keyword": "<>",
    }


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{", "It is no JSON: "),
        ('{"a": {{ID}}}', "Placeholders stand between quotes."),
        ('{"a": NaN}', "NaN is not allowed"),
        ('["{{ID}}"]', "It must be a JSON object, in braces."),
        (
            '{"a": "{{Email}}"}',
            "{{Email}} is no placeholder. There are: IntakeID, ID, Keyword, status, event, reason,",
        ),
        ('{"a": "\\u007b{Email}}"}', "{{Email}} is no placeholder."),
        ('{"{{ID}}": 1}', "A placeholder cannot be in a key."),
        ('{"a":' * 30 + "1" + "}" * 30, "It is nested more than 20 deep."),
        ('{"a":' * 600 + "1" + "}" * 600, "It is nested more than 20 deep."),
        ('{"a": "' + "x" * 4000 + '"}', "It has 4009 characters; 4000 are allowed."),
    ],
)
async def test_a_template_that_cannot_be_filled_is_explained(
    cast: Cast,
    db: PinnedDatabase,
    alice: Member,
    source_id: uuid.UUID,
    template: str,
    problem: str,
) -> None:
    answer = await alice.post(f"/sources/{source_id}/postbacks", form(PUBLIC, template=template))

    assert answer.status_code == 422
    said = re.search(r'id="template-problem" role="alert">([^<]*)<', answer.text)
    assert said
    assert problem in html.unescape(said[1])
    assert html.escape(template, quote=True).replace("&#x27;", "&#39;")[:40] in (
        answer.text.replace("&#34;", "&quot;")
    )
    assert await rows(db, cast.alice, "SELECT * FROM postbacks") == []
    assert await rows(db, cast.alice, "SELECT * FROM webhook_endpoints") == []


@pytest.mark.parametrize(
    ("fields", "place", "problem"),
    [
        (form("http://93.184.216.34/"), "url", "This URL must be https."),
        (form("https://10.0.0.1/"), "url", "This URL leads to a private address."),
        (form("nonsense"), "url", "This URL is not a URL that we can call."),
        ({"url": PUBLIC, "template": ""}, "events", "Choose at least one."),
    ],
)
async def test_what_makes_no_sense_is_said(
    alice: Member, source_id: uuid.UUID, fields: dict[str, str], place: str, problem: str
) -> None:
    answer = await alice.post(f"/sources/{source_id}/postbacks", fields)

    assert answer.status_code == 422
    assert f'id="{place}-problem" role="alert">{problem}<' in answer.text


async def test_a_word_that_is_too_long_is_said(
    cast: Cast, db: PinnedDatabase, alice: Member, source_id: uuid.UUID
) -> None:
    answer = await alice.post(f"/sources/{source_id}/words", {"word-signed": "x" * 51})

    assert answer.status_code == 422
    assert 'id="signed-problem" role="alert">has at most 50 characters<' in answer.text
    assert await rows(db, cast.alice, "SELECT * FROM vendor_pages") == []


async def test_a_failure_is_tried_again_and_sent_again_by_hand(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    secret = await saved(alice, source_id, **form(receiver.url))
    await take(db, events.FAN_OUT)
    receiver.replies.append(Reply(status=500))
    await accepted(client, encoded(cast.alice))
    await work(desk)
    text = (await alice.get(f"/sources/{source_id}/postbacks")).text
    assert "It answered 500" in text
    delivery = re.search(r'href="(/webhooks/deliveries/[0-9a-f-]+)"', text)
    assert delivery
    page = (await alice.get(delivery[1])).text
    assert f'<a class="back" href="/sources/{source_id}/postbacks">' in page

    assert (await alice.post(f"{delivery[1]}/rounds")).status_code == 303
    await take(db, events.FAN_OUT)
    tasks = await take(db, actions.DELIVER)
    assert sorted(task.payload["number"] for task in tasks) == [2, 2]
    for task in tasks:
        await desk.deliver(task)

    first, second = receiver.requests
    assert first.body == second.body
    assert len(receiver.distinct(secret=secret)) == 1
    assert "Delivered" in (await alice.get(f"/sources/{source_id}/postbacks")).text


async def test_a_test_goes_to_this_vendor_only(
    client: httpx.AsyncClient,
    cast: Cast,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    with Receiver() as crm:
        await desk.register(crm.url)
        secret = await saved(
            alice, source_id, **form(receiver.url, "signed", template='{"event":"t","id":"{{ID}}"}')
        )
        await take(desk.db, events.FAN_OUT)
        await alice.post(f"/sources/{source_id}/postbacks/test")
        await work(desk)
        assert crm.requests == []
    (told,) = receiver.verified(secret=secret)
    assert told.payload == {"event": "t", "id": "TEST"}


async def test_it_is_none_of_the_organizations_own_webhooks(
    client: httpx.AsyncClient,
    cast: Cast,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    await saved(alice, source_id, **form(receiver.url))
    await accepted(client, encoded(cast.alice))
    await desk.happen("job.created", job_id=1)
    await work(desk)

    assert [json.loads(one.body)["type"] for one in receiver.requests] == ["lead.received"]
    own = (await alice.get("/webhooks")).text
    assert receiver.url not in own
    assert "lead.received" not in own
    listed = await client.get("/api/v2/webhooks", headers=cast.alice.bearer)
    assert listed.json()["results"] == []


async def test_another_sources_leads_are_not_told(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    await saved(alice, source_id, **form(receiver.url))
    rival = uuid.uuid4()
    await alice.post("/sources", {"kind": "sources", "name": "Rival", "guid": str(rival)})
    await accepted(client, encoded(cast.alice, Referrer=str(rival)))
    await accepted(client, encoded(cast.charlie))
    await work(desk)

    assert receiver.requests == []


async def test_changed_switched_and_deleted(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    desk: Desk,
    receiver: Receiver,
    alice: Member,
    source_id: uuid.UUID,
) -> None:
    first = await saved(alice, source_id, **form(PUBLIC))
    assert await saved(alice, source_id, **form(receiver.url)) == first
    (endpoint,) = await rows(db, cast.alice, "SELECT url, dialect FROM webhook_endpoints")
    assert (endpoint["url"], endpoint["dialect"]) == (receiver.url, "vendor")
    await alice.post(f"/sources/{source_id}/postbacks/secret")
    lead_id = await accepted(client, encoded(cast.alice))
    await work(desk)
    assert len(receiver.verified(secret=first)) == 1

    receiver.replies.append(Reply(status=410))
    await dispose(desk, lead_id, disposition="contacted")
    await work(desk)
    await dispose(desk, lead_id, disposition="signed")
    await work(desk)
    assert len(receiver.requests) == 2
    assert "Switched off" in (await alice.get(f"/sources/{source_id}/postbacks")).text
    assert (await alice.post(f"/sources/{source_id}/postbacks/test")).status_code == 409
    await alice.post(f"/sources/{source_id}/postbacks/enable")
    assert "Switched off" not in (await alice.get(f"/sources/{source_id}/postbacks")).text

    await alice.post(f"/sources/{source_id}/postbacks/removal")
    assert await rows(db, cast.alice, "SELECT * FROM postbacks") == []
    assert (await alice.post(f"/sources/{source_id}/postbacks/removal")).status_code == 404


async def test_only_admins_and_only_their_own(
    client: httpx.AsyncClient, cast: Cast, alice: Member, source_id: uuid.UUID
) -> None:
    await saved(alice, source_id, **form(PUBLIC))
    charlie = desk_of(client, cast.charlie, "charlie")
    for verb in (*VERBS, "postbacks/removal"):
        for name in ("bob", "amy"):
            member = desk_of(client, cast.alice, name)
            answer = await member.post(f"/sources/{source_id}/{verb}", form(PUBLIC))
            assert answer.status_code == 403
        theirs, nothing = [
            await charlie.post(f"/sources/{one}/{verb}", form(PUBLIC))
            for one in (source_id, NO_SOURCE)
        ]
        assert (theirs.status_code, theirs.text) == (404, nothing.text)
    assert (await charlie.get(f"/sources/{source_id}/postbacks")).status_code == 404
    assert (
        await desk_of(client, cast.alice, "bob").get(f"/sources/{source_id}/postbacks")
    ).status_code == 403
    assert PUBLIC in (await alice.get(f"/sources/{source_id}/postbacks")).text
