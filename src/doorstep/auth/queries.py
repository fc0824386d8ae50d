"""All SQL of credentials. Functions that take a `tx` run in the gate role, before a scope exists."""

from datetime import timedelta

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope


async def find_session(
    tx: Tx, *, secret_hash: bytes
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, user_id, role) of a live session of an active member."""
    return await tx.fetchrow(
        """
        SELECT s.org_id, s.user_id, u.role FROM sessions s
        JOIN users u ON u.org_id = s.org_id AND u.id = s.user_id AND u.disabled_at IS NULL
        WHERE s.secret_hash = $1 AND s.expires_at > now()
        """,
        secret_hash,
    )


async def find_sign_in_link(
    tx: Tx, *, secret_hash: bytes
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, user_id, role) of an unused one-time link."""
    return await tx.fetchrow(
        """
        SELECT l.org_id, l.user_id, u.role FROM sign_in_links l
        JOIN users u ON u.org_id = l.org_id AND u.id = l.user_id AND u.disabled_at IS NULL
        WHERE l.secret_hash = $1 AND l.expires_at > now() AND l.used_at IS NULL
        """,
        secret_hash,
    )


async def admit_access_token(
    tx: Tx, *, secret_hash: bytes, hits_max: int, window: timedelta
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, client_id, admitted) of a live access token, whose call is counted if it fits.

    The row's lock makes processes take turns.
    """
    return await tx.fetchrow(
        """
        WITH token AS (
            SELECT org_id, client_id FROM api_tokens
            WHERE secret_hash = $1 AND kind = 'access' AND revoked_at IS NULL AND expires_at > now()
        ), counted AS (
            INSERT INTO api_rates AS r (org_id, client_id, hits)
            SELECT org_id, client_id, ARRAY[clock_timestamp()] FROM token
            ON CONFLICT (org_id, client_id) DO UPDATE
            SET hits = r.hits[greatest(cardinality(r.hits) - $2 + 2, 1):] || clock_timestamp()
            WHERE cardinality(r.hits) < $2
                OR r.hits[cardinality(r.hits) - $2 + 1] <= clock_timestamp() - $3::interval
            RETURNING 1
        )
        SELECT org_id, client_id, EXISTS (SELECT FROM counted) AS admitted FROM token
        """,
        secret_hash,
        hits_max,
        window,
    )


async def users_by_email(tx: Tx, *, email: str) -> list[asyncpg.Record]:  # allow: org_scope gate
    """(org_id, id, role, password_hash) of active members with this address; at most 10."""
    return await tx.fetch(
        """
        SELECT org_id, id, role, password_hash FROM users
        WHERE lower(email) = lower($1) AND disabled_at IS NULL ORDER BY id LIMIT 10
        """,
        email,
    )


async def insert_session(
    scope: OrgScope, *, secret_hash: bytes, user_id: int, life: timedelta
) -> None:
    """A new session."""
    await scope.tx.execute(
        "INSERT INTO sessions (org_id, secret_hash, user_id, expires_at) "
        "VALUES ($1, $2, $3, now() + $4)",
        scope.org_id,
        secret_hash,
        user_id,
        life,
    )


async def delete_session(scope: OrgScope, *, secret_hash: bytes) -> None:
    """End a session."""
    await scope.tx.execute(
        "DELETE FROM sessions WHERE org_id = $1 AND secret_hash = $2", scope.org_id, secret_hash
    )


async def insert_sign_in_link(
    scope: OrgScope, *, secret_hash: bytes, user_id: int, life: timedelta
) -> None:
    """A new one-time link."""
    await scope.tx.execute(
        "INSERT INTO sign_in_links (org_id, secret_hash, user_id, expires_at) "
        "VALUES ($1, $2, $3, now() + $4)",
        scope.org_id,
        secret_hash,
        user_id,
        life,
    )


async def use_sign_in_link(scope: OrgScope, *, secret_hash: bytes) -> bool:
    """Whether this call is the one that used the link."""
    used = await scope.tx.fetchval(
        "UPDATE sign_in_links SET used_at = now() "
        "WHERE org_id = $1 AND secret_hash = $2 AND used_at IS NULL RETURNING 1",
        scope.org_id,
        secret_hash,
    )
    return used is not None


async def set_password_hash(scope: OrgScope, *, user_id: int, password_hash: str) -> None:
    """Store the hash of a member's password."""
    await scope.tx.execute(
        "UPDATE users SET password_hash = $3 WHERE org_id = $1 AND id = $2",
        scope.org_id,
        user_id,
        password_hash,
    )


async def forget(scope: OrgScope, *, user_id: int) -> None:
    """End a member's sessions, unused links and password."""
    for statement in (
        "DELETE FROM sessions WHERE org_id = $1 AND user_id = $2",
        "DELETE FROM sign_in_links WHERE org_id = $1 AND user_id = $2",
        "UPDATE users SET password_hash = NULL WHERE org_id = $1 AND id = $2",
    ):
        await scope.tx.execute(statement, scope.org_id, user_id)


async def has_password(scope: OrgScope, *, user_id: int) -> bool:
    """Whether the member has a password."""
    found = await scope.tx.fetchval(
        "SELECT password_hash IS NOT NULL FROM users WHERE org_id = $1 AND id = $2",
        scope.org_id,
        user_id,
    )
    return bool(found)


async def insert_client(scope: OrgScope, *, client_id: str, name: str, secret_hash: bytes) -> None:
    """A new integration."""
    await scope.tx.execute(
        "INSERT INTO api_clients (org_id, client_id, name, secret_hash) VALUES ($1, $2, $3, $4)",
        scope.org_id,
        client_id,
        name,
        secret_hash,
    )
