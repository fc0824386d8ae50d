"""A house as flat faces in space, each with its own picture, plus plants as coloured crumbs."""

from dataclasses import dataclass, replace
from math import radians, tan

import numpy as np
from numpy.typing import NDArray

from tests.houses import textures
from tests.houses.plan import HIPPED, SIDES_UNTIL_ALIKE, House, Wall

Vector = NDArray[np.float64]
Picture = NDArray[np.uint8]

# The deck lies on the walls; the boards along its edge hang a little lower.
DECK_M, BOARD_M = 0.18, 0.21
WALL_PX_PER_M = 96
GROUND_HALF_M, GROUND_PX_PER_M = 45.0, 24
SHEET_PX_PER_M = 600


@dataclass(frozen=True)
class Face:
    """A convex flat polygon. Its picture starts at `origin` and runs along `u` and `v`."""

    corners: Vector
    origin: Vector
    u: Vector
    v: Vector
    picture: Picture
    px_per_m: float
    glass: bool = False
    """Whether it mirrors what is before it."""


@dataclass(frozen=True)
class Crumbs:
    """Triangles (n x 3 x 3) of one colour each."""

    triangles: Vector
    rgb: Picture


@dataclass(frozen=True)
class Scene:
    faces: tuple[Face, ...]
    crumbs: tuple[Crumbs, ...]


def build_scene(house: House, *, seed: int, marker: bool, bare: bool = False) -> Scene:
    """The house on a lawn; a bare one has no plants, and its lawn is alike from all sides."""
    chance = np.random.default_rng(seed)
    alike = SIDES_UNTIL_ALIKE.get(house.kind)
    faces = [wall_face(w, _again(chance, (seed, i), alike)) for i, w in enumerate(house.walls)]
    for number, slope in enumerate(roof_slopes(house)):
        faces += _slab(slope, _again(chance, (seed, number), alike))
    faces.append(_bare_ground(house, chance) if bare else _ground(chance))
    if marker:
        faces += _sheets(house)
    return Scene(tuple(faces), () if bare else tuple(_plants(house, chance)))


def _again(
    chance: np.random.Generator, place: tuple[int, int], alike: int | None
) -> np.random.Generator:
    """On a house that looks alike from several sides, what the side of this number is made of."""
    seed, number = place
    return chance if alike is None else np.random.default_rng((seed, number % alike))


def roof_slopes(house: House) -> list[Vector]:
    """Top faces of the roof, overhangs included, each from the eave upwards (n x 3)."""
    over, rise = house.overhang, tan(radians(house.pitch_deg))
    low = house.eave + DECK_M - over * rise
    left, right, front, back = -over, house.length + over, -over, house.depth + over
    ridge_y, ridge_z = house.depth / 2, house.eave + DECK_M + house.depth / 2 * rise
    run = house.depth / 2 + over
    if house.kind in HIPPED:
        a = (left + run, ridge_y, ridge_z)
        b = (right - run, ridge_y, ridge_z) if house.length > house.depth else a
        slopes = [
            [(left, front, low), (right, front, low), b, a],
            [(right, front, low), (right, back, low), b],
            [(right, back, low), (left, back, low), a, b],
            [(left, back, low), (left, front, low), a],
        ]
    elif house.kind == "flat":
        slopes = [[(left, front, low), (right, front, low), (right, back, low), (left, back, low)]]
    elif house.kind == "shed":
        high = low + (back - front) * rise
        a, b = (left, back, high), (right, back, high)
        slopes = [[(left, front, low), (right, front, low), b, a]]
    else:
        a, b = (left, ridge_y, ridge_z), (right, ridge_y, ridge_z)
        slopes = [
            [(left, front, low), (right, front, low), b, a],
            [(right, back, low), (left, back, low), a, b],
        ]
    # Above a square all hips meet in one point.
    return [np.array(list(dict.fromkeys(slope))) for slope in slopes] + _wing_slopes(house)


