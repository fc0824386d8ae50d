"""A house of round numbers, as the engine would have measured it, and its publication."""

import json
from io import BytesIO
from typing import Any

from PIL import Image

from doorstep.auth.scopes import open_scope
from doorstep.builds import actions as builds
from doorstep.builds.actions import take_up
from doorstep.builds.model import BuildFile
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.db import Database
from doorstep.kit.ids import uuid7
from doorstep.photos import queries as photos
from doorstep.web.services import Services
from tests.cast import STAGE, Troupe

FOOT = 0.3048
Place = tuple[float, float, float]


def _wall(name: str, side: str, corners: list[Place], *, width: float, area: float) -> Any:
    return {
        "id": name,
        "side": side,
        "seen": 1.0,
        "photos": ["IMG_0001.jpg"],
        "width_m": round(width * FOOT, 4),
        "width_range_m": 0.03,
        "height_m": 3.048,
        "area_m2": round(area * FOOT**2, 4),
        "net_area_m2": round(area * FOOT**2, 4),
        "range": 0.01,
        "polygon": [_metres(corner) for corner in corners],
    }


def _slope(name: str, side: str, corners: list[Place]) -> Any:
    return {
        "id": name,
        "side": side,
        "seen": 1.0,
        "photos": [],
        "pitch_deg": 33.69,
        "pitch_range_deg": 0.25,
        "pitch_over_12": 8.0,
        "area_m2": round(721.11 * FOOT**2, 4),
        "range": 0.02,
        "polygon": [_metres(corner) for corner in corners],
    }


def _edge(number: int, kind: str, one: Place, *, other: Place) -> Any:
    length = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
    return {
        "id": f"E-{number}",
        "type": kind,
        "photos": [],
        "length_m": round(length * FOOT, 4),
        "range_m": 0.05,
        "ends": [_metres(one), _metres(other)],
    }


def _metres(feet: Place) -> list[float]:
    return [round(value * FOOT, 4) for value in feet]


_edges: list[tuple[str, Place, Place]] = [
    ("base", (-20, -15, 0), (20, -15, 0)),
    ("outside_corner", (20, -15, 0), (20, -15, 10)),
    ("outside_corner", (20, 15, 0), (20, 15, 10)),
    ("outside_corner", (-20, 15, 0), (-20, 15, 10)),
    ("outside_corner", (-20, -15, 0), (-20, -15, 10)),
    ("ridge", (-20, 0, 20), (20, 0, 20)),
    ("eave", (-20, -15, 10), (20, -15, 10)),
    ("eave", (-20, 15, 10), (20, 15, 10)),
    ("rake", (20, -15, 10), (20, 0, 20)),
    ("rake", (20, 15, 10), (20, 0, 20)),
    ("rake", (-20, -15, 10), (-20, 0, 20)),
    ("rake", (-20, 15, 10), (-20, 0, 20)),
]

# 40 by 30 feet, eaves at 10 feet, a gable roof of 8/12 without overhangs.
GABLE: dict[str, Any] = {
    "version": 1,
    "scale": {"source": "marker", "relative_uncertainty": 0.002},
    "photos": {"given": 44, "registered": 43},
    "footprint": {"area_m2": 111.4836, "perimeter_m": 42.672},
    "ridge_height_m": 6.096,
    "walls": [
        _wall("SI-1", "front", [(-20, -15, 0), (20, -15, 0), (20, -15, 10), (-20, -15, 10)],
              width=40, area=400),
        _wall("SI-2", "right", [(20, -15, 0), (20, 15, 0), (20, 15, 10), (20, 0, 20),
                                (20, -15, 10)], width=30, area=450),
        _wall("SI-3", "back", [(20, 15, 0), (-20, 15, 0), (-20, 15, 10), (20, 15, 10)],
              width=40, area=400),
        _wall("SI-4", "left", [(-20, 15, 0), (-20, -15, 0), (-20, -15, 10), (-20, 0, 20),
                               (-20, 15, 10)], width=30, area=450),
    ],
    "roof": [
        _slope("RF-1", "front", [(-20, -15, 10), (20, -15, 10), (20, 0, 20), (-20, 0, 20)]),
        _slope("RF-2", "back", [(20, 15, 10), (-20, 15, 10), (-20, 0, 20), (20, 0, 20)]),
    ],
    "edges": [_edge(n, kind, a, other=b) for n, (kind, a, b) in enumerate(_edges, start=1)],
    "openings": [],
    "unseen": [],
}  # fmt: skip

# Ranges that are not stated apart are those of both sizes.
OPENINGS: list[dict[str, Any]] = [
    {"id": "W-1", "wall": "SI-1", "kind": "window", "width_m": 1.2192, "height_m": 1.3,
     "range_m": 0.0508, "width_range_m": 0.0305, "height_range_m": 0.0508, "photos": []},
    {"id": "D-1", "wall": "SI-2", "kind": "garage_door", "width_m": 2.8, "height_m": 2.2,
     "range_m": 0.07, "width_range_m": 0.03, "photos": []},
    {"id": "W-2", "wall": "SI-2", "kind": "window", "width_m": 1.0},
]  # fmt: skip


