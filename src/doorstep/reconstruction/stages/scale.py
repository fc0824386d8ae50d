"""Metres per unit of the model: from marker sheets, from known lengths, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View, read_views
from doorstep.reconstruction.geometry.looseness import Looseness
from doorstep.reconstruction.geometry.sheets import Sight, fit_sheet
from doorstep.reconstruction.geometry.triangulation import triangulate, widest_angle_deg
from doorstep.reconstruction.options import Options, ScaleOptions
from doorstep.reconstruction.photos import Photo, read_original, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.sheet import Board, Sheets, Sighting, find_markers
from doorstep.reconstruction.workspace import POINTS, SCALE, read_arrays, write_json

NAME = "scale"
VERSION = 7
TITLE = "Looking for the scale"
OUTPUTS = (SCALE,)

# Error of a marker's centre, and of a point that a person clicks, in pixels of the photo. The centre
# of a marker of few pixels is worse: this much is added, divided by its edge.
CENTRE_PX, CENTRE_PX_BY_EDGE, CLICK_PX = 0.03, 1.0, 1.5
# All photos blur their details alike, which a lens takes for another focal length: at the photo's edge
# by so many pixels.
EDGE_PX = 0.5
# How well a person reads a tape along a door or a wall.
TAPE_M = 0.005
# Markers smaller than this are misread more often than they help.
EDGE_PX_MIN = 12.0
ANGLE_DEG_MIN = 1.0
OUTLIER_SIGMAS, OUTLIER_SHARE_MIN = 3.0, 0.01
# A scale less certain than this (one standard deviation) is not stated: no number in metres then.
SIGMA_SHARE_MAX = 0.02

Matrix = NDArray[np.float64]
# A place in a photo: the view, the pixel (2), and its expected error in pixels.
Place = tuple[View, Matrix, float]


@dataclass(frozen=True)
class Observation:
    """One witness of the scale, with its standard deviation as a share of it."""

    name: str
    source: str
    metres_per_unit: float
    sigma_share: float
    photos: tuple[str, ...]
    used: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Located:
    """A point (3) in the model's frame, and its covariance (3 x 3)."""

    point: Matrix
    covariance: Matrix


def options_of(options: Options) -> ScaleOptions:
    """The part of the options that this stage depends on."""
    return options.scale


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write `scale.json`: the scale with its uncertainty and every witness, or `none`."""
    views = {view.name: view for view in read_views(workspace)}
    loose = Looseness(list(views.values()), read_arrays(workspace / POINTS))
    photos = {photo.name: photo for photo in used_photos(workspace)}
    asked = options.scale
    witnesses: list[Observation] = []
    places: dict[str, list[float]] = {}
    if asked.marker is not None:
        sheets = Sheets.from_json(asked.marker) if asked.marker else Sheets()
        sightings = _sightings(workspace, views, photos=photos, sheets=sheets, step=step)
        found = (_from_board(board, sightings, loose=loose) for board in sheets.boards)
        witnesses += [witness for witness in found if witness is not None]
        places = _places(sheets, sightings)
    for known in asked.known_lengths:
        witness = _from_length(known, views, photos=photos, loose=loose)
        if witness is not None:
            witnesses.append(witness)
    half = max(max(view.size) for view in views.values()) / 2
    result = combine(witnesses, shared=EDGE_PX / half) | {"places": places}
    if result["source"] == "none" and (asked.marker is not None or asked.known_lengths):
        result["missing"] = _missing(result, by_sheet=asked.marker is not None)
    write_json(workspace / SCALE, result)
    return StageReport(NAME, {**result, "witnesses": len(witnesses)})


def combine(witnesses: Sequence[Observation], *, shared: float = 0.0) -> dict[str, Any]:
    """Weighted mean of the witnesses that agree; the others are named as outliers.

    `shared` is the standard deviation, as a share, of what they all are wrong by together. Where
    they agree less than each of them is sure of itself, the mean is less sure by as much.
    """
    if not witnesses:
        return _unknown([])
    values = np.array([w.metres_per_unit for w in witnesses])
    sigmas = np.array([w.sigma_share for w in witnesses])
    anchor = values[int(np.argmin(sigmas))]
    apart = np.abs(values / anchor - 1)
    limit = np.maximum(OUTLIER_SIGMAS * np.hypot(sigmas, sigmas.min()), OUTLIER_SHARE_MIN)
    agree = apart <= limit
    weights = agree / sigmas**2
    mean = float((weights * values).sum() / weights.sum())
    squares = weights * (values / mean - 1) ** 2
    unlike = max(1.0, float(squares.sum()) / max(int(agree.sum()) - 1, 1))
    sigma = float(np.hypot(np.sqrt(unlike / weights.sum()), shared))
    judged = [
        w if fine else replace(w, used=False, reason=f"off by {share:.1%}")
        for w, fine, share in zip(witnesses, agree, apart, strict=True)
    ]
    if sigma > SIGMA_SHARE_MAX:
        reason = f"known only to {sigma:.1%}, {SIGMA_SHARE_MAX:.0%} is needed"
        return _unknown([replace(w, used=False, reason=w.reason or reason) for w in judged])
    sources = [w.source for w in judged if w.used]
    return {
        "source": "marker" if "marker" in sources else sources[0],
        "metres_per_unit": mean,
        "relative_uncertainty": round(sigma, 6),
        "observations": [asdict(w) for w in judged],
    }


def _unknown(observations: Sequence[Observation]) -> dict[str, Any]:
    return {
        "source": "none",
        "metres_per_unit": None,
        "relative_uncertainty": None,
        "observations": [asdict(w) for w in observations],
    }


def _missing(result: Mapping[str, Any], *, by_sheet: bool) -> dict[str, str]:
    """Why there is no scale though one was asked for, and which photos would give it."""
    what = "the sheet of markers" if by_sheet else "the known length"
    vague = [each["reason"] for each in result["observations"]]
    why = f"{what} was seen too small: {vague[0]}" if vague else f"{what} is not in two photos"
    ask_for = f"three photos of {what} from three metres, two steps apart"
    return {"what": "the scale", "why": why, "ask_for": ask_for}


def _sightings(
    workspace: Path,
    views: Mapping[str, View],
    *,
    photos: Mapping[str, Photo],
    sheets: Sheets,
    step: Step,
) -> dict[int, list[Place]]:
    """By marker, where it is seen; looked for in the originals, which have more pixels."""
    found: dict[int, list[Place]] = {}
    for number, (name, view) in enumerate(views.items()):
        step(number / len(views), TITLE)
        grey = read_original(workspace, photos[name])
        for sighting in [] if grey is None else find_markers(grey, sheets):
            if sighting.edge_px >= EDGE_PX_MIN:
                found.setdefault(sighting.marker, []).append(
                    _place(sighting, view, shrink=photos[name].scale)
                )
    return found


def _places(sheets: Sheets, sightings: Mapping[int, list[Place]]) -> dict[str, list[float]]:
    """Where each sheet hangs, in the model's frame."""
    found = {}
    for board in sheets.boards:
        markers = [locate(sightings.get(marker, [])) for marker in board.ids]
        placed = [marker.point for marker in markers if marker is not None]
        if placed:
            found[board.name] = np.mean(placed, axis=0).tolist()
    return found


