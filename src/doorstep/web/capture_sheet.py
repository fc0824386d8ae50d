"""The sheet of markers to print, made once in a process of its own: its maker is large."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Literal

import msgspec
from litestar import Response, get

from doorstep.api.description.calls import CAPTURE, call
from doorstep.captures.sessions import CaptureSession
from doorstep.kit.errors import Unavailable
from doorstep.web.upload_calls import TAG

SECONDS_MAX = 60
HEADERS = {
    "Content-Disposition": 'attachment; filename="marker-sheet.pdf"',
    "Cache-Control": "private, max-age=86400",
    "X-Content-Type-Options": "nosniff",
}

Paper = Literal["a4", "letter"]


class WantedSheet(msgspec.Struct, kw_only=True):
    """On which paper."""

    paper: Paper = "letter"


_made: dict[Paper, bytes] = {}
_turn = asyncio.Lock()


@get(
    "/capture/sheet.pdf",
    media_type="application/pdf",
    opt=call(
        TAG,
        query=WantedSheet,
        media_type="application/pdf",
        fails=(400, 401, 503),
        security=CAPTURE,
    ),
)
async def sheet(session: CaptureSession, paper: Paper = "letter") -> Response[bytes]:
    """The sheet as a PDF, with a bar to check the printer's size by."""
    del session  # whoever captures may print it; it says nothing about anybody
    async with _turn:
        if paper not in _made:
            _made[paper] = await _make(paper)
    return Response(content=_made[paper], media_type="application/pdf", headers=HEADERS)


async def _make(paper: Paper) -> bytes:
    with tempfile.TemporaryDirectory(prefix="doorstep-sheet-") as folder:
        path = Path(folder) / "sheet.pdf"
        command = ("-m", "doorstep", "sheet", "--out", str(path), "--paper", paper)
        child = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.DEVNULL, env=dict(os.environ)
        )
        try:
            async with asyncio.timeout(SECONDS_MAX):
                code = await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()
            raise Unavailable from None
        if code != 0:
            raise Unavailable
        return await asyncio.to_thread(path.read_bytes)
