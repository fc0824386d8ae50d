"""Points in space from where they are seen."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

ROUNDS = 6
OUTLIER_SIGMAS = 2.5


def nearest_to_rays(centres: Matrix, rays: Matrix, *, weights: Matrix) -> Matrix:
    """Point (3) with the least weighted squared distance to rays (n x 3 each)."""
    across = np.eye(3) - rays[:, :, None] * rays[:, None, :]
    across = across * weights[:, None, None]
    towards = np.einsum("nij,nj->i", across, centres)
    return np.asarray(np.linalg.lstsq(across.sum(axis=0), towards, rcond=None)[0])


def triangulate(centres: Matrix, rays: Matrix, *, spread_rad: Matrix) -> tuple[Matrix, Matrix]:
    """Point (3) and the angle in radians by which each ray misses it.

    `spread_rad` is each ray's expected error; rays that miss by far more lose their say.
    """
    trust = np.ones(len(rays))
    point = centres.mean(axis=0)
    misses = np.zeros(len(rays))
    for _ in range(ROUNDS):
        distance = np.linalg.norm(point - centres, axis=1)
        weights = trust / (spread_rad * np.maximum(distance, 1e-9)) ** 2
        point = nearest_to_rays(centres, rays, weights=weights)
        offset = point - centres
        offset /= np.linalg.norm(offset, axis=1, keepdims=True)
        misses = np.linalg.norm(np.cross(offset, rays), axis=1)
        trust = 1 / (1 + (misses / (OUTLIER_SIGMAS * spread_rad)) ** 2) ** 2
    return point, misses


def widest_angle_deg(rays: Matrix) -> float:
    """Largest angle between two rays (n x 3), in degrees."""
    return float(np.degrees(np.arccos(np.clip((rays @ rays.T).min(), -1, 1))))
