"""The cameras of a run in the house's frame: z up, ground near z = 0."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.workspace import CAMERAS, read_json, write_json

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """One registered photo. `rotation` and `translation` lead from the house to the camera."""

    name: str
    file: str
    number: int
    size: tuple[int, int]
    matrix: Matrix
    distortion: tuple[float, float]
    rotation: Matrix
    translation: Matrix

    @property
    def centre(self) -> Matrix:
        """Where the camera stood, in the house's frame (3)."""
        return np.asarray(-self.rotation.T @ self.translation)

    @property
    def looks(self) -> Matrix:
        """Unit vector of the optical axis in the house's frame."""
        return np.asarray(self.rotation[2])

    @property
    def lens(self) -> Matrix:
        """Distortion in OpenCV's order of five."""
        return np.array([*self.distortion, 0.0, 0.0, 0.0])

    @property
    def turning(self) -> float:
        """Squared distance from the middle, at focal length 1, from which on its two numbers lead back.

        They are known for the photo; a photo of a wall from near has ends of the wall far beyond it,
        which would come to lie in the photo again.
        """
        k1, k2 = self.distortion
        under = 9 * k1**2 - 20 * k2
        if under < 0 or (k1 >= 0 and k2 >= 0):
            return math.inf
        # The smaller positive root of the slope, 1 + 3 k1 s + 5 k2 s^2.
        return 2 / (-3 * k1 + math.sqrt(under))

    def project(self, points: Matrix, /) -> tuple[Matrix, Matrix]:
        """Pixels (n x 2) in the distorted photo and depths (n) of points (n x 3)."""
        local = points @ self.rotation.T + self.translation
        depth = local[:, 2]
        safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        # Column by column: numpy is slow along an axis of two.
        x, y = local[:, 0] / safe, local[:, 1] / safe
        radius = np.minimum(x**2 + y**2, self.turning)
        k1, k2 = self.distortion
        bend = 1 + k1 * radius + k2 * radius**2
        pixels = np.empty((len(local), 2))
        pixels[:, 0] = x * bend * self.matrix[0, 0] + self.matrix[0, 2]
        pixels[:, 1] = y * bend * self.matrix[1, 1] + self.matrix[1, 2]
        return pixels, depth

    def rays(self, pixels: Matrix, /) -> Matrix:
        """Unit directions (n x 3) in the house's frame of pixels (n x 2) of the photo."""
        flat = cv2.undistortPoints(
            np.asarray(pixels, np.float64).reshape(-1, 1, 2), self.matrix, self.lens
        ).reshape(-1, 2)
        local = np.column_stack([flat, np.ones(len(flat))]).astype(np.float64)
        local = local / np.linalg.norm(local, axis=1, keepdims=True)
        return np.asarray(local @ self.rotation)


def write_views(workspace: Path, views: Sequence[View]) -> None:
    """Write `cameras.json`."""
    write_json(
        workspace / CAMERAS,
        {"version": 1, "frame": "z up, arbitrary unit", "views": [_as_json(v) for v in views]},
    )


def read_views(workspace: Path) -> list[View]:
    """The registered photos in capture order."""
    return [_from_json(each) for each in read_json(workspace / CAMERAS)["views"]]


def _as_json(view: View) -> dict[str, Any]:
    return {
        "photo": view.name,
        "file": view.file,
        "number": view.number,
        "size": list(view.size),
        "K": view.matrix.tolist(),
        "distortion_k1_k2": list(view.distortion),
        "R": view.rotation.tolist(),
        "t": view.translation.tolist(),
        "centre": view.centre.tolist(),
    }


def _from_json(each: dict[str, Any]) -> View:
    k1, k2 = each["distortion_k1_k2"]
    width, height = each["size"]
    return View(
        name=each["photo"],
        file=each["file"],
        number=each["number"],
        size=(width, height),
        matrix=np.array(each["K"]),
        distortion=(k1, k2),
        rotation=np.array(each["R"]),
        translation=np.array(each["t"]),
    )
