"""All SQL of rules and of what they made of leads."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from doorstep.leads.consent_queries import CUT
from doorstep.orgs.model import OrgScope
from doorstep.rules.model import Act, Rule

RULE = """
    SELECT r.id, r.source_id, s.name AS source, r.case_type_id, t.name AS case_type,
        r.delay_minutes, r.requesting_user_id, u.name AS requester, r.tried_at, r.enabled_at
    FROM rules r
    JOIN users u ON u.org_id = r.org_id AND u.id = r.requesting_user_id
    LEFT JOIN sources s ON s.org_id = r.org_id AND s.id = r.source_id
    LEFT JOIN case_types t ON t.org_id = r.org_id AND t.id = r.case_type_id
"""

# A lead is the duplicate of those that came before it; the first of them is not held back by
# those that come after.
FACTS = f"""
    SELECT l.id, l.first_name || ' ' || l.last_name AS name, l.source_id, l.case_type_id, l.email,
        l.primary_phone, l.secondary_phone, l.address, l.region, l.postal_code, l.extra, l.details,
        l.tracking, l.tags, l.received_at, p.headers, p.body,
        (SELECT c.given FROM consents c WHERE c.org_id = l.org_id AND c.lead_id = l.id
         ORDER BY c.id DESC LIMIT 1) AS noted,
        EXISTS (SELECT FROM lead_pairs d WHERE d.org_id = l.org_id AND d.lead_id = l.id
            AND d.parted_at IS NULL AND d.other_id < l.id) AS duplicate,
        EXISTS (SELECT FROM lead_merges m WHERE m.org_id = l.org_id AND m.lead_id = l.id)
            AS merged,
        EXISTS (SELECT FROM capture_requests q WHERE q.org_id = l.org_id AND q.lead_id = l.id)
            AS asked,
        EXISTS (SELECT FROM lead_dispositions d WHERE d.org_id = l.org_id AND d.lead_id = l.id
            AND d.withdraws IS NULL AND NOT EXISTS (
                SELECT FROM lead_dispositions w WHERE w.org_id = d.org_id
                AND w.lead_id = d.lead_id AND w.withdraws = d.number)) AS disposed
    FROM leads l
    LEFT JOIN lead_posts p ON p.org_id = l.org_id AND p.id = l.post_id AND ({CUT})
"""


async def list_rules(scope: OrgScope) -> list[Rule]:
    """Every rule that was not removed, oldest first; at most 50."""
    rows = await scope.tx.fetch(
        f"{RULE} WHERE r.org_id = $1 AND r.removed_at IS NULL ORDER BY r.id LIMIT 50", scope.org_id
    )
    return [Rule(**row) for row in rows]


async def find(scope: OrgScope, *, rule_id: uuid.UUID) -> Rule | None:
    """One rule that was not removed."""
    row = await scope.tx.fetchrow(
        f"{RULE} WHERE r.org_id = $1 AND r.id = $2 AND r.removed_at IS NULL",
        scope.org_id,
        rule_id,
    )
    return Rule(**row) if row else None


async def find_for_lead(scope: OrgScope, *, lead_id: uuid.UUID) -> Rule | None:
    """The rule in force that fits a lead best: its vendor counts more than its case type."""
    row = await scope.tx.fetchrow(
        f"""
        {RULE} JOIN leads l ON l.org_id = r.org_id AND l.id = $2
        WHERE r.org_id = $1 AND r.enabled_at IS NOT NULL AND r.removed_at IS NULL
          AND u.disabled_at IS NULL
          AND (r.source_id IS NULL OR r.source_id = l.source_id)
          AND (r.case_type_id IS NULL OR r.case_type_id = l.case_type_id)
        ORDER BY r.source_id IS NULL, r.case_type_id IS NULL, r.id LIMIT 1
        """,
        scope.org_id,
        lead_id,
    )
    return Rule(**row) if row else None


async def insert(scope: OrgScope, *, rule_id: uuid.UUID, values: Mapping[str, Any]) -> None:
    """A new rule, switched off."""
    await scope.tx.execute(
        """
        INSERT INTO rules (org_id, id, source_id, case_type_id, delay_minutes,
            requesting_user_id, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        scope.org_id,
        rule_id,
        values["source_id"],
        values["case_type_id"],
        values["delay_minutes"],
        values["requesting_user_id"],
        str(scope.actor),
    )


async def note_trial(scope: OrgScope, *, rule_id: uuid.UUID) -> None:
    """Somebody saw what the rule would have done."""
    await scope.tx.execute(
        "UPDATE rules SET tried_at = now() WHERE org_id = $1 AND id = $2", scope.org_id, rule_id
    )


async def switch(scope: OrgScope, *, rule_id: uuid.UUID, on: bool) -> bool:
    """Whether the rule was the other way, and may be this one: on only after a trial."""
    changed = await scope.tx.fetchval(
        """
        UPDATE rules SET enabled_at = CASE WHEN $3 THEN now() END
        WHERE org_id = $1 AND id = $2 AND removed_at IS NULL
          AND (enabled_at IS NULL) = $3 AND (NOT $3 OR tried_at IS NOT NULL)
        RETURNING 1
        """,
        scope.org_id,
        rule_id,
        on,
    )
    return changed is not None


