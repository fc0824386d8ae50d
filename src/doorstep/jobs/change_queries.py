"""All SQL that changes what is said of a job, who has it, and what is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doorstep.orgs.model import OrgScope

CHANGE_COLUMNS = """id, job_id, model_id, user_id, old_deliverable_id, new_deliverable_id, state,
    changed_at, created_at, updated_at"""

CHANGEABLE = frozenset(
    {
        *("name", "external_identifier", "location_line_1", "location_line_2", "location_city"),
        *("location_region", "location_postal_code", "location_country"),
        *("customer_name", "customer_email", "customer_phone"),
    }
)
"""The columns that a client may write: metadata, never a state and never a deliverable."""


@dataclass(frozen=True, kw_only=True)
class DeliverableChange:
    """One row of `deliverable_changes`."""

    id: int
    job_id: int
    model_id: int
    user_id: int
    old_deliverable_id: int
    new_deliverable_id: int
    state: str
    changed_at: datetime
    created_at: datetime
    updated_at: datetime


async def update(scope: OrgScope, *, job_id: int, values: Mapping[str, str | None]) -> bool:
    """Whether the job is there; only the named columns are written."""
    assert CHANGEABLE.issuperset(values)
    names = list(values)
    columns = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, start=3))
    found = await scope.tx.fetchval(
        f"UPDATE jobs SET {columns or 'name = name'}, updated_at = now() "
        "WHERE org_id = $1 AND id = $2 RETURNING 1",
        scope.org_id,
        job_id,
        *(values[name] for name in names),
    )
    return found is not None


async def set_archived(scope: OrgScope, *, job_id: int, archived: bool) -> bool:
    """Whether this call is the one that took the job out of the lists, or put it back."""
    found = await scope.tx.fetchval(
        """
        UPDATE jobs SET archived_at = CASE WHEN $3 THEN now() END, updated_at = now()
        WHERE org_id = $1 AND id = $2 AND (archived_at IS NULL) = $3 RETURNING 1
        """,
        scope.org_id,
        job_id,
        archived,
    )
    return found is not None


async def set_owner(scope: OrgScope, *, job_id: int, user_id: int) -> None:
    """Give the job to a member."""
    await scope.tx.execute(
        "UPDATE jobs SET user_id = $3, updated_at = now() WHERE org_id = $1 AND id = $2",
        scope.org_id,
        job_id,
        user_id,
    )


async def set_test_state(scope: OrgScope, *, job_id: int, outcome: str) -> None:
    """Mark the job as one that ends as it is told."""
    await scope.tx.execute(
        "UPDATE jobs SET test_state = $3, updated_at = now() WHERE org_id = $1 AND id = $2",
        scope.org_id,
        job_id,
        outcome,
    )


async def test_state(scope: OrgScope, *, job_id: int) -> str | None:
    """How a test job is to end; None for a real one."""
    found: str | None = await scope.tx.fetchval(
        "SELECT test_state FROM jobs WHERE org_id = $1 AND id = $2", scope.org_id, job_id
    )
    return found


async def find_job_of_model(scope: OrgScope, *, model_id: int) -> int | None:
    """The job of a model."""
    job_id: int | None = await scope.tx.fetchval(
        "SELECT job_id FROM models WHERE org_id = $1 AND id = $2", scope.org_id, model_id
    )
    return job_id


async def set_deliverable(
    scope: OrgScope, *, job_id: int, user_id: int, old: int, new: int
) -> DeliverableChange | None:
    """The change, once; None when the job's deliverable is not `old` any more."""
    row = await scope.tx.fetchrow(
        f"""
        WITH job AS (
            UPDATE jobs SET deliverable_id = $5, updated_at = now()
            WHERE org_id = $1 AND id = $2 AND deliverable_id = $4 RETURNING id
        )
        INSERT INTO deliverable_changes (org_id, job_id, model_id, user_id, old_deliverable_id,
            new_deliverable_id)
        SELECT $1, job.id, min(m.id), $3, $4, $5
        FROM job JOIN models m ON m.org_id = $1 AND m.job_id = job.id GROUP BY job.id
        RETURNING {CHANGE_COLUMNS}
        """,
        scope.org_id,
        job_id,
        user_id,
        old,
        new,
    )
    return DeliverableChange(**row) if row else None


async def deliverable_changes(
    scope: OrgScope, *, job_id: int, start: int, rows_max: int
) -> tuple[list[DeliverableChange], int]:
    """(one page of a job's changes newest first, how many there are in all)."""
    total: int = await scope.tx.fetchval(
        "SELECT count(*) FROM deliverable_changes WHERE org_id = $1 AND job_id = $2",
        scope.org_id,
        job_id,
    )
    rows = await scope.tx.fetch(
        f"SELECT {CHANGE_COLUMNS} FROM deliverable_changes WHERE org_id = $1 AND job_id = $2 "
        "ORDER BY id DESC OFFSET $3 LIMIT $4",
        scope.org_id,
        job_id,
        start,
        rows_max,
    )
    return [DeliverableChange(**row) for row in rows], total


async def note_opened(scope: OrgScope, *, job_id: int) -> None:
    """The homeowner has opened the link; the first time counts."""
    await scope.tx.execute(
        "UPDATE jobs SET opened_at = now(), updated_at = now() "
        "WHERE org_id = $1 AND id = $2 AND opened_at IS NULL",
        scope.org_id,
        job_id,
    )


async def note_photographed(scope: OrgScope, *, job_id: int) -> None:
    """A photo is in; the first one counts."""
    await scope.tx.execute(
        "UPDATE jobs SET photographed_at = now(), updated_at = now() "
        "WHERE org_id = $1 AND id = $2 AND photographed_at IS NULL",
        scope.org_id,
        job_id,
    )
