"""All SQL of capture sessions and of what their link says of a request."""

import json
import uuid
from datetime import timedelta

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope


async def find_by_identifier(
    tx: Tx, *, identifier: str
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, id, link_version) of the request with this public name."""
    return await tx.fetchrow(
        "SELECT org_id, id, link_version FROM capture_requests WHERE identifier = $1", identifier
    )


async def find_session(
    tx: Tx, *, secret_hash: bytes
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, id, capture_request_id) of a live session."""
    return await tx.fetchrow(
        """
        SELECT org_id, id, capture_request_id FROM capture_sessions
        WHERE secret_hash = $1 AND expires_at > now()
        """,
        secret_hash,
    )


async def find_invitation(scope: OrgScope, *, capture_request_id: int) -> asyncpg.Record | None:
    """What the door page shows."""
    return await scope.tx.fetchrow(
        """
        SELECT r.id AS capture_request_id, r.identifier, r.state,
            r.expires_at <= now() AS expired, r.expires_at,
            o.customer_display_name AS asked_by, r.capturing_user_name AS greeting,
            concat_ws(', ', nullif(j.location_line_1, ''), nullif(j.location_city, '')) AS address,
            r.job_id, j.state AS job_state, r.lead_id, m.note,
            EXISTS (SELECT 1 FROM erasures e
                WHERE e.org_id = r.org_id AND e.capture_request_id = r.id) AS erased,
            ARRAY(SELECT spot FROM unnest(m.spots) AS t(spot) WHERE NOT EXISTS (
                SELECT 1 FROM photos p WHERE p.org_id = r.org_id AND p.job_id = r.job_id
                    AND p.spot = t.spot AND p.id > m.id
                    AND p.state <> 'rejected')) AS wanted
        FROM capture_requests r
        LEFT JOIN LATERAL (
            SELECT id, spots, note FROM reopenings
            WHERE org_id = r.org_id AND capture_request_id = r.id AND r.state = 'connected'
            ORDER BY id DESC LIMIT 1
        ) m ON true
        JOIN orgs o ON o.id = r.org_id
        JOIN jobs j ON j.org_id = r.org_id AND j.id = r.job_id
        WHERE r.org_id = $1 AND r.id = $2
        """,
        scope.org_id,
        capture_request_id,
    )


async def insert_session(
    scope: OrgScope,
    *,
    session_id: uuid.UUID,
    capture_request_id: int,
    secret_hash: bytes,
    user_agent: str,
    life: timedelta,
) -> None:
    """A new session of one browser."""
    await scope.tx.execute(
        """
        INSERT INTO capture_sessions
            (org_id, id, capture_request_id, secret_hash, user_agent, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + $6)
        """,
        scope.org_id,
        session_id,
        capture_request_id,
        secret_hash,
        user_agent,
        life,
    )


async def connect(scope: OrgScope, *, capture_request_id: int, language: str | None) -> bool:
    """Whether this call is the one that brought the request from `new` to `connected`.

    Where no language was chosen it is from now on that of this phone.
    """
    connected = await scope.tx.fetchval(
        """
        WITH request AS (
            SELECT id, capturing_user_email FROM capture_requests
            WHERE org_id = $1 AND id = $2 AND state = 'new' FOR UPDATE
        ), person AS (
            INSERT INTO capturing_users (org_id, email)
            SELECT $1, capturing_user_email FROM request
            ON CONFLICT (org_id, lower(email)) DO UPDATE SET email = capturing_users.email
            RETURNING id
        )
        UPDATE capture_requests c
        SET state = 'connected', connected_at = now(), capturing_user_id = person.id,
            language = coalesce(c.language, $3)
        FROM request, person WHERE c.org_id = $1 AND c.id = request.id
        RETURNING 1
        """,
        scope.org_id,
        capture_request_id,
        language,
    )
    return connected is not None


async def lock_state(scope: OrgScope, *, capture_request_id: int) -> asyncpg.Record | None:
    """(state, job_id) of a request, which nobody else changes until this transaction ends."""
    return await scope.tx.fetchrow(
        "SELECT state, job_id FROM capture_requests WHERE org_id = $1 AND id = $2 FOR UPDATE",
        scope.org_id,
        capture_request_id,
    )


async def complete(scope: OrgScope, *, capture_request_id: int) -> bool:
    """Whether this call is the one that brought the request from `connected` to `complete`."""
    completed = await scope.tx.fetchval(
        """
        UPDATE capture_requests
        SET state = 'complete', completed_at = now(), captured_user_id = capturing_user_id
        WHERE org_id = $1 AND id = $2 AND state = 'connected' RETURNING 1
        """,
        scope.org_id,
        capture_request_id,
    )
    return completed is not None


async def finish_session(
    scope: OrgScope, *, session_id: uuid.UUID, skipped_spots: dict[str, str]
) -> None:
    """Note that this browser is done, and which spots it could not reach."""
    await scope.tx.execute(
        """
        UPDATE capture_sessions SET finished_at = now(), skipped_spots = $3
        WHERE org_id = $1 AND id = $2 AND finished_at IS NULL
        """,
        scope.org_id,
        session_id,
        json.dumps(skipped_spots),
    )


async def skipped_spots(scope: OrgScope, *, session_id: uuid.UUID) -> dict[str, str]:
    """What a session says could not be reached; nothing of one that is gone."""
    found: dict[str, str] | None = await scope.tx.fetchval(
        "SELECT skipped_spots FROM capture_sessions WHERE org_id = $1 AND id = $2",
        scope.org_id,
        session_id,
    )
    return found or {}
