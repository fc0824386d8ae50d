"""Colours for a mesh from the photos that see it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.mesh import Mesh, vertex_normals
from doorstep.reconstruction.geometry.sky import sky
from doorstep.reconstruction.geometry.tracing import Tracer

Matrix = NDArray[np.float64]

# A photo that sees a surface flatter than this does not colour it.
FACING_COS_MIN = 0.15
EDGE_PX = 4


class Painter:
    """Collects the best-seen colours of each vertex, photo after photo."""

    def __init__(self, mesh: Mesh, *, slack: float) -> None:
        self._mesh = mesh
        self._normals = vertex_normals(mesh)
        self._tracer = Tracer(mesh.vertices, mesh.faces)
        self._slack = slack
        self._sum = np.zeros((len(mesh.vertices), 3))
        self._weight = np.zeros(len(mesh.vertices))

    def add(self, picture: NDArray[np.uint8], view: View) -> None:
        """Let one photo (blue first) vote, weighted by how near and how squarely it looks."""
        towards = view.centre - self._mesh.vertices
        distance = np.linalg.norm(towards, axis=1)
        facing = (towards * self._normals).sum(axis=1) / distance
        pixels, depth = view.project(self._mesh.vertices)
        inside = (pixels >= EDGE_PX).all(axis=1)
        inside &= (pixels < np.array(view.size) - EDGE_PX).all(axis=1)
        chosen = np.flatnonzero(inside & (depth > 0) & (facing > FACING_COS_MIN))
        targets = self._mesh.vertices[chosen] + self._normals[chosen] * self._slack
        origins = np.broadcast_to(view.centre, targets.shape)
        chosen = chosen[self._tracer.is_clear(origins, targets, slack=self._slack)]
        chosen = chosen[~_at(sky(picture), pixels[chosen])]
        sampled = sample(picture, pixels[chosen])
        weight = (facing[chosen] / distance[chosen]) ** 4
        self._sum[chosen] += sampled * weight[:, None]
        self._weight[chosen] += weight

    def colours(self, otherwise: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Red first, n x 3; `otherwise` where no photo saw the vertex."""
        seen = self._weight > 0
        mean = self._sum[seen] / self._weight[seen, None]
        result = otherwise.copy()
        result[seen] = np.clip(np.rint(mean), 0, 255).astype(np.uint8)[:, ::-1]
        return result


def _at(mask: NDArray[np.bool_], pixels: Matrix) -> NDArray[np.bool_]:
    column, row = np.rint(pixels).astype(int).T
    return np.asarray(mask[row, column])


def sample(picture: NDArray[np.uint8], pixels: Matrix) -> NDArray[np.float32]:
    """Bilinear values (n x 3) at pixels (n x 2)."""
    if len(pixels) == 0:
        return np.zeros((0, 3), np.float32)
    places = np.asarray(pixels, np.float32)
    rows = -(-len(places) // 8192)
    padded = np.zeros((rows * 8192, 2), np.float32)
    padded[: len(places)] = places
    grid = padded.reshape(rows, 8192, 2)
    values = cv2.remap(picture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR)
    return np.asarray(values.reshape(-1, 3)[: len(places)], np.float32)
