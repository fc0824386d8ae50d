"""Rules: from lead to capture without a hand, tried first, seen, undone, and once a lead."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.rules import actions, tasks
from doorstep.worker import main as worker
from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.background import take
from tests.captures.test_reminding import due_now
from tests.cast import STAGE, Cast, Troupe
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead

CERTIFICATE = "https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567"
GOOD = {"Primary": "4025550123", "TrustedForm": CERTIFICATE}
NUMBERS = itertools.count(4_025_552_000)
ACTS = "SELECT lead_id, state, reason FROM rule_acts ORDER BY created_at, lead_id"
REQUESTS = "SELECT lead_id, requesting_user_id FROM capture_requests ORDER BY id"
PAGE = "/settings/rules"


@dataclass(frozen=True, kw_only=True)
class House:
    """Alice's organization, its vendors and its worker."""

    client: httpx.AsyncClient
    db: PinnedDatabase
    troupe: Troupe

    @property
    def crm(self) -> Integration:
        return Integration(client=self.client, troupe=self.troupe)

    async def rule(self, *, on: bool = True, **values: Any) -> str:
        """A rule for every lead, unless `values` say otherwise; tried and switched on."""
        body = {"requesting_user_id": self.troupe.admin_id, "delay_minutes": 5} | values
        status, made = await self.crm.send("POST", "/rules", body)
        assert status == 201, made
        if on:
            assert (await self.crm.send("POST", f"/rules/{made['id']}/trial"))[0] == 200
            assert (await self.crm.send("POST", f"/rules/{made['id']}/enable"))[0] == 204
        found: str = made["id"]
        return found

    async def lead(self, **other: str) -> uuid.UUID:
        """A lead that every rule asks, unless `other` says otherwise, and the worker saw it."""
        number = uuid.uuid4().hex
        person = {"First": number, "Email": f"{number}@example.com", "ID": number,
                  "Address": f"{number} Elm Street", "Primary": str(next(NUMBERS))}  # fmt: skip
        lead_id = await post_lead(self.client, self.troupe, **GOOD | person | other)
        await self.hear()
        return lead_id

    async def hear(self) -> None:
        """The worker tells of every event that waits."""
        for task in await take(self.db, "events.fan_out"):
            await worker.fan_out(self.db, task.payload)

    async def act(self, *, times: int = 1) -> list[timedelta]:
        """The time of every plan has come; how long each was to wait."""
        waiting = await take(self.db, actions.ACT)
        for task in waiting:
            for _ in range(times):
                await tasks.act_later(self.db, task.payload)
        return [task.delay for task in waiting]

    async def acts(self) -> dict[uuid.UUID, tuple[str, str | None]]:
        found = await rows(self.db, self.troupe, ACTS)
        return {row["lead_id"]: (row["state"], row["reason"]) for row in found}


@pytest.fixture
async def house(client: httpx.AsyncClient, db: PinnedDatabase, cast: Cast) -> House:
    """At an hour that is good everywhere."""
    await due_now(db, cast.alice)
    return House(client=client, db=db, troupe=cast.alice)


async def test_a_rule_asks_each_lead_once(house: House, cast: Cast, alice: Desk) -> None:
    await house.rule()
    lead_id = await house.lead()
    assert await house.acts() == {lead_id: ("waiting", None)}
    assert await rows(house.db, cast.alice, REQUESTS) == []
    assert "asks for photos" in (await alice.get(f"/leads/{lead_id}")).text
    async with open_scope(house.db, org_id=house.troupe.org_id, actor=STAGE) as scope:
        await actions.consider(scope, lead_id=lead_id)

    assert await house.act(times=2) == [timedelta(minutes=5)]
    assert await house.acts() == {lead_id: ("asked", None)}
    assert await rows(house.db, cast.alice, REQUESTS) == [
        {"lead_id": lead_id, "requesting_user_id": cast.alice.admin_id}
    ]
    # However late it leaves, it leaves by day where the house stands.
    zones = "SELECT DISTINCT zones FROM messages WHERE kind = 'invitation'"
    assert await rows(house.db, cast.alice, zones) == [{"zones": ["America/Los_Angeles"]}]
    channels = "SELECT channel, state FROM messages WHERE kind = 'invitation' ORDER BY channel"
    assert await rows(house.db, cast.alice, channels) == [
        {"channel": "email", "state": "queued"}, {"channel": "sms", "state": "queued"},
    ]  # fmt: skip
    status, told = await house.crm.get("/rules/acts")
    (act,) = told["acts"]
    assert (status, act["state"], act["lead_id"]) == (200, "asked", str(lead_id))
    assert act["job_id"] is not None
    assert f"/jobs/{act['job_id']}" in (await alice.get(PAGE)).text


async def test_what_a_rule_leaves_alone(house: House) -> None:
    await house.rule()
    first = await house.lead(Email="lucille@example.com", Address="1 Balboa Towers")
    left = {
        await house.lead(Email="lucille@example.com"): "duplicate",
        await house.lead(Primary="8005550123"): "no_mobile_number",
        await house.lead(Primary="", Secondary=""): "no_mobile_number",
        await house.lead(Address=""): "no_address",
        await house.lead(Email=""): "no_email",
        await house.lead(TrustedForm=""): "no_consent",
    }
    assert await house.acts() == {first: ("waiting", None)} | {
        lead_id: ("skipped", reason) for lead_id, reason in left.items()
    }
    # What came later and looks like it does not hold the first lead back.
    await house.act()
    assert (await house.acts())[first] == ("asked", None)


