"""An integration of an organization, at the desk's API."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from tests.cast import Troupe

PATH = "/api/desk"
NOT_FOUND = (404, {"error": "There is nothing here.", "code": "not_found"})
NOBODY = uuid.UUID(int=7)


@dataclass(frozen=True, kw_only=True)
class Integration:
    """A program with an access token."""

    client: httpx.AsyncClient
    troupe: Troupe

    async def get(self, path: str, **query: Any) -> tuple[int, Any]:
        """(status, answer) of a read."""
        answer = await self.client.get(PATH + path, params=query, headers=self.troupe.bearer)
        return answer.status_code, answer.json()

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """(status, answer) of a write."""
        answer = await self.client.request(
            method, PATH + path, json=body, headers=self.troupe.bearer
        )
        return answer.status_code, answer.json() if answer.content else None
