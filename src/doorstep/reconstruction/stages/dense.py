"""Depth from pairs of neighbouring photos, fused to one cloud of points with normals."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View, read_views
from doorstep.reconstruction.failures import ReconstructionFailed, nothing_dense
from doorstep.reconstruction.geometry.fusion import concatenate, fuse, within
from doorstep.reconstruction.geometry.sky import sky
from doorstep.reconstruction.geometry.stereo import Surfels, disparity, rectify, surfels, warp
from doorstep.reconstruction.options import DenseOptions, Options
from doorstep.reconstruction.photos import read_colour, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import DENSE_POINTS, POINTS, read_arrays, write_arrays

NAME = "dense"
VERSION = 3
TITLE = "Measuring the surfaces"
OUTPUTS = (DENSE_POINTS,)

# Angle at the house between two photos: less gives no depth, more no likeness.
ANGLE_DEG_MIN, ANGLE_DEG_BEST, ANGLE_DEG_MAX = 1.5, 9.0, 28.0
VOXELS_ACROSS = 500
POINTS_MIN = 500
COMMON_POINTS_MIN = 8
# Photos from very different distances share no scale to compare pixels at.
DISTANCE_RATIO_MAX = 1.6

Matrix = NDArray[np.float64]
Pair = tuple[int, int]


def options_of(options: Options) -> DenseOptions:
    """The part of the options that this stage depends on."""
    return options.dense


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write one cloud of points with normals and colours."""
    cv2.setNumThreads(1)
    views = read_views(workspace)
    sparse = read_arrays(workspace / POINTS)
    region = sparse["region"]
    tracked = sparse["seen"].T
    pairs = choose_pairs(
        views, tracked, points=sparse["xyz"], per_photo=options.dense.pairs_per_photo
    )
    pictures = {photo.file: photo for photo in used_photos(workspace)}
    voxel = float(np.linalg.norm(region[1] - region[0])) / VOXELS_ACROSS

    def measure(pair: Pair) -> Surfels | None:
        left, right = (views[i] for i in pair)
        seen = sparse["xyz"][tracked[pair[0]] | tracked[pair[1]]]
        frame = rectify(left, right, seen=seen, side_px=options.dense.side_px)
        if frame is None:
            return None
        photo = read_colour(workspace, pictures[left.file])
        one = warp(photo, left, frame=frame, shift=0)
        other = warp(
            read_colour(workspace, pictures[right.file]), right, frame=frame, shift=frame.shift
        )
        shifts = disparity(one, other, frame=frame)
        shifts[warp(sky(photo).astype(np.uint8), left, frame=frame, shift=0) > 0] = np.nan
        return fuse(within(surfels(shifts, one, frame=frame), region), voxel=voxel)

    clouds = []
    with ThreadPoolExecutor(options.threads) as pool:
        for number, cloud in enumerate(pool.map(measure, pairs)):
            step((number + 1) / len(pairs), f"Pair {number + 1} of {len(pairs)}")
            if cloud is not None:
                clouds.append(cloud)
    if not clouds or sum(len(cloud.xyz) for cloud in clouds) < POINTS_MIN:
        raise ReconstructionFailed(nothing_dense())
    cloud = fuse(concatenate(clouds), voxel=voxel, neighbours_min=4)
    write_arrays(
        workspace / DENSE_POINTS,
        {
            "xyz": cloud.xyz,
            "normal": cloud.normal,
            "rgb": cloud.rgb,
            "error": cloud.error,
            "voxel": np.array(voxel),
        },
    )
    figures = {"pairs": len(pairs), "pairs_used": len(clouds), "points": len(cloud.xyz)}
    return StageReport(NAME, {**figures, "voxel": round(voxel, 5)})


def choose_pairs(
    views: list[View], tracked: NDArray[np.bool_], *, points: Matrix, per_photo: int
) -> list[Pair]:
    """For each view the partners at the best angle, left one first, each pair once."""
    chosen: set[Pair] = set()
    for i in range(len(views)):
        scored = []
        for j in range(len(views)):
            common = points[tracked[i] & tracked[j]] if i != j else points[:0]
            score = _score(views[i], views[j], common=common)
            if score > 0:
                scored.append((score, j))
        for _, j in sorted(scored, reverse=True)[:per_photo]:
            chosen.add(_left_first(views, (i, j)))
    return sorted(chosen)


def _score(one: View, other: View, *, common: Matrix) -> float:
    if len(common) < COMMON_POINTS_MIN:
        return 0.0
    middle = np.median(common, axis=0)
    rays = [middle - view.centre for view in (one, other)]
    near, far = sorted(float(np.linalg.norm(ray)) for ray in rays)
    if far > DISTANCE_RATIO_MAX * near:
        return 0.0
    cosine = rays[0] @ rays[1] / np.prod([np.linalg.norm(ray) for ray in rays])
    angle = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    if not ANGLE_DEG_MIN < angle < ANGLE_DEG_MAX:
        return 0.0
    return float(np.sqrt(len(common)) * np.exp(-((np.log(angle / ANGLE_DEG_BEST)) ** 2)))


def _left_first(views: list[View], pair: Pair) -> Pair:
    i, j = pair
    across = views[j].centre - views[i].centre
    return (i, j) if across @ (views[i].rotation[0] + views[j].rotation[0]) > 0 else (j, i)
