"""What a test job is given: photos and model of a house that never stood, marked as a sample.

The files in `sample` went through the product's own engine; `python -m tests.houses.sample`
makes them anew.
"""

import asyncio
import hashlib
import json
import uuid
from pathlib import Path

from doorstep.builds import queries
from doorstep.builds.model import OUTPUTS, SAMPLE_FOLDER, BuildFile, Output
from doorstep.jobs import actions as jobs
from doorstep.jobs import queries as job_rows
from doorstep.jobs.model import CAPTURE_ONLY
from doorstep.kit.ids import uuid7
from doorstep.kit.storage import Storage
from doorstep.orgs.model import OrgScope
from doorstep.photos import queries as photos
from doorstep.photos.model import SEQUENCE_STEP

FOLDER = Path(__file__).parent / "sample"
PHOTO_SIZE = (800, 600)


async def furnish(scope: OrgScope, storage: Storage, *, job_id: int) -> None:
    """Give a test job the sample's photos if it has none, and its model if one was ordered."""
    if not await photos.list_of_job(scope, job_id=job_id):
        for number, path in enumerate(sorted((FOLDER / "photos").iterdir())):
            await _add_photo(scope, storage, job_id=job_id, path=path, number=number)
    job = await jobs.find(scope, job_id=job_id)
    if job.deliverable_id != CAPTURE_ONLY:
        await _add_model(scope, storage, job_id=job_id)


async def _add_photo(
    scope: OrgScope, storage: Storage, *, job_id: int, path: Path, number: int
) -> None:
    content = await asyncio.to_thread(path.read_bytes)
    photo_id, digest = uuid7(), hashlib.sha256(content)
    original, shown = _original_of(scope, content), f"displays/{scope.org_id}/{photo_id}.jpg"
    for key in (original, shown):
        await storage.put(key, content)
    await photos.insert_sample(
        scope,
        photo_id=photo_id,
        job_id=job_id,
        sequence=number * SEQUENCE_STEP,
        content=(digest.digest(), len(content)),
        size=PHOTO_SIZE,
        keys=(original, shown),
    )


def _original_of(scope: OrgScope, content: bytes) -> str:
    """Where the original with these bytes lies."""
    return f"originals/{scope.org_id}/{hashlib.sha256(content).hexdigest()}"


async def _add_model(scope: OrgScope, storage: Storage, *, job_id: int) -> None:
    build_id = uuid7()
    made = [one for one in OUTPUTS if (FOLDER / one.made).exists()]
    files = [await _store(scope, storage, build_id=build_id, output=one) for one in made]
    shown = sorted((FOLDER / "photos").iterdir())
    names = {
        path.name: _original_of(scope, await asyncio.to_thread(path.read_bytes)) for path in shown
    }
    report = json.loads(await asyncio.to_thread((FOLDER / "report.json").read_bytes))
    await queries.insert_complete(scope, build_id=build_id, job_id=job_id, report=report)
    await queries.insert_files(scope, build_id=build_id, files=files)
    await queries.insert_photos(scope, build_id=build_id, job_id=job_id, names=names)
    await job_rows.set_build(scope, job_id=job_id, build_id=build_id)


async def _store(
    scope: OrgScope, storage: Storage, *, build_id: uuid.UUID, output: Output
) -> BuildFile:
    source = FOLDER / output.made
    key = f"builds/{scope.org_id}/{build_id}{SAMPLE_FOLDER}{output.tree}/{output.name}"
    await storage.put_file(key, source)
    size = (await asyncio.to_thread(source.stat)).st_size
    return BuildFile(
        tree=output.tree, name=output.name, key=key, bytes=size, media_type=output.media_type
    )
