"""How pixels move when a point, a photo's pose or its lens does.

A pose moves by a small turn and a small shift (3 + 3), both in the camera's own frame: so they mean
the same however the model is turned. A lens has five numbers: focal length, middle, k1 and k2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View

Matrix = NDArray[np.float64]

POSE, LENS = 6, 5


@dataclass(frozen=True)
class Jacobians:
    """Of pixels (n x 2): by the point (n x 2 x 3), the pose (n x 2 x 6) and the lens (n x 2 x 5)."""

    point: Matrix
    pose: Matrix
    lens: Matrix


@dataclass(frozen=True)
class Pull:
    """How numbers (k) move with the pixels of a view (`pull`, k x n x 2), and those with the view."""

    view: View
    by: Jacobians
    pull: Matrix


def jacobians(view: View, points: Matrix) -> Jacobians:
    """At points (n x 3) before the camera."""
    local = points @ view.rotation.T + view.translation
    flat = local[:, :2] / local[:, 2:]
    k1, k2 = view.distortion
    radius = (flat**2).sum(axis=1)[:, None, None]
    bend = 1 + k1 * radius + k2 * radius**2
    more = 2 * (k1 + 2 * k2 * radius) * flat[:, :, None] * flat[:, None, :]
    focal = np.diag([view.matrix[0, 0], view.matrix[1, 1]])
    by_flat = focal @ (bend * np.eye(2) + more)
    by_local = by_flat @ np.concatenate(
        [np.broadcast_to(np.eye(2), (len(flat), 2, 2)), -flat[:, :, None]], axis=2
    )
    by_local = by_local / local[:, 2, None, None]
    column = flat[:, :, None]
    straight = np.broadcast_to(np.eye(2), (len(flat), 2, 2))
    curves = [focal @ column * radius**power for power in (1, 2)]
    return Jacobians(
        point=by_local @ view.rotation,
        pose=np.concatenate([-by_local @ crosses(local), by_local], axis=2),
        lens=np.concatenate([bend * column, straight, *curves], axis=2),
    )


def crosses(vectors: Matrix) -> Matrix:
    """Matrices (n x 3 x 3) that take the cross product of vectors (n x 3) with what follows."""
    x, y, z = vectors.T
    nought = np.zeros(len(vectors))
    rows = [[nought, -z, y], [z, nought, -x], [-y, x, nought]]
    return np.moveaxis(np.array(rows), 2, 0)
