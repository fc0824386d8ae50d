"""Coverings of walls, painted as they are on the houses."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.materials import find_material
from doorstep.reconstruction.geometry.texturing import Shot
from tests.houses.plan import Finish, Opening, Wall
from tests.houses.textures import wall as painted

WIDTH, HEIGHT, CELL = 9.0, 3.6, 0.012
PX_PER_M = 125
WINDOW = Opening("window", 1.2, 1.3, 3.9, 1.0)
Picture = NDArray[np.float32]


@pytest.mark.parametrize(
    ("finish", "kind"), [("brick", "brick"), ("siding", "siding"), ("stucco", "stucco")]
)
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_coverings_are_told_apart(finish: Finish, kind: str, seed: int) -> None:
    wall = Wall("front", "front", (0, 0), (WIDTH, 0), HEIGHT, HEIGHT, finish, (WINDOW,))
    picture = painted(wall, np.random.default_rng(seed), px_per_m=PX_PER_M)[::-1, :, ::-1]

    found = find_material(*_elevation(picture.astype(np.float32), seed=seed), unit=1.0)

    assert found is not None
    assert found.kind == kind
    assert 0.5 <= found.confidence <= 1.0


def test_what_is_unlike_all_of_them_is_left_open() -> None:
    rows, columns = np.mgrid[0 : round(HEIGHT * PX_PER_M), 0 : round(WIDTH * PX_PER_M)] / PX_PER_M
    joint = 0.55
    blocks = np.where(
        (rows % 0.2 < 0.012) | ((columns + 0.2 * (rows // 0.2)) % 0.4 < 0.012), joint, 1
    )
    upright = np.where(columns % 0.3 < 0.04, joint, 1)
    stone = cv2.resize(np.random.default_rng(2).uniform(0.5, 1, (12, 30)), rows.shape[::-1])
    for pattern in (blocks, upright, stone):
        grey = np.repeat(170 * pattern[..., None], 3, axis=2).astype(np.float32)
        assert find_material(*_elevation(grey, seed=1), unit=1.0) is None


def test_two_photos_or_a_covered_wall_say_nothing() -> None:
    wall = Wall("front", "front", (0, 0), (WIDTH, 0), HEIGHT, HEIGHT, "brick")
    picture = painted(wall, np.random.default_rng(1), px_per_m=PX_PER_M)[::-1, :, ::-1]
    looked, other = _elevation(picture.astype(np.float32), seed=1)

    assert find_material(looked, np.ones_like(other), unit=1.0) is None
    two = Elevation(**{**looked.__dict__, "seen": looked.seen & (np.arange(4) < 2)[:, None, None]})
    assert find_material(two, other, unit=1.0) is None


def _elevation(picture: Picture, *, seed: int) -> tuple[Elevation, NDArray[np.bool_]]:
    """The wall in four photos that each blur it a little, with noise; and where its window is."""
    chance = np.random.default_rng(seed)
    size = (round(WIDTH / CELL), round(HEIGHT / CELL))
    even = cv2.GaussianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (0, 0), 0.5)
    pictures = [even + chance.normal(0, 1.5, even.shape) for _ in range(4)]
    seen = np.ones((4, size[1], size[0]), bool)
    axes = (np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
    shots: tuple[Shot, ...] = (None,) * 4  # type: ignore[assignment]
    looked = Elevation(shots, np.array(pictures, np.float32), seen, CELL, *axes)
    other = np.zeros(seen.shape[1:], bool)
    rows, columns = (
        slice(round(low / CELL) - 3, round((low + size) / CELL) + 3)
        for low, size in ((WINDOW.z, WINDOW.height), (WINDOW.x, WINDOW.width))
    )
    other[rows, columns] = True
    return looked, other
