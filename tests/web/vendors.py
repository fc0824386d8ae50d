"""A vendor with the link to its page."""

import html
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from doorstep.kit.db import Role
from tests.cast import Troupe
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

LINK = re.compile(
    r'aria-label="Link to the vendor&#39;s page" value="http://127\.0\.0\.1:8000(/v/[\w-]{34})"'
    r'|aria-label="Link to the vendor\'s page" value="http://127\.0\.0\.1:8000(/v/[\w-]{34})"'
)
PAGE = {"accept": "text/html"}


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """Somebody who has the link and nothing else."""

    client: httpx.AsyncClient
    link: str

    async def get(self, path: str = "") -> httpx.Response:
        """Open a page under the link."""
        return await self.client.get(self.link + path, headers=PAGE)

    async def text(self, path: str = "") -> str:
        """What a page says."""
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    async def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        """Send a form."""
        return await self.client.post(self.link + path, data=form, headers=PAGE)

    async def dry_run(self, body: bytes, **headers: str) -> dict[str, Any]:
        """What a program is told of a body."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        answer = await self.client.post(self.link + "/dry-run", content=body, headers=sent)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = json.loads(answer.text)
        return told


async def source_of(db: PinnedDatabase, troupe: Troupe) -> uuid.UUID:
    """The id of the organization's first source."""
    async with db.transaction(Role.APP, org_id=troupe.org_id) as tx:
        found: uuid.UUID = await tx.fetchval("SELECT id FROM sources ORDER BY id LIMIT 1")
    return found


async def linked(desk: Desk, source_id: uuid.UUID) -> Vendor:
    """The vendor, once an admin has made the link."""
    answer = await desk.post(f"/sources/{source_id}/page")
    assert answer.status_code == 303, answer.text
    return Vendor(client=desk.client, link=await link_on(desk, source_id))


async def link_on(desk: Desk, source_id: uuid.UUID) -> str:
    """The link as the source's page shows it."""
    found = LINK.search((await desk.get(f"/sources/{source_id}")).text)
    assert found
    return found[1] or found[2]
