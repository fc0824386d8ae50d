"""An integration of Alice's organization, as its developer has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from doorstep.auth import clients
from doorstep.auth.scopes import open_scope
from tests.cast import STAGE, Cast, Troupe
from tests.pinned import PinnedDatabase

BACK = "https://crm.example/back?tenant=7"


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program outside: what it knows, and how it talks."""

    http: httpx.AsyncClient
    troupe: Troupe
    client_id: str
    client_secret: str

    @property
    def secrets(self) -> dict[str, str]:
        """What names it."""
        return {"client_id": self.client_id, "client_secret": self.client_secret}

    def asking(self, **more: str) -> dict[str, str]:
        """The query of the consent page."""
        asked = {"response_type": "code", "client_id": self.client_id, "redirect_uri": BACK}
        return asked | {"state": "s t&1"} | more

    async def consent(self, who: str = "alice", **more: str) -> dict[str, str]:
        """What comes back after Allow."""
        answer = await self.http.post(
            "/oauth/authorize",
            data=self.asking(decision="allow") | more,
            headers=self.troupe.cookie(who),
        )
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["location"])
        return {name: values[0] for name, values in parse_qs(parts.query).items()}

    async def trade(self, body: Mapping[str, str]) -> httpx.Response:
        """Call the token endpoint with JSON."""
        return await self.http.post("/oauth/token", json=self.secrets | dict(body))

    async def exchange(self, code: str, **more: str) -> httpx.Response:
        """Trade a code."""
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return await self.trade(body | more)

    async def refresh(self, token: str) -> httpx.Response:
        """Trade a refresh token."""
        return await self.trade({"grant_type": "refresh_token", "refresh_token": token})

    async def connected(self) -> dict[str, Any]:
        """A first pair."""
        answer = await self.exchange((await self.consent())["code"])
        assert answer.status_code == 200, answer.text
        pair: dict[str, Any] = answer.json()
        return pair

    async def status_of(self, access: str) -> int:
        """What a call with this token answers."""
        answer = await self.http.get(
            "/api/v2/capture_requests", headers={"authorization": f"Bearer {access}"}
        )
        return answer.status_code


@pytest.fixture
async def program(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> Program:
    """A registered integration."""
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        client_id, secret = await clients.make(scope, name="Roofer's CRM", redirect_uris=[BACK])
    return Program(http=client, troupe=cast.alice, client_id=client_id, client_secret=secret)