def _place(sighting: Sighting, view: View, *, shrink: float) -> Place:
    error = CENTRE_PX + CENTRE_PX_BY_EDGE / sighting.edge_px
    return view, (sighting.centre + 0.5) * shrink - 0.5, error * shrink


def _from_board(
    board: Board, sightings: Mapping[int, list[Place]], *, loose: Looseness
) -> Observation | None:
    placed = {
        marker: located.point
        for marker in board.ids
        if (located := locate(sightings.get(marker, []))) is not None
    }
    if len(placed) < 2:
        return None
    sights = [Sight(marker, *place) for marker in placed for place in sightings[marker]]
    fitted = fit_sheet(board.centres(), sights, placed=placed)
    sigma = float(np.hypot(fitted.sigma, loose.share(loose.of_pulls(fitted.pulls))))
    names = tuple(sorted({sight.view.name for sight in sights}))
    return Observation(board.name, "marker", 1 / fitted.units_per_metre, sigma, names)


def _from_length(
    known: Mapping[str, Any],
    views: Mapping[str, View],
    *,
    photos: Mapping[str, Photo],
    loose: Looseness,
) -> Observation | None:
    ends: tuple[list[Place], list[Place]] = ([], [])
    for seen in known["observations"]:
        view = views.get(seen["photo"])
        if view is None:
            continue
        shrink = photos[view.name].scale
        for end, key in zip(ends, ("a", "b"), strict=True):
            pixel = (np.array(seen[key], np.float64) + 0.5) * shrink - 0.5
            end.append((view, pixel, float(seen.get("px", CLICK_PX)) * shrink))
    one, other = locate(ends[0]), locate(ends[1])
    if one is None or other is None:
        return None
    apart = one.point - other.point
    found = float(np.linalg.norm(apart))
    along = apart / found
    clicks = float(along @ (one.covariance + other.covariance) @ along) / found**2
    pulls = [
        loose.of_point(place, located.point)
        for place, located in zip(ends, (one, other), strict=True)
    ]
    shared = loose.share(along @ (pulls[0] - pulls[1]) / found)
    metres = float(known["metres"])
    sigma = float(np.linalg.norm([np.sqrt(clicks), shared, TAPE_M / metres]))
    seen_by = tuple(sorted({place[0].name for place in ends[0]}))
    return Observation(str(known["name"]), "known_length", metres / found, sigma, seen_by)


def locate(places: Sequence[Place]) -> Located | None:
    """Where rays meet, by their expected errors; by more where they miss each other by more."""
    if len(places) < 2:
        return None
    centres = np.array([view.centre for view, _, _ in places])
    rays = np.array([view.rays(pixel[None])[0] for view, pixel, _ in places])
    if widest_angle_deg(rays) < ANGLE_DEG_MIN:
        return None
    spread = np.array([error / view.matrix[0, 0] for view, _, error in places])
    point, misses = triangulate(centres, rays, spread_rad=spread)
    across = spread * np.linalg.norm(centres - point, axis=1)
    planes = np.eye(3) - rays[:, :, None] * rays[:, None, :]
    inverse = np.linalg.inv((planes / across[:, None, None] ** 2).sum(axis=0))
    worse = max(1.0, float(np.median(misses / spread)))
    return Located(point, inverse * worse**2)
