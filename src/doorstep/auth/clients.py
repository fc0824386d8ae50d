"""Integrations: made and revoked by an admin, allowed by consent, kept in by rotating tokens.

A refresh token is good once. What follows it is derived from it and the server key, so
that whoever lost the reply and asks again within 30 seconds gets the same reply, with
nothing but hashes stored. Any later use means that two parties hold the token, and ends
every token of that consent.
"""

import base64
import hmac
import uuid
from collections.abc import Sequence

from doorstep.auth import client_queries as queries
from doorstep.auth.actions import make_client
from doorstep.auth.model import (
    ACCESS_TOKEN_LIFE,
    ACCESS_TOKEN_PREFIX,
    CODE_LIFE,
    CODE_PREFIX,
    REDIRECT_URIS_MAX,
    REFRESH_TOKEN_PREFIX,
    Client,
    Grant,
    Tokens,
    challenge_of,
    checked_redirect_uri,
)
from doorstep.auth.scopes import INTEGRATION_RIGHTS, open_scope
from doorstep.events.actions import record
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Invalid, NotFound
from doorstep.kit.ids import secret, uuid7
from doorstep.kit.signing import Signer, hash_secret
from doorstep.orgs.model import Actor, OrgScope, Right

CLIENT_ID_PREFIX = "dst_ci_"
NAME_CHARACTERS_MAX = 120


async def make(scope: OrgScope, *, name: str, redirect_uris: Sequence[str]) -> tuple[str, str]:
    """(client id, secret) of a new integration; the secret is shown once."""
    scope.require(Right.ADMINISTER)
    if not 0 < len(name) <= NAME_CHARACTERS_MAX or not name.isprintable():
        raise Invalid(fields={"name": ["can't be blank"]})
    checked = _checked(redirect_uris)
    client_id = secret(CLIENT_ID_PREFIX)[: len(CLIENT_ID_PREFIX) + 20]
    value = await make_client(scope, client_id=client_id, name=name)
    await queries.set_redirect_uris(scope, client_id=client_id, uris=checked)
    await record(scope, "integration.created", client_id=client_id)
    return client_id, value


async def allow_redirects(scope: OrgScope, *, client_id: str, uris: Sequence[str]) -> None:
    """Say where the answers of the authorize page may go."""
    scope.require(Right.ADMINISTER)
    if not await queries.set_redirect_uris(
        scope, client_id=_printable(client_id), uris=_checked(uris)
    ):
        raise NotFound


async def revoke(scope: OrgScope, *, client_id: str) -> None:
    """End an integration and every token of it, from the next request on."""
    scope.require(Right.ADMINISTER)
    if not await queries.revoke_client(scope, client_id=_printable(client_id)):
        raise NotFound
    await record(scope, "integration.revoked", client_id=client_id)


async def find(scope: OrgScope, *, client_id: str, redirect_uri: str) -> Client:
    """The integration that asks for consent; NotFound when it or its address is not known here."""
    client = await queries.find(scope, client_id=_printable(client_id))
    if client is None or redirect_uri not in client.redirect_uris:
        raise NotFound
    return client


async def consent(
    scope: OrgScope, *, client_id: str, redirect_uri: str, user_id: int, challenge: str | None
) -> str:
    """A code for ten minutes: an admin lets the integration act for the organization."""
    scope.require(Right.ADMINISTER)
    await find(scope, client_id=client_id, redirect_uri=redirect_uri)
    value = secret(CODE_PREFIX)
    await queries.insert_code(
        scope,
        secret_hash=hash_secret(value),
        client_id=client_id,
        user_id=user_id,
        grant=Grant(family=uuid7(), redirect_uri=redirect_uri, challenge=challenge),
        life=CODE_LIFE,
    )
    await record(scope, "integration.authorized", client_id=client_id, user_id=user_id)
    return value


async def authenticate(db: Database, *, client_id: str, client_secret: str) -> int | None:
    """The organization of an integration that knows its secret; None for all others."""
    async with db.transaction(Role.GATE) as tx:
        row = await queries.find_client(tx, client_id=client_id)
    # An unknown name costs a comparison as well, so that time tells nothing.
    known = row["secret_hash"] if row else hash_secret("")
    genuine = hmac.compare_digest(known, hash_secret(client_secret))
    return row["org_id"] if row and genuine else None


