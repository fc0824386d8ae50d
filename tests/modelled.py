"""A job whose house is built already, from files that a test gives."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Protocol

from doorstep.auth.scopes import open_scope
from doorstep.builds import queries as builds
from doorstep.builds.model import OUTPUTS, BuildFile
from doorstep.captures.model import STRUCTURE_TEXTS, CaptureRequest
from doorstep.jobs import actions as jobs
from doorstep.jobs import structures
from doorstep.jobs.model import JobState
from doorstep.kit.db import Database
from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope
from doorstep.photos import queries as photos
from doorstep.web.services import Services
from tests.capturing import ask
from tests.cast import STAGE, Cast

DONE = (JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.COMPLETE)
MEDIA_TYPES = {one.name: one.media_type for one in OUTPUTS}
SIZE = (400, 300)


class Product(Protocol):
    """Where the job is put."""

    @property
    def db(self) -> Database:
        """Its database."""

    @property
    def services(self) -> Services:
        """Its store."""

    @property
    def cast(self) -> Cast:
        """Who there is."""


async def built_job(
    product: Product, *, files: Mapping[str, bytes], taken: Mapping[str, bytes]
) -> CaptureRequest:
    """A complete job of Alice's with these published files and these photos by their names."""
    request = await ask(product.db, product.cast.alice)
    async with open_scope(product.db, org_id=product.cast.alice.org_id, actor=STAGE) as scope:
        for state in DONE:
            await jobs.move(scope, job_id=request.job_id, to=state)
        names = await _add_photos(scope, product, job_id=request.job_id, taken=taken)
        build_id = await _publish(scope, product, job_id=request.job_id, files=files)
        await builds.insert_photos(scope, build_id=build_id, job_id=request.job_id, names=names)
        await scope.tx.execute(
            "UPDATE models SET build_id = $3, state = 'complete' WHERE org_id = $1 AND job_id = $2",
            scope.org_id,
            request.job_id,
            build_id,
        )
    return request


async def add_building(
    product: Product, *, job_id: int, structure: str, files: Mapping[str, bytes]
) -> None:
    """One more building of that job, with a model of its own."""
    async with open_scope(product.db, org_id=product.cast.alice.org_id, actor=STAGE) as scope:
        build_id = await _publish(scope, product, job_id=job_id, files=files)
        await scope.tx.execute(
            "UPDATE builds SET structure = $3 WHERE org_id = $1 AND id = $2",
            scope.org_id,
            build_id,
            structure,
        )
        name = STRUCTURE_TEXTS[structure]
        await structures.open_named(scope, job_id=job_id, name=name)
        await structures.complete_named(scope, job_id=job_id, name=name, build_id=build_id)


async def _publish(
    scope: OrgScope, product: Product, *, job_id: int, files: Mapping[str, bytes]
) -> uuid.UUID:
    build_id = uuid7()
    await builds.insert_complete(scope, build_id=build_id, job_id=job_id, report={})
    found = []
    for name, content in files.items():
        key = f"builds/{scope.org_id}/{build_id}/1/org/{name}"
        await product.services.storage.put(key, content)
        media_type = MEDIA_TYPES[name]
        found.append(
            BuildFile(tree="org", name=name, key=key, bytes=len(content), media_type=media_type)
        )
    await builds.insert_files(scope, build_id=build_id, files=found)
    return build_id


async def _add_photos(
    scope: OrgScope, product: Product, *, job_id: int, taken: Mapping[str, bytes]
) -> dict[str, str]:
    """The original's key by each photo's name."""
    keys = {}
    for number, (name, content) in enumerate(taken.items()):
        photo_id, digest = uuid7(), hashlib.sha256(content)
        original = f"originals/{scope.org_id}/{digest.hexdigest()}"
        shown = f"displays/{scope.org_id}/{photo_id}.jpg"
        for key in (original, shown):
            await product.services.storage.put(key, content)
        await photos.insert_sample(
            scope,
            photo_id=photo_id,
            job_id=job_id,
            sequence=number,
            content=(digest.digest(), len(content)),
            size=SIZE,
            keys=(original, shown),
        )
        keys[name] = original
    return keys
