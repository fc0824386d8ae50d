"""One try of a delivery: claim it, POST it, write down how it ended.

No transaction is open while the receiver takes its time. A process that dies between
the POST and the outcome posts once more, under the same `webhook-id`: receivers drop
what they know. Try numbers are the fence: a task whose number is not the next one
changes nothing.

A slow endpoint must not delay others. So a process has at most LANE_MAX tries of one
endpoint in hand, and an endpoint that failed three times in a row is left alone for
seconds, later minutes, whatever waits for it.
"""

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from doorstep.events.actions import record
from doorstep.kit.errors import TransportError
from doorstep.kit.outbound import Answer, Egress
from doorstep.kit.signing import Signer
from doorstep.kit.tasks import enqueue_many
from doorstep.orgs.model import OrgScope
from doorstep.webhooks import actions, delivery_queries, notices, queries, turns
from doorstep.webhooks.model import (
    ANSWER_BYTES_KEPT,
    DISABLE_AFTER,
    GONE,
    UNDECIDED,
    WARN_AFTER,
    WIRE,
    Delivery,
    Endpoint,
    Outcome,
    asked_delay,
    pause_after,
    retry_delay,
    secret_of,
    signed_headers,
)
from doorstep.webhooks.wire_dialect import signed_headers as wire_headers

LANE_MAX = 8
BUSY_SECONDS = (2.0, 10.0)
SPREAD_SECONDS_MAX = 15.0
TURN_SECONDS = (0.2, 0.6)


@dataclass(frozen=True, kw_only=True)
class Try:
    """A claimed delivery, ready to leave."""

    delivery: Delivery
    number: int
    url: str
    salts: list[bytes]
    dialect: str


class Lanes:
    """How many tries of each endpoint this process has in hand."""

    def __init__(self) -> None:
        """All lanes are empty."""
        self._in_hand: Counter[int] = Counter()

    @contextmanager
    def hold(self, endpoint_id: int) -> Iterator[bool]:
        """One more try is in hand until the end of the block; whether the lane had room."""
        self._in_hand[endpoint_id] += 1
        try:
            yield self._in_hand[endpoint_id] <= LANE_MAX
        finally:
            self._in_hand[endpoint_id] -= 1
            if not self._in_hand[endpoint_id]:
                del self._in_hand[endpoint_id]


async def claim(
    scope: OrgScope, *, delivery_id: uuid.UUID, number: int, insist: bool, room: bool
) -> Try | None:
    """The delivery if it may leave now; None when it is done, dropped or put off."""
    delivery = await delivery_queries.lock_for_try(scope, delivery_id=delivery_id, number=number)
    if delivery is None:
        return None
    endpoint = await actions.find(scope, endpoint_id=delivery.endpoint_id)
    if endpoint.disabled_at is not None:
        await delivery_queries.drop(scope, delivery_id=delivery_id, problem="endpoint_disabled")
        return None
    put_off = None if insist else await _put_off(scope, endpoint, delivery=delivery, room=room)
    if put_off is not None:
        delay, problem = put_off
        await delivery_queries.wait(scope, delivery_id=delivery_id, delay=delay, problem=problem)
        task = actions.deliver_task(
            scope.org_id, delivery_id, endpoint_id=endpoint.id, number=number, delay=delay
        )
        await enqueue_many(scope.tx, [task])
        return None
    salts = [endpoint.secret_sealed]
    if endpoint.previous_sealed is not None:
        salts.append(endpoint.previous_sealed)
    return Try(
        delivery=delivery, number=number, url=endpoint.url, salts=salts, dialect=endpoint.dialect
    )


