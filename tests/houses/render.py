"""Photos of a scene: Embree for what is seen and what is in shadow, numpy for the rest."""

from dataclasses import dataclass

import cv2
import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from tests.houses.cameras import Lens, Pose
from tests.houses.scene import Face, Scene

Vector = NDArray[np.float64]
Picture = NDArray[np.uint8]

SUN = np.array([-0.55, -0.62, 0.56]) / np.linalg.norm([-0.55, -0.62, 0.56])
SUNLIGHT, SKYLIGHT = 0.62, 0.52
ATLAS_WIDTH_PX, GUTTER_PX, LEVELS = 8192, 16, 5
REMAP_COLUMNS = 4096
# What two panes behind each other mirror of what comes straight at them.
GLASS_SHARE, MIRROR_LIFT_M = 0.15, 0.01


@dataclass(frozen=True)
class _Atlas:
    """All pictures in one, at several sizes, and where each face's picture lies in it."""

    levels: list[Picture]
    offset: NDArray[np.float32]
    size: NDArray[np.float32]


class Studio:
    """A scene ready to be photographed many times."""

    def __init__(self, scene: Scene) -> None:
        triangles, owner = _triangles(scene)
        edges = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        self._normals = edges / np.linalg.norm(edges, axis=1, keepdims=True)
        self._owner = owner
        glass = np.array([face.glass for face in scene.faces])
        self._glass = (owner >= 0) & glass[np.maximum(owner, 0)]
        self._scene = EmbreeScene()
        self._mesh = TriangleMesh(self._scene, triangles.astype(np.float32))
        self._atlas = _pack([face.picture for face in scene.faces])
        self._origin = np.array([face.origin for face in scene.faces])
        self._u = np.array([face.u * face.px_per_m for face in scene.faces])
        self._v = np.array([face.v * face.px_per_m for face in scene.faces])
        self._density = np.array([face.px_per_m for face in scene.faces])
        self._crumbs = np.concatenate([np.zeros((0, 3))] + [c.rgb for c in scene.crumbs])

    def photograph(self, lens: Lens, pose: Pose, *, rays: Vector) -> NDArray[np.float32]:
        """Linear-ish colours, red first, height x width x 3, 0 to 255."""
        directions = rays @ pose.rotation
        origins = np.broadcast_to(pose.centre, directions.shape)
        colours, triangle, distance = self._look(origins, directions, lens=lens)
        panes = np.flatnonzero((triangle >= 0) & self._glass[triangle])
        if len(panes):
            before = origins[panes] + directions[panes] * distance[panes, None]
            normal = self._normals[triangle[panes]]
            share, reflected = _reflected(directions[panes], normal)
            start = before + MIRROR_LIFT_M * reflected
            mirrored, _, _ = self._look(start, reflected, lens=lens, before=distance[panes])
            colours[panes] += share[:, None] * (mirrored - colours[panes])
        width, height = lens.size
        return colours.reshape(height, width, 3)

    def _look(
        self, origins: Vector, directions: Vector, *, lens: Lens, before: Vector | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], Vector]:
        """Colours, triangles and distances; the light came so far `before` it got to the origins."""
        triangle, distance = self._hit(origins, directions)
        colours = _sky(directions)
        seen = np.flatnonzero(triangle >= 0)
        places = origins[seen] + directions[seen] * distance[seen, None]
        far = distance[seen] if before is None else distance[seen] + before[seen]
        colours[seen] = self._surface(triangle[seen], places, far, lens=lens)
        colours[seen] *= self._light(triangle[seen], places, directions[seen])[:, None]
        return colours, triangle, distance

    def _hit(self, origins: Vector, directions: Vector) -> tuple[NDArray[np.int64], Vector]:
        found = self._scene.run(
            np.ascontiguousarray(origins, np.float32),
            np.ascontiguousarray(directions, np.float32),
            output=True,
        )
        return found["primID"].astype(np.int64), found["tfar"].astype(np.float64)

    def _surface(
        self, triangle: NDArray[np.int64], places: Vector, distance: Vector, *, lens: Lens
    ) -> NDArray[np.float32]:
        owner = self._owner[triangle]
        colours = np.zeros((len(owner), 3), np.float32)
        crumbs = owner < 0
        colours[crumbs] = self._crumbs[-1 - owner[crumbs]]
        faces = owner[~crumbs]
        local = places[~crumbs] - self._origin[faces]
        pixels = np.stack(
            [(local * self._u[faces]).sum(axis=1), (local * self._v[faces]).sum(axis=1)], axis=1
        )
        footprint = distance[~crumbs] / lens.focal * self._density[faces]
        colours[~crumbs] = _sample(self._atlas, faces, pixels=pixels, footprint=footprint)
        return colours

    def _light(
        self, triangle: NDArray[np.int64], places: Vector, directions: Vector
    ) -> NDArray[np.float32]:
        normal = self._normals[triangle]
        normal = normal * -np.sign((normal * directions).sum(axis=1, keepdims=True))
        facing = np.clip(normal @ SUN, 0, None)
        lit = np.flatnonzero(facing > 0)
        blocked, _ = self._hit(
            places[lit] + normal[lit] * 0.01, np.broadcast_to(SUN, (len(lit), 3))
        )
        facing[lit[blocked >= 0]] = 0
        return np.asarray(SKYLIGHT + 0.1 * normal[:, 2] + SUNLIGHT * facing, np.float32)


