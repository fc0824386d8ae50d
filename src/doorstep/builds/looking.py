"""The tasks of the quick look: details out of the store, a child that compares them, the record."""

import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg

from doorstep.auth.scopes import task_scope
from doorstep.builds import coverage, coverage_queries
from doorstep.captures.model import SPOTS
from doorstep.kit.db import Database
from doorstep.kit.postgres import launch
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import Payload, Retry
from doorstep.photos import view_queries as photo_views

log = logging.getLogger(__name__)

MODULE = "doorstep.reconstruction.coverage"
WALL_SECONDS_MAX = 25
ANSWER_BYTES_MAX = 64 << 10
CHILDREN_MAX = 1
UNCHECKED_WAIT = timedelta(seconds=2)
KEPT_VARIABLES = ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV")

_children = asyncio.Semaphore(CHILDREN_MAX)


async def look_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Compare the views of one look and keep what was found; nothing for one that is settled."""
    org_id, coverage_id = int(payload["org_id"]), uuid.UUID(payload["coverage_id"])
    async with task_scope(db, org_id=org_id, task=coverage.LOOK) as scope:
        row = await coverage_queries.find(scope, coverage_id=coverage_id)
        if row is None or row["state"] != "asked":
            return
        views = await photo_views.by_id(scope, photo_ids=row["views"])
    found = None
    with tempfile.TemporaryDirectory(prefix="doorstep-look-") as name:
        # A homeowner may have deleted everything meanwhile.
        if len(views) == len(row["views"]):
            await _fetch(storage, views, folder=Path(name))
            _write_list(Path(name), views, skipped=row["skipped"])
            found = await _look(Path(name), count=len(views))
    async with task_scope(db, org_id=org_id, task=coverage.LOOK) as scope:
        await coverage.settle(scope, coverage_id=coverage_id, found=found)


async def look_at_finish_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Order the look at a capture that was finished, once all of its pictures are opened."""
    del storage
    async with task_scope(db, org_id=int(payload["org_id"]), task=coverage.LOOK_AT_FINISH) as scope:
        known = await coverage.ask_for_session(
            scope,
            capture_request_id=int(payload["capture_request_id"]),
            session_id=uuid.UUID(payload["session_id"]),
        )
    if known.state == "waiting":
        raise Retry(UNCHECKED_WAIT)


async def _fetch(storage: Storage, views: Sequence[asyncpg.Record], *, folder: Path) -> None:
    """Put the details into the folder; a file that is lost is an empty one."""
    for number, view in enumerate(views):
        try:
            content = await storage.get(view["details_key"])
        except FileNotFoundError:
            content = b""
        await asyncio.to_thread((folder / f"{number}.bin").write_bytes, content)


def _write_list(folder: Path, views: Sequence[asyncpg.Record], *, skipped: Sequence[str]) -> None:
    listed = [
        {
            "file": f"{number}.bin",
            "phone": str(view["session_id"]),
            "spot": SPOTS.index(view["spot"]) if view["spot"] in SPOTS else None,
        }
        for number, view in enumerate(views)
    ]
    asked = {"views": listed, "skipped": [SPOTS.index(spot) for spot in skipped]}
    (folder / "views.json").write_text(json.dumps(asked), "utf-8")


async def _look(folder: Path, *, count: int) -> dict[str, Any] | None:
    """What the child says, or None when it ends without a word or takes too long."""
    async with _children:
        child = await asyncio.create_subprocess_exec(
            *launch("--parent", str(os.getpid()), "--signal", str(int(signal.SIGKILL))),
            *(sys.executable, "-m", MODULE, str(folder)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_bare_environment(folder),
            start_new_session=True,
        )
        try:
            out, err = await asyncio.wait_for(child.communicate(), WALL_SECONDS_MAX)
        except TimeoutError:
            log.warning("looking at %s views took too long", count)
            return None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode != 0 or not 0 < len(out) <= ANSWER_BYTES_MAX:
        log.warning("the look ended with %s: %s", child.returncode, err[-300:])
        return None
    return _checked(out, count=count)


def _checked(out: bytes, *, count: int) -> dict[str, Any] | None:
    """What was said, if it speaks of these views only."""
    found: dict[str, Any] = json.loads(out)
    named = {number for gap in found["gaps"] for number in gap} | set(found["loose"])
    return found if named <= set(range(count)) else None


def _bare_environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"HOME": str(folder), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


HANDLERS = {coverage.LOOK: look_later, coverage.LOOK_AT_FINISH: look_at_finish_later}
"""Task name -> `(db, payload, storage=)`; the worker binds the seams."""
