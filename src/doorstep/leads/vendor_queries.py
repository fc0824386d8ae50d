"""SQL of opening and closing sources and case types."""

import uuid
from collections.abc import Sequence

from doorstep.orgs.model import OrgScope


async def insert_source(
    scope: OrgScope, *, source_id: uuid.UUID, name: str, referrer: uuid.UUID
) -> None:
    """A new source with a Referrer that is known to be free."""
    await scope.tx.execute(
        "INSERT INTO sources (org_id, id, name, referrer) VALUES ($1, $2, $3, $4)",
        scope.org_id,
        source_id,
        name,
        referrer,
    )


async def insert_case_type(
    scope: OrgScope, *, case_type_id: uuid.UUID, name: str, guid: uuid.UUID
) -> bool:
    """Whether the GUID was free in this organization, and the case type is there now."""
    made = await scope.tx.fetchval(
        "INSERT INTO case_types (org_id, id, name, guid) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (org_id, guid) DO NOTHING RETURNING true",
        scope.org_id,
        case_type_id,
        name,
        guid,
    )
    return made is not None


async def switch_source(scope: OrgScope, *, source_id: uuid.UUID, on: bool) -> bool:
    """Whether there is such a source that was in the other state, and is in this one now."""
    changed = await scope.tx.fetchval(
        """
        UPDATE sources SET disabled_at = CASE WHEN $3 THEN NULL ELSE now() END
        WHERE org_id = $1 AND id = $2 AND (disabled_at IS NOT NULL) = $3 RETURNING true
        """,
        scope.org_id,
        source_id,
        on,
    )
    return changed is not None


async def rename_source(scope: OrgScope, *, source_id: uuid.UUID, name: str) -> bool:
    """Whether there is such a source, which now has this name."""
    changed = await scope.tx.fetchval(
        "UPDATE sources SET name = $3 WHERE org_id = $1 AND id = $2 RETURNING true",
        scope.org_id,
        source_id,
        name,
    )
    return changed is not None


async def rename_case_type(scope: OrgScope, *, case_type_id: uuid.UUID, name: str) -> bool:
    """Whether there is such a case type, which now has this name."""
    changed = await scope.tx.fetchval(
        "UPDATE case_types SET name = $3 WHERE org_id = $1 AND id = $2 RETURNING true",
        scope.org_id,
        case_type_id,
        name,
    )
    return changed is not None


async def switch_case_type(scope: OrgScope, *, case_type_id: uuid.UUID, on: bool) -> bool:
    """Whether there is such a case type that was in the other state, and is in this one now."""
    changed = await scope.tx.fetchval(
        """
        UPDATE case_types SET disabled_at = CASE WHEN $3 THEN NULL ELSE now() END
        WHERE org_id = $1 AND id = $2 AND (disabled_at IS NOT NULL) = $3 RETURNING true
        """,
        scope.org_id,
        case_type_id,
        on,
    )
    return changed is not None


async def has_case_type(scope: OrgScope, *, case_type_id: uuid.UUID) -> bool:
    """Whether this organization has it."""
    found: bool = await scope.tx.fetchval(
        "SELECT EXISTS (SELECT FROM case_types WHERE org_id = $1 AND id = $2)",
        scope.org_id,
        case_type_id,
    )
    return found


async def taken_referrers(scope: OrgScope, *, among: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these a source of this organization has or had."""
    rows = await scope.tx.fetch(
        """
        SELECT referrer FROM sources WHERE org_id = $1 AND referrer = ANY ($2)
        UNION ALL
        SELECT referrer FROM former_referrers WHERE org_id = $1 AND referrer = ANY ($2)
        """,
        scope.org_id,
        among,
    )
    return {row["referrer"] for row in rows}


async def taken_guids(scope: OrgScope, *, among: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these a case type of this organization has."""
    rows = await scope.tx.fetch(
        "SELECT guid FROM case_types WHERE org_id = $1 AND guid = ANY ($2)", scope.org_id, among
    )
    return {row["guid"] for row in rows}


async def has_source(scope: OrgScope, *, source_id: uuid.UUID) -> bool:
    """Whether this organization has it."""
    found: bool = await scope.tx.fetchval(
        "SELECT EXISTS (SELECT FROM sources WHERE org_id = $1 AND id = $2)",
        scope.org_id,
        source_id,
    )
    return found
