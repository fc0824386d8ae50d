"""Many overlapping clouds made one, on a grid of small cells."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.stereo import Surfels

Matrix = NDArray[np.float64]

NEIGHBOURS = np.array([(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)])
CELL_BITS = 20


def within(cloud: Surfels, region: Matrix) -> Surfels:
    """The part of a cloud inside a box given by its low and high corner (2 x 3)."""
    inside = ((cloud.xyz >= region[0]) & (cloud.xyz <= region[1])).all(axis=1)
    return pick(cloud, inside)


def pick(cloud: Surfels, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Surfels:
    """The chosen points."""
    return Surfels(cloud.xyz[chosen], cloud.normal[chosen], cloud.rgb[chosen], cloud.error[chosen])


def concatenate(clouds: list[Surfels]) -> Surfels:
    """Several clouds as one, nothing merged."""
    return Surfels(
        np.concatenate([cloud.xyz for cloud in clouds]),
        np.concatenate([cloud.normal for cloud in clouds]),
        np.concatenate([cloud.rgb for cloud in clouds]),
        np.concatenate([cloud.error for cloud in clouds]),
    )


def fuse(cloud: Surfels, *, voxel: float, neighbours_min: int = 0) -> Surfels:
    """One point per cell of edge `voxel`, the mean weighted by expected error.

    With `neighbours_min`, cells with fewer occupied neighbours (of 26) are dropped as noise.
    """
    if len(cloud.xyz) == 0:
        return cloud
    cells = np.floor(cloud.xyz / voxel).astype(np.int64)
    keys, inverse = np.unique(_key(cells), return_inverse=True)
    weight = 1 / np.maximum(cloud.error.astype(np.float64), 1e-9) ** 2
    total = np.bincount(inverse, weight)

    def mean(values: NDArray[Any]) -> Matrix:
        columns = [np.bincount(inverse, weight * values[:, k]) / total for k in range(3)]
        return np.column_stack(columns)

    normal = mean(cloud.normal)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    fused = Surfels(
        xyz=mean(cloud.xyz).astype(np.float32),
        normal=(normal / np.maximum(length, 1e-9)).astype(np.float32),
        rgb=np.clip(np.rint(mean(cloud.rgb)), 0, 255).astype(np.uint8),
        error=(1 / np.sqrt(total / np.bincount(inverse))).astype(np.float32),
    )
    # Normals that cancel out come from noise on both sides of nothing.
    steady = length[:, 0] > 0.5
    if neighbours_min:
        steady &= _occupied_neighbours(keys) >= neighbours_min
    return pick(fused, steady)


def _key(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    offset = cells + (1 << (CELL_BITS - 1))
    return np.asarray(
        (offset[:, 0] << (2 * CELL_BITS)) | (offset[:, 1] << CELL_BITS) | offset[:, 2]
    )


def _occupied_neighbours(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the 26 cells around each cell (sorted keys) are occupied."""
    steps = (
        (NEIGHBOURS[:, 0] << (2 * CELL_BITS)) + (NEIGHBOURS[:, 1] << CELL_BITS) + NEIGHBOURS[:, 2]
    )
    count = np.zeros(len(keys), np.int64)
    for step in steps[steps != 0]:
        place = np.minimum(np.searchsorted(keys, keys + step), len(keys) - 1)
        count += keys[place] == keys + step
    return count
