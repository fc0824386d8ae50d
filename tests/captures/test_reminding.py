"""Reminders: when they go, at which hours of the property, and when they do not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures import reminding
from doorstep.captures.model import CaptureRequest
from doorstep.kit.errors import Forbidden, Invalid
from doorstep.kit.zones import opening, zones_of
from doorstep.messages import rules
from doorstep.messages.rules import Rules
from doorstep.orgs.model import Actor
from doorstep.worker import main as worker
from tests.background import take
from tests.capturing import ask
from tests.cast import STAGE, Cast, Troupe
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase

HOUR = timedelta(hours=1)
REMINDERS = "SELECT kind, state FROM reminders ORDER BY kind"
LETTERS = "SELECT count(*) AS n FROM messages WHERE kind = 'reminder'"


async def due_now(db: PinnedDatabase, troupe: Troupe) -> None:
    """Every reminder's time has come, and it is a good hour for it wherever the house stands."""
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        await scope.tx.execute("UPDATE reminders SET due_at = now()")
        await scope.tx.execute(
            "INSERT INTO message_rules (org_id, from_hour, until_hour) VALUES ($1, 0, 24) "
            "ON CONFLICT DO NOTHING",
            troupe.org_id,
        )


@dataclass(frozen=True)
class Plan:
    """The reminders of one request."""

    db: PinnedDatabase
    troupe: Troupe
    request: CaptureRequest

    async def write(self, sql: str, *values: object) -> None:
        async with open_scope(self.db, org_id=self.troupe.org_id, actor=STAGE) as scope:
            await scope.tx.execute(sql, *values)

    async def due(self, kind: str, ago: timedelta) -> None:
        """The reminder was due so long ago."""
        await self.write(
            "UPDATE reminders SET due_at = now() - $2::interval WHERE kind = $1", kind, ago
        )

    async def run(self, kind: str) -> None:
        await worker.remind(
            self.db,
            {"org_id": self.troupe.org_id, "request_id": self.request.id, "kind": kind},
        )

    async def states(self) -> dict[str, str]:
        return {row["kind"]: row["state"] for row in await rows(self.db, self.troupe, REMINDERS)}

    async def letters(self) -> int:
        (row,) = await rows(self.db, self.troupe, LETTERS)
        return int(row["n"])

    async def clock(self, hour: int) -> None:
        """Let it be `hour` o'clock, a moment past, where the organization is."""
        now = datetime.now(UTC)
        east = (hour - now.hour + 12) % 24 - 12
        # The signs of these zones are the other way round.
        await self.write("UPDATE orgs SET time_zone = $1", f"Etc/GMT{-east:+d}")


@pytest.fixture
async def plan(db: PinnedDatabase, cast: Cast) -> Plan:
    """A new request of Alice's, of a house that no zone is known of, at noon."""
    made = Plan(db, cast.alice, await ask(db, cast.alice))
    await take(db, reminding.REMIND)
    await made.write("UPDATE jobs SET location_region = NULL, location_postal_code = NULL")
    await made.clock(12)
    return made


async def test_goes_once_at_its_time(plan: Plan) -> None:
    await plan.run("2_days")
    assert await plan.letters() == 0
    (waiting,) = await take(plan.db, reminding.REMIND)
    assert timedelta(hours=47) < waiting.delay < timedelta(hours=72)

    await plan.due("2_days", HOUR)
    for _ in range(2):
        await plan.run("2_days")
    assert await plan.states() == {"2_days": "sent", "7_days": "scheduled"}
    assert await plan.letters() == 1


async def test_goes_in_the_language_of_the_homeowner(plan: Plan) -> None:
    await plan.write("UPDATE capture_requests SET language = 'es'")
    await plan.due("2_days", HOUR)
    await plan.run("2_days")
    (letter,) = await rows(plan.db, plan.troupe, "SELECT * FROM messages WHERE kind = 'reminder'")
    assert letter["subject"] == "Recordatorio: fotos de su casa para Bluth Company"
    assert letter["text_body"].startswith("Hola Gob:\n\n")


async def test_a_day_late_is_skipped_and_the_other_still_goes(plan: Plan) -> None:
    await plan.due("2_days", timedelta(days=5, hours=10))
    await plan.due("7_days", 10 * HOUR)
    for kind in ("2_days", "7_days"):
        await plan.run(kind)
    assert await plan.states() == {"2_days": "skipped_late", "7_days": "sent"}
    assert await plan.letters() == 1


async def test_at_night_it_waits_for_the_morning_of_the_property(plan: Plan) -> None:
    await plan.clock(23)
    await plan.due("2_days", HOUR)
    await plan.run("2_days")
    assert await plan.letters() == 0
    (waiting,) = await take(plan.db, reminding.REMIND)
    assert 8 * HOUR <= waiting.delay <= 9 * HOUR
    await plan.clock(9)
    await plan.due("2_days", HOUR)
    await plan.run("2_days")
    assert await plan.states() == {"2_days": "sent", "7_days": "scheduled"}


