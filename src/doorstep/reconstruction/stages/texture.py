"""The house as flat faces with pictures: sharp edges, true colours, few triangles."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import read_views
from doorstep.reconstruction.geometry.coverage import flatten, normal_of
from doorstep.reconstruction.geometry.polygons import triangles_of
from doorstep.reconstruction.geometry.texturing import Shot, Textured, texture, tinted
from doorstep.reconstruction.geometry.tracing import Tracer
from doorstep.reconstruction.options import Options, TextureOptions
from doorstep.reconstruction.photos import read_colour, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.structure import Structure, Surface, read_structure
from doorstep.reconstruction.workspace import FACES, write_arrays

NAME = "texture"
VERSION = 5
TITLE = "Painting the walls"
OUTPUTS = (FACES,)

# Shares of the house's length: the height of the boards along a roof's edge, and slack for rays.
BOARD_SHARE, SLACK_SHARE = 0.018, 0.012
WALLS_MIN = 3
# A face whose normal rises less than this is no slope.
UPRIGHT_MAX = 0.05

Matrix = NDArray[np.float64]


def options_of(options: Options) -> TextureOptions:
    """The part of the options that this stage depends on."""
    return options.texture


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write `faces.npz`: corners, places and pictures; empty where no house was made out."""
    structure = read_structure(workspace)
    corners = (
        [] if structure is None else _faces(structure, seen_min=options.texture.seen_share_min)
    )
    if structure is None or not corners:
        write_arrays(workspace / FACES, {})
        return StageReport(NAME, {"faces": 0})
    photos = {photo.file: photo for photo in used_photos(workspace)}
    shots = [
        Shot(structure.moved(view), read_colour(workspace, photos[view.file]))
        for view in read_views(workspace)
    ]
    length = max(float(np.ptp(face, axis=0).max()) for face in corners)
    # Pixels to the length of this house, not to the metre: picture sizes must tell no scale.
    per_unit = options.texture.side_px / length
    tracer = Tracer(*triangles(corners))
    painted: list[Textured] = []
    for number, face in enumerate(corners):
        step(number / len(corners), TITLE)
        slack = SLACK_SHARE * length
        painted.append(texture(face, shots, tracer=tracer, per_unit=per_unit, slack=slack))
    painted = [tinted(face, _like(face, painted)) for face in painted]
    write_arrays(workspace / FACES, _arrays(painted))
    pixels = sum(face.picture.shape[0] * face.picture.shape[1] for face in painted)
    return StageReport(NAME, {"faces": len(painted), "pixels": pixels})


def _faces(structure: Structure, *, seen_min: float) -> list[Matrix]:
    """Walls, slopes and the boards along the slopes' edges; nothing that was hardly seen."""
    seen = [surface for surface in structure.surfaces if surface.is_shown(seen_min)]
    walls = [s for s in seen if s.kind == "wall"]
    roofs = [s for s in seen if s.kind == "roof"]
    # Without the main roof the dense model looks more like the house than bare walls do.
    if len(walls) < WALLS_MIN or all(roof.block != 0 for roof in roofs):
        return []
    length = max(float(flatten(s.corners)[:, 0].max()) for s in walls)
    boards = [board for s in roofs for board in _boards(s, roofs, height=BOARD_SHARE * length)]
    return [s.corners for s in walls] + [s.corners for s in roofs] + boards


def _like(face: Textured, others: list[Textured]) -> list[Textured]:
    """The faces that lean as much as this one: walls and boards, or slopes."""
    upright = abs(normal_of(face.corners)[2]) < UPRIGHT_MAX
    return [o for o in others if (abs(normal_of(o.corners)[2]) < UPRIGHT_MAX) == upright]


def _boards(roof: Surface, roofs: list[Surface], *, height: float) -> list[Matrix]:
    """Upright strips below the edges that a slope shares with no other."""
    others = [r.corners for r in roofs if r.id != roof.id]
    drop = np.array([0.0, 0.0, height])
    boards = []
    for one, other in zip(roof.corners, np.roll(roof.corners, -1, axis=0), strict=True):
        shared = any(_has(corners, one) and _has(corners, other) for corners in others)
        if not shared and np.linalg.norm(other - one) > height:
            boards.append(np.array([one - drop, other - drop, other, one]))
    return boards


def _has(corners: Matrix, corner: Matrix) -> bool:
    return bool((np.linalg.norm(corners - corner, axis=1) < 1e-6).any())


def triangles(faces: list[Matrix]) -> tuple[Matrix, NDArray[np.int64]]:
    """Corners (n x 3) and triangles (m x 3) of flat polygons together."""
    corners = np.concatenate(faces)
    found, start = [], 0
    for face in faces:
        found += pieces(face, start)
        start += len(face)
    return corners, np.array(found)


def pieces(corners: Matrix, start: int) -> list[tuple[int, int, int]]:
    """Triangles of a flat polygon (n x 3), its corners counted from `start`."""
    return [(start + a, start + b, start + c) for a, b, c in triangles_of(flatten(corners))]


def _arrays(faces: list[Textured]) -> dict[str, NDArray[Any]]:
    held: dict[str, NDArray[Any]] = {}
    for number, face in enumerate(faces):
        held[f"corners_{number:03}"] = face.corners
        held[f"uv_{number:03}"] = face.uv
        held[f"picture_{number:03}"] = face.picture
    return held


def read_faces(arrays: dict[str, NDArray[Any]]) -> list[Textured]:
    """What `faces.npz` holds."""
    count = len(arrays) // 3
    return [
        Textured(
            np.asarray(arrays[f"corners_{number:03}"], np.float64),
            np.asarray(arrays[f"uv_{number:03}"], np.float64),
            np.asarray(arrays[f"picture_{number:03}"], np.uint8),
        )
        for number in range(count)
    ]
