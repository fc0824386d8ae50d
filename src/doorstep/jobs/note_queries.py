"""All SQL of what members note of jobs."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class Note:
    """One note and who wrote it."""

    id: uuid.UUID
    job_id: int
    user_id: int
    author: str
    text: str
    created_at: datetime
    edited_at: datetime | None


COLUMNS = "n.id, n.job_id, n.user_id, u.name AS author, n.text, n.created_at, n.edited_at"


async def of_job(scope: OrgScope, *, job_id: int, rows_max: int) -> list[Note]:
    """The newest notes of a job, newest first."""
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM job_notes n JOIN users u ON u.org_id = n.org_id AND u.id = n.user_id
        WHERE n.org_id = $1 AND n.job_id = $2 ORDER BY n.id DESC LIMIT $3
        """,
        scope.org_id,
        job_id,
        rows_max,
    )
    return [Note(**row) for row in rows]


async def find(scope: OrgScope, *, note_id: uuid.UUID) -> Note | None:
    """One note."""
    row = await scope.tx.fetchrow(
        f"""
        SELECT {COLUMNS} FROM job_notes n JOIN users u ON u.org_id = n.org_id AND u.id = n.user_id
        WHERE n.org_id = $1 AND n.id = $2
        """,
        scope.org_id,
        note_id,
    )
    return Note(**row) if row else None


async def insert(
    scope: OrgScope, *, note_id: uuid.UUID, job_id: int, user_id: int, text: str
) -> None:
    """A new note."""
    await scope.tx.execute(
        "INSERT INTO job_notes (org_id, id, job_id, user_id, text) VALUES ($1, $2, $3, $4, $5)",
        scope.org_id,
        note_id,
        job_id,
        user_id,
        text,
    )


async def update(scope: OrgScope, *, note_id: uuid.UUID, text: str) -> None:
    """Write a note anew."""
    await scope.tx.execute(
        "UPDATE job_notes SET text = $3, edited_at = now() WHERE org_id = $1 AND id = $2",
        scope.org_id,
        note_id,
        text,
    )


async def delete(scope: OrgScope, *, note_id: uuid.UUID) -> None:
    """Take a note away."""
    await scope.tx.execute(
        "DELETE FROM job_notes WHERE org_id = $1 AND id = $2", scope.org_id, note_id
    )
