"""What else a photo of a house shows: the neighbours' houses, and the chimney on its own roof."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.houses.plan import FINISHES, Finish, House, Opening, Wall
from tests.houses.scene import DECK_M, Face, Scene, plain_face, roof_slopes, wall_face

Vector = NDArray[np.float64]

NEIGHBOURS, NEAREST_M, FURTHEST_M = 6, 24.0, 30.0
LENGTHS_M, DEPTHS_M, HEIGHTS_M = (9.0, 13.0), (6.0, 8.0), (2.8, 6.0)
CHIMNEY_M, ABOVE_RIDGE_M = 0.7, 0.9
ROOF_RGB = (112, 110, 112)


def with_street(scene: Scene, house: House, *, seed: int) -> Scene:
    """The scene with houses all round, as high as its own, and a chimney of brick."""
    chance = np.random.default_rng((seed, 7))
    middle = np.array([house.length / 2, house.depth / 2])
    faces = _chimney(house, chance)
    start = chance.uniform(0, 2 * np.pi)
    for number in range(NEIGHBOURS):
        angle = start + 2 * np.pi * (number + chance.uniform(-0.2, 0.2)) / NEIGHBOURS
        faces += _neighbour(middle, angle, chance)
    return replace(scene, faces=(*scene.faces, *faces))


def _neighbour(middle: Vector, angle: float, chance: np.random.Generator) -> list[Face]:
    away = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-away[1], away[0]])
    length, depth = chance.uniform(*LENGTHS_M), chance.uniform(*DEPTHS_M)
    height = float(chance.uniform(*HEIGHTS_M))
    near = middle + away * chance.uniform(NEAREST_M, FURTHEST_M)
    corners = [
        near + along * length / 2,
        near - along * length / 2,
        near - along * length / 2 + away * depth,
        near + along * length / 2 + away * depth,
    ]
    windows = tuple(
        Opening("window", 1.2, 1.3, round(x, 2), round(z, 2))
        for z in np.arange(0.9, height - 1.5, 2.7)
        for x in np.arange(1.0, length - 1.5, 3.0)
    )
    return _box(corners, height, FINISHES[chance.integers(len(FINISHES))], windows, chance)


def _chimney(house: House, chance: np.random.Generator) -> list[Face]:
    top = max(float(slope[:, 2].max()) for slope in roof_slopes(house)) + ABOVE_RIDGE_M - DECK_M
    left, front = 0.3 * house.length, 0.5 * house.depth
    right, back = left + CHIMNEY_M, front + CHIMNEY_M
    flat = [np.array(c) for c in ((left, front), (right, front), (right, back), (left, back))]
    return _box(flat, top, "brick", (), chance)


def _box(
    corners: list[Vector],
    height: float,
    /,
    finish: Finish,
    windows: tuple[Opening, ...],
    chance: np.random.Generator,
) -> list[Face]:
    """Upright walls over corners (2 each, anticlockwise from above), the first with windows."""
    faces = []
    for number, (one, other) in enumerate(zip(corners, corners[1:] + corners[:1], strict=True)):
        start, end = ((float(x), float(y)) for x, y in (one, other))
        openings = windows if number == 0 else ()
        wall = Wall("street", "front", start, end, height, height, finish, openings)
        faces.append(wall_face(wall, chance))
    lid = np.array([[*corner, height] for corner in corners])
    return [*faces, plain_face(lid, ROOF_RGB)]
