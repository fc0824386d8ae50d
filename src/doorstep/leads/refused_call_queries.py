"""All SQL of refused calls and of what was made of them."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope

REFUSED = """
    SELECT r.id, r.received_at, r.outcome, r.error, r.peer, m.call_id {more}
    FROM refused_calls r
    LEFT JOIN mended_calls m ON m.org_id = r.org_id AND m.refused_call_id = r.id
    WHERE r.org_id = $1
"""


@dataclass(frozen=True, kw_only=True)
class NewRefusedCall:
    """A refused call about to be written."""

    id: uuid.UUID
    captorra_id: str
    peer: str
    headers: Mapping[str, str]
    body: bytes
    outcome: str
    error: str


async def insert(tx: Tx, *, refused: NewRefusedCall) -> None:  # allow: org_scope ingest
    """Keep it for whom it names; org_id 0 when it names nobody."""
    await tx.execute(
        """
        INSERT INTO refused_calls (org_id, id, peer, headers, body, outcome, error)
        SELECT coalesce((SELECT id FROM orgs WHERE captorra_id = $1), 0), $2, $3, $4, $5, $6, $7
        """,
        refused.captorra_id,
        refused.id,
        refused.peer,
        json.dumps(dict(refused.headers)),
        refused.body,
        refused.outcome,
        refused.error,
    )


async def page(scope: OrgScope, *, before: uuid.UUID | None, rows_max: int) -> list[asyncpg.Record]:
    """Refused calls of this org_id, newest first, those before this one."""
    return await scope.tx.fetch(
        f"{REFUSED.format(more='')} AND ($2::uuid IS NULL OR r.id < $2) "
        "ORDER BY r.id DESC LIMIT $3",
        scope.org_id,
        before,
        rows_max,
    )


async def find(scope: OrgScope, *, refused_id: uuid.UUID) -> asyncpg.Record | None:
    """One refused call of this org_id with its headers and body."""
    return await scope.tx.fetchrow(
        f"{REFUSED.format(more=', r.headers, r.body')} AND r.id = $2", scope.org_id, refused_id
    )


async def insert_mended(scope: OrgScope, *, refused_id: uuid.UUID, call_id: uuid.UUID) -> bool:
    """Whether this is the first call that was made of it."""
    first = await scope.tx.fetchval(
        "INSERT INTO mended_calls (org_id, refused_call_id, call_id, actor) "
        "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true",
        scope.org_id,
        refused_id,
        call_id,
        str(scope.actor),
    )
    return first is not None