def _hole(name: str, wall: str, kind: str, *, wide: float, high: float) -> Any:
    ranges = {"range_m": 0.03, "width_range_m": 0.02, "height_range_m": 0.03}
    size = {"width_m": round(wide * FOOT, 4), "height_m": round(high * FOOT, 4)}
    return {"id": name, "wall": wall, "kind": kind, **size, **ranges, "photos": []}


def _with_holes(wall: dict[str, Any], *, material: str, taken: float) -> Any:
    return wall | {
        "material": material,
        "net_area_m2": round(wall["area_m2"] - taken * FOOT**2, 4),
    }


# The same house with windows and doors, one of its walls of brick, and ranges of the whole.
FURNISHED: dict[str, Any] = GABLE | {
    "footprint": {"area_m2": 111.4836, "perimeter_m": 42.672, "range": 0.01,
                  "perimeter_range_m": 0.06},
    "ridge_height_range_m": 0.05,
    "walls": [
        _with_holes(wall, material=material, taken=taken)
        for wall, material, taken in zip(
            GABLE["walls"], ("siding", "brick", "siding", "siding"), (53, 63, 6, 14.7), strict=True
        )
    ],
    "openings": [
        _hole("W-1", "SI-1", "window", wide=4, high=5),
        _hole("W-2", "SI-1", "window", wide=3, high=4),
        _hole("D-1", "SI-1", "door", wide=3, high=7),
        _hole("D-2", "SI-2", "garage_door", wide=9, high=7),
        _hole("W-3", "SI-3", "window", wide=2, high=3),
        _hole("W-4", "SI-4", "window", wide=3.5, high=4.2),
    ],
}  # fmt: skip

WITHOUT_SCALE: dict[str, Any] = {
    **{name: GABLE[name] for name in ("version", "photos", "openings")},
    "scale": {"source": "none", "relative_uncertainty": None},
    "walls": [{name: one[name] for name in ("id", "side", "seen")} for one in GABLE["walls"]],
    "roof": [
        {name: one[name] for name in ("id", "side", "pitch_deg", "pitch_over_12")}
        for one in GABLE["roof"]
    ],
    "edges": [{name: one[name] for name in ("id", "type")} for one in GABLE["edges"]],
    "unseen": [
        {"what": "the scale", "why": "no sheet was found", "ask_for": "the printed sheet in view"}
    ],
}


def report_of(record: dict[str, Any]) -> dict[str, Any]:
    """What the engine's report says of a run that measured this."""
    unit = "arbitrary" if record["scale"]["source"] == "none" else "metre"
    return {
        "version": 1,
        "stages": [
            {"stage": "measure", "figures": {"roof": len(record["roof"])}},
            {"stage": "export", "figures": {"unit": unit}},
        ],
    }


async def publish(
    db: Database,
    services: Services,
    troupe: Troupe,
    *,
    job_id: int,
    record: dict[str, Any] | None = None,
    files: dict[str, bytes] | None = None,
    photos_used: dict[str, str] | None = None,
) -> None:
    """Bring the job to complete by a build that published this record, and these files."""
    record = GABLE if record is None else record
    contents = {"measurements.json": json.dumps(record).encode(), **(files or {})}
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        job = await jobs.find(scope, job_id=job_id)
        if job.state != JobState.PROCESSING_UPLOAD:
            await jobs.move(scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD)
        build_id = await builds.order(scope, job_id=job_id)
        assert build_id is not None
        claim = await take_up(scope, build_id=build_id)
        assert claim is not None
        made = []
        for name, content in contents.items():
            key = f"builds/{troupe.org_id}/{build_id}/{name}"
            await services.storage.put(key, content)
            made.append(
                BuildFile(tree="org", name=name, key=key, bytes=len(content), media_type="x/y")
            )
        assert await builds.publish(
            scope, claim=claim, files=made, report=report_of(record), photos_used=photos_used
        )


async def publish_pictured(
    db: Database,
    services: Services,
    troupe: Troupe,
    *,
    job_id: int,
    files: dict[str, bytes],
    pictures: dict[str, bytes],
) -> list[str]:
    """Publish these files as built from pictures, given by the engine's names; the photos' ids."""
    kept = {name: uuid7() for name in pictures}
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        for number, (name, content) in enumerate(pictures.items()):
            await services.storage.put(f"shown/{name}", content)
            with Image.open(BytesIO(content)) as picture:
                size = picture.size
            await photos.insert_sample(
                scope,
                photo_id=kept[name],
                job_id=job_id,
                sequence=number,
                content=(bytes([number]), len(content)),
                size=size,
                keys=(f"originals/{name}", f"shown/{name}"),
            )
    await publish(
        db,
        services,
        troupe,
        job_id=job_id,
        record=json.loads(files["measurements.json"]),
        files=files,
        photos_used={name: f"originals/{name}" for name in pictures},
    )
    return [str(photo_id) for photo_id in kept.values()]