def _wing_slopes(house: House) -> list[Vector]:
    wing = house.wing
    if wing is None:
        return []
    over, rise = house.overhang, tan(radians(wing.pitch_deg))
    low = wing.eave + DECK_M - over * rise
    left, right, front = wing.x - over, wing.x + wing.width + over, -wing.depth - over
    middle, top = wing.x + wing.width / 2, wing.eave + DECK_M + wing.width / 2 * rise
    if house.kind == "flat":
        # One as high runs on into the main roof, whose eave is further out than the wall.
        end = -over if wing.eave == house.eave else 0.0
        return [
            np.array([(left, front, low), (right, front, low), (right, end, low), (left, end, low)])
        ]
    # A lower wing's roof ends at the wall; one as high runs up the main roof to its own ridge.
    eave_end, ridge_end = (-over, wing.width / 2) if house.kind == "tshape" else (0.0, 0.0)
    back, tip = (middle, ridge_end, top), (middle, front, top)
    return [
        np.array([(left, eave_end, low), (left, front, low), tip, back]),
        np.array([(right, front, low), (right, eave_end, low), back, tip]),
    ]


def wall_face(wall: Wall, chance: np.random.Generator) -> Face:
    """The wall from the ground up, under its finish, with its openings."""
    start, end = np.array([*wall.start, 0.0]), np.array([*wall.end, 0.0])
    corners = [start, end, end + _up(wall.height + max(wall.lean, 0.0))]
    if wall.peak > wall.height and not wall.lean:
        corners.append((start + end) / 2 + _up(wall.peak))
    corners.append(start + _up(wall.height + max(-wall.lean, 0.0)))
    return Face(
        corners=np.array(corners),
        origin=start + _up(wall.peak),
        u=(end - start) / wall.width,
        v=np.array([0.0, 0.0, -1.0]),
        picture=textures.wall(wall, chance, px_per_m=WALL_PX_PER_M),
        px_per_m=WALL_PX_PER_M,
    )


def _slab(slope: Vector, chance: np.random.Generator) -> list[Face]:
    """A roof slope with thickness: shingles on top, pale boards on the rim and below."""
    along = slope[1] - slope[0]
    u = along / np.linalg.norm(along)
    normal = np.cross(u, slope[2] - slope[0])
    normal /= np.linalg.norm(normal)
    v = np.cross(u, normal)
    spread = [(slope - slope[0]) @ axis for axis in (u, v)]
    origin = slope[0] + u * spread[0].min() + v * spread[1].min()
    size = (float(np.ptp(spread[0])), float(np.ptp(spread[1])))
    deck, drop = _up(DECK_M), _up(BOARD_M)
    faces = [
        Face(slope, origin, u, v, textures.shingles(size, chance, px_per_m=64), 64),
        plain_face(slope[::-1] - deck, (196, 194, 190)),
    ]
    for one, other in zip(slope, np.roll(slope, -1, axis=0), strict=True):
        faces.append(plain_face(np.array([one, one - drop, other - drop, other]), (226, 225, 221)))
    return faces


def plain_face(corners: Vector, rgb: tuple[int, int, int]) -> Face:
    """A polygon (n x 3) of one colour."""
    u = corners[1] - corners[0]
    u = u / np.linalg.norm(u)
    normal = np.cross(u, corners[-1] - corners[0])
    v = np.cross(normal / np.linalg.norm(normal), u)
    picture = np.full((4, 4, 3), rgb, np.uint8)
    return Face(corners, corners[0], u, v, picture, 0.01)


def _ground(chance: np.random.Generator) -> Face:
    half = GROUND_HALF_M
    square = np.array([(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)])
    return Face(
        corners=square + np.array([5, 4, 0]),
        origin=np.array([5 - half, 4 + half, 0]),
        u=np.array([1.0, 0, 0]),
        v=np.array([0, -1.0, 0]),
        picture=textures.grass(2 * half, chance, px_per_m=GROUND_PX_PER_M),
        px_per_m=GROUND_PX_PER_M,
    )


def _bare_ground(house: House, chance: np.random.Generator) -> Face:
    """A quarter of the lawn, turned about the middle of the house."""
    quarter = textures.grass(GROUND_HALF_M, chance, px_per_m=GROUND_PX_PER_M)
    turned = [np.rot90(quarter, turns) for turns in range(4)]
    whole = _ground(chance)
    middle = np.array([house.length / 2 - 5, house.depth / 2 - 4, 0.0])
    return replace(
        whole,
        corners=whole.corners + middle,
        origin=whole.origin + middle,
        picture=np.block([[[turned[0]], [turned[3]]], [[turned[1]], [turned[2]]]]),
    )


