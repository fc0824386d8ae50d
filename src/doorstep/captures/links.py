"""The secret link of a capture request.

The link is the public identifier followed by 128 bits that only this server can make:
nothing secret is stored, and a new `link_version` ends every link given out before.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.captures import session_queries
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Gone, NotFound
from doorstep.kit.signing import Signer
from doorstep.orgs.model import OrgScope

PURPOSE = "capture-link"
IDENTIFIER_CHARACTERS = 6
MAC_CHARACTERS = 22
TOKEN_CHARACTERS = IDENTIFIER_CHARACTERS + MAC_CHARACTERS
NAME = re.compile(rf"[A-Za-z0-9_-]{{{IDENTIFIER_CHARACTERS}}}")

# What mail programs and people put after an address; none of it can end a token.
TRAILING_MARKS = ".,;:!?)>]}'\""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What the door page says of a request, and whether its link still opens."""

    capture_request_id: int
    identifier: str
    state: str
    expired: bool
    expires_at: datetime
    asked_by: str
    greeting: str
    address: str
    job_id: int
    job_state: str
    lead_id: uuid.UUID | None
    erased: bool
    """The homeowner deleted everything."""
    wanted: list[str]
    """Spots from which more photos were asked for and none has come since."""
    note: str | None
    """What the organization says to that; None unless the capture was opened again."""

    @property
    def ended(self) -> str | None:
        """Why the link opens nothing: `erased`, `complete`, `deleted`, `expired`, or None."""
        if self.erased:
            return "erased"
        if self.state in ("complete", "deleted"):
            return self.state
        return "expired" if self.expired else None


def link_for(
    signer: Signer, base_url: str, *, request_id: int, identifier: str, version: int
) -> str:
    """The address that lets whoever holds it take this request's photos."""
    mac = signer.mac(PURPOSE, f"{request_id}:{version}")
    return f"{base_url}/c/{identifier}{mac}"


async def find(db: Database, signer: Signer, *, token: str) -> tuple[int, int]:
    """(organization, capture request) of a token.

    NotFound when it is not one of ours, Gone when a newer link took its place.
    """
    token = _without_trailing_mark(token)
    mac = token[IDENTIFIER_CHARACTERS:]
    row = await find_named(db, token=token)
    # A name that does not exist costs a comparison as well, so that time tells nothing.
    request_id, version = (row["id"], row["link_version"]) if row else (0, 0)
    genuine = signer.verify(PURPOSE, f"{request_id}:{version}", mac=mac)
    withdrawn = signer.verify(PURPOSE, f"{request_id}:{version - 1}", mac=mac)
    if row is None or not (genuine or withdrawn):
        raise NotFound("This link is not complete or not ours. Open it again from the message.")
    if withdrawn:
        raise Gone("This link was withdrawn. A newer message may hold another one.")
    return row["org_id"], request_id


async def find_named(db: Database, *, token: str) -> asyncpg.Record | None:
    """(org_id, id, link_version) of the request that a token names; it proves nothing."""
    identifier = token[:IDENTIFIER_CHARACTERS]
    if not NAME.fullmatch(identifier):
        return None
    async with db.transaction(Role.GATE) as tx:
        return await session_queries.find_by_identifier(tx, identifier=identifier)


async def invitation(scope: OrgScope, *, capture_request_id: int) -> Invitation:
    """What the holder of the link may know."""
    row = await session_queries.find_invitation(scope, capture_request_id=capture_request_id)
    if row is None:
        raise NotFound
    return Invitation(**row)


def _without_trailing_mark(token: str) -> str:
    if len(token) == TOKEN_CHARACTERS + 1 and token[-1] in TRAILING_MARKS:
        return token[:-1]
    return token
