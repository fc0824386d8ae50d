"""What was not measured, why, and which photo would help: entries of `unseen`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.standing import stands_on
from doorstep.reconstruction.structure import Structure, Surface

Matrix = NDArray[np.float64]

SPOTS = {
    "front": "spot front",
    "right": "spot right side",
    "back": "spot back",
    "left": "spot left side",
}

# In metres: what begins lower than this stands on the ground.
DOOR_LOW_M = 0.3

SHAPE = {
    "what": "the house's shape",
    "why": "too few walls were made out",
    "ask_for": "a walk once round the whole house in small steps, 36 photos or more",
}


def face(surface: Surface) -> dict[str, str]:
    """A wall or a slope."""
    what = "wall" if surface.kind == "wall" else "roof slope"
    return {
        "what": f"{surface.side} {what}, {surface.id}",
        "why": "hardly any of it could be measured",
        "ask_for": SPOTS[surface.side],
    }


def hidden_roof(surface: Surface) -> dict[str, str]:
    """A roof that may be flat, or lower than would show; the walls below it are known."""
    steepest = np.degrees(np.arctan(surface.hidden_tangent or 0.0))
    return {
        "what": f"the roof, {surface.id}",
        "why": f"flat, or lower than {steepest:.0f} degrees, which would be hidden behind its eaves",
        "ask_for": "photos from further back, until a roof shows or the sky behind it",
    }


def opening(each: dict[str, Any], structure: Structure, *, metres: float) -> dict[str, str]:
    """Something on a wall that must be an opening; `each` has its wall and its corners in units."""
    wall = next(s for s in structure.surfaces if s.id == each["wall"])
    corners = np.array(each["corners"])
    place = float(np.linalg.norm((corners.mean(axis=0) - wall.corners[0])[:2])) * metres
    kind = "door" if (corners[:, 2].min() * metres) < DOOR_LOW_M else "window"
    return {
        "what": f"a {kind} on the {wall.side} wall, {wall.id}, {place:.1f} m from its left corner",
        "why": "half hidden, or hardly told from the wall",
        "ask_for": "a photo that shows all of it, straight on if possible",
    }


def on_slopes(
    structure: Structure, points: Matrix, *, metres: float, seen_min: float
) -> list[dict[str, str]]:
    """What stands on the slopes that are stated, by dense points (n x 3): it is in no model."""
    return [
        {
            "what": f"what stands on the {slope.side} roof slope, {slope.id}, "
            f"{each.place * metres:.1f} m from its left end and about {each.width * metres:.1f} m wide",
            "why": "dormers are not measured, and the slope is stated as if it ran on below them",
            "ask_for": "",
        }
        for slope in structure.surfaces
        if slope.kind == "roof" and slope.is_shown(seen_min)
        for each in stands_on(
            slope.corners,
            [other.corners for other in structure.surfaces if other is not slope],
            points=points,
            unit=1 / metres,
        )
    ]


def broken_chain(gap: str, *, left_out: int) -> dict[str, str]:
    """What photos show that were not joined to the others."""
    return {
        "what": f"what {left_out} of the photos show, not joined to the others",
        "why": gap,
        "ask_for": "more photos there, in smaller steps",
    }


def roof(structure: Structure, block: int) -> dict[str, str]:
    """The roof over a block."""
    walls = [s.id for s in structure.surfaces if s.block == block and s.kind == "wall"]
    return {
        "what": f"the roof over {', '.join(walls)}, and how high these walls are",
        "why": "seen too flatly from the ground",
        "ask_for": "photos from further back, until the ridge shows",
    }


def reach(structure: Structure, block: int) -> dict[str, str]:
    """How far a block's roof reaches."""
    slopes = [s.id for s in structure.surfaces if s.block == block and s.kind == "roof"]
    return {
        "what": f"how far the roof reaches, {', '.join(slopes)}",
        "why": "its edges could not be made out",
        "ask_for": "photos of the roof's edges from the corners of the house",
    }


def cut_slope(surface: Surface) -> dict[str, str]:
    """A slope that another roof cuts where it cannot be seen."""
    return {
        "what": f"how large the {surface.side} roof slope is, {surface.id}",
        "why": "another roof runs into it, which was seen too flatly from the ground",
        "ask_for": "photos from further back, until both roofs show",
    }
