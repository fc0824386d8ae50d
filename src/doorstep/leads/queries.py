"""All SQL of leads, but for the hot write, which is in `batches.py`."""

import uuid
from datetime import datetime
from typing import Any

import asyncpg

from doorstep.kit.db import Tx
from doorstep.leads.model import Lead, Origin, Rules
from doorstep.orgs.model import OrgScope

VIEW = """
    SELECT l.id, l.source_id, s.name AS source, t.name AS case_type, l.vendor_lead_id, l.first_name,
        l.last_name, l.primary_phone, l.secondary_phone, l.email, l.address, l.city, l.region,
        l.postal_code, l.county, l.best_time, l.details, l.keyword, l.extra, l.warnings, l.tags,
        l.post_id, l.received_at, NULL::bigint AS capture_request_id
    FROM leads l
    JOIN sources s ON s.org_id = l.org_id AND s.id = l.source_id
    LEFT JOIN case_types t ON t.org_id = l.org_id AND t.id = l.case_type_id
"""

# Nobody and nothing are looked for where an id is unknown: with a null in its place no index
# would be asked, and the time would tell that there is no such organization or source.
ORIGIN = """
    SELECT coalesce(o.id, 0) AS org_id, s.id AS source_id, t.id AS case_type_id,
        s.disabled_at IS NULL AND s.id IS NOT NULL
            AND (f.ends_at IS NULL OR f.ends_at > now()) AS in_use,
        $3::uuid IS NULL OR (t.id IS NOT NULL AND t.disabled_at IS NULL) AS kind_in_use,
        f.referrer IS NOT NULL AS former,
        s.success_key, s.statuses, s.repeat_window, s.testing, s.strict, s.networks,
        s.signature_salt, s.posts_per_second_max
    FROM (SELECT) nothing
    LEFT JOIN orgs o ON o.captorra_id = $1
    LEFT JOIN former_referrers f ON f.org_id = coalesce(o.id, 0) AND f.referrer = $2
    LEFT JOIN sources u ON u.org_id = coalesce(o.id, 0) AND u.referrer = $2
    LEFT JOIN sources s ON s.org_id = coalesce(o.id, 0)
        AND s.id = coalesce(u.id, f.source_id, '00000000-0000-0000-0000-000000000000')
    LEFT JOIN case_types t ON t.org_id = coalesce(o.id, 0) AND t.guid = $3
"""


async def find_origin(  # allow: org_scope ingest
    tx: Tx, *, captorra_id: str, referrer: uuid.UUID | None, case_type: uuid.UUID | None
) -> Origin:
    """Where a post with these ids belongs, in the ingest role.

    One statement whatever is unknown, foreign or disabled, so that the time tells nothing.
    """
    row = await tx.fetchrow(ORIGIN, captorra_id, referrer, case_type)
    assert row is not None
    facts = dict(row)
    own = ("org_id", "source_id", "case_type_id", "in_use", "former")
    found = {name: facts.pop(name) for name in own}
    kind_in_use = facts.pop("kind_in_use")
    # What is switched off is answered as if it were not there, so by nobody's rules.
    rules = _rules(facts) if found["in_use"] else Rules()
    return Origin(**found, known=found["in_use"] and kind_in_use, rules=rules)


def _rules(facts: dict[str, Any]) -> Rules:
    return Rules(**facts | {"networks": tuple(facts["networks"])})


async def find(scope: OrgScope, *, lead_id: uuid.UUID) -> Lead | None:
    """One lead."""
    row = await scope.tx.fetchrow(
        f"{VIEW} WHERE l.org_id = $1 AND l.id = $2", scope.org_id, lead_id
    )
    return Lead(**row) if row else None


async def page(
    scope: OrgScope, *, before: tuple[datetime, uuid.UUID] | None, rows_max: int
) -> list[Lead]:
    """Leads newest first, those received before the anchor."""
    received_at, lead_id = before or (None, None)
    rows = await scope.tx.fetch(
        f"""
        {VIEW} WHERE l.org_id = $1
            AND ($2::timestamptz IS NULL OR (l.received_at, l.id) < ($2, $3::uuid))
        ORDER BY l.received_at DESC, l.id DESC LIMIT $4
        """,
        scope.org_id,
        received_at,
        lead_id,
        rows_max,
    )
    return [Lead(**row) for row in rows]


async def find_post(scope: OrgScope, *, post_id: uuid.UUID) -> asyncpg.Record | None:
    """(received_at, peer, headers, body, outcome, error) of a post in the journal."""
    return await scope.tx.fetchrow(
        "SELECT received_at, peer, headers, body, outcome, error FROM lead_posts "
        "WHERE org_id = $1 AND id = $2",
        scope.org_id,
        post_id,
    )


async def insert_source(scope: OrgScope, *, source_id: uuid.UUID, name: str) -> uuid.UUID:
    """A new source; the secret GUID that its vendor will post with."""
    referrer = uuid.uuid4()
    await scope.tx.execute(
        "INSERT INTO sources (org_id, id, name, referrer) VALUES ($1, $2, $3, $4)",
        scope.org_id,
        source_id,
        name,
        referrer,
    )
    return referrer


async def insert_case_type(scope: OrgScope, *, case_type_id: uuid.UUID, name: str) -> uuid.UUID:
    """A new case type; its GUID."""
    guid = uuid.uuid4()
    await scope.tx.execute(
        "INSERT INTO case_types (org_id, id, guid, name) VALUES ($1, $2, $3, $4)",
        scope.org_id,
        case_type_id,
        guid,
        name,
    )
    return guid


async def list_sources(scope: OrgScope) -> list[asyncpg.Record]:
    """(id, name, referrer, success_key, disabled_at) of every source; at most 500."""
    return await scope.tx.fetch(
        "SELECT id, name, referrer, success_key, disabled_at FROM sources "
        "WHERE org_id = $1 ORDER BY name LIMIT 500",
        scope.org_id,
    )


async def list_case_types(scope: OrgScope) -> list[asyncpg.Record]:
    """(id, guid, name, disabled_at) of every case type; at most 500."""
    return await scope.tx.fetch(
        "SELECT id, guid, name, disabled_at FROM case_types "
        "WHERE org_id = $1 ORDER BY name LIMIT 500",
        scope.org_id,
    )


async def find_source(scope: OrgScope, *, source_id: uuid.UUID) -> asyncpg.Record | None:
    """One source with its rules."""
    return await scope.tx.fetchrow(
        """
        SELECT id, name, referrer, disabled_at IS NOT NULL AS disabled, success_key, statuses,
            repeat_window, testing, strict, networks, signature_salt, posts_per_second_max
        FROM sources WHERE org_id = $1 AND id = $2
        """,
        scope.org_id,
        source_id,
    )


async def update_rules(scope: OrgScope, *, source_id: uuid.UUID, rules: Rules) -> bool:
    """Whether there is such a source, which now has these rules."""
    changed = await scope.tx.fetchval(
        """
        UPDATE sources SET success_key = $3, statuses = $4, repeat_window = $5, testing = $6,
            strict = $7, networks = $8, signature_salt = $9, posts_per_second_max = $10
        WHERE org_id = $1 AND id = $2 RETURNING true
        """,
        scope.org_id,
        source_id,
        rules.success_key,
        rules.statuses,
        rules.repeat_window,
        rules.testing,
        rules.strict,
        rules.networks,
        rules.signature_salt,
        rules.posts_per_second_max,
    )
    return changed is not None
