"""All SQL of integrations, their codes and the families of their tokens."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from doorstep.auth.model import LOST_REPLY_GRACE, Client, Grant
from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope


async def find_client(tx: Tx, *, client_id: str) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, secret_hash) of an integration that was not revoked."""
    return await tx.fetchrow(
        "SELECT org_id, secret_hash FROM api_clients WHERE client_id = $1 AND revoked_at IS NULL",
        client_id,
    )


async def find(scope: OrgScope, *, client_id: str) -> Client | None:
    """An integration of this organization that was not revoked."""
    row = await scope.tx.fetchrow(
        "SELECT client_id, name, redirect_uris, created_at FROM api_clients "
        "WHERE org_id = $1 AND client_id = $2 AND revoked_at IS NULL",
        scope.org_id,
        client_id,
    )
    return Client(**row) if row else None


async def every(scope: OrgScope) -> list[Client]:
    """The integrations, newest first; at most 200."""
    rows = await scope.tx.fetch(
        "SELECT client_id, name, redirect_uris, created_at FROM api_clients "
        "WHERE org_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, client_id LIMIT 200",
        scope.org_id,
    )
    return [Client(**row) for row in rows]


async def set_redirect_uris(scope: OrgScope, *, client_id: str, uris: Sequence[str]) -> bool:
    """Whether the integration is there; answers go to these addresses only."""
    found = await scope.tx.fetchval(
        "UPDATE api_clients SET redirect_uris = $3 "
        "WHERE org_id = $1 AND client_id = $2 AND revoked_at IS NULL RETURNING 1",
        scope.org_id,
        client_id,
        list(uris),
    )
    return found is not None


async def revoke_client(scope: OrgScope, *, client_id: str) -> bool:
    """Whether the integration was there; every token of it ends now."""
    found = await scope.tx.fetchval(
        """
        WITH client AS (
            UPDATE api_clients SET revoked_at = now()
            WHERE org_id = $1 AND client_id = $2 AND revoked_at IS NULL RETURNING 1
        ), tokens AS (
            UPDATE api_tokens SET revoked_at = now()
            WHERE org_id = $1 AND client_id = $2 AND revoked_at IS NULL
        )
        SELECT 1 FROM client
        """,
        scope.org_id,
        client_id,
    )
    return found is not None


async def insert_code(
    scope: OrgScope, *, secret_hash: bytes, client_id: str, user_id: int, grant: Grant,
    life: timedelta,
) -> None:  # fmt: skip
    """A new authorization code."""
    await scope.tx.execute(
        """
        INSERT INTO oauth_codes (org_id, secret_hash, client_id, user_id, family, redirect_uri,
            challenge, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8)
        """,
        scope.org_id,
        secret_hash,
        client_id,
        user_id,
        grant.family,
        grant.redirect_uri,
        grant.challenge,
        life,
    )


async def lock_code(
    scope: OrgScope, *, secret_hash: bytes, client_id: str
) -> asyncpg.Record | None:
    """A code with its grant, whether it was used and whether it is too old; locked."""
    return await scope.tx.fetchrow(
        """
        SELECT family, redirect_uri, challenge, used_at IS NOT NULL AS used,
            expires_at <= now() AS expired
        FROM oauth_codes WHERE org_id = $1 AND secret_hash = $2 AND client_id = $3 FOR UPDATE
        """,
        scope.org_id,
        secret_hash,
        client_id,
    )


async def use_code(scope: OrgScope, *, secret_hash: bytes) -> None:
    """A code is good for one exchange."""
    await scope.tx.execute(
        "UPDATE oauth_codes SET used_at = now() WHERE org_id = $1 AND secret_hash = $2",
        scope.org_id,
        secret_hash,
    )


async def lock_token(
    scope: OrgScope, *, secret_hash: bytes, client_id: str
) -> asyncpg.Record | None:
    """A token of this integration with its state; locked."""
    return await scope.tx.fetchrow(
        """
        SELECT kind, family, used_at, revoked_at IS NOT NULL AS revoked,
            coalesce(used_at + $4 > clock_timestamp(), true) AS in_grace
        FROM api_tokens WHERE org_id = $1 AND secret_hash = $2 AND client_id = $3 FOR UPDATE
        """,
        scope.org_id,
        secret_hash,
        client_id,
        LOST_REPLY_GRACE,
    )


async def use_refresh_token(scope: OrgScope, *, secret_hash: bytes) -> None:
    """A refresh token is good for one refresh."""
    await scope.tx.execute(
        "UPDATE api_tokens SET used_at = clock_timestamp() WHERE org_id = $1 AND secret_hash = $2",
        scope.org_id,
        secret_hash,
    )


async def insert_pair(
    scope: OrgScope, *, client_id: str, family: uuid.UUID, access: bytes, refresh: bytes,
    life: timedelta,
) -> datetime:  # fmt: skip
    """The two tokens that follow; when they were made."""
    made_at: datetime = await scope.tx.fetchval(
        """
        WITH made AS (
            INSERT INTO api_tokens (org_id, secret_hash, client_id, kind, family, expires_at)
            VALUES ($1, $4, $2, 'access', $3, now() + $6), ($1, $5, $2, 'refresh', $3, NULL)
            RETURNING created_at
        )
        SELECT max(created_at) FROM made
        """,
        scope.org_id,
        client_id,
        family,
        access,
        refresh,
        life,
    )
    return made_at


async def find_unused(scope: OrgScope, *, secret_hash: bytes) -> datetime | None:
    """When a refresh token was made that nobody has used yet."""
    made_at: datetime | None = await scope.tx.fetchval(
        "SELECT created_at FROM api_tokens WHERE org_id = $1 AND secret_hash = $2 "
        "AND used_at IS NULL AND revoked_at IS NULL",
        scope.org_id,
        secret_hash,
    )
    return made_at


async def revoke_family(scope: OrgScope, *, family: uuid.UUID) -> None:
    """End every token that came from one consent."""
    await scope.tx.execute(
        "UPDATE api_tokens SET revoked_at = now() "
        "WHERE org_id = $1 AND family = $2 AND revoked_at IS NULL",
        scope.org_id,
        family,
    )
