"""All SQL of postbacks: which endpoint hears of a source's leads, of what, in which body."""

import uuid
from collections.abc import Sequence

from doorstep.orgs.model import OrgScope
from doorstep.webhooks.model import Postback

COLUMNS = "p.source_id, p.endpoint_id, p.events, p.template"


async def find(scope: OrgScope, *, source_id: uuid.UUID) -> Postback | None:
    """The postback of a source."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM postbacks p WHERE p.org_id = $1 AND p.source_id = $2",
        scope.org_id,
        source_id,
    )
    return Postback(**row) if row else None


async def find_by_endpoint(scope: OrgScope, *, endpoint_id: int) -> Postback | None:
    """The postback that an endpoint is for."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM postbacks p WHERE p.org_id = $1 AND p.endpoint_id = $2",
        scope.org_id,
        endpoint_id,
    )
    return Postback(**row) if row else None


async def find_listening(scope: OrgScope, *, source_id: uuid.UUID, event: str) -> Postback | None:
    """The source's postback if it is switched on and hears of this."""
    row = await scope.tx.fetchrow(
        f"""
        SELECT {COLUMNS} FROM postbacks p
        JOIN webhook_endpoints e ON e.org_id = p.org_id AND e.id = p.endpoint_id
        WHERE p.org_id = $1 AND p.source_id = $2 AND $3 = ANY (p.events)
            AND e.disabled_at IS NULL
        """,
        scope.org_id,
        source_id,
        event,
    )
    return Postback(**row) if row else None


async def save(
    scope: OrgScope,
    *,
    source_id: uuid.UUID,
    endpoint_id: int,
    events: Sequence[str],
    template: str,
) -> None:
    """Write the postback down."""
    await scope.tx.execute(
        """
        INSERT INTO postbacks (org_id, source_id, endpoint_id, events, template)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, source_id) DO UPDATE
            SET events = excluded.events, template = excluded.template
        """,
        scope.org_id,
        source_id,
        endpoint_id,
        events,
        template,
    )


async def move(scope: OrgScope, *, endpoint_id: int, url: str) -> None:
    """Let the endpoint be at this URL, with a clean record if it was elsewhere."""
    await scope.tx.execute(
        """
        UPDATE webhook_endpoints SET url = $3, failures = 0, failing_since = NULL,
            last_error = NULL, warned_at = NULL, paused_until = NULL, updated_at = now()
        WHERE org_id = $1 AND id = $2 AND url <> $3
        """,
        scope.org_id,
        endpoint_id,
        url,
    )