async def remove(scope: OrgScope, *, rule_id: uuid.UUID) -> bool:
    """Whether there was such a rule, which is none any more."""
    changed = await scope.tx.fetchval(
        "UPDATE rules SET removed_at = now(), enabled_at = NULL "
        "WHERE org_id = $1 AND id = $2 AND removed_at IS NULL RETURNING 1",
        scope.org_id,
        rule_id,
    )
    return changed is not None


async def facts_of(scope: OrgScope, *, lead_id: uuid.UUID) -> dict[str, Any] | None:
    """What decides whether a lead is asked, as it is now."""
    row = await scope.tx.fetchrow(
        f"{FACTS} WHERE l.org_id = $1 AND l.id = $2", scope.org_id, lead_id
    )
    return dict(row) if row else None


async def facts_lately(
    scope: OrgScope, *, rule: Rule, since: timedelta, rows_max: int
) -> list[dict[str, Any]]:
    """The same of the leads that the rule would have been for, newest first."""
    rows = await scope.tx.fetch(
        f"""
        {FACTS} WHERE l.org_id = $1 AND l.received_at > now() - $4::interval
          AND ($2::uuid IS NULL OR l.source_id = $2)
          AND ($3::uuid IS NULL OR l.case_type_id = $3)
        ORDER BY l.received_at DESC, l.id DESC LIMIT $5
        """,
        scope.org_id,
        rule.source_id,
        rule.case_type_id,
        since,
        rows_max,
    )
    return [dict(row) for row in rows]


async def now(scope: OrgScope) -> datetime:
    """The database's time."""
    found: datetime = await scope.tx.fetchval("SELECT now()")
    return found


async def plan(
    scope: OrgScope,
    *,
    lead_id: uuid.UUID,
    rule_id: uuid.UUID,
    due_at: datetime,
    reason: str | None,
) -> bool:
    """Whether this is the first that a rule makes of the lead."""
    made = await scope.tx.fetchval(
        """
        INSERT INTO rule_acts (org_id, lead_id, rule_id, state, reason, due_at, settled_at)
        VALUES ($1, $2, $3, CASE WHEN $5::text IS NULL THEN 'waiting' ELSE 'skipped' END, $5, $4,
            CASE WHEN $5::text IS NOT NULL THEN now() END)
        ON CONFLICT DO NOTHING RETURNING true
        """,
        scope.org_id,
        lead_id,
        rule_id,
        due_at,
        reason,
    )
    return made is not None


async def settle(
    scope: OrgScope, *, lead_id: uuid.UUID, state: str, reason: str | None = None
) -> uuid.UUID | None:
    """The rule whose waiting act this ended, held until this commits; None if none waits."""
    found: uuid.UUID | None = await scope.tx.fetchval(
        """
        UPDATE rule_acts SET state = $3, reason = $4, actor = $5, settled_at = now()
        WHERE org_id = $1 AND lead_id = $2 AND state = 'waiting' RETURNING rule_id
        """,
        scope.org_id,
        lead_id,
        state,
        reason,
        str(scope.actor),
    )
    return found


async def note_request(scope: OrgScope, *, lead_id: uuid.UUID, request_id: int) -> None:
    """The request that came of it."""
    await scope.tx.execute(
        "UPDATE rule_acts SET capture_request_id = $3 WHERE org_id = $1 AND lead_id = $2",
        scope.org_id,
        lead_id,
        request_id,
    )


async def list_acts(
    scope: OrgScope, *, lead_id: uuid.UUID | None = None, rows_max: int = 50
) -> list[Act]:
    """What rules made of leads, or of this one, newest first."""
    rows = await scope.tx.fetch(
        """
        SELECT a.lead_id, l.first_name || ' ' || l.last_name AS lead, a.rule_id, a.state, a.reason,
            a.due_at, a.settled_at, a.capture_request_id, q.job_id, a.created_at
        FROM rule_acts a
        JOIN leads l ON l.org_id = a.org_id AND l.id = a.lead_id
        LEFT JOIN capture_requests q ON q.org_id = a.org_id AND q.id = a.capture_request_id
        WHERE a.org_id = $1 AND ($2::uuid IS NULL OR a.lead_id = $2)
        ORDER BY a.created_at DESC, a.lead_id DESC LIMIT $3
        """,
        scope.org_id,
        lead_id,
        rows_max,
    )
    return [Act(**row) for row in rows]


async def leave(scope: OrgScope, *, lead_id: uuid.UUID, reason: str) -> None:
    """What was taken up a moment ago is left alone after all."""
    await scope.tx.execute(
        "UPDATE rule_acts SET state = 'skipped', reason = $3 "
        "WHERE org_id = $1 AND lead_id = $2 AND state = 'asked'",
        scope.org_id,
        lead_id,
        reason,
    )
