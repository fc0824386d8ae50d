"""The viewer of a job's model: what it lists, and the scene that it draws."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from litestar import get

from doorstep.builds import queries as builds
from doorstep.builds.measured import poses, record
from doorstep.builds.measured.poses import Pose
from doorstep.builds.measured.record import Measure, Point, Record
from doorstep.builds.model import BuildFile, BuildPhoto
from doorstep.builds.published import content_of
from doorstep.captures.model import HOUSE, STRUCTURE_TEXTS
from doorstep.events import accesses
from doorstep.jobs import actions as jobs
from doorstep.jobs import queries as job_rows
from doorstep.jobs.model import Job
from doorstep.kit.errors import NotFound
from doorstep.kit.storage import Storage
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import measurements
from doorstep.web.desk.measurements import Part
from doorstep.web.desk.screens import Page, html, piece, row_id
from doorstep.web.services import Services

MODEL = "model.glb"
MODEL_BYTES_MAX = 8_000_000
"""A larger model is offered as a file and not drawn."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A part as it is drawn: corners of a face or ends of an edge, in metres, z up."""

    kind: str
    side: str = ""
    pitch_deg: float | None = None
    length: Measure | None = None
    corners: tuple[Point, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What the page shows of one building before, or without, its picture."""

    structure: str
    path: str
    poster: str | None
    has_record: bool
    scale: str
    groups: list[tuple[str, list[Part]]]
    buildings: list[tuple[str, str]]


@get("/jobs/{job_id:int}/models/{structure:str}")
async def viewer(page: OrgScope, *, services: Services, job_id: int, structure: str) -> Page:
    """The viewer of one of the job's buildings, to take the place of another's."""
    page.require(Right.READ)
    job = await jobs.find(page, job_id=row_id(job_id))
    found = await find(page, services.storage, job=job, structure=structure)
    if found is None:
        raise NotFound
    if found.has_record:
        await accesses.note_read(page, job_id=job.id, what="measurements")
    return html(await piece(page, "desk/viewer.html", job=job, viewer=found))


@get("/jobs/{job_id:int}/models/{structure:str}/scene.json")
async def scene(
    page: OrgScope, *, services: Services, job_id: int, structure: str
) -> dict[str, object]:
    """What the viewer draws: the model's address, the parts with their corners, the photos."""
    page.require(Right.READ)
    job = await jobs.find(page, job_id=row_id(job_id))
    files = await _files(page, job_id=job.id, structure=structure)
    if MODEL not in files:
        raise NotFound
    known = record.read(await content_of(services.storage, files.get(record.NAME)))
    if known is not None:
        await accesses.note_read(page, job_id=job.id, what="measurements")
    views = poses.read(await content_of(services.storage, files.get(poses.NAME)))
    taken = await builds.photos_of_model(page, job_id=job.id) if structure == HOUSE else []
    return {
        "model": {
            "url": f"{_folder(job.id, structure)}/{MODEL}?build={_build(files[MODEL])}",
            "bytes": files[MODEL].bytes,
            "bytes_max": MODEL_BYTES_MAX,
        },
        "scaled": bool(known and known.scale),
        "scale_share": known.scale_share if known else None,
        "parts": _drawn(known) if known else [],
        "photos": _photos(views, taken),
    }


async def find(
    scope: OrgScope, storage: Storage, *, job: Job, structure: str = HOUSE
) -> Viewer | None:
    """What is known of a building's model; None while there is no model."""
    files = await _files(scope, job_id=job.id, structure=structure)
    if MODEL not in files:
        return None
    known = record.read(await content_of(storage, files.get(record.NAME)))
    preview = files.get("preview.jpg")
    folder = _folder(job.id, structure)
    return Viewer(
        structure=structure,
        path=f"/jobs/{job.id}/models/{structure}/scene.json",
        poster=f"{folder}/{preview.name}?build={_build(preview)}" if preview else None,
        has_record=known is not None,
        scale=known.scale if known else "",
        groups=_groups(known),
        buildings=await _buildings(scope, job=job),
    )


def _groups(known: Record | None) -> list[tuple[str, list[Part]]]:
    if known is None:
        return []
    found = measurements.measured(known)
    groups = [
        ("Walls", found.walls),
        ("Roof", found.roof),
        ("Openings", found.openings),
        ("Edges", found.edges),
    ]
    return [(title, group) for title, group in groups if group]


async def _buildings(scope: OrgScope, *, job: Job) -> list[tuple[str, str]]:
    """(structure, its name) of every building that has a model; the house comes first."""
    named = await job_rows.named_models(scope, job_id=job.id)
    ready = {row["name"] for row in named if row["build_id"] is not None}
    return [
        (structure, text)
        for structure, text in STRUCTURE_TEXTS.items()
        if structure == HOUSE or text in ready
    ]


async def _files(scope: OrgScope, *, job_id: int, structure: str) -> dict[str, BuildFile]:
    found = await builds.published_files(scope, job_id=job_id, tree="org", structure=structure)
    return {file.name: file for file in found}


def _folder(job_id: int, structure: str) -> str:
    """Where the desk serves a building's files."""
    at = "files" if structure == HOUSE else f"structures/{structure}"
    return f"/jobs/{job_id}/{at}"


def _build(file: BuildFile) -> str:
    """Changes with each build, so that no browser keeps an older build's file."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, file.key))


def _drawn(known: Record) -> list[dict[str, object]]:
    """Every part with its words and its shape, in the order of the list."""
    shapes = zip(measurements.measured(known).parts, _shapes(known), strict=True)
    return [
        {
            "id": part.id,
            "title": part.title,
            "about": part.about,
            "figures": [
                {"name": name, "feet": figure.feet, "metres": figure.metres}
                for name, figure in part.known
            ],
            "kind": shape.kind,
            "side": shape.side,
            "pitch_deg": shape.pitch_deg,
            "length_m": shape.length.value if shape.length else None,
            "range_m": shape.length.spread if shape.length else None,
            "corners": shape.corners,
        }
        for part, shape in shapes
    ]


def _shapes(known: Record) -> Iterator[Shape]:
    """In the same order."""
    for wall in known.walls:
        yield Shape(kind="wall", side=wall.side, corners=wall.corners)
    for slope in known.roof:
        pitch = slope.pitch.value if slope.pitch else None
        yield Shape(kind="roof", side=slope.side, pitch_deg=pitch, corners=slope.corners)
    for opening in known.openings:
        yield Shape(kind="opening", corners=opening.corners)
    for edge in known.edges:
        yield Shape(kind="edge", length=edge.length, corners=edge.ends)


def _photos(views: Sequence[Pose], taken: Sequence[BuildPhoto]) -> list[dict[str, object]]:
    """The cameras whose photos are still there, in the order in which they were taken."""
    kept: Mapping[str, BuildPhoto] = {photo.name: photo for photo in taken}
    return [
        {
            "id": str(photo.id),
            "number": photo.number,
            "size": view.size,
            "focal_px": view.focal_px,
            "centre": view.centre,
            "up": view.up,
            "looks": view.looks,
        }
        for view in views
        if (photo := kept.get(view.photo)) is not None
    ]
