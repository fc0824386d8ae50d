"""Members at their desks, and the things that their pages show."""

import uuid
from dataclasses import dataclass

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from tests.capturing import ask
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase

LEAD = {
    "First": "Lucille",
    "Last": "Bluth",
    "Email": "lucille@example.com",
    "Primary": "2175550143",
    "Address": "1 Balboa Towers",
    "City": "Newport Beach",
    "State": "CA",
    "Zip": "92661",
    "Details": "Hail <b>last</b> Tuesday",
    "ID": "BL-7",
}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A member in front of a browser."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path, headers=self.headers)

    async def post(self, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Send a form."""
        return await self.client.post(path, data=form or {}, headers=self.headers)

    async def click(self, path: str) -> httpx.Response:
        """Send a form as the page's script does."""
        headers = self.headers | {"hx-request": "true"}
        return await self.client.post(path, headers=headers)


def desk_of(client: httpx.AsyncClient, troupe: Troupe, name: str) -> Desk:
    """The desk of a member who is signed in."""
    return Desk(client=client, headers={"accept": "text/html", **troupe.cookie(name)})


@pytest.fixture
def alice(client: httpx.AsyncClient, cast: Cast) -> Desk:
    """The admin."""
    return desk_of(client, cast.alice, "alice")


@pytest.fixture
def bob(client: httpx.AsyncClient, cast: Cast) -> Desk:
    """A member."""
    return desk_of(client, cast.alice, "bob")


@pytest.fixture
def amy(client: httpx.AsyncClient, cast: Cast) -> Desk:
    """An approver, who may look and not ask."""
    return desk_of(client, cast.alice, "amy")


@pytest.fixture
def charlie(client: httpx.AsyncClient, cast: Cast) -> Desk:
    """The admin of another organization."""
    return desk_of(client, cast.charlie, "charlie")


async def post_lead(client: httpx.AsyncClient, troupe: Troupe, **other: str) -> uuid.UUID:
    """A vendor posts a lead; its id."""
    ids = {
        "CaptorraId": troupe.captorra_id,
        "Referrer": str(troupe.referrer),
        "Type": str(troupe.case_type),
    }
    answer = await client.post("/api/captorraapi/create", json=ids | LEAD | other)
    assert answer.json()["success"] is True, answer.text
    return uuid.UUID(answer.json()["IntakeID"])


@pytest.fixture
async def lead_id(client: httpx.AsyncClient, cast: Cast) -> uuid.UUID:
    """A lead of Alice's organization."""
    return await post_lead(client, cast.alice)


@pytest.fixture
async def asked(db: PinnedDatabase, cast: Cast) -> CaptureRequest:
    """A request of Alice's organization, with its draft job."""
    return await ask(db, cast.alice)
