"""The only place that makes an OrgScope."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from doorstep.auth import queries
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Unauthorized
from doorstep.kit.signing import hash_secret
from doorstep.orgs.model import ROLE_RIGHTS, Actor, OrgScope, Right

INTEGRATION_RIGHTS = frozenset(Right)


@asynccontextmanager
async def open_scope(
    db: Database, *, org_id: int, actor: Actor, role: Role = Role.APP
) -> AsyncIterator[OrgScope]:
    """One transaction in one organization; commits when the block ends without an error."""
    async with db.transaction(role, org_id=org_id) as tx:
        yield OrgScope(tx=tx, org_id=org_id, actor=actor)


async def next_org_id(db: Database) -> int:
    """The id of an organization that is about to be made; its first scope inserts it."""
    async with db.transaction(Role.APP) as tx:
        org_id: int = await tx.fetchval("SELECT nextval('orgs_id_seq')")
    return org_id


def task_scope(db: Database, *, org_id: int, task: str) -> AbstractAsyncContextManager[OrgScope]:
    """The scope of a background task, which carries its organization's id."""
    actor = Actor(kind="task", id=task, rights=frozenset(Right))
    return open_scope(db, org_id=org_id, actor=actor, role=Role.WORKER)


async def actor_of_session(db: Database, *, secret: str) -> tuple[int, Actor]:
    """(org_id, actor) behind a session cookie; Unauthorized when there is none."""
    async with db.transaction(Role.GATE) as tx:
        row = await queries.find_session(tx, secret_hash=hash_secret(secret))
    if row is None:
        raise Unauthorized
    return row["org_id"], member_actor(row["user_id"], role=row["role"])


def integration_actor(client_id: str) -> Actor:
    """A program that acts for the organization."""
    return Actor(kind="integration", id=client_id, rights=INTEGRATION_RIGHTS)


def member_actor(user_id: int, *, role: str) -> Actor:
    """A member acting in person."""
    return Actor(kind="user", id=str(user_id), rights=ROLE_RIGHTS[role])
