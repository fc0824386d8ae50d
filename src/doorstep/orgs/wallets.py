"""Wallets: set an amount aside when something is ordered, charge it when it is there.

Every change of a wallet is one entry of a book in which nothing is ever changed, in the
transaction of what it pays for: whoever dies in between has changed neither.
"""

from doorstep.events.actions import record
from doorstep.kit import crash
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.orgs import wallet_queries as queries
from doorstep.orgs.model import OrgScope, Right
from doorstep.orgs.money import CENTS_MAX, Kind, amount_text

NOTE_CHARACTERS_MAX = 200


async def hold(scope: OrgScope, *, wallet_id: int | None, job_id: int, deliverable_id: int) -> None:
    """Set aside what a deliverable costs beyond what the job has paid for or holds.

    Nothing when it is free, or held already. Invalid when the wallet is short.
    """
    cents = await missing(scope, job_id=job_id, deliverable_id=deliverable_id)
    if cents == 0:
        return
    if wallet_id is None:
        raise _short(f"is needed: this costs {amount_text(cents)}")
    hold_id = await queries.insert_hold(
        scope, wallet_id=wallet_id, job_id=job_id, deliverable_id=deliverable_id, cents=cents
    )
    if hold_id is None:
        return
    if not await queries.book(
        scope, wallet_id=wallet_id, kind=Kind.HELD, cents=cents, hold_id=hold_id
    ):
        raise _short(f"does not hold enough: this costs {amount_text(cents)}")
    await record(scope, "wallet.held", job_id=job_id, wallet_id=wallet_id, cents=cents)
    crash.point("wallet.after_hold")


async def can_hold(
    scope: OrgScope, *, wallet_id: int | None, job_id: int, deliverable_id: int
) -> bool:
    """Whether `hold` would find enough, which stays so until this transaction ends."""
    cents = await missing(scope, job_id=job_id, deliverable_id=deliverable_id)
    return cents == 0 or await queries.lock_available(scope, wallet_id=wallet_id) >= cents


async def missing(scope: OrgScope, *, job_id: int, deliverable_id: int) -> int:
    """The cents that a deliverable costs beyond what the job has paid for or holds."""
    price = await queries.price(scope, deliverable_id=deliverable_id)
    if price == 0:
        return 0
    return max(0, price - await queries.live_cents(scope, job_id=job_id))


async def capture(scope: OrgScope, *, job_id: int) -> None:
    """Charge what is held for a job; a second time finds nothing to charge."""
    await _settle(scope, job_id=job_id, kind=Kind.CAPTURED, event="wallet.charged")
    crash.point("wallet.after_capture")


async def release(scope: OrgScope, *, job_id: int) -> None:
    """Give back what is held for a job; what was charged stays charged."""
    await _settle(scope, job_id=job_id, kind=Kind.RELEASED, event="wallet.released")


async def adjust(scope: OrgScope, *, wallet_id: int, kind: Kind, cents: int, note: str) -> None:
    """Add funds by hand or take some out, with a note; Conflict when there are not so many."""
    scope.require(Right.ADMINISTER)
    if not 0 < cents <= CENTS_MAX:
        raise Invalid(f"Choose an amount above 0 and up to {amount_text(CENTS_MAX)}.")
    if not 0 < len(note) <= NOTE_CHARACTERS_MAX:
        raise Invalid(f"Say why, in at most {NOTE_CHARACTERS_MAX} characters.")
    if not any(one.id == wallet_id for one in await queries.list_wallets(scope)):
        raise NotFound
    if not await queries.book(scope, wallet_id=wallet_id, kind=kind, cents=cents, note=note):
        raise Conflict("The wallet does not hold so much.")
    await record(
        scope, "wallet.adjusted", wallet_id=wallet_id, kind=str(kind), cents=cents, note=note
    )


async def set_price(scope: OrgScope, *, deliverable_id: int, cents: int) -> None:
    """What a deliverable costs from now on; orders that hold their price keep it."""
    scope.require(Right.ADMINISTER)
    if not 0 <= cents <= CENTS_MAX:
        raise Invalid(f"Choose a price up to {amount_text(CENTS_MAX)}.")
    if await queries.price(scope, deliverable_id=deliverable_id) == cents:
        return
    await queries.set_price(scope, deliverable_id=deliverable_id, cents=cents)
    await record(scope, "price.changed", deliverable_id=deliverable_id, cents=cents)


async def _settle(scope: OrgScope, *, job_id: int, kind: Kind, event: str) -> None:
    for one in await queries.settle_holds(scope, job_id=job_id, state=str(kind)):
        booked = await queries.book(
            scope, wallet_id=one.wallet_id, kind=kind, cents=one.cents, hold_id=one.id
        )
        assert booked, one
        await record(scope, event, job_id=job_id, wallet_id=one.wallet_id, cents=one.cents)


def _short(text: str) -> Invalid:
    return Invalid(code="wallet_short", fields={"wallet_id": [text]})
