"""R06, R07: workers die while letters and texts leave. No letter is lost, no text goes twice."""

import asyncio
import os
import random
import time
from collections import Counter
from contextlib import ExitStack

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.messages import queries
from doorstep.messages.model import Message
from tests.cast import STAGE
from tests.fakes.sms import SECRET, SmsProvider
from tests.fakes.smtp import SmtpRecorder
from tests.worker.conftest import Stage, own_database_url, stage

__all__ = ["own_database_url", "stage"]

pytestmark = pytest.mark.slow

SEED = 6
EACH = int(os.environ.get("DOORSTEP_TEST_MESSAGES", "150"))
KILLS = EACH // 15
WORKERS = 2
SECONDS_MAX = 60 + EACH
ANSWER_SECONDS = 0.006


async def test_killed_workers_lose_no_letter_and_send_no_text_twice(stage: Stage) -> None:
    rng = random.Random(SEED)
    with ExitStack() as stack:
        smtp = stack.enter_context(SmtpRecorder(answer_seconds=ANSWER_SECONDS))
        phones = stack.enter_context(SmsProvider(answer_seconds=ANSWER_SECONDS))
        settings = {
            "smtp_url": smtp.url,
            "sms_url": phones.url,
            "sms_secret": SECRET,
            "sms_from": "+14025550100",
        }
        for number in range(EACH):
            await stage.queue(**_letter(number))
            await stage.queue(**_text(number))

        in_flight = Counter[str]()
        """How often the letter to an address was on its way when a worker died."""

        async def suffer(kills: int) -> None:
            for number in range(kills):
                crash = f"message.after_send:{rng.randint(1, 12)}" if number % 2 else ""
                async with stage.worker(**settings, crash=crash) as worker:
                    begun = len(smtp.letters) + len(phones.taken)
                    gone = begun + rng.randint(1, 12)
                    deadline = time.monotonic() + 20
                    while worker.returncode is None and time.monotonic() < deadline:
                        if not crash and len(smtp.letters) + len(phones.taken) >= gone:
                            worker.kill()
                        await asyncio.sleep(0.002)
                for one in await _messages(stage):
                    in_flight[one.to_address] += one.state == "sending"

        async with asyncio.timeout(SECONDS_MAX):
            await asyncio.gather(*(suffer(KILLS // WORKERS) for _ in range(WORKERS)))
            async with stage.worker(**settings), stage.worker(**settings):
                while await _left(stage):
                    await asyncio.sleep(0.2)

        messages = await _messages(stage)

    letters = [one for one in messages if one.channel == "email"]
    texts = [one for one in messages if one.channel == "sms"]
    copies = Counter(one.recipients[0] for one in smtp.letters)
    names = {one.recipients[0]: set[str]() for one in smtp.letters}
    for one in smtp.letters:
        names[one.recipients[0]].add(one.message["Message-ID"])
    assert {one.state for one in letters} == {"sent"}
    assert set(copies) == {f"person{number}@example.com" for number in range(EACH)}
    assert all(copies[address] <= 1 + in_flight[address] for address in copies)
    assert any(in_flight[address] for address in copies), "no kill hit a letter"
    assert {one.attempts for one in letters} == {1}
    assert {len(found) for found in names.values()} == {1}

    taken = Counter(one.to for one in phones.taken)
    assert set(taken.values()) == {1}
    unknown = {one.to_address for one in texts if one.state == "unknown"}
    assert {one.state for one in texts} <= {"sent", "unknown"}
    assert {one.to_address for one in texts} - set(taken) <= unknown
    assert unknown, "no kill hit a text"


def _letter(number: int) -> dict[str, str]:
    return {
        "channel": "email",
        "kind": "invitation",
        "to_name": f"Person {number}",
        "to_address": f"person{number}@example.com",
        "subject": "Photos",
        "text_body": "Hello",
    }


def _text(number: int) -> dict[str, str]:
    address = f"+1402555{number:04d}"
    return _letter(number) | {"channel": "sms", "to_address": address}


async def _left(stage: Stage) -> int:
    """How many are not settled."""
    return sum(one.state in ("queued", "sending") for one in await _messages(stage))


async def _messages(stage: Stage) -> list[Message]:
    async with open_scope(stage.db, org_id=stage.cast.alice.org_id, actor=STAGE) as scope:
        return await queries.page(scope, rows_max=3 * EACH)
