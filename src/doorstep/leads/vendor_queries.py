"""SQL of opening and closing sources and case types."""

import uuid

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


async def has_source(scope: OrgScope, *, source_id: uuid.UUID) -> bool:
    """Whether this organization has it."""
    found: bool = await scope.tx.fetchval(
        "SELECT EXISTS (SELECT FROM sources WHERE org_id = $1 AND id = $2)",
        scope.org_id,
        source_id,
    )
    return found