async def test_two_never_go_within_a_day(plan: Plan) -> None:
    await plan.due("2_days", HOUR)
    await plan.due("7_days", HOUR)
    await plan.run("2_days")
    await plan.run("7_days")
    assert await plan.states() == {"2_days": "sent", "7_days": "scheduled"}
    (waiting,) = await take(plan.db, reminding.REMIND)
    assert 23 * HOUR <= waiting.delay <= 24 * HOUR
    assert await plan.letters() == 1


async def test_not_after_the_end(plan: Plan) -> None:
    await plan.due("2_days", HOUR)
    await plan.write("UPDATE capture_requests SET state = 'complete'")
    await plan.run("2_days")
    assert await plan.states() == {"2_days": "cancelled", "7_days": "cancelled"}
    assert await plan.letters() == 0


async def test_an_organization_has_a_plan_of_its_own(db: PinnedDatabase, cast: Cast) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        assert await rules.find(scope) == Rules()
        await rules.change(scope, rules=Rules(remind_days=(5, 1, 10), from_hour=9, until_hour=18))
        assert await rules.find(scope) == Rules(remind_days=(1, 5, 10), from_hour=9, until_hour=18)
        for bad in (
            Rules(remind_days=(1, 2, 3, 4)),
            Rules(remind_days=(0,)),
            Rules(remind_days=(14,)),
            Rules(remind_days=(2, 2)),
            Rules(from_hour=7),
            Rules(until_hour=22),
            Rules(from_hour=12, until_hour=12),
        ):
            with pytest.raises(Invalid):
                await rules.change(scope, rules=bad)
    member = Actor(kind="user", id="1", rights=frozenset())
    async with open_scope(db, org_id=cast.alice.org_id, actor=member) as scope:
        with pytest.raises(Forbidden):
            await rules.change(scope, rules=Rules())
    await ask(db, cast.alice)
    await ask(db, cast.charlie)
    assert [row["kind"] for row in await rows(db, cast.alice, REMINDERS)] == [
        "10_days", "1_days", "5_days",
    ]  # fmt: skip
    assert [row["kind"] for row in await rows(db, cast.charlie, REMINDERS)] == ["2_days", "7_days"]
    assert [task.delay.days for task in await take(db, reminding.REMIND)] == [1, 5, 10, 2, 7]


@pytest.mark.parametrize(
    ("region", "postal_code", "zones"),
    [
        ("AZ", "85001", ("America/Phoenix",)),
        (None, "86503", ("America/Phoenix", "America/Denver")),
        ("GU", "96910", ("Pacific/Guam",)),
        ("AS", "96799", ("Pacific/Pago_Pago",)),
        ("FL", "32501-1234", ("America/Chicago",)),
        ("FL", None, ("America/New_York", "America/Chicago")),
        ("tn", "", ("America/New_York", "America/Chicago")),
        ("TX", "79901", ("America/Denver",)),
        ("NE", "68022", ("America/Chicago",)),
        ("ID", "83814", ("America/Los_Angeles",)),
        ("ON", "M5V 3L9", ("America/New_York",)),
        ("NL", None, ("America/St_Johns",)),
        (None, "PR9 0AA", ()),
        ("Bavaria", "80331-1", ("America/Denver",)),
        (None, None, ()),
        ("", "34000", ()),
    ],
)
def test_the_zones_of_an_address(
    region: str | None, postal_code: str | None, zones: tuple[str, ...]
) -> None:
    assert zones_of(region=region, postal_code=postal_code) == zones


@pytest.mark.parametrize(
    ("at", "zones", "opens"),
    [
        # The night in which the clocks of Chicago go forward, and that in which they go back.
        ("2026-03-08T05:00", ("America/Chicago",), "2026-03-08T13:00"),
        ("2026-11-01T05:00", ("America/Chicago",), "2026-11-01T14:00"),
        # Phoenix does not move.
        ("2026-03-08T05:00", ("America/Phoenix",), "2026-03-08T15:00"),
        ("2026-06-01T10:59", ("Pacific/Guam",), "2026-06-01T10:59"),
        ("2026-06-01T11:00", ("Pacific/Guam",), "2026-06-01T22:00"),
        # Both zones of Florida: not before eight in Pensacola, not after nine in Miami.
        ("2026-06-01T12:30", ("America/New_York", "America/Chicago"), "2026-06-01T13:00"),
        ("2026-06-02T01:30", ("America/New_York", "America/Chicago"), "2026-06-02T13:00"),
        ("2026-06-01T20:00", ("America/New_York", "America/Chicago"), "2026-06-01T20:00"),
    ],
)
def test_the_hours_of_the_property(at: str, zones: tuple[str, ...], opens: str) -> None:
    found = opening(datetime.fromisoformat(f"{at}Z"), zones=zones, from_hour=8, until_hour=21)
    assert found == datetime.fromisoformat(f"{opens}Z")
