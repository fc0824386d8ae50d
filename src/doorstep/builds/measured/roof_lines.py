"""`roof_lines`: the roof from above, line by line and facet by facet.

The published name; the shape is ours, as no text that we hold shows theirs. Feet; x runs along
the front to the right as seen from outside, y to the back.
"""

from typing import Any

from doorstep.builds.measured.record import Point, Record
from doorstep.builds.measured.units import feet, pitch, square_feet

ROOF_KINDS = ("ridge", "hip", "valley", "eave", "rake")


def roof_lines(record: Record) -> dict[str, Any]:
    """Lines with their types, facets with their pitches; without a scale no places."""
    return {
        "version": 1,
        "lines": [
            {
                "line": edge.id,
                "type": edge.kind,
                "length": feet(edge.length.value) if edge.length else None,
                "points": _flat(edge.ends),
            }
            for edge in record.edges_of(*ROOF_KINDS)
        ],
        "facets": [
            {
                "facet": slope.id,
                "pitch": pitch(slope.over_12),
                "area": square_feet(slope.area.value) if slope.area else None,
                "points": _flat(slope.corners),
            }
            for slope in record.roof
        ],
    }


def _flat(points: tuple[Point, ...]) -> list[list[float | None]] | None:
    return [[feet(x), feet(y)] for x, y, _ in points] or None