async def send(one: Try, *, egress: Egress, signer: Signer) -> tuple[dict[str, str], Outcome]:
    """POST the delivery; (the headers that were sent, how it ended)."""
    now = datetime.now(UTC)
    headers = signed_headers(one.delivery, signer=signer, salts=one.salts, now=now)
    if one.dialect in (WIRE, UNDECIDED):
        # Both: whoever verifies one of them need not know of the other.
        headers |= wire_headers(
            one.delivery.body,
            url=one.url,
            endpoint_id=one.delivery.endpoint_id,
            secret=secret_of(signer, one.salts[0]),
            now=now,
        )
    started = time.monotonic()
    try:
        answer = await egress.post(one.url, headers=headers, body=one.delivery.body)
    except TransportError as error:
        return headers, Outcome(
            status=None,
            answer=error.answer,
            problem=error.code,
            permanent=error.permanent,
            retry_after=None,
            milliseconds=_since(started),
        )
    return headers, Outcome(
        status=answer.status,
        answer=answer.body[:ANSWER_BYTES_KEPT].decode("utf-8", "replace"),
        problem=_problem(answer),
        permanent=answer.status == GONE,
        retry_after=asked_delay(answer.headers, now=now),
        milliseconds=_since(started),
    )


async def settle(scope: OrgScope, one: Try, *, headers: dict[str, str], outcome: Outcome) -> None:
    """Write down how the try ended, and see to the next one if there is to be one."""
    tries = one.delivery.tries_in_round + 1
    delay = None
    if not outcome.delivered and not outcome.permanent:
        delay = retry_delay(tries, asked=outcome.retry_after)
    state = "delivered" if outcome.delivered else "failed" if delay is None else "queued"
    ours = await delivery_queries.settle(
        scope,
        delivery_id=one.delivery.id,
        number=one.number,
        state=state,
        problem=outcome.problem,
        delay=delay,
    )
    if not ours:
        return
    await delivery_queries.note_attempt(
        scope, delivery_id=one.delivery.id, number=one.number, headers=headers, outcome=outcome
    )
    if delay is not None:
        task = actions.deliver_task(
            scope.org_id,
            one.delivery.id,
            endpoint_id=one.delivery.endpoint_id,
            number=one.number + 1,
            delay=delay,
        )
        await enqueue_many(scope.tx, [task])
    await _judge(scope, endpoint_id=one.delivery.endpoint_id, outcome=outcome)


async def _put_off(
    scope: OrgScope, endpoint: Endpoint, *, delivery: Delivery, room: bool
) -> tuple[timedelta, str] | None:
    paused = await queries.paused_for(scope, endpoint_id=endpoint.id)
    if paused is not None:
        # Spread out, or all that waited would fall on an endpoint that has just come back.
        return paused + timedelta(seconds=_random(0, SPREAD_SECONDS_MAX)), "endpoint_failing"
    if not room:
        return timedelta(seconds=_random(*BUSY_SECONDS)), "endpoint_busy"
    if endpoint.dialect == WIRE and await turns.is_early(scope, delivery=delivery):
        return timedelta(seconds=_random(*TURN_SECONDS)), "not_its_turn"
    return None


async def _judge(scope: OrgScope, *, endpoint_id: int, outcome: Outcome) -> None:
    if outcome.delivered:
        await queries.note_success(scope, endpoint_id=endpoint_id)
        return
    problem = outcome.problem or "failed"
    endpoint = await queries.note_failure(scope, endpoint_id=endpoint_id, error=problem)
    if endpoint is None:
        return
    pause = pause_after(endpoint.failures)
    if pause is not None:
        await queries.pause(scope, endpoint_id=endpoint_id, delay=pause)
    if await _disable(scope, endpoint_id=endpoint_id, gone=outcome.status == GONE):
        await record(scope, "webhook_endpoint.disabled", endpoint_id=endpoint_id, reason=problem)
        await notices.disabled(scope, endpoint=endpoint)
    elif await queries.warn_once(scope, endpoint_id=endpoint_id, after=WARN_AFTER):
        await notices.failing(scope, endpoint=endpoint)


async def _disable(scope: OrgScope, *, endpoint_id: int, gone: bool) -> bool:
    if gone:
        return await queries.disable(scope, endpoint_id=endpoint_id, because="gone")
    return await queries.disable(
        scope, endpoint_id=endpoint_id, because="failing", after=DISABLE_AFTER
    )


def _problem(answer: Answer) -> str | None:
    return None if 200 <= answer.status < 300 else f"http_{answer.status}"  # noqa: PLR2004


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _random(low: float, high: float) -> float:
    return random.uniform(low, high)  # noqa: S311  it hides nothing
