"""All SQL of wallets, prices, holds and the book."""

import uuid

from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope
from doorstep.orgs.money import ACCOUNTS, Account, Entry, Hold, Kind, Wallet, change_of

WALLETS_MAX = 100


async def list_wallets(scope: OrgScope) -> list[Wallet]:
    """The organization's wallets, oldest first; at most 100."""
    rows = await scope.tx.fetch(
        "SELECT id, name, available_cents, held_cents FROM wallets WHERE org_id = $1 "
        "ORDER BY id LIMIT $2",
        scope.org_id,
        WALLETS_MAX,
    )
    return [Wallet(**row) for row in rows]


async def prices(scope: OrgScope) -> dict[int, int]:
    """Cents by deliverable; what is not there is free."""
    rows = await scope.tx.fetch(
        "SELECT deliverable_id, cents FROM prices WHERE org_id = $1", scope.org_id
    )
    return {row["deliverable_id"]: row["cents"] for row in rows}


async def price(scope: OrgScope, *, deliverable_id: int) -> int:
    """Cents; 0 when it is free."""
    cents: int | None = await scope.tx.fetchval(
        "SELECT cents FROM prices WHERE org_id = $1 AND deliverable_id = $2",
        scope.org_id,
        deliverable_id,
    )
    return cents or 0


async def set_price(scope: OrgScope, *, deliverable_id: int, cents: int) -> None:
    """Write a price; 0 takes it off the list."""
    if cents == 0:
        await scope.tx.execute(
            "DELETE FROM prices WHERE org_id = $1 AND deliverable_id = $2",
            scope.org_id,
            deliverable_id,
        )
        return
    await scope.tx.execute(
        "INSERT INTO prices (org_id, deliverable_id, cents) VALUES ($1, $2, $3) "
        "ON CONFLICT (org_id, deliverable_id) DO UPDATE SET cents = $3, changed_at = now()",
        scope.org_id,
        deliverable_id,
        cents,
    )


async def live_cents(scope: OrgScope, *, job_id: int) -> int:
    """What is held or charged for a job already."""
    cents: int = await scope.tx.fetchval(
        "SELECT coalesce(sum(cents), 0)::bigint FROM holds "
        "WHERE org_id = $1 AND job_id = $2 AND state <> 'released'",
        scope.org_id,
        job_id,
    )
    return cents


async def is_held(scope: OrgScope, *, job_id: int) -> bool:
    """Whether something waits to be charged for a job."""
    found = await scope.tx.fetchval(
        "SELECT 1 FROM holds WHERE org_id = $1 AND job_id = $2 AND state = 'held' LIMIT 1",
        scope.org_id,
        job_id,
    )
    return found is not None


async def was_freed(scope: OrgScope, *, job_id: int) -> bool:
    """Whether something was set aside for a job and given back, and nothing is in its place."""
    found: bool = await scope.tx.fetchval(
        """
        SELECT EXISTS (SELECT FROM holds WHERE org_id = $1 AND job_id = $2)
            AND NOT EXISTS (SELECT FROM holds
                WHERE org_id = $1 AND job_id = $2 AND state <> 'released')
        """,
        scope.org_id,
        job_id,
    )
    return found


async def lock_available(scope: OrgScope, *, wallet_id: int | None) -> int:
    """The cents of a wallet that can be spent, which nobody else spends until this ends."""
    cents: int | None = await scope.tx.fetchval(
        "SELECT available_cents FROM wallets WHERE org_id = $1 AND id = $2 FOR UPDATE",
        scope.org_id,
        wallet_id,
    )
    return cents or 0


async def insert_hold(
    scope: OrgScope, *, wallet_id: int, job_id: int, deliverable_id: int, cents: int
) -> int | None:
    """The new hold's id; None when the job has one for this product."""
    hold_id: int | None = await scope.tx.fetchval(
        """
        INSERT INTO holds (org_id, wallet_id, job_id, deliverable_id, cents)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, job_id, deliverable_id) WHERE state <> 'released' DO NOTHING
        RETURNING id
        """,
        scope.org_id,
        wallet_id,
        job_id,
        deliverable_id,
        cents,
    )
    return hold_id


async def settle_holds(scope: OrgScope, *, job_id: int, state: str) -> list[Hold]:
    """The holds of a job that this call ended; twice finds none."""
    rows = await scope.tx.fetch(
        "UPDATE holds SET state = $3, settled_at = now() "
        "WHERE org_id = $1 AND job_id = $2 AND state = 'held' "
        "RETURNING id, wallet_id, deliverable_id, cents",
        scope.org_id,
        job_id,
        state,
    )
    return [Hold(**row) for row in rows]


async def book(
    scope: OrgScope,
    *,
    wallet_id: int,
    kind: Kind,
    cents: int,
    hold_id: int | None = None,
    note: str = "",
) -> bool:
    """Whether the wallet is there and holds enough; if so the entry is made and it is changed."""
    debit, credit = ACCOUNTS[kind]
    made = await scope.tx.fetchval(
        """
        WITH wallet AS (
            UPDATE wallets SET available_cents = available_cents + $3, held_cents = held_cents + $4
            WHERE org_id = $1 AND id = $2
                AND available_cents + $3 >= 0 AND held_cents + $4 >= 0
            RETURNING id
        )
        INSERT INTO wallet_entries (org_id, id, wallet_id, kind, debit, credit, cents, hold_id,
            note, actor)
        SELECT $1, $5, wallet.id, $6, $7, $8, $9, $10, $11, $12 FROM wallet RETURNING 1
        """,
        scope.org_id,
        wallet_id,
        change_of(kind, Account.AVAILABLE, cents=cents),
        change_of(kind, Account.HELD, cents=cents),
        uuid7(),
        str(kind),
        str(debit),
        str(credit),
        cents,
        hold_id,
        note,
        str(scope.actor),
    )
    return made is not None


async def entries(scope: OrgScope, *, before: uuid.UUID | None, rows_max: int) -> list[Entry]:
    """The book newest first, of all wallets; with `before`, what is older than that entry."""
    rows = await scope.tx.fetch(
        """
        SELECT e.id, e.wallet_id, w.name AS wallet_name, e.kind, e.cents, h.job_id,
            h.deliverable_id, e.note, e.actor, e.created_at
        FROM wallet_entries e
        JOIN wallets w ON w.org_id = e.org_id AND w.id = e.wallet_id
        LEFT JOIN holds h ON h.org_id = e.org_id AND h.id = e.hold_id
        WHERE e.org_id = $1 AND ($2::uuid IS NULL OR e.id < $2) ORDER BY e.id DESC LIMIT $3
        """,
        scope.org_id,
        before,
        rows_max,
    )
    return [Entry(**row) for row in rows]
