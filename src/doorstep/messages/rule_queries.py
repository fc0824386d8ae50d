"""All SQL of an organization's rules about messages."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from doorstep.orgs.model import OrgScope


async def find(scope: OrgScope) -> asyncpg.Record | None:
    """The rules, where somebody has set any."""
    return await scope.tx.fetchrow(
        "SELECT remind_days, from_hour, until_hour FROM message_rules WHERE org_id = $1",
        scope.org_id,
    )


async def save(scope: OrgScope, *, values: Mapping[str, Any]) -> None:
    """Write the rules."""
    await scope.tx.execute(
        """
        INSERT INTO message_rules (org_id, remind_days, from_hour, until_hour)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (org_id) DO UPDATE SET remind_days = excluded.remind_days,
            from_hour = excluded.from_hour, until_hour = excluded.until_hour, changed_at = now()
        """,
        scope.org_id,
        values["remind_days"],
        values["from_hour"],
        values["until_hour"],
    )
