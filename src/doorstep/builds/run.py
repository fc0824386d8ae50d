"""One run of the engine: photos out of the store, progress into the row, files into the store."""

import asyncio
import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorstep.auth.scopes import task_scope
from doorstep.builds import actions, engine, queries
from doorstep.builds.engine import Progress
from doorstep.builds.model import OUTPUTS, PROGRESS_SECONDS_MIN, BuildFile, Claim, Output
from doorstep.kit import crash
from doorstep.kit.db import Database
from doorstep.kit.storage import Storage
from doorstep.photos import measures

SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
}


class LostClaim(Exception):
    """Another builder has taken the build; this one must change nothing more."""


class LostPhoto(Exception):
    """An original is gone or is not what was uploaded."""


@dataclass(kw_only=True)
class Run:
    """A claimed build in its folder; a folder that a killed builder left is used again."""

    db: Database
    storage: Storage
    org_id: int
    claim: Claim
    folder: Path
    _told_at: float = field(default=0.0, init=False)

    async def to_the_end(
        self, originals: Sequence[tuple[int, str, str]], *, limits: engine.Limits
    ) -> None:
        """Build and publish, or fail with the engine's words; raises LostClaim, LostPhoto."""
        await self._fetch(originals)
        failure = await engine.run(
            self.folder,
            limits,
            known_lengths=await self._known_lengths(originals),
            on_progress=self._tell,
        )
        crash.point("build.after_engine")
        if failure is None:
            await self._publish(originals)
        else:
            async with task_scope(self.db, org_id=self.org_id, task=actions.TASK) as scope:
                await actions.fail(scope, claim=self.claim, failure=failure)
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def _fetch(self, originals: Sequence[tuple[int, str, str]]) -> None:
        """Put the photos into `images/` in capture order, each checked against its hash."""
        images = self.folder / "images"
        await asyncio.to_thread(images.mkdir, parents=True, exist_ok=True)
        for number, key, media_type in originals:
            target = images / _name(number, media_type)
            if target.exists():
                continue
            content = await self._original(key)
            partial = self.folder / "incoming"
            await asyncio.to_thread(partial.write_bytes, content)
            await asyncio.to_thread(partial.replace, target)

    async def _known_lengths(
        self, originals: Sequence[tuple[int, str, str]]
    ) -> list[dict[str, Any]]:
        names = {key: _name(number, media_type) for number, key, media_type in originals}
        async with task_scope(self.db, org_id=self.org_id, task=actions.TASK) as scope:
            return await measures.known_lengths(scope, job_id=self.claim.job_id, names=names)

    async def _original(self, key: str) -> bytes:
        try:
            content = await self.storage.get(key)
        except FileNotFoundError:
            raise LostPhoto(key) from None
        if hashlib.sha256(content).hexdigest() != key.rpartition("/")[2]:
            raise LostPhoto(key)
        return content

    async def _tell(self, said: Progress) -> None:
        now = time.monotonic()
        if now - self._told_at < PROGRESS_SECONDS_MIN:
            return
        self._told_at = now
        async with task_scope(self.db, org_id=self.org_id, task=actions.TASK) as scope:
            held = await queries.note_progress(
                scope, claim=self.claim, stage=said.stage, done=said.done, note=said.text
            )
        if not held:
            raise LostClaim

    async def _publish(self, originals: Sequence[tuple[int, str, str]]) -> None:
        made = [one for one in OUTPUTS if one.always or (self.folder / one.made).exists()]
        files = [await self._store(output) for output in made]
        report = json.loads((self.folder / "report.json").read_bytes())
        async with task_scope(self.db, org_id=self.org_id, task=actions.TASK) as scope:
            published = await actions.publish(
                scope,
                claim=self.claim,
                files=files,
                report=report,
                photos_used={_name(number, kind): key for number, key, kind in originals},
            )
        if not published:
            for file in files:
                await self.storage.delete(file.key)
            raise LostClaim

    async def _store(self, output: Output) -> BuildFile:
        """Each attempt writes under its own fence, so that no attempt meets another's files."""
        source = self.folder / output.made
        key = (
            f"builds/{self.org_id}/{self.claim.build_id}/{self.claim.fence}"
            f"/{output.tree}/{output.name}"
        )
        await self.storage.put_file(key, source)
        return BuildFile(
            tree=output.tree,
            name=output.name,
            key=key,
            bytes=source.stat().st_size,
            media_type=output.media_type,
        )


def _name(number: int, media_type: str) -> str:
    """The photo's name in the engine's folder."""
    return f"{number:04d}{SUFFIXES[media_type]}"
