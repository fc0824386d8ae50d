"""Links that show a job's model to somebody without an account: never a measure or a scale.

The token is made from a random salt by the server key and its hash alone can be looked up:
nothing secret is stored, and yet the link can be shown again to those who may share.
"""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import share_queries as queries
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Gone, Invalid, NotFound
from doorstep.kit.signing import Signer, hash_secret
from doorstep.orgs.model import OrgScope, Right

LIFE = timedelta(days=90)
LIFE_MAX = timedelta(days=366)
TOKEN_CHARACTERS = 20
SHARES_OF_JOB_MAX = 200
PURPOSE = "job-share"


@dataclass(frozen=True, kw_only=True)
class Share:
    """One row of `job_shares`, with where the house is."""

    id: int
    job_id: int
    user_id: int
    salt: uuid.UUID
    expires_at: datetime
    revoked_at: datetime | None
    expired: bool
    created_at: datetime
    updated_at: datetime
    street_address: str | None


def token_of(signer: Signer, salt: uuid.UUID) -> str:
    """120 bits that only this server can make, as 20 URL-safe characters."""
    made = signer.derive(PURPOSE, salt.hex)
    return base64.urlsafe_b64encode(made).decode()[:TOKEN_CHARACTERS]


async def share(scope: OrgScope, signer: Signer, *, job_id: int, user_id: int) -> Share:
    """A new link to the job's model, which ends in 90 days."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    if await queries.count(scope, job_id=job_id) >= SHARES_OF_JOB_MAX:
        raise Invalid(fields={"job_id": [f"has {SHARES_OF_JOB_MAX} shares already"]})
    salt = uuid.uuid4()
    share_id = await queries.insert(
        scope,
        job_id=job_id,
        user_id=user_id,
        salt=salt,
        token_hash=hash_secret(token_of(signer, salt)),
        life=LIFE,
    )
    await record(scope, "job.shared", job_id=job_id, share_id=share_id)
    return await find(scope, share_id=share_id)


async def find(scope: OrgScope, *, share_id: int) -> Share:
    """The share; NotFound when it is not there or not this organization's."""
    row = await queries.find(scope, share_id=share_id)
    if row is None:
        raise NotFound
    return Share(**row)


async def prolong(scope: OrgScope, *, share_id: int, until: datetime) -> Share:
    """Let a share end at another time, a year ahead at most; Gone when it was revoked."""
    scope.require(Right.INVITE)
    found = await find(scope, share_id=share_id)
    if found.revoked_at is not None:
        raise Gone("This link was revoked; make a new one.")
    if not await queries.set_end(scope, share_id=share_id, until=until, life_max=LIFE_MAX):
        raise Invalid(fields={"expires_at": ["must be within the next 366 days"]})
    return await find(scope, share_id=share_id)


async def revoke(scope: OrgScope, *, share_id: int) -> None:
    """End a share at once and for good; a second time is nothing."""
    scope.require(Right.INVITE)
    found = await find(scope, share_id=share_id)
    if await queries.revoke(scope, share_id=share_id):
        await record(scope, "job.unshared", job_id=found.job_id, share_id=share_id)


async def open_link(db: Database, *, token: str) -> tuple[int, int]:
    """(organization, share) behind a token; NotFound when it is not one of ours."""
    async with db.transaction(Role.GATE) as tx:
        row = await queries.find_by_token(tx, token_hash=hash_secret(token))
    if row is None:
        raise NotFound
    return row["org_id"], row["id"]


async def shown_job(scope: OrgScope, *, share_id: int) -> int:
    """The job that a share shows; Gone when it has ended."""
    found = await find(scope, share_id=share_id)
    if found.expired:
        raise Gone("This link has ended. Ask whoever sent it for a new one.")
    return found.job_id