async def exchange_code(
    db: Database, signer: Signer, *, org_id: int, client_id: str, code: str, redirect_uri: str,
    verifier: str | None,
) -> Tokens | None:  # fmt: skip
    """The first pair; None when the code is not good, and a used one ends what came of it."""
    hashed = hash_secret(code)
    async with open_scope(db, org_id=org_id, actor=_actor(client_id)) as scope:
        row = await queries.lock_code(scope, secret_hash=hashed, client_id=client_id)
        if row is None:
            return None
        if row["used"]:
            await queries.revoke_family(scope, family=row["family"])
            return None
        expected = challenge_of(verifier) if verifier is not None else None
        if row["expired"] or row["redirect_uri"] != redirect_uri or row["challenge"] != expected:
            return None
        await queries.use_code(scope, secret_hash=hashed)
        return await _issue(scope, signer, client_id=client_id, family=row["family"], after=code)


async def refresh(
    db: Database, signer: Signer, *, org_id: int, client_id: str, token: str
) -> Tokens | None:
    """The pair that follows a refresh token; None, and the end of the family, when it is used."""
    hashed = hash_secret(token)
    async with open_scope(db, org_id=org_id, actor=_actor(client_id)) as scope:
        row = await queries.lock_token(scope, secret_hash=hashed, client_id=client_id)
        if row is None or row["kind"] != "refresh" or row["revoked"]:
            return None
        family = row["family"]
        if row["used_at"] is None:
            await queries.use_refresh_token(scope, secret_hash=hashed)
            return await _issue(scope, signer, client_id=client_id, family=family, after=token)
        again = await _given_again(scope, signer, after=token) if row["in_grace"] else None
        if again is None:
            await queries.revoke_family(scope, family=family)
            await record(scope, "integration.token_reused", client_id=client_id)
        return again


async def revoke_token(db: Database, *, org_id: int, client_id: str, token: str) -> None:
    """End the token and every other of the same consent; an unknown one is no error."""
    async with open_scope(db, org_id=org_id, actor=_actor(client_id)) as scope:
        row = await queries.lock_token(scope, secret_hash=hash_secret(token), client_id=client_id)
        if row is not None:
            await queries.revoke_family(scope, family=row["family"])


def _checked(uris: Sequence[str]) -> list[str]:
    if len(uris) > REDIRECT_URIS_MAX:
        raise Invalid(fields={"redirect_uris": [f"are more than {REDIRECT_URIS_MAX}"]})
    return [checked_redirect_uri(one) for one in uris]


def _printable(client_id: str) -> str:
    # The database takes no NUL, and an address may hold one.
    if not client_id.isprintable():
        raise NotFound
    return client_id


async def _issue(
    scope: OrgScope, signer: Signer, *, client_id: str, family: uuid.UUID, after: str
) -> Tokens:
    access, fresh = _following(signer, after)
    made_at = await queries.insert_pair(
        scope,
        client_id=client_id,
        family=family,
        access=hash_secret(access),
        refresh=hash_secret(fresh),
        life=ACCESS_TOKEN_LIFE,
    )
    return Tokens(org_id=scope.org_id, access=access, refresh=fresh, created_at=made_at)


async def _given_again(scope: OrgScope, signer: Signer, *, after: str) -> Tokens | None:
    """The same reply; None when somebody has received and used it already."""
    access, fresh = _following(signer, after)
    made_at = await queries.find_unused(scope, secret_hash=hash_secret(fresh))
    if made_at is None:
        return None
    return Tokens(org_id=scope.org_id, access=access, refresh=fresh, created_at=made_at)


def _following(signer: Signer, before: str) -> tuple[str, str]:
    access, fresh = (
        base64.urlsafe_b64encode(signer.derive(f"token after: {kind}", before)).decode()
        for kind in ("access", "refresh")
    )
    return ACCESS_TOKEN_PREFIX + access.rstrip("="), REFRESH_TOKEN_PREFIX + fresh.rstrip("=")


def _actor(client_id: str) -> Actor:
    return Actor(kind="integration", id=client_id, rights=INTEGRATION_RIGHTS)
