"""Which way is up: from how people hold cameras, and from vertical edges of houses."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def up_from_cameras(rotations: Matrix) -> Matrix:
    """Unit up vector from rotations (n x 3 x 3, world to camera) of level-held cameras.

    A level camera's x axis is horizontal, so up is the direction that all x axes avoid; when
    they all point one way that is not enough, and the mean of the y axes joins in.
    """
    sideways = rotations[:, 0, :]
    mean_up = -rotations[:, 1, :].mean(axis=0)
    mean_up /= np.linalg.norm(mean_up)
    scatter = sideways.T @ sideways / len(sideways)
    values, vectors = np.linalg.eigh(scatter)
    if values[1] < 0.05:
        return np.asarray(mean_up)
    up = vectors[:, 0]
    return np.asarray(up if up @ mean_up > 0 else -up)


def up_from_edges(
    normals: Matrix, weights: Matrix, /, *, first: Matrix, within_deg: float = 6.0
) -> tuple[Matrix, int, float]:
    """Refine `first` by edges whose viewing planes (unit normals, n x 3) hold the vertical.

    Returns up, the number of edges that agree, and their median deviation in degrees.
    """
    up = first
    limit = np.sin(np.radians(within_deg))
    agreeing = np.zeros(len(normals), bool)
    for _ in range(12):
        deviation = np.abs(normals @ up)
        agreeing = deviation < limit
        if agreeing.sum() < 10:
            return first, int(agreeing.sum()), float("nan")
        spread = max(float(np.median(deviation[agreeing])) * 1.5, 1e-4)
        trust = weights[agreeing] / (1 + (deviation[agreeing] / spread) ** 2) ** 2
        held = normals[agreeing]
        up = np.linalg.eigh((held * trust[:, None]).T @ held)[1][:, 0]
        up = up if up @ first > 0 else -up
        limit = max(np.sin(np.radians(0.7)), min(limit, 6 * spread))
    deviation = np.degrees(np.arcsin(np.abs(normals[agreeing] @ up).clip(0, 1)))
    return np.asarray(up), int(agreeing.sum()), float(np.median(deviation))


def turn_to_z(up: Matrix) -> Matrix:
    """Rotation (3 x 3) that takes `up` to +z and turns no more than it must."""
    axis = np.cross(up, [0.0, 0.0, 1.0])
    cosine = float(up[2])
    if np.linalg.norm(axis) < 1e-12:
        return np.eye(3) if cosine > 0 else np.diag([1.0, -1.0, -1.0])
    x, y, z = axis
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + skew + skew @ skew / (1 + cosine))


def focus(centres: Matrix, directions: Matrix) -> Matrix:
    """Point (3) nearest to all optical axes: the middle of what was walked round."""
    holds = np.eye(3) - directions[:, :, None] * directions[:, None, :]
    towards = np.einsum("nij,nj->i", holds, centres)
    return np.asarray(np.linalg.lstsq(holds.sum(axis=0), towards, rcond=None)[0])


def widest_gap_deg(centres: Matrix, middle: Matrix) -> float:
    """Largest angle seen from `middle` between neighbouring cameras, in degrees."""
    flat = centres[:, :2] - middle[:2]
    angles = np.sort(np.degrees(np.arctan2(flat[:, 1], flat[:, 0])))
    return float(np.max(np.diff(np.append(angles, angles[0] + 360))))
