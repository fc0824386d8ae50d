"""Reports, spreadsheets and pictures rendered beside the event loop, a few at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ParamSpec

from doorstep.builds.drawings.geometry import Picture
from doorstep.builds.drawings.views import picture_of
from doorstep.builds.measured import scale
from doorstep.builds.papers.paper import Paper
from doorstep.builds.published import Published, content_of
from doorstep.kit.errors import NotFound, Unavailable
from doorstep.kit.storage import Storage
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.photos import queries as photos

AT_ONCE_MAX = 2
WAITING_MAX = 6
PHOTOS_MAX = 9
PICTURE_BYTES_MAX = 2 << 20
PREVIEW = "preview.jpg"

_room = asyncio.Semaphore(AT_ONCE_MAX)
_waiting: set[object] = set()
Asked = ParamSpec("Asked")


async def rendered(
    work: Callable[Asked, bytes], *args: Asked.args, **kwargs: Asked.kwargs
) -> bytes:
    """What `work` makes; a few tenths of a second and some 30 MB each, so few at a time.

    Unavailable when too many wait already: each of them holds a connection.
    """
    if len(_waiting) >= WAITING_MAX:
        raise Unavailable("Too many reports are asked for at once.", headers={"Retry-After": "5"})
    place = object()
    _waiting.add(place)
    try:
        async with _room:
            return await asyncio.to_thread(work, *args, **kwargs)
    finally:
        _waiting.discard(place)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file to be given out, and the name under which a browser keeps it."""

    content: bytes
    media_type: str
    name: str

    @property
    def headers(self) -> dict[str, str]:
        """What tells the browser."""
        return {
            "Content-Disposition": f'inline; filename="{self.name}"',
            "Cache-Control": "private, no-cache",
        }


async def paper(
    scope: OrgScope,
    storage: Storage,
    *,
    found: Published,
    model_url: str,
    kind: str,
    shows_photos: bool = True,
) -> Made:
    """The report (`pdf`) or the spreadsheet (`xlsx`) of a measured job; `model_url` stands in it."""
    media_type, work = KINDS[kind]
    is_pictured = kind == "pdf"
    made_of = await _paper_of(scope, storage, found=found, model_url=model_url)
    if is_pictured:
        made_of = await _pictured(
            scope, storage, paper=made_of, found=found, shows_photos=shows_photos
        )
    content = await rendered(work, made_of)
    sample = "sample-" if found.record.sample else ""
    return Made(
        content=content,
        media_type=media_type,
        name=f"{sample}measurements-{found.job.id}.{kind}",
    )


async def picture(*, found: Published, name: str, version: str) -> Made:
    """A drawing of the house by its published name; NotFound where nothing has a size."""
    drawing = picture_of(found.record, name, version=version)
    if drawing is None:
        raise NotFound("Nothing in this model has a size, so there is nothing to draw.")
    return Made(
        content=await rendered(_png, drawing),
        media_type="image/png",
        name=f"wireframe_{name}.png",
    )


async def _paper_of(
    scope: OrgScope, storage: Storage, *, found: Published, model_url: str
) -> Paper:
    job, org = found.job, await orgs.find_org(scope)
    return Paper(
        record=found.record,
        job_id=job.id,
        name=job.name,
        address=job.address,
        external_identifier=job.external_identifier or "",
        organization=org.name,
        measured_at=job.completed_at,
        model_url=model_url,
        witnesses=scale.witnesses(await content_of(storage, found.files.get(scale.NAME))),
        preview=None,
        photos=[],
    )


async def _pictured(
    scope: OrgScope, storage: Storage, *, paper: Paper, found: Published, shows_photos: bool
) -> Paper:
    preview = found.files.get(PREVIEW)
    keys = await photos.thumbnails_of_job(scope, job_id=found.job.id) if shows_photos else []
    shown = [await _picture(storage, key) for key in _evenly(keys, count=PHOTOS_MAX)]
    return replace(
        paper,
        preview=await _picture(storage, preview.key) if preview else None,
        photos=[one for one in shown if one],
    )


def _evenly(keys: list[str], *, count: int) -> list[str]:
    """At most so many of them, spread from the first to the last."""
    if len(keys) <= count:
        return keys
    return [keys[round(number * (len(keys) - 1) / (count - 1))] for number in range(count)]


async def _picture(storage: Storage, key: str) -> bytes | None:
    try:
        content = await storage.get(key)
    except FileNotFoundError:
        return None
    return content if len(content) <= PICTURE_BYTES_MAX else None


# The libraries take a second to load and most processes never draw anything: they wait.


def _report(paper: Paper) -> bytes:
    from doorstep.builds.papers.report import report

    return report(paper)


def _spreadsheet(paper: Paper) -> bytes:
    from doorstep.builds.papers.spreadsheet import spreadsheet

    return spreadsheet(paper)


def _png(picture: Picture) -> bytes:
    from doorstep.builds.drawings.png import png

    return png(picture)


KINDS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "pdf": ("application/pdf", _report),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _spreadsheet),
}
