"""Two photos side by side on common rows, and the depth that their shift tells."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

BLOCK_PX = 5
DISPARITIES_MAX = 384
POINTS_MIN = 8
# Rows where neighbouring greys differ less than this carry no shift to be measured.
TEXTURE_GREY_MIN = 0.25
# A wall seen flatter than this says nothing reliable about its depth.
FACING_COS_MIN = 0.12


@dataclass(frozen=True)
class Rectified:
    """The common frame of two views: `turn` leads from the house to it."""

    turn: Matrix
    focal: float
    middle: Matrix
    shift: float
    baseline: float
    size: tuple[int, int]
    disparities: int
    origin: Matrix


@dataclass(frozen=True)
class Surfels:
    """Points on surfaces: place, outward normal, colour, and expected error of the place."""

    xyz: NDArray[np.float32]
    normal: NDArray[np.float32]
    rgb: Picture
    error: NDArray[np.float32]


def rectify(left: View, right: View, /, *, seen: Matrix, side_px: int) -> Rectified | None:
    """Common frame for two views and the disparity range of points both see (n x 3).

    None where the pair cannot be used: too little in common, or one behind the other.
    """
    across = right.centre - left.centre
    baseline = float(np.linalg.norm(across))
    forward = left.looks + right.looks
    x = across / baseline
    z = forward - (forward @ x) * x
    if np.linalg.norm(z) < 0.8 * np.linalg.norm(forward) or len(seen) < POINTS_MIN:
        return None
    z /= np.linalg.norm(z)
    turn = np.array([x, np.cross(z, x), z])
    shrink = min(1.0, side_px / max(left.size))
    size = (round(left.size[0] * shrink), round(left.size[1] * shrink))
    focal = float(left.matrix[0, 0]) * shrink
    ahead = turn @ left.looks
    middle = np.array([size[0] / 2, size[1] / 2]) - focal * ahead[:2] / ahead[2]
    depth = (seen - left.centre) @ z
    disparity = focal * baseline / depth[depth > 0]
    if len(disparity) < POINTS_MIN:
        return None
    low, high = np.percentile(disparity, [2, 98])
    low, high = max(0.0, low * 0.7 - 2), high * 1.2 + 4
    steps = int(np.ceil((high - low) / 16)) * 16
    if steps > DISPARITIES_MAX:
        return None
    return Rectified(
        turn=turn,
        focal=focal,
        middle=middle,
        shift=float(np.floor(low)),
        baseline=baseline,
        size=size,
        disparities=steps,
        origin=left.centre,
    )


def warp(picture: Picture, view: View, *, frame: Rectified, shift: float) -> Picture:
    """The photo as seen in the common frame; `shift` moves its content right in pixels."""
    matrix = np.array(
        [
            [frame.focal, 0, frame.middle[0] + shift],
            [0, frame.focal, frame.middle[1]],
            [0, 0, 1],
        ]
    )
    relative = frame.turn @ view.rotation.T
    maps = cv2.initUndistortRectifyMap(
        view.matrix, view.lens, relative, matrix, frame.size, cv2.CV_32FC1
    )
    return np.asarray(cv2.remap(picture, *maps, cv2.INTER_AREA, borderValue=0), np.uint8)


def disparity(left: Picture, right: Picture, *, frame: Rectified) -> NDArray[np.float32]:
    """Shift of each left pixel (height x width); NaN where it is not known."""
    matcher = cv2.StereoSGBM.create(
        minDisparity=0,
        numDisparities=frame.disparities,
        blockSize=BLOCK_PX,
        P1=8 * BLOCK_PX**2,
        P2=40 * BLOCK_PX**2,
        disp12MaxDiff=1,
        preFilterCap=31,
        uniquenessRatio=8,
        speckleWindowSize=120,
        speckleRange=2,
        mode=cv2.STEREO_SGBM_MODE_SGBM_3WAY,
    )
    grey_left, grey_right = (cv2.cvtColor(p, cv2.COLOR_BGR2GRAY) for p in (left, right))
    found = np.asarray(matcher.compute(grey_left, grey_right), np.float32) / 16
    smooth = cv2.GaussianBlur(grey_left, (0, 0), 1.5)
    slope = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3)) / 8
    texture = cv2.boxFilter(slope, -1, (25, 25))
    found[(found <= 0) | (texture < TEXTURE_GREY_MIN) | (grey_left == 0)] = np.nan
    return np.asarray(found + frame.shift)


def surfels(shifts: NDArray[np.float32], colours: Picture, *, frame: Rectified) -> Surfels:
    """Points, normals and colours of every second pixel with a known shift."""
    known = np.isfinite(shifts) & (shifts > 0.5)
    depth = np.where(known, frame.focal * frame.baseline / np.where(known, shifts, 1), np.nan)
    rows, columns = np.mgrid[0 : frame.size[1], 0 : frame.size[0]]
    flat = np.dstack(
        [(columns - frame.middle[0]) / frame.focal, (rows - frame.middle[1]) / frame.focal]
    )
    local = np.dstack([flat * depth[..., None], depth]).astype(np.float32)
    normal = _normals(local)
    ray = local / np.linalg.norm(local, axis=2, keepdims=True)
    facing = -(normal * ray).sum(axis=2)
    keep = known & np.isfinite(facing) & (facing > FACING_COS_MIN)
    keep[1::2] = False
    keep[:, 1::2] = False
    error = (depth**2 / (frame.focal * frame.baseline) / np.maximum(facing, 0.2))[keep]
    turned = frame.turn.astype(np.float32)
    return Surfels(
        xyz=local[keep] @ turned + frame.origin.astype(np.float32),
        normal=normal[keep] @ turned,
        rgb=np.asarray(colours[keep][:, ::-1], np.uint8),
        error=error.astype(np.float32),
    )


def _normals(local: NDArray[np.float32], reach: int = 4) -> NDArray[np.float32]:
    """Unit normals towards the camera from central differences over `reach` pixels."""
    right = np.roll(local, -reach, axis=1) - np.roll(local, reach, axis=1)
    down = np.roll(local, -reach, axis=0) - np.roll(local, reach, axis=0)
    normal = np.cross(right, down)
    normal[:reach] = normal[-reach:] = np.nan
    normal[:, :reach] = normal[:, -reach:] = np.nan
    length = np.linalg.norm(normal, axis=2, keepdims=True)
    unit = normal / np.where(length > 0, length, np.nan)
    towards = -np.sign((unit * local).sum(axis=2, keepdims=True))
    return np.asarray(unit * towards, np.float32)
