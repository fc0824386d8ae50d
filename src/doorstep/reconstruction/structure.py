"""A house as the stages hand it on: its faces in a frame of its own, and how sure they are.

The frame has its origin on the ground in the middle of the largest block, x along the front to
the right as seen from outside, y to the back, z up. Lengths are in units of the model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.workspace import STRUCTURE, read_json, write_json

Matrix = NDArray[np.float64]

SIDES = ("right", "back", "left", "front")
FLAT = "flat"
"""In the place of a side, where a roof falls to none."""


@dataclass(frozen=True)
class Surface:
    """A wall or a roof slope. Names that end in `_sigma` are standard deviations.

    `roofed` says that the roof above it was made out; without that, its height is a guess
    from the highest points on it. `doubtful` says that the edges of the roof above
    could not be made out, so that how far a slope reaches is not known. `outlined` says that photos
    show a slope's eave and ridge, or rakes, though hardly any point on it was measured.
    `hidden_tangent` is not None for a flat roof, whose `side` is "flat": slopes up to that tangent
    in its place would not show either.
    """

    id: str
    kind: str
    side: str
    block: int
    corners: Matrix
    tangent: float
    seen: float
    photos: tuple[str, ...]
    roofed: bool
    doubtful: bool = False
    outlined: bool = False
    width_sigma: float = 0.0
    height_sigma: float = 0.0
    area_sigma: float = 0.0
    tangent_sigma: float = 0.0
    hidden_tangent: float | None = None

    def is_shown(self, seen_min: float, /) -> bool:
        """Whether photos show it: so much of it was measured, or its outline is clear."""
        if self.hidden_tangent is not None:
            return self.outlined
        return self.seen >= seen_min or self.outlined


@dataclass(frozen=True)
class Edge:
    """A straight edge between or around surfaces."""

    id: str
    kind: str
    block: int
    ends: Matrix
    sigma: float
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Structure:
    """Everything known of the house's shape."""

    turn: Matrix
    shift: Matrix
    surfaces: tuple[Surface, ...]
    edges: tuple[Edge, ...]
    footprint_area: float
    footprint_perimeter: float
    ridge_height: float
    footprint_area_sigma: float = 0.0
    footprint_perimeter_sigma: float = 0.0
    ridge_sigma: float = 0.0

    def moved(self, view: View) -> View:
        """A view in the house's own frame."""
        rotation = view.rotation @ self.turn.T
        return View(
            name=view.name,
            file=view.file,
            number=view.number,
            size=view.size,
            matrix=view.matrix,
            distortion=view.distortion,
            rotation=rotation,
            translation=view.translation - rotation @ self.shift,
        )


def write_structure(workspace: Path, structure: Structure | None) -> None:
    """Write `structure.json`; an empty one where no house could be made out."""
    if structure is None:
        write_json(workspace / STRUCTURE, {"version": 1, "found": False})
        return
    write_json(
        workspace / STRUCTURE,
        {
            "version": 1,
            "found": True,
            "turn": structure.turn.tolist(),
            "shift": structure.shift.tolist(),
            "footprint_area": structure.footprint_area,
            "footprint_perimeter": structure.footprint_perimeter,
            "ridge_height": structure.ridge_height,
            "footprint_area_sigma": structure.footprint_area_sigma,
            "footprint_perimeter_sigma": structure.footprint_perimeter_sigma,
            "ridge_sigma": structure.ridge_sigma,
            "surfaces": [_plain(surface.__dict__) for surface in structure.surfaces],
            "edges": [_plain(edge.__dict__) for edge in structure.edges],
        },
    )


def read_structure(workspace: Path) -> Structure | None:
    """The structure that an earlier stage found, if any."""
    held = read_json(workspace / STRUCTURE)
    if not held["found"]:
        return None
    return Structure(
        turn=np.array(held["turn"]),
        shift=np.array(held["shift"]),
        surfaces=tuple(Surface(**_arrays(each, "corners")) for each in held["surfaces"]),
        edges=tuple(Edge(**_arrays(each, "ends")) for each in held["edges"]),
        footprint_area=held["footprint_area"],
        footprint_perimeter=held["footprint_perimeter"],
        ridge_height=held["ridge_height"],
        footprint_area_sigma=held["footprint_area_sigma"],
        footprint_perimeter_sigma=held["footprint_perimeter_sigma"],
        ridge_sigma=held["ridge_sigma"],
    )


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in fields.items()}


def _arrays(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    changed = {name: np.array(fields[name], np.float64) for name in names}
    return {**fields, **changed, "photos": tuple(fields["photos"])}
