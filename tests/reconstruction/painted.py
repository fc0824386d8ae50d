"""A gabled house painted into photos with flat colours, its roof's edges exactly known."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.lines import Photographed
from tests.houses.cameras import look_at

Matrix = NDArray[np.float64]

SIZE, FOCAL = (800, 600), 590.0
SKY, SHINGLES, BOARD, WALL, GROUND = 205, 90, 235, 140, 110
# Painted so much finer, and then made smaller; with so many bits after the point.
FINE, SHIFT = 4, 4


@dataclass(frozen=True)
class Gable:
    """Walls from (0, 0) to `size`, the ridge along x; overhangs are those of sides 0 to 3."""

    size: tuple[float, float] = (10.0, 8.0)
    eave: float = 5.0
    tangent: float = 0.7
    overhangs: tuple[float, float, float, float] = (0.35, 0.45, 0.35, 0.45)
    board: float = 0.22

    def top(self, y: float) -> float:
        return self.eave + self.tangent * min(y, self.size[1] - y)


def photos_of(house: Gable, angles_deg: NDArray[np.float64]) -> list[Photographed]:
    """One photo from each direction, at eye height from 15 metres or so."""
    middle = np.array([house.size[0] / 2, house.size[1] / 2, 0.46 * house.top(house.size[1] / 2)])
    taken = []
    for number, angle in enumerate(np.radians(angles_deg)):
        centre = middle + np.array([15 * np.cos(angle), 14 * np.sin(angle), 0])
        centre[2] = 1.6
        rotation = look_at(centre, middle)
        view = View(
            name=f"{number:02}.jpg",
            file=f"{number:02}.jpg",
            number=number,
            size=SIZE,
            matrix=np.array([[FOCAL, 0, 399.5], [0, FOCAL, 299.5], [0, 0, 1]]),
            distortion=(0.0, 0.0),
            rotation=rotation,
            translation=-rotation @ centre,
        )
        taken.append(Photographed(view, _paint(house, view)))
    return taken


def _paint(house: Gable, view: View) -> NDArray[np.uint8]:
    fine = np.full((SIZE[1] * FINE, SIZE[0] * FINE), SKY, np.uint8)
    for corners, colour in _faces(house):
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
        if normal @ (view.centre - corners[0]) <= 0:
            continue
        pixels = ((view.project(corners)[0] + 0.5) * FINE - 0.5) * 2**SHIFT
        polygon = np.rint(pixels).astype(np.int32)
        cv2.fillPoly(fine, [polygon], colour, shift=SHIFT)
    return np.asarray(cv2.resize(fine, SIZE, interpolation=cv2.INTER_AREA))


def _faces(house: Gable) -> list[tuple[Matrix, int]]:
    """Faces anticlockwise from outside: ground, walls, slopes, boards, each over the former."""
    (length, depth), eave = house.size, house.eave
    right, back, left, front = house.overhangs
    middle, ridge = depth / 2, house.top(depth / 2)
    low, high = -left, length + right
    ends = [(low, -front), (high, -front), (high, middle), (high, depth + back)]
    ends += [(low, depth + back), (low, middle)]
    tops = [np.array([x, y, house.top(y)]) for x, y in ends]
    drop = np.array([0, 0, house.board])
    far = 60.0
    faces = [
        ([(-far, -far, 0), (far, -far, 0), (far, far, 0), (-far, far, 0)], GROUND),
        ([(0, 0, 0), (length, 0, 0), (length, 0, eave), (0, 0, eave)], WALL),
        ([(length, depth, 0), (0, depth, 0), (0, depth, eave), (length, depth, eave)], WALL),
        (
            [
                (length, 0, 0),
                (length, depth, 0),
                (length, depth, eave),
                (length, middle, ridge),
                (length, 0, eave),
            ],
            WALL,
        ),
        ([(0, depth, 0), (0, 0, 0), (0, 0, eave), (0, middle, ridge), (0, depth, eave)], WALL),
        ([tops[0], tops[1], tops[2], tops[5]], SHINGLES),
        ([tops[3], tops[4], tops[5], tops[2]], SHINGLES),
    ]
    for one, other in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)):
        board = [tops[one] - drop, tops[other] - drop, tops[other], tops[one]]
        faces.append((board, BOARD))
    return [(np.array(corners, np.float64), colour) for corners, colour in faces]
