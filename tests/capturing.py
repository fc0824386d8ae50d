"""A homeowner's phone, as far as HTTP goes: it opens a link, sends files by tus, finishes."""

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import httpx
import numpy as np
from PIL import Image

from doorstep.auth.scopes import open_scope
from doorstep.captures import actions as captures
from doorstep.captures.links import link_for
from doorstep.captures.model import Asking, CaptureRequest
from doorstep.jobs.model import Property
from doorstep.kit.db import Database
from doorstep.web.services import Services
from tests.cast import STAGE, Troupe

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


async def ask(db: Database, troupe: Troupe, *, email: str = "gob@example.com") -> CaptureRequest:
    """The organization asks for photos of a house."""
    asking = Asking(
        name="Gob",
        email=email,
        phone=None,
        place=Property(name="1 Balboa", line_1="1 Balboa Ave", city="Newport Beach"),
        deliverable_id=3,
        client_identifier=uuid.uuid4(),
        wallet_id=None,
    )
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        return await captures.ask(scope, asking=asking, requesting_user_id=troupe.admin_id)


def path_of(services: Services, request: CaptureRequest) -> str:
    """The link's path."""
    return link_for(
        services.signer,
        "",
        request_id=request.id,
        identifier=request.identifier,
        version=request.link_version,
    )


@cache
def photo(seed: int = 0, *, width: int = 640, height: int = 480) -> bytes:
    """A JPEG with enough in it that no check objects; another one for each seed."""
    noise = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3))
    picture = Image.fromarray(noise.astype("uint8")).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def metadata(**told: str) -> str:
    """The header's value."""
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())


def checksum(content: bytes, algorithm: str = "sha256") -> dict[str, str]:
    """The header for one piece."""
    digest = hashlib.new(algorithm, content).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


@dataclass
class Phone:
    """One browser with a capture session."""

    client: httpx.AsyncClient
    path: str
    cookie: dict[str, str] = field(default_factory=dict)

    async def start(self) -> httpx.Response:
        """Press the button of the door page."""
        answer = await self.client.post(self.path)
        value = answer.cookies.get("doorstep_capture")
        self.client.cookies.clear()
        self.cookie = {"Cookie": f"doorstep_capture={value}"}
        return answer

    async def create(self, length: int, **told: str) -> httpx.Response:
        """Announce a file."""
        headers = {**TUS, **self.cookie, "Upload-Length": str(length)}
        if told:
            headers["Upload-Metadata"] = metadata(**told)
        return await self.client.post("/capture/uploads", headers=headers)

    async def offset(self, location: str) -> httpx.Response:
        """Ask how much has arrived."""
        return await self.client.head(location, headers={**TUS, **self.cookie})

    async def send(
        self,
        location: str,
        content: bytes,
        *,
        offset: int = 0,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send a piece."""
        told = {**TUS, **PIECE, **self.cookie, "Upload-Offset": str(offset), **(headers or {})}
        return await self.client.patch(location, headers=told, content=content)

    async def upload(self, content: bytes, **told: str) -> str:
        """Send a whole file in two checked pieces; its location."""
        location = (await self.create(len(content), **told)).headers["location"]
        half = len(content) // 2
        for start, piece in ((0, content[:half]), (half, content[half:])):
            answer = await self.send(location, piece, offset=start, headers=checksum(piece))
            assert answer.status_code == 204, answer.text
        return location

    async def state(self) -> dict[str, object]:
        """What the page would show."""
        answer = await self.client.get("/capture/state", headers=self.cookie)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found

    async def has(self, *contents: bytes) -> None:
        """Fail unless the server's photos are these and no others, by SHA-256."""
        shown = (await self.state())["photos"]
        there = sorted(one["sha256"] for one in shown)  # type: ignore[attr-defined]
        assert there == sorted({hashlib.sha256(content).hexdigest() for content in contents})

    async def finish(
        self,
        *contents: bytes,
        skipped: dict[str, str] | None = None,
        measured: list[dict[str, object]] | None = None,
    ) -> httpx.Response:
        """Say that these files are everything."""
        photos = [
            {"sha256": hashlib.sha256(c).hexdigest(), "size": len(c), "name": "a.jpg"}
            for c in contents
        ]
        body = {"photos": photos, "skipped_spots": skipped or {}, "measured": measured or []}
        return await self.client.post("/capture/finish", json=body, headers=self.cookie)
