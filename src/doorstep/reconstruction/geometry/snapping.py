"""What builders make alike, made so where measurements agree: pitches, and the heights of eaves."""

from dataclasses import replace

import numpy as np

from doorstep.reconstruction.geometry.shell import Roof
from doorstep.reconstruction.geometry.slopes import Slope

# Pitches are made in steps of 1 in 12, which is 2 to 5 degrees: nearer than this is the same one.
PITCH_APART_MAX_DEG = 0.7
# In units: eaves of one roof that are built at one height come out this near to each other.
EAVES_APART_MAX = 0.12


def alike_pitches(slopes: tuple[Slope, ...]) -> tuple[Slope, ...]:
    """Slopes turned about the middle of their points to a common pitch, if they nearly have one."""
    angles = np.degrees(np.arctan([slope.tangent for slope in slopes]))
    areas = np.array([slope.area for slope in slopes])
    if len(slopes) < 2 or np.ptp(angles) > PITCH_APART_MAX_DEG or areas.sum() <= 0:
        return slopes
    tangent = float(np.tan(np.radians(np.average(angles, weights=areas))))
    turned = []
    for slope in slopes:
        middle = sum(slope.reach) / 2
        top = slope.top + (tangent - slope.tangent) * middle
        turned.append(replace(slope, tangent=tangent, top=top))
    return tuple(turned)


def level_eaves(roof: Roof, *, unit: float) -> Roof:
    """The slopes moved up or down to eaves of one height, if these are nearly so already."""
    places = [float((roof.high if s.facing < 2 else roof.low)[s.facing % 2]) for s in roof.slopes]
    heights = np.array(
        [
            slope.top - slope.tangent * (place if slope.facing < 2 else -place)
            for slope, place in zip(roof.slopes, places, strict=True)
        ]
    )
    if np.ptp(heights) > EAVES_APART_MAX * unit:
        return roof
    # The longer pair, whose ridge was seen, counts most.
    weights = [max(slope.area, 1e-9) for slope in roof.slopes]
    common = float(np.average(heights, weights=weights))
    moved = zip(roof.slopes, heights, strict=True)
    return replace(
        roof, slopes=tuple(replace(s, top=s.top + common - float(height)) for s, height in moved)
    )
