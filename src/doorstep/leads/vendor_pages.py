"""What a source's vendor is shown without an account, by a link that is derived and not stored.

The link is a public name followed by 128 bits that only this server can make of the
source and that name. A new name ends every link given out before.
"""

import re
import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from doorstep.events.actions import record
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.signing import Signer
from doorstep.leads import sources, vendor_page_queries
from doorstep.leads.dispositions import DISPOSITIONS
from doorstep.orgs.model import OrgScope, Right

PURPOSE = "vendor-page"
PATH = "/v"
NAME_BYTES = 9
NAME_CHARACTERS = 12
TOKEN = re.compile(r"[A-Za-z0-9_-]{34}")
WORD_CHARACTERS_MAX = 50

RECEIVED = "received"
STATUSES = (RECEIVED, *DISPOSITIONS)
"""How a lead can stand; one that nobody has judged yet was received."""


@dataclass(frozen=True, kw_only=True)
class VendorPage:
    """What the firm shows one vendor; `words` says in the vendor's own how a lead stands."""

    name: str | None = None
    made_at: datetime | None = None
    shows_status: bool = False
    hidden_case_types: frozenset[uuid.UUID] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)

    def word(self, status: str) -> str:
        """The vendor's word for a status; ours where it has none."""
        return self.words.get(status, status)


def link_for(signer: Signer, base_url: str, *, source_id: uuid.UUID, name: str) -> str:
    """The address that shows whoever holds it this source's page."""
    return f"{base_url}{PATH}/{name}{signer.mac(PURPOSE, _message(source_id, name))}"


async def find_source(db: Database, signer: Signer, *, token: str) -> tuple[int, uuid.UUID]:
    """(organization, source) of a token; NotFound alike for one that never was and one revoked."""
    if TOKEN.fullmatch(token) is None:
        raise NotFound
    name, mac = token[:NAME_CHARACTERS], token[NAME_CHARACTERS:]
    async with db.transaction(Role.GATE) as tx:
        row = await vendor_page_queries.find_by_name(tx, name=name)
    # A name that does not exist costs a comparison as well, so that time tells nothing.
    source_id = row["source_id"] if row else uuid.UUID(int=0)
    genuine = signer.verify(PURPOSE, _message(source_id, name), mac=mac)
    if row is None or not genuine:
        raise NotFound
    return row["org_id"], source_id


async def find_asking(db: Database, *, referrer: uuid.UUID) -> list[tuple[int, uuid.UUID]]:
    """(organization, source) of the sources with this Referrer that may ask how leads stand."""
    async with db.transaction(Role.GATE) as tx:
        rows = await vendor_page_queries.find_by_referrer(tx, referrer=referrer)
    return [(row["org_id"], row["source_id"]) for row in rows]


async def find(scope: OrgScope, *, source_id: uuid.UUID) -> VendorPage:
    """What this source's vendor is shown; nothing, unless something was said."""
    row = await vendor_page_queries.find(scope, source_id=source_id)
    if row is None:
        return VendorPage()
    facts = dict(row)
    return VendorPage(
        **facts | {"hidden_case_types": frozenset(facts["hidden_case_types"])},
    )


async def make_link(scope: OrgScope, *, source_id: uuid.UUID) -> None:
    """Give the source's vendor a link; an older one ends."""
    await _own(scope, source_id)
    name = secrets.token_urlsafe(NAME_BYTES)
    await vendor_page_queries.set_name(scope, source_id=source_id, name=name)
    await record(scope, "vendor_page.made", source_id=str(source_id))


async def revoke_link(scope: OrgScope, *, source_id: uuid.UUID) -> None:
    """End the link; Conflict when there is none."""
    await _own(scope, source_id)
    if not await vendor_page_queries.clear_name(scope, source_id=source_id):
        raise Conflict("This vendor has no link.")
    await record(scope, "vendor_page.revoked", source_id=str(source_id))


async def choose(
    scope: OrgScope,
    *,
    source_id: uuid.UUID,
    shows_status: bool,
    hidden_case_types: Collection[uuid.UUID],
) -> None:
    """Say whether the vendor may know how its leads stand, and which case types it need not see."""
    await _own(scope, source_id)
    await vendor_page_queries.set_shown(
        scope,
        source_id=source_id,
        shows_status=shows_status,
        hidden_case_types=list(hidden_case_types),
    )


async def set_words(scope: OrgScope, *, source_id: uuid.UUID, words: Mapping[str, str]) -> None:
    """Say what the vendor calls each status; a blank means ours."""
    await _own(scope, source_id)
    kept = {status: text.strip() for status, text in words.items() if text.strip()}
    fields = {
        status: [f"has at most {WORD_CHARACTERS_MAX} characters"]
        for status, text in kept.items()
        if len(text) > WORD_CHARACTERS_MAX
    }
    fields |= {status: ["is no status"] for status in kept if status not in STATUSES}
    if fields:
        raise Invalid(fields=fields)
    await vendor_page_queries.set_words(scope, source_id=source_id, words=kept)


async def _own(scope: OrgScope, source_id: uuid.UUID) -> None:
    scope.require(Right.ADMINISTER)
    await sources.find(scope, source_id=source_id)


def _message(source_id: uuid.UUID, name: str) -> str:
    return f"{source_id}:{name}"
