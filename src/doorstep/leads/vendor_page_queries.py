"""All SQL of vendors' pages: their links, and what the firm lets them show."""

import json
import uuid
from collections.abc import Mapping, Sequence

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope

SAME_REFERRER_MAX = 5
"""Organizations that gave a vendor the same GUID, as after a move from one server."""


async def find_by_name(tx: Tx, *, name: str) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, source_id) of the page with this public name."""
    return await tx.fetchrow("SELECT org_id, source_id FROM vendor_pages WHERE name = $1", name)


async def find_by_referrer(  # allow: org_scope gate
    tx: Tx, *, referrer: uuid.UUID
) -> list[asyncpg.Record]:
    """(org_id, source_id) of the sources in use whose vendors may ask how a lead stands.

    A former Referrer asks as long as it posts.
    """
    return await tx.fetch(
        """
        SELECT s.org_id, s.id AS source_id FROM (
            SELECT org_id, id AS source_id FROM sources WHERE referrer = $1
            UNION SELECT org_id, source_id FROM former_referrers
            WHERE referrer = $1 AND ends_at > now()
        ) held
        JOIN sources s ON s.org_id = held.org_id AND s.id = held.source_id
        JOIN vendor_pages p ON p.org_id = s.org_id AND p.source_id = s.id
        WHERE s.disabled_at IS NULL AND p.shows_status
        ORDER BY s.org_id LIMIT $2
        """,
        referrer,
        SAME_REFERRER_MAX,
    )


async def find(scope: OrgScope, *, source_id: uuid.UUID) -> asyncpg.Record | None:
    """What one source's vendor is shown."""
    return await scope.tx.fetchrow(
        "SELECT name, made_at, shows_status, hidden_case_types, words FROM vendor_pages "
        "WHERE org_id = $1 AND source_id = $2",
        scope.org_id,
        source_id,
    )


async def set_name(scope: OrgScope, *, source_id: uuid.UUID, name: str) -> None:
    """Give the page this public name."""
    await scope.tx.execute(
        """
        INSERT INTO vendor_pages (org_id, source_id, name, made_at, made_by)
        VALUES ($1, $2, $3, now(), $4)
        ON CONFLICT (org_id, source_id) DO UPDATE
            SET name = excluded.name, made_at = now(), made_by = excluded.made_by
        """,
        scope.org_id,
        source_id,
        name,
        str(scope.actor),
    )


async def clear_name(scope: OrgScope, *, source_id: uuid.UUID) -> bool:
    """Whether the page had a name, which is gone now."""
    cleared = await scope.tx.fetchval(
        "UPDATE vendor_pages SET name = NULL WHERE org_id = $1 AND source_id = $2 "
        "AND name IS NOT NULL RETURNING true",
        scope.org_id,
        source_id,
    )
    return cleared is not None


async def set_shown(
    scope: OrgScope,
    *,
    source_id: uuid.UUID,
    shows_status: bool,
    hidden_case_types: Sequence[uuid.UUID],
) -> None:
    """Write down what the page shows."""
    await scope.tx.execute(
        """
        INSERT INTO vendor_pages (org_id, source_id, shows_status, hidden_case_types)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (org_id, source_id) DO UPDATE SET shows_status = excluded.shows_status,
            hidden_case_types = excluded.hidden_case_types
        """,
        scope.org_id,
        source_id,
        shows_status,
        hidden_case_types,
    )


async def set_words(scope: OrgScope, *, source_id: uuid.UUID, words: Mapping[str, str]) -> None:
    """Write down the vendor's words."""
    await scope.tx.execute(
        """
        INSERT INTO vendor_pages (org_id, source_id, words) VALUES ($1, $2, $3)
        ON CONFLICT (org_id, source_id) DO UPDATE SET words = excluded.words
        """,
        scope.org_id,
        source_id,
        json.dumps(dict(words)),
    )
