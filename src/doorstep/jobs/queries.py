"""All SQL of jobs and their models."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from doorstep.jobs.model import Draft, Job, JobState
from doorstep.kit.writes import Write
from doorstep.orgs.model import OrgScope

COLUMNS = """id, state, name, user_id, wallet_id, customer_name, customer_email, customer_phone,
    location_line_1, location_line_2, location_city, location_region, location_postal_code,
    external_identifier, deliverable_id, client_identifier, failure, archived_at,
    created_at, updated_at, completed_at, test_state"""


async def new_ids(scope: OrgScope) -> tuple[int, int]:
    """The ids of a job and of its first model, which are yet to be made."""
    row = await scope.tx.fetchrow("SELECT nextval('jobs_id_seq'), nextval('models_id_seq')")
    assert row is not None
    return row[0], row[1]


def inserting(scope: OrgScope, *, draft: Draft) -> list[Write]:
    """A draft job and its first model."""
    place = draft.place
    job = Write(
        """
        INSERT INTO jobs (org_id, id, state, name, user_id, wallet_id, deliverable_id,
            client_identifier, location_line_1, location_line_2, location_city,
            location_region, location_postal_code, location_country, customer_name,
            customer_email, customer_phone, external_identifier)
        VALUES ($1, $2, 'uploading', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
            $16, $17)
        """,
        (
            scope.org_id,
            draft.job_id,
            place.name,
            draft.user_id,
            draft.wallet_id,
            draft.deliverable_id,
            draft.client_identifier,
            place.line_1,
            place.line_2,
            place.city,
            place.region,
            place.postal_code,
            place.country,
            place.customer_name,
            place.customer_email,
            place.customer_phone,
            place.external_identifier,
        ),
    )
    model = Write(
        "INSERT INTO models (org_id, id, job_id) VALUES ($1, $2, $3)",
        (scope.org_id, draft.model_id, draft.job_id),
    )
    return [job, model]


async def find(scope: OrgScope, *, job_id: int) -> Job | None:
    """One job."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM jobs WHERE org_id = $1 AND id = $2", scope.org_id, job_id
    )
    return Job(**row) if row else None


async def model_id(scope: OrgScope, *, job_id: int) -> int:
    """The id of the job's first model."""
    found: int = await scope.tx.fetchval(
        "SELECT id FROM models WHERE org_id = $1 AND job_id = $2 ORDER BY id LIMIT 1",
        scope.org_id,
        job_id,
    )
    return found


async def move(
    scope: OrgScope,
    *,
    job_id: int,
    to: JobState,
    before: list[str],
    failure: dict[str, Any] | None,
) -> bool:
    """Whether the job was in one of the states `before` and is in `to` now."""
    moved = await scope.tx.fetchval(
        """
        UPDATE jobs SET state = $3, failure = $5, updated_at = now(),
            completed_at = CASE WHEN $3 = 'complete' THEN now() END
        WHERE org_id = $1 AND id = $2 AND state = ANY ($4) RETURNING 1
        """,
        scope.org_id,
        job_id,
        str(to),
        before,
        json.dumps(failure) if failure else None,
    )
    return moved is not None


async def archive(scope: OrgScope, *, job_id: int) -> None:
    """Take the job out of the lists."""
    await scope.tx.execute(
        "UPDATE jobs SET archived_at = now(), updated_at = now() "
        "WHERE org_id = $1 AND id = $2 AND archived_at IS NULL",
        scope.org_id,
        job_id,
    )


async def insert_model(scope: OrgScope, *, job_id: int, name: str) -> int:
    """One more structure of a job; the model's id."""
    found: int = await scope.tx.fetchval(
        "INSERT INTO models (org_id, job_id, name) VALUES ($1, $2, $3) RETURNING id",
        scope.org_id,
        job_id,
        name,
    )
    return found


async def model_ids(scope: OrgScope, *, job_id: int, but_named: Sequence[str] = ()) -> list[int]:
    """The ids of the job's models, oldest first, without those of these names."""
    rows = await scope.tx.fetch(
        "SELECT id FROM models WHERE org_id = $1 AND job_id = $2 "
        "AND (name IS NULL OR name <> ALL ($3)) ORDER BY id",
        scope.org_id,
        job_id,
        list(but_named),
    )
    return [row["id"] for row in rows]


async def find_model(scope: OrgScope, *, job_id: int, name: str) -> int | None:
    """The id of the job's model of this name."""
    found: int | None = await scope.tx.fetchval(
        "SELECT id FROM models WHERE org_id = $1 AND job_id = $2 AND name = $3 ORDER BY id LIMIT 1",
        scope.org_id,
        job_id,
        name,
    )
    return found


async def named_models(scope: OrgScope, *, job_id: int) -> list[asyncpg.Record]:
    """(name, state, build_id, failure) of the structures that stand beside the house."""
    return await scope.tx.fetch(
        "SELECT name, state, build_id, failure FROM models "
        "WHERE org_id = $1 AND job_id = $2 AND name IS NOT NULL ORDER BY id LIMIT 20",
        scope.org_id,
        job_id,
    )


async def end_model(
    scope: OrgScope,
    *,
    model_id: int,
    state: str,
    build_id: uuid.UUID | None,
    failure: Mapping[str, Any] | None,
) -> None:
    """Say how a model ended, and point it at the build that is current now."""
    await scope.tx.execute(
        "UPDATE models SET state = $3, build_id = coalesce($4, build_id), failure = $5, "
        "updated_at = now() WHERE org_id = $1 AND id = $2",
        scope.org_id,
        model_id,
        state,
        build_id,
        json.dumps(dict(failure)) if failure else None,
    )


async def set_build(scope: OrgScope, *, job_id: int, build_id: uuid.UUID) -> None:
    """Point the job's complete models at a build."""
    await scope.tx.execute(
        "UPDATE models SET build_id = $3, updated_at = now() "
        "WHERE org_id = $1 AND job_id = $2 AND state = 'complete'",
        scope.org_id,
        job_id,
        build_id,
    )