def _reflected(directions: Vector, normals: Vector) -> tuple[NDArray[np.float32], Vector]:
    """How much of what a pane shows is mirrored, and where from (n x 3).

    Schlick's approximation of Fresnel's formula ("An inexpensive BRDF model for physically-based
    rendering", Computer Graphics Forum 13, 1994), for double glazing.
    """
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    along = (unit * normals).sum(axis=1, keepdims=True)
    share = GLASS_SHARE + (1 - GLASS_SHARE) * (1 - np.abs(along[:, 0])) ** 5
    return share.astype(np.float32), unit - 2 * along * normals


def finish(
    colours: NDArray[np.float32], chance: np.random.Generator, *, noise: float = 2.0
) -> Picture:
    """What a phone makes of the light: exposure, darker corners, noise, sharpening."""
    height, width = colours.shape[:2]
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    corners = 1 - 0.1 * (rows**2 + columns**2) / 2
    exposed = colours * (corners * chance.normal(1.0, 0.04))[..., None]
    exposed *= chance.normal(1.0, 0.012, 3)
    soft = cv2.GaussianBlur(exposed.astype(np.float32), (0, 0), 0.6)
    sharp = soft + 0.35 * (soft - cv2.GaussianBlur(soft, (0, 0), 1.2))
    noisy = sharp + chance.normal(0, noise, sharp.shape)
    return np.asarray(np.clip(np.rint(noisy), 0, 255), np.uint8)


def _triangles(scene: Scene) -> tuple[Vector, NDArray[np.int64]]:
    """All triangles (n x 3 x 3) and their face, or -1 - index for the crumbs."""
    triangles, owner = [], []
    for index, face in enumerate(scene.faces):
        fan = _fan(face)
        triangles.append(fan)
        owner.append(np.full(len(fan), index))
    start = 0
    for crumbs in scene.crumbs:
        triangles.append(crumbs.triangles)
        owner.append(-1 - np.arange(start, start + len(crumbs.triangles)))
        start += len(crumbs.triangles)
    return np.concatenate(triangles), np.concatenate(owner)


def _fan(face: Face) -> Vector:
    corners = face.corners
    return np.array([(corners[0], corners[k], corners[k + 1]) for k in range(1, len(corners) - 1)])


def _pack(pictures: list[Picture]) -> _Atlas:
    """Pictures on shelves, highest first, each with a rim of its own edge pixels.

    A picture that several faces share lies there once.
    """
    offset = np.zeros((len(pictures), 2), np.float32)
    first = {id(picture): index for index, picture in reversed(list(enumerate(pictures)))}
    x = y = shelf = 0
    for index in sorted(first.values(), key=lambda i: (-pictures[i].shape[0], i)):
        height, width = (edge + 2 * GUTTER_PX for edge in pictures[index].shape[:2])
        if x + width > ATLAS_WIDTH_PX:
            x, y, shelf = 0, y + shelf, 0
        offset[index] = x + GUTTER_PX, y + GUTTER_PX
        x, shelf = x + width, max(shelf, height)
    offset = offset[[first[id(picture)] for picture in pictures]]
    unit = 1 << LEVELS
    whole = np.zeros((-(-(y + shelf) // unit) * unit, ATLAS_WIDTH_PX, 3), np.uint8)
    for index in first.values():
        picture, (left, top) = pictures[index], offset[index].astype(int)
        rimmed = np.pad(picture, ((GUTTER_PX,) * 2, (GUTTER_PX,) * 2, (0, 0)), mode="edge")
        height, width = rimmed.shape[:2]
        rows = slice(top - GUTTER_PX, top - GUTTER_PX + height)
        whole[rows, left - GUTTER_PX : left - GUTTER_PX + width] = rimmed
    levels = [whole]
    for _ in range(LEVELS - 1):
        above = levels[-1]
        half = (above.shape[1] // 2, above.shape[0] // 2)
        levels.append(np.asarray(cv2.resize(above, half, interpolation=cv2.INTER_AREA)))
    size = np.array([picture.shape[1::-1] for picture in pictures], np.float32)
    return _Atlas(levels, offset, size)


def _sample(
    atlas: _Atlas, faces: NDArray[np.int64], *, pixels: Vector, footprint: Vector
) -> NDArray[np.float32]:
    """Trilinear: two neighbouring levels mixed by how much picture a photo's pixel covers."""
    level = np.clip(np.log2(np.maximum(footprint, 1.0)), 0, LEVELS - 1.001)
    lower = level.astype(int)
    share = (level - lower).astype(np.float32)
    inside = np.clip(pixels, 0.5, atlas.size[faces] - 0.5) + atlas.offset[faces]
    result = np.zeros((len(faces), 3), np.float32)
    for step, picture in enumerate(atlas.levels):
        for chosen, weight in ((lower == step, 1 - share), (lower == step - 1, share)):
            index = np.flatnonzero(chosen)
            if len(index):
                values = _bilinear(picture, inside[index] / 2**step - 0.5)
                result[index] += values * weight[index, None]
    return result


def _bilinear(picture: Picture, pixels: Vector) -> NDArray[np.float32]:
    rows = -(-len(pixels) // REMAP_COLUMNS)
    padded = np.zeros((rows * REMAP_COLUMNS, 2), np.float32)
    padded[: len(pixels)] = pixels
    grid = padded.reshape(rows, REMAP_COLUMNS, 2)
    values = cv2.remap(picture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR)
    return np.asarray(values.reshape(-1, 3)[: len(pixels)], np.float32)


def _sky(directions: Vector) -> NDArray[np.float32]:
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    height = np.clip(unit[:, 2:], 0, 1) ** 0.6
    clouds = 8 * np.sin(9 * unit[:, :1] + 3 * unit[:, 2:]) * np.sin(7 * unit[:, 1:2])
    pale, deep = np.array([222, 228, 234]), np.array([148, 178, 214])
    return np.asarray(pale * (1 - height) + deep * height + clouds, np.float32)
