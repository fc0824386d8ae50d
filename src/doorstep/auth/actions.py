"""Sign in, by one-time link or password; issue tokens."""

import asyncio
from datetime import timedelta

import argon2

from doorstep.auth import client_queries, queries
from doorstep.auth.model import (
    ACCESS_TOKEN_LIFE,
    ACCESS_TOKEN_PREFIX,
    CLIENT_SECRET_PREFIX,
    PASSWORD_CHARACTERS_MAX,
    PASSWORD_CHARACTERS_MIN,
    REFRESH_TOKEN_PREFIX,
    SESSION_LIFE,
    SESSION_PREFIX,
    SIGN_IN_LINK_LIFE,
)
from doorstep.auth.scopes import member_actor, open_scope
from doorstep.events.actions import record
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Gone, Invalid, Unauthorized
from doorstep.kit.ids import secret, uuid7
from doorstep.kit.signing import hash_secret
from doorstep.orgs import member_queries
from doorstep.orgs.model import OrgScope

HASHES_AT_ONCE_MAX = 2

_hasher = argon2.PasswordHasher()
_hashing = asyncio.Semaphore(HASHES_AT_ONCE_MAX)
# A check against this costs what a real one costs: unknown addresses answer in the same time. It
# is written down, because making one takes a sixth of a second from every process that starts.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$JM6J3k0o7DEYLNqG8o8HVg$"
    "B2wwmSB9x2u/1dymfIip3UPRfsS/v1l4tRfSrcqcJZU"
)


async def make_sign_in_link(
    scope: OrgScope, *, user_id: int, life: timedelta = SIGN_IN_LINK_LIFE
) -> str:
    """The secret of a link that signs this member in once."""
    value = secret()
    await queries.insert_sign_in_link(
        scope, secret_hash=hash_secret(value), user_id=user_id, life=life
    )
    return value


async def sign_in_by_link(db: Database, *, value: str) -> str:
    """A session's secret for an unused link; Gone when it is used, old or unknown."""
    hashed = hash_secret(value)
    async with db.transaction(Role.GATE) as tx:
        row = await queries.find_sign_in_link(tx, secret_hash=hashed)
    if row is None:
        raise Gone("This sign-in link was used already or is too old.")
    actor = member_actor(row["user_id"], role=row["role"])
    async with open_scope(db, org_id=row["org_id"], actor=actor) as scope:
        if not await queries.use_sign_in_link(scope, secret_hash=hashed):
            raise Gone("This sign-in link was used already or is too old.")
        return await _start_session(scope, user_id=row["user_id"])


async def sign_in_by_password(db: Database, *, email: str, password: str) -> str:
    """A session's secret; Unauthorized when address and password do not belong together."""
    async with db.transaction(Role.GATE) as tx:
        rows = await queries.users_by_email(tx, email=email)
    for row in rows:
        if row["password_hash"] and await _matches(row["password_hash"], password):
            actor = member_actor(row["id"], role=row["role"])
            async with open_scope(db, org_id=row["org_id"], actor=actor) as scope:
                return await _start_session(scope, user_id=row["id"])
    if not rows:
        await _matches(_NOBODY, password)
    raise Unauthorized("Address and password do not belong together.")


async def set_password(scope: OrgScope, *, user_id: int, password: str) -> None:
    """Give a member a password; Invalid when it is too short or too long."""
    if not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        text = f"Take {PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX} characters."
        raise Invalid(text, fields={"password": [text]})
    async with _hashing:
        hashed = await asyncio.to_thread(_hasher.hash, password)
    await queries.set_password_hash(scope, user_id=user_id, password_hash=hashed)


async def make_client(scope: OrgScope, *, client_id: str, name: str) -> str:
    """A new integration; its secret, which is shown once."""
    value = secret(CLIENT_SECRET_PREFIX)
    await queries.insert_client(
        scope, client_id=client_id, name=name, secret_hash=hash_secret(value)
    )
    return value


async def issue_tokens(scope: OrgScope, *, client_id: str) -> tuple[str, str]:
    """(access token, refresh token) for an integration, without a consent; they end together."""
    access, refresh = secret(ACCESS_TOKEN_PREFIX), secret(REFRESH_TOKEN_PREFIX)
    await client_queries.insert_pair(
        scope,
        client_id=client_id,
        family=uuid7(),
        access=hash_secret(access),
        refresh=hash_secret(refresh),
        life=ACCESS_TOKEN_LIFE,
    )
    return access, refresh


async def _start_session(scope: OrgScope, *, user_id: int) -> str:
    value = secret(SESSION_PREFIX)
    await queries.insert_session(
        scope, secret_hash=hash_secret(value), user_id=user_id, life=SESSION_LIFE
    )
    await member_queries.note_signed_in(scope, user_id=user_id)
    await record(scope, "user.signed_in", user_id=user_id)
    return value


async def _matches(password_hash: str, password: str) -> bool:
    async with _hashing:
        try:
            return await asyncio.to_thread(_hasher.verify, password_hash, password)
        except argon2.exceptions.VerificationError:
            return False
