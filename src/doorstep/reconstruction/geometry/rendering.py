"""Pictures of a model without any graphics card: one Embree ray per pixel."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.tracing import Tracer

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

# How far a preview looks down, as a slope, and how much of the picture the model fills.
ABOVE = 0.28
FILLED = 0.88
SUPERSAMPLING = 2
SKY_TOP, SKY_BOTTOM = (236, 222, 206), (250, 247, 243)


@dataclass(frozen=True)
class Painted:
    """Triangles with a colour per corner vertex: n x 3, m x 3, n x 3 (red first)."""

    vertices: Matrix
    faces: NDArray[np.int64]
    rgb: Picture


@dataclass(frozen=True)
class Skin:
    """A picture (blue first) on some triangles, with a place in it per corner vertex (n x 2)."""

    first_face: int
    last_face: int
    picture: Picture


@dataclass(frozen=True)
class Pictured:
    """Triangles under pictures: n x 3, m x 3, n x 2, and the pictures by ranges of faces."""

    vertices: Matrix
    faces: NDArray[np.int64]
    uv: Matrix
    skins: tuple[Skin, ...]


@dataclass(frozen=True)
class Eye:
    """Where a picture is taken from: position, what it looks at, opening angle across."""

    position: Matrix
    target: Matrix
    across_deg: float = 45.0


def render(model: Painted | Pictured, eye: Eye, *, size: tuple[int, int]) -> Picture:
    """The model (z up) against a pale sky; blue first, height x width x 3."""
    width, height = size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING
    rays = _rays(eye, width=width, height=height)
    tracer = Tracer(model.vertices, model.faces)
    origins = np.broadcast_to(eye.position, rays.shape)
    faces, distance = tracer.first_hit(origins, rays)
    picture = _sky(width, height).reshape(-1, 3)
    hit = np.flatnonzero(faces >= 0)
    places = eye.position + rays[hit] * distance[hit, None]
    if isinstance(model, Painted):
        picture[hit] = _colours(model, faces[hit], places=places)[:, ::-1]
    else:
        picture[hit] = _sampled(model, faces[hit], places=places)
    full = picture.reshape(height, width, 3)
    return np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_AREA), np.uint8)


def three_quarter_eye(low: Matrix, high: Matrix, *, towards: Matrix, size: tuple[int, int]) -> Eye:
    """From a little above, just so far that every corner of the box is in the picture."""
    middle = (low + high) / 2
    flat = towards[:2] / max(float(np.linalg.norm(towards[:2])), 1e-9)
    away = np.array([flat[0], flat[1], ABOVE])
    away /= np.linalg.norm(away)
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    seen = (low + corners * (high - low) - middle) @ np.array(_axes(-away)).T
    across = np.tan(np.radians(Eye.across_deg) / 2) * FILLED
    down = across * size[1] / size[0]
    nearest = np.maximum(np.abs(seen[:, 0]) / across, np.abs(seen[:, 1]) / down) - seen[:, 2]
    return Eye(position=middle + away * float(nearest.max()), target=middle)


def _axes(ahead: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """(right, down, ahead) of a view, as unit vectors."""
    ahead = ahead / np.linalg.norm(ahead)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return right, np.cross(ahead, right), ahead


def _rays(eye: Eye, *, width: int, height: int) -> Matrix:
    right, down, ahead = _axes(eye.target - eye.position)
    focal = width / 2 / np.tan(np.radians(eye.across_deg) / 2)
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    rays = (
        ahead
        + ((columns.reshape(-1, 1) - width / 2) / focal) * right
        + ((rows.reshape(-1, 1) - height / 2) / focal) * down
    )
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True))


def _sampled(model: Pictured, faces: NDArray[np.int64], *, places: Matrix) -> Picture:
    """Colours from the pictures, by barycentric coordinates of places on triangles."""
    share = _barycentric(model.vertices[model.faces[faces]], places)
    uv = np.einsum("nk,nkc->nc", share, model.uv[model.faces[faces]])
    result = np.zeros((len(faces), 3), np.uint8)
    for skin in model.skins:
        chosen = np.flatnonzero((faces >= skin.first_face) & (faces < skin.last_face))
        height, width = skin.picture.shape[:2]
        pixels = np.clip(uv[chosen] * [width, height], 0, [width - 1, height - 1]).astype(int)
        result[chosen] = skin.picture[pixels[:, 1], pixels[:, 0]]
    return result


def _colours(model: Painted, faces: NDArray[np.int64], *, places: Matrix) -> Picture:
    """Corner colours mixed by barycentric coordinates of places on triangles."""
    share = _barycentric(model.vertices[model.faces[faces]], places)
    mixed = np.einsum("nk,nkc->nc", share, model.rgb[model.faces[faces]].astype(np.float64))
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def _barycentric(corners: Matrix, places: Matrix) -> Matrix:
    """Shares (n x 3) of the corners (n x 3 x 3) in places (n x 3) on their triangles."""
    edge_one, edge_two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    offset = places - corners[:, 0]
    d11, d12 = (edge_one * edge_one).sum(1), (edge_one * edge_two).sum(1)
    d22 = (edge_two * edge_two).sum(1)
    o1, o2 = (offset * edge_one).sum(1), (offset * edge_two).sum(1)
    scale = np.maximum(d11 * d22 - d12 * d12, 1e-30)
    v, w = (d22 * o1 - d12 * o2) / scale, (d11 * o2 - d12 * o1) / scale
    share = np.clip(np.stack([1 - v - w, v, w], axis=1), 0, 1)
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(share)


def _sky(width: int, height: int) -> Picture:
    share = np.linspace(0, 1, height)[:, None]
    column = np.array(SKY_TOP) * (1 - share) + np.array(SKY_BOTTOM) * share
    return np.asarray(np.repeat(column[:, None, :], width, axis=1), np.uint8)