def _sheets(house: House) -> list[Face]:
    """A sheet of four coded markers on the front wall and one on the back wall."""
    sheets = []
    for side, ids in textures.SHEET_IDS.items():
        wall = next(w for w in house.walls if w.name == side)
        start, end = np.array([*wall.start, 0.0]), np.array([*wall.end, 0.0])
        u = (end - start) / wall.width
        out = np.array([u[1], -u[0], 0.0])
        picture = textures.marker_sheet(ids, px_per_m=SHEET_PX_PER_M)
        edge = picture.shape[0] / SHEET_PX_PER_M
        hidden = house.wing.x + house.wing.width if house.wing and side == "front" else 0.0
        left = _free_place(wall, edge, after=hidden)
        top = start + u * left + out * 0.012 + _up(1.45 + edge)
        down = np.array([0, 0, -1.0])
        corners = [top + down * edge, top + down * edge + u * edge, top + u * edge, top]
        sheets.append(Face(np.array(corners), top, u, down, picture, SHEET_PX_PER_M))
    return sheets


def _free_place(wall: Wall, edge: float, *, after: float) -> float:
    """Left end of a place on the wall, away from openings, nearest to its middle."""
    places = np.arange(after + 0.3, wall.width - edge - 0.3, 0.05)
    clear = [
        all(x + edge + 0.1 < o.x or x - 0.1 > o.x + o.width for o in wall.openings if o.z < 2)
        for x in places
    ]
    free = places[np.array(clear)]
    return float(free[np.abs(free + edge / 2 - wall.width * 0.6).argmin()])


def _plants(house: House, chance: np.random.Generator) -> list[Crumbs]:
    plants = []
    for side in ("front", "right", "back", "left"):
        wall = next(w for w in house.walls if w.side == side and not w.name.startswith("w"))
        start, end = np.array([*wall.start, 0.0]), np.array([*wall.end, 0.0])
        u = (end - start) / wall.width
        out = np.array([u[1], -u[0], 0.0])
        for _ in range(2):
            reach = 1.0 + (house.wing.depth if house.wing and side == "front" else 0)
            place = start + u * chance.uniform(0.4, wall.width - 0.4) + out * reach
            plants.append(_ball(place + _up(0.4), chance.uniform(0.35, 0.55), chance))
    for angle in chance.uniform(0, 2 * np.pi, 7):
        radius = chance.uniform(2.2, 3.4)
        place = np.array([5 + 33 * np.cos(angle), 4 + 33 * np.sin(angle), 0.9 * radius])
        plants.append(_ball(place, radius, chance))
    return plants


def _ball(centre: Vector, radius: float, chance: np.random.Generator) -> Crumbs:
    """A ragged green ball of leaves."""
    rows, columns = 14, 20
    polar = np.linspace(0, np.pi, rows + 1)[:, None]
    around = np.linspace(0, 2 * np.pi, columns + 1)[None, :]
    ragged = radius * chance.uniform(0.8, 1.15, (rows + 1, columns + 1))
    ragged[:, -1] = ragged[:, 0]
    ragged[0] = ragged[0, 0]
    ragged[-1] = ragged[-1, 0]
    points = centre + ragged[..., None] * np.stack(
        [
            np.sin(polar) * np.cos(around),
            np.sin(polar) * np.sin(around),
            np.cos(polar) + 0 * around,
        ],
        axis=-1,
    )
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
    triangles = np.concatenate([np.stack([a, b, c], 2), np.stack([a, c, d], 2)]).reshape(-1, 3, 3)
    normal = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    triangles = triangles[np.linalg.norm(normal, axis=1) > 1e-9]
    shade = chance.uniform(0.55, 1.25, (len(triangles), 1))
    rgb = np.clip(np.array([62, 98, 44]) * shade, 0, 255).astype(np.uint8)
    return Crumbs(triangles, rgb)


def _up(height: float) -> Vector:
    return np.array([0.0, 0.0, height])
