"""A vendor's post, and what has become of it."""

import json
import uuid
from typing import Any

import httpx

from doorstep.kit.db import Role
from tests.cast import Troupe
from tests.pinned import PinnedDatabase

PATH = "/api/captorraapi/create"
R2 = '{"success":false,"error":"JSON syntax error"}'
R3 = '{"success":false,"error":"Invalid GUID format."}'
R4 = '{"success":false,"error":"Referrer/Type GUID does not exist."}'
R5 = '{"success":false,"error":"Please provide the CaptorraId"}'
R6 = '{"success":false,"error":"Please provide First"}'


def values(troupe: Troupe, **changes: Any) -> dict[str, Any]:
    """A full post of this organization's vendor."""
    return {
        "CaptorraId": troupe.captorra_id,
        "First": "John",
        "Last": "Smith",
        "Referrer": str(troupe.referrer),
        "Primary": "5555555555",
        "Email": "john@example.com",
        "ID": "12345678",
        **changes,
    }


def encoded(troupe: Troupe, **changes: Any) -> bytes:
    """The same as bytes."""
    return json.dumps(values(troupe, **changes)).encode()


async def send(client: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    """The answer to these bytes."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(PATH, content=body, headers=sent)


async def accepted(client: httpx.AsyncClient, body: bytes, **headers: str) -> uuid.UUID:
    """The intake's id; the post must be accepted."""
    answer = await send(client, body, **headers)
    assert (answer.status_code, answer.json()["success"]) == (200, True), answer.text
    return uuid.UUID(answer.json()["IntakeID"])


async def lead(db: PinnedDatabase, troupe: Troupe, lead_id: uuid.UUID) -> dict[str, Any]:
    """The lead's row."""
    return (await rows(db, troupe, f"SELECT * FROM leads WHERE id = '{lead_id}'"))[0]


async def rows(db: PinnedDatabase, troupe: Troupe | None, query: str) -> list[dict[str, Any]]:
    """Rows of this organization, or of nobody's posts."""
    async with db.transaction(Role.APP, org_id=troupe.org_id if troupe else 0) as tx:
        return [dict(row) for row in await tx.fetch(query)]
