"""All SQL of what comes back about letters."""

import uuid

from doorstep.orgs.model import OrgScope


async def bounce(scope: OrgScope, *, message_id: uuid.UUID, problem: str) -> int | None:
    """A letter that was thought to be sent has failed; the number of that word, None if it had."""
    number: int | None = await scope.tx.fetchval(
        """
        UPDATE messages SET state = 'failed', problem = $3, next_at = NULL, bounced_at = now()
        WHERE org_id = $1 AND id = $2 AND channel = 'email'
          AND state IN ('sending', 'sent', 'unknown')
        RETURNING attempts + 1
        """,
        scope.org_id,
        message_id,
        problem,
    )
    return number


async def stop_reminders(scope: OrgScope, *, message_id: uuid.UUID) -> bool:
    """Send no more reminders to the address of this letter; whether there is such a letter."""
    found = await scope.tx.fetchval(
        """
        WITH letter AS (
            SELECT org_id, to_address_key, id FROM messages
            WHERE org_id = $1 AND id = $2 AND channel = 'email'
        ), stopping AS (
            INSERT INTO mail_stops (org_id, address_key, message_id)
            SELECT org_id, to_address_key, id FROM letter ON CONFLICT DO NOTHING
        )
        SELECT 1 FROM letter
        """,
        scope.org_id,
        message_id,
    )
    return found is not None


async def wants_no_reminders(scope: OrgScope, *, address: str) -> bool:
    """Whether somebody there said so to this organization."""
    found = await scope.tx.fetchval(
        "SELECT 1 FROM mail_stops WHERE org_id = $1 AND address_key = lower($2)",
        scope.org_id,
        address,
    )
    return found is not None
