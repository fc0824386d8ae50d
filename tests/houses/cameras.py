"""A phone's camera, and a walk round a house with it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.houses.plan import House

Vector = NDArray[np.float64]

FOCAL_35MM = 26
EYE_HEIGHT_M = 1.6


@dataclass(frozen=True)
class Lens:
    """One phone at one size: focal length and middle in pixels, radial distortion."""

    size: tuple[int, int]
    focal: float
    middle: tuple[float, float]
    k1: float = 0.045
    k2: float = -0.06

    @property
    def matrix(self) -> Vector:
        return np.array(
            [[self.focal, 0, self.middle[0]], [0, self.focal, self.middle[1]], [0, 0, 1]]
        )

    def rays(self) -> Vector:
        """Directions (pixels x 3) in the camera's frame, rows first, lens bending undone."""
        columns, rows = np.meshgrid(np.arange(self.size[0]), np.arange(self.size[1]))
        pixels = np.stack([columns, rows], axis=-1).reshape(-1, 1, 2).astype(np.float64)
        bent = np.array([self.k1, self.k2, 0.0, 0.0, 0.0])
        flat = cv2.undistortPoints(pixels, self.matrix, bent).reshape(-1, 2)
        return np.column_stack([flat, np.ones(len(flat))])


@dataclass(frozen=True)
class Pose:
    """Where a photo was taken; `rotation` leads from the house to the camera."""

    rotation: Vector
    centre: Vector


def phone_lens(size: tuple[int, int]) -> Lens:
    width, height = size
    focal = FOCAL_35MM / 36 * max(size) * 1.04
    return Lens(size, focal, (width / 2 - 0.0027 * width, height / 2 + 0.0026 * height))


def walk(house: House, photos: int, *, seed: int, turns: float = 1.0) -> list[Pose]:
    """Steps round the house at eye height, looking at it; it starts in front of the front."""
    chance = np.random.default_rng(seed)
    ahead = house.wing.depth if house.wing else 0.0
    middle = np.array([house.length / 2, (house.depth - ahead) / 2, 0.0])
    half = np.array([house.length / 2, (house.depth + ahead) / 2])
    top = house.eave + house.depth / 2 * np.tan(np.radians(house.pitch_deg))
    away = max(9.0, 1.2 * top)
    poses = []
    for angle in -np.pi / 2 + 2 * np.pi * turns * np.arange(photos) / photos:
        ring = (half + away) * np.array([np.cos(angle), np.sin(angle)]) * chance.normal(1, 0.015)
        centre = middle + np.array([*ring, EYE_HEIGHT_M + chance.normal(0, 0.06)])
        drift = [*chance.normal(0, 0.35, 2), chance.normal(0, 0.15)]
        aim = middle + np.array([0, 0, 0.46 * top]) + drift
        poses.append(Pose(look_at(centre, aim, roll_deg=chance.normal(0, 0.7)), centre))
    return poses


def closer_looks(house: House, count: int, *, seed: int) -> list[Pose]:
    """Shots from four metres before the marker sheet's part of the front wall."""
    chance = np.random.default_rng(seed)
    poses = []
    middle = house.length * 0.6
    if house.kind == "tshape" and house.wing:
        middle = max(middle, house.wing.x + house.wing.width + 1.4)
    for step in np.linspace(-1.2, 1.2, count):
        centre = np.array([middle + step, -4.2 + chance.normal(0, 0.1), EYE_HEIGHT_M])
        aim = np.array([middle, 0.0, EYE_HEIGHT_M])
        poses.append(Pose(look_at(centre, aim, roll_deg=chance.normal(0, 0.7)), centre))
    return poses


def look_at(centre: Vector, aim: Vector, *, roll_deg: float = 0.0) -> Vector:
    """Rotation (3 x 3) of a camera (x right, y down, z ahead) that looks at a point."""
    ahead = (aim - centre) / np.linalg.norm(aim - centre)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    cosine, sine = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return np.array([cosine * right + sine * down, cosine * down - sine * right, ahead])
