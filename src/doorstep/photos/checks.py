"""Every stored file is opened once, in a child process that has nothing to lose.

The child gets no environment, no open files and hard limits on memory and time. What
it makes is the only thing that is ever served.
"""

import asyncio
import hashlib
import json
import logging
import os
import signal
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from doorstep.auth.scopes import task_scope
from doorstep.kit.db import Database
from doorstep.kit.ids import uuid7
from doorstep.kit.postgres import launch
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import enqueue_many
from doorstep.orgs.model import OrgScope
from doorstep.photos import queries
from doorstep.photos.model import Kind, Photo
from doorstep.photos.uploads import SCRATCH, check_task

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("picture_child.py")
WALL_SECONDS_MAX = {"picture": 30, "video": 300, "logo": 30}
ANSWER_BYTES_MAX = 64 << 10
CHILDREN_MAX = 2
DETAILS_BYTES_MAX = 512 << 10
TASK = "photos.check"

_children = asyncio.Semaphore(CHILDREN_MAX)


async def check(db: Database, storage: Storage, *, org_id: int, photo_id: uuid.UUID) -> None:
    """Settle a stored file as ready or rejected; nothing happens to one that is settled."""
    async with task_scope(db, org_id=org_id, task=TASK) as scope:
        photo = await queries.find(scope, photo_id=photo_id)
    if photo is None or photo.state != "stored":
        return
    with tempfile.TemporaryDirectory(prefix=SCRATCH) as name:
        folder = Path(name)
        source = folder / "source"
        await _fetch(storage, photo.original_key, into=source)
        job = "video" if photo.kind == Kind.VIDEO else "picture"
        made = await open_in_child(source, folder=folder, job=job)
        if "problem" not in made:
            made = await _store(storage, made, folder=folder, photo=photo, org_id=org_id)
    async with task_scope(db, org_id=org_id, task=TASK) as scope:
        await _settle(scope, photo, made=made)
        unused = await _unused(scope, photo, made=made)
    for key in unused:
        await storage.delete(key)


async def open_in_child(source: Path, *, folder: Path, job: str) -> dict[str, Any]:
    """What the child says of a file: its measures, or `problem` with a code."""
    async with _children:
        child = await asyncio.create_subprocess_exec(
            *launch("--parent", str(os.getpid()), "--signal", str(int(signal.SIGKILL))),
            sys.executable,
            "-I",
            str(CHILD),
            job,
            str(source),
            str(folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_bare_environment(folder),
            cwd=folder,
            start_new_session=True,
        )
        try:
            out, err = await asyncio.wait_for(child.communicate(), WALL_SECONDS_MAX[job])
        except TimeoutError:
            child.kill()
            await child.wait()
            return {"problem": "unreadable"}
    if child.returncode != 0 or not 0 < len(out) <= ANSWER_BYTES_MAX:
        # A decoder that dies on a file says no more of it than that it cannot be read.
        log.warning("picture child ended with %s: %s", child.returncode, err[-300:])
        return {"problem": "unreadable"}
    answer: dict[str, Any] = json.loads(out)
    return answer


def _bare_environment(folder: Path) -> dict[str, str]:
    """No secret of ours, one thread for each library, and no place to write but the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "VIPS_CONCURRENCY": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


async def _fetch(storage: Storage, key: str, *, into: Path) -> None:
    with into.open("wb") as file:
        async for chunk in storage.stream(key):
            file.write(chunk)


async def _store(
    storage: Storage, made: dict[str, Any], *, folder: Path, photo: Photo, org_id: int
) -> dict[str, Any]:
    """Put what the child made into the store, before any row names it."""
    if photo.kind == Kind.VIDEO:
        frames = []
        for name in made["frames"]:
            path = folder / Path(name).name
            digest = hashlib.sha256(path.read_bytes()).digest()
            key = f"originals/{org_id}/{digest.hex()}"
            await storage.put_file(key, path)
            frames.append((digest, path.stat().st_size, key))
        return {"frames": frames}
    keys: list[str | None] = []
    for size in ("display", "thumbnail"):
        key = f"{size}s/{org_id}/{photo.id}.jpg"
        await storage.put_file(key, folder / f"{size}.jpg")
        keys.append(key)
    details = folder / "details.bin"
    if details.exists() and details.stat().st_size <= DETAILS_BYTES_MAX:
        key = f"details/{org_id}/{photo.id}"
        await storage.put_file(key, details)
        keys.append(key)
    else:
        keys.append(None)
    return made | {"keys": keys}


async def _settle(scope: OrgScope, photo: Photo, *, made: dict[str, Any]) -> None:
    if "problem" in made:
        await queries.reject(scope, photo_id=photo.id, problem=made["problem"])
    elif photo.kind == Kind.VIDEO:
        if await queries.accept_video(scope, photo_id=photo.id):
            await _add_frames(scope, photo, frames=made["frames"])
    else:
        await queries.accept(scope, photo_id=photo.id, **made)


async def _unused(scope: OrgScope, photo: Photo, *, made: dict[str, Any]) -> list[str]:
    """Keys of what was made of a file that was deleted meanwhile."""
    now = await queries.find(scope, photo_id=photo.id)
    if now is not None and now.problem != "erased":
        return []
    if photo.kind == Kind.VIDEO:
        return [key for _, _, key in made.get("frames", [])]
    return [key for key in made.get("keys", ()) if key is not None]


async def _add_frames(
    scope: OrgScope, video: Photo, *, frames: list[tuple[bytes, int, str]]
) -> None:
    tasks = []
    for number, (sha256, size, key) in enumerate(frames, start=1):
        frame = Photo(
            id=uuid7(),
            job_id=video.job_id,
            capture_request_id=video.capture_request_id,
            session_id=video.session_id,
            kind=Kind.FRAME,
            spot=None,
            structure=video.structure,
            sequence=video.sequence + number,
            sha256=sha256,
            bytes=size,
            media_type="image/jpeg",
            original_key=key,
            state="stored",
            problem=None,
        )
        if await queries.insert(scope, photo=frame):
            tasks.append(check_task(scope, frame.id))
    await enqueue_many(scope.tx, tasks)
