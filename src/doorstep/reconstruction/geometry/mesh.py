"""Cutting and cleaning triangle meshes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Matrix = NDArray[np.float64]
Faces = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Vertices n x 3, triangles m x 3."""

    vertices: Matrix
    faces: Faces


def keep_faces(mesh: Mesh, chosen: NDArray[np.bool_]) -> Mesh:
    """The chosen triangles and only the vertices that they use."""
    faces = mesh.faces[chosen]
    used, inverse = np.unique(faces, return_inverse=True)
    return Mesh(mesh.vertices[used], inverse.reshape(faces.shape))


def near_points(mesh: Mesh, points: Matrix, *, reach: float) -> Mesh:
    """Without the triangles that bridge holes: every corner near a measured point."""
    distance, _ = cKDTree(points).query(mesh.vertices, distance_upper_bound=reach)
    return keep_faces(mesh, np.isfinite(distance)[mesh.faces].all(axis=1))


def without_crumbs(mesh: Mesh, *, share_min: float) -> Mesh:
    """Without connected pieces that hold less than a share of all triangles."""
    if len(mesh.faces) == 0:
        return mesh
    piece = _pieces(mesh)[mesh.faces[:, 0]]
    size = np.bincount(piece)
    return keep_faces(mesh, size[piece] >= share_min * len(mesh.faces))


def vertex_normals(mesh: Mesh) -> Matrix:
    """Unit normals (n x 3), weighted by the area of the triangles around."""
    corners = mesh.vertices[mesh.faces]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros_like(mesh.vertices)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(
                mesh.faces[:, k], face[:, axis], minlength=len(mesh.vertices)
            )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(length, 1e-12))


def _pieces(mesh: Mesh) -> NDArray[np.int32]:
    edges = np.concatenate([mesh.faces[:, :2], mesh.faces[:, 1:]])
    count = len(mesh.vertices)
    ones = np.ones(len(edges), np.int8)
    graph = coo_matrix((ones, (edges[:, 0], edges[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])
