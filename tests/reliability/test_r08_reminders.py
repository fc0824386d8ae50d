"""R08: reminders while homeowners end things at any time and the mail server comes and goes.

The clock of the house is moved by moving all rows into the past and the zone to the east.
"""

import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures import actions as captures
from doorstep.captures import reminding
from doorstep.captures.model import CaptureRequest
from doorstep.kit.mail import SmtpTransport
from doorstep.kit.settings import Settings
from doorstep.messages import actions as messages
from doorstep.messages import tasks
from doorstep.web.links import Links
from doorstep.worker import main as worker
from tests.background import Waiting, take
from tests.capturing import ask
from tests.cast import STAGE, Cast, Troupe
from tests.fakes.smtp import SmtpRecorder
from tests.pinned import PinnedDatabase

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
REQUESTS = 12
FIRST_HOUR, LAST_HOUR = 8, 21
PAST = (
    "UPDATE reminders SET due_at = due_at - $1::interval, settled_at = settled_at - $1::interval",
    "UPDATE capture_requests SET expires_at = expires_at - $1::interval",
    (
        "UPDATE messages SET created_at = created_at - $1::interval, "
        "goes_until = goes_until - $1::interval"
    ),
)


@dataclass
class World:
    """One organization, its houses in one zone, and a clock that is moved by hand."""

    db: PinnedDatabase
    troupe: Troupe
    smtp: SmtpRecorder
    links: Links
    hours: int = 0
    """Since the beginning, which was midnight."""
    waiting: list[tuple[int, str, Waiting]] = field(default_factory=list)
    letters: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    seen: int = 0

    async def write(self, sql: str, *values: object) -> None:
        async with open_scope(self.db, org_id=self.troupe.org_id, actor=STAGE) as scope:
            await scope.tx.execute(sql, *values)

    async def pass_by(self, hours: int) -> None:
        """Let so many hours pass, in which nothing of ours runs."""
        self.hours += hours
        for sql in PAST:
            await self.write(sql, hours * HOUR)
        await self.set_zone()

    async def set_zone(self) -> None:
        """Let it be the hour of the world where the houses stand."""
        east = (self.hours % 24 - datetime.now(UTC).hour + 12) % 24 - 12
        # The signs of these zones are the other way round.
        zone = f"Etc/GMT{-east:+d}"
        await self.write("UPDATE orgs SET time_zone = $1", zone)
        await self.write(
            "UPDATE messages SET zones = ARRAY[$1::text] WHERE zones IS NOT NULL", zone
        )

    async def work(self) -> None:
        """Run all tasks whose time has come, and what they put into the queue."""
        transport = SmtpTransport(self.smtp.url, sender="Doorstep <post@doorstep.example>")
        while True:
            for name in (reminding.REMIND, messages.DELIVER):
                for task in await take(self.db, name):
                    # The tasks' delays are a moment short of whole hours.
                    hours = int((task.delay + HOUR - timedelta(seconds=1)) / HOUR)
                    self.waiting.append((self.hours + hours, name, task))
            ready = [one for one in self.waiting if one[0] <= self.hours]
            if not ready:
                return
            self.waiting = [one for one in self.waiting if one[0] > self.hours]
            for _, name, task in ready:
                if name == reminding.REMIND:
                    await worker.remind(self.db, task.payload)
                else:
                    await tasks.deliver(
                        self.db,
                        payload=task.payload,
                        mail=transport,
                        sms=None,
                        resolve_link=self.links.resolve,
                    )
            for letter in self.smtp.letters[self.seen :]:
                if letter.message["Subject"].startswith("A reminder"):
                    self.letters[letter.recipients[0]].append(self.hours)
            self.seen = len(self.smtp.letters)

    async def states(self, request: CaptureRequest) -> dict[str, str]:
        async with open_scope(self.db, org_id=self.troupe.org_id, actor=STAGE) as scope:
            rows = await scope.tx.fetch(
                "SELECT kind, state FROM reminders WHERE capture_request_id = $1", request.id
            )
        return {row["kind"]: row["state"] for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "days"), [(0, (2, 7)), (1, (2, 3))])
async def test_reminders_go_once_in_time_and_by_day(
    db: PinnedDatabase, cast: Cast, settings: Settings, *, seed: int, days: tuple[int, int]
) -> None:
    rng = random.Random(seed)
    with SmtpRecorder() as smtp:
        world = World(db, cast.alice, smtp, Links(settings))
        await world.write(
            "INSERT INTO message_rules (org_id, remind_days) VALUES ($1, $2)",
            cast.alice.org_id,
            days,
        )
        await world.set_zone()
        requests: dict[str, CaptureRequest] = {}
        begun: dict[str, int] = {}
        ended: dict[str, int] = {}
        asleep: list[tuple[int, int]] = []
        while world.hours < 24 * 16:
            if len(requests) < REQUESTS:
                address = f"person{len(requests)}@example.com"
                requests[address] = await ask(db, cast.alice, email=address)
                begun[address] = world.hours
            for address, request in requests.items():
                if address not in ended and rng.random() < 0.004:
                    await end(world, request, how=rng.choice(("complete", "withdrawn")))
                    ended[address] = world.hours
            smtp.rcpt_answers.clear()
            if rng.random() < 0.2:
                smtp.rcpt_answers.extend(["450 later, please"] * 100)
            await world.work()
            step = 60 if rng.random() < 0.03 else rng.choice((1, 2, 3, 5))
            asleep.append((world.hours, world.hours + step))
            await world.pass_by(step)

        assert sum(map(len, world.letters.values())) >= REQUESTS // 2
        for address, request in requests.items():
            went = world.letters[address]
            states = await world.states(request)
            assert "scheduled" not in states.values() or world.hours < begun[address] + 24 * 14
            assert len(went) <= list(states.values()).count("sent") <= len(days)
            assert all(FIRST_HOUR <= hour % 24 < LAST_HOUR for hour in went)
            assert all(hour <= ended.get(address, hour) for hour in went)
            assert all(later - sooner >= 23 for sooner, later in itertools.pairwise(went))
            for day in days:
                # Nobody slept or ended anything then: it went.
                opening = opens(begun[address] + 24 * day)
                calm = not any(a < opening + 14 and b > opening for a, b in asleep if b - a > 8)
                if calm and address not in ended:
                    assert states[f"{day}_days"] == "sent", (address, day)
            assert all(hour >= begun[address] + 24 * days[0] for hour in went)
            # That of the second, a day after the first, in the morning, and a day late.
            assert all(hour <= begun[address] + 24 * days[1] + 24 + 11 + 24 for hour in went)


def opens(hour: int) -> int:
    """The first hour from this one on that lies in the day."""
    while not FIRST_HOUR <= hour % 24 < LAST_HOUR:
        hour += 1
    return hour


async def end(world: World, request: CaptureRequest, *, how: str) -> None:
    """The photos came, or nobody wants them any more."""
    if how == "complete":
        await world.write(
            "UPDATE capture_requests SET state = 'complete' WHERE id = $1", request.id
        )
        return
    async with open_scope(world.db, org_id=world.troupe.org_id, actor=STAGE) as scope:
        await captures.withdraw(scope, request_id=request.id)
