"""The engine's `evidence.json`, read without trust: where in which photos a number was taken from.

A wall or a slope that has no drawing of its own is drawn by the edges that lie on its outline.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import dist, hypot
from typing import Any

from doorstep.builds.measured.record import Edge, Point, Record, Slope, Wall

NAME = "evidence.json"
VERSION = 1
PROOFS_MAX = 2
CORNERS_MIN, CORNERS_MAX = 3, 64
PIXELS_MAX = 1e6
NAME_CHARACTERS_MAX = 100
ON_OUTLINE_M = 0.02

Pixel = tuple[float, float]
Evidence = Mapping[str, Sequence["Proof"]]


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is drawn for one part of the house: a segment, or an outline of three corners or more."""

    part: str
    points: tuple[Pixel, ...]

    @property
    def length(self) -> float:
        """Pixels from its first point to its last."""
        return dist(self.points[0], self.points[-1])


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A photo by the engine's name with what is drawn over it, in pixels of the upright original."""

    photo: str
    lines: tuple[Line, ...]


def read(content: bytes) -> Evidence:
    """The proofs by part; none in bytes that hold none that this version can read."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    proofs = found.get("proofs") if isinstance(found, dict) else None
    if not isinstance(proofs, dict) or found.get("version") != VERSION:
        return {}
    return {part: _proofs(part, rows) for part, rows in proofs.items() if isinstance(rows, list)}


def proofs_of(part: str, *, record: Record, evidence: Evidence) -> Sequence[Proof]:
    """At most two photos that show this part of the house."""
    own = evidence.get(part, ())
    if own:
        return own[:PROOFS_MAX]
    faces: list[Wall | Slope] = [*record.walls, *record.roof]
    face = next((one for one in faces if one.id == part), None)
    if face is None:
        return ()
    edges = [edge for edge in record.edges if _is_on(face.corners, edge)]
    return _by_edges([proof for edge in edges for proof in evidence.get(edge.id, ())])


def _proofs(part: str, rows: list[Any]) -> list[Proof]:
    proofs = [_proof(part, row) for row in rows[:PROOFS_MAX] if isinstance(row, dict)]
    return [proof for proof in proofs if proof is not None]


def _proof(part: str, row: Mapping[str, Any]) -> Proof | None:
    photo, corners = row.get("photo"), row.get("corners")
    if not isinstance(photo, str) or not 0 < len(photo) <= NAME_CHARACTERS_MAX:
        return None
    given = corners if isinstance(corners, list) else [row.get("a"), row.get("b")]
    points = [_pixel(value) for value in given[:CORNERS_MAX]]
    known = tuple(point for point in points if point is not None)
    least = 2 if given is not corners else CORNERS_MIN
    if not least <= len(known) == len(given):
        return None
    return Proof(photo=photo, lines=(Line(part=part, points=known),))


def _by_edges(proofs: Sequence[Proof]) -> Sequence[Proof]:
    """The two photos that show the most edges, each once; the longer drawn where as many."""
    photos: dict[str, dict[str, Line]] = {}
    for proof in proofs:
        for line in proof.lines:
            photos.setdefault(proof.photo, {})[line.part] = line
    best = sorted(
        photos.items(),
        key=lambda one: (-len(one[1]), -sum(line.length for line in one[1].values()), one[0]),
    )
    return [Proof(photo=name, lines=tuple(lines.values())) for name, lines in best[:PROOFS_MAX]]


def _is_on(outline: Sequence[Point], edge: Edge) -> bool:
    """Whether both ends of an edge lie on the outline of a face."""
    sides = list(zip(outline, (*outline[1:], *outline[:1]), strict=True))
    return bool(edge.ends) and all(
        any(_distance(end, side) < ON_OUTLINE_M for side in sides) for end in edge.ends
    )


def _distance(point: Point, side: tuple[Point, Point]) -> float:
    """Metres from a point to a segment."""
    start, end = side
    along = [b - a for a, b in zip(start, end, strict=True)]
    to = [b - a for a, b in zip(start, point, strict=True)]
    square = sum(one * one for one in along)
    share = sum(a * b for a, b in zip(along, to, strict=True)) / square if square else 0.0
    share = min(1.0, max(0.0, share))
    return hypot(*(b - share * a for a, b in zip(along, to, strict=True)))


def _pixel(value: object) -> Pixel | None:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004  x and y
        return None
    x, y = value
    numbers = [isinstance(n, int | float) and not isinstance(n, bool) for n in (x, y)]
    if not all(numbers) or not max(abs(x), abs(y)) < PIXELS_MAX:
        return None
    return float(x), float(y)
