"""The box of space that holds the house, from sparse points and where cameras stood."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, Delaunay, QhullError

from doorstep.reconstruction.geometry.upright import widest_gap_deg

Matrix = NDArray[np.float64]

# Cameras with no wider gap than this stand round the house, not on one side of it.
SURROUNDING_GAP_DEG_MAX = 120.0
MARGIN_SHARE = 0.04
# Ridges are seen at a slant and carry few points, so the box reaches above the highest.
ROOF_MARGIN_SHARE = 0.12


def house_region(points: Matrix, centres: Matrix, *, middle: Matrix) -> tuple[Matrix, Matrix]:
    """Low and high corner (3 each) of the house's box; points are n x 3, z up."""
    inside = points
    if widest_gap_deg(centres, middle) < SURROUNDING_GAP_DEG_MAX:
        inside = points[_within(points[:, :2], centres[:, :2])]
    if len(inside) < 30:
        inside = points
    above = inside[inside[:, 2] > np.percentile(centres[:, 2], 20)]
    body = above if len(above) > 200 else inside
    low = np.percentile(body, 1, axis=0)
    high = np.percentile(body, 99, axis=0)
    low[2] = np.percentile(inside[:, 2], 1)
    high[2] = np.percentile(inside[:, 2], 99.9)
    margin = MARGIN_SHARE * float(np.linalg.norm(high[:2] - low[:2]))
    low[:2] -= margin * 1.5
    low[2] -= margin
    high += margin
    high[2] += ROOF_MARGIN_SHARE * (high[2] - low[2])
    return low, high


def _within(flat: Matrix, centres: Matrix) -> NDArray[np.bool_]:
    """Which points (n x 2) the ring of cameras encloses, a little shrunk."""
    try:
        ring = centres[ConvexHull(centres).vertices]
    except QhullError:
        return np.ones(len(flat), bool)
    middle = ring.mean(axis=0)
    shrunk = middle + 0.92 * (ring - middle)
    return np.asarray(Delaunay(shrunk).find_simplex(flat) >= 0)