async def test_what_changes_before_its_time_counts(house: House, bob: Desk, amy: Desk) -> None:
    rule_id = await house.rule()
    undone, refused, decided, off = [await house.lead() for _ in range(4)]
    assert (await amy.post(f"/leads/{undone}/plan/undo")).status_code == 403
    assert (await bob.post(f"/leads/{undone}/plan/undo")).status_code == 303
    note = {"given": "no", "how": "phone", "note": "Wants none"}
    assert (await bob.post(f"/leads/{refused}/consents", note)).status_code == 303
    status, _ = await house.crm.send(
        "POST", f"/leads/{decided}/dispositions", {"disposition": "contacted"}
    )
    assert status == 201
    waiting = await take(house.db, actions.ACT)
    for task in waiting[:3]:
        await tasks.act_later(house.db, task.payload)
    assert (await house.crm.send("POST", f"/rules/{rule_id}/disable"))[0] == 204
    await tasks.act_later(house.db, waiting[3].payload)

    assert await house.acts() == {
        undone: ("undone", None),
        refused: ("skipped", "consent_withdrawn"),
        decided: ("skipped", "disposed"),
        off: ("skipped", "rule_off"),
    }
    assert await rows(house.db, house.troupe, REQUESTS) == []
    assert (await house.crm.send("DELETE", f"/leads/{undone}/plan"))[0] == 409
    assert await house.crm.send("DELETE", f"/leads/{NOBODY}/plan") == NOT_FOUND
    await house.lead()
    assert len(await house.acts()) == 4


async def test_a_lead_that_cannot_be_paid_for_is_left_to_a_person(house: House) -> None:
    await house.rule(delay_minutes=0)
    lead_id = await house.lead()
    assert (await house.crm.send("PUT", "/prices/3", {"cents": 3500}))[0] == 204
    await house.act()
    assert await house.acts() == {lead_id: ("skipped", "could_not_ask")}
    assert await rows(house.db, house.troupe, REQUESTS) == []


async def test_a_rule_is_tried_before_it_is_switched_on(
    house: House, alice: Desk, bob: Desk, cast: Cast
) -> None:
    good = await house.lead()
    await house.lead(TrustedForm="")
    form = {"source": str(NOBODY), "delay_minutes": "5", "requesting_user": "0"}
    wrong = await alice.post(PAGE, form)
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    form = {"delay_minutes": "5", "requesting_user": str(cast.alice.admin_id)}
    assert (await alice.post(PAGE, form)).headers["location"] == f"{PAGE}?said=added"
    status, told = await house.crm.get("/rules")
    (rule,) = told["rules"]
    assert (status, rule["tried_at"], rule["enabled_at"]) == (200, None, None)
    path = f"{PAGE}/{rule['id']}"

    assert "Switch on" not in (await alice.get(PAGE)).text
    early = await alice.post(f"{path}/on")
    assert early.status_code == 409
    assert "Try the rule on the last weeks first." in early.text
    tried = (await alice.post(f"{path}/trial")).text
    assert "1 of 2 leads" in tried
    assert "1 left alone: no proof of consent" in tried
    assert await house.crm.send("POST", f"/rules/{rule['id']}/trial") == (
        200,
        {
            "leads": 2,
            "asked": 1,
            "left": {"no_consent": 1},
            "newest": (await house.crm.send("POST", f"/rules/{rule['id']}/trial"))[1]["newest"],
        },
    )
    assert await house.acts() == {}
    assert (await alice.post(f"{path}/on")).status_code == 303
    assert await house.acts() == {}, f"the leads before it, as {good}, are not asked"
    for verb in ("trial", "on", "off", "removal"):
        assert (await bob.post(f"{path}/{verb}")).status_code == 403
    assert (await alice.post(f"{path}/removal")).status_code == 303
    assert (await house.crm.get("/rules"))[1] == {"rules": []}
    assert (await alice.post(f"{path}/on")).status_code == 404


async def test_the_rule_that_names_the_vendor_goes_first_and_others_see_nothing(
    house: House, cast: Cast, client: httpx.AsyncClient
) -> None:
    everything = await house.rule(delay_minutes=60)
    source = (await rows(house.db, cast.alice, "SELECT id FROM sources"))[0]["id"]
    own = await house.rule(source_id=str(source), delay_minutes=7)
    stranger = Integration(client=client, troupe=cast.charlie)
    theirs = await post_lead(client, cast.charlie, **GOOD)
    lead_id = await house.lead()

    by_rule = "SELECT lead_id, rule_id FROM rule_acts"
    assert await rows(house.db, cast.alice, by_rule) == [
        {"lead_id": lead_id, "rule_id": uuid.UUID(own)}
    ]
    assert await rows(house.db, cast.charlie, by_rule) == []
    assert theirs != lead_id
    assert await house.act() == [timedelta(minutes=7)]
    assert await stranger.get("/rules") == (200, {"rules": []})
    assert await stranger.get("/rules/acts") == (200, {"acts": []})
    for method, path in (
        ("POST", f"/rules/{everything}/trial"),
        ("POST", f"/rules/{everything}/enable"),
        ("POST", f"/rules/{everything}/disable"),
        ("DELETE", f"/rules/{everything}"),
        ("DELETE", f"/leads/{lead_id}/plan"),
    ):
        assert await stranger.send(method, path) == NOT_FOUND
    body = {"requesting_user_id": cast.charlie.admin_id, "source_id": str(source)}
    status, refused = await stranger.send("POST", "/rules", body)
    assert (status, list(refused["errors"])) == (422, ["source_id"])
