"""Rays against a triangle mesh, by Embree."""

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

RAYS_PER_CALL = 1 << 19


class Tracer:
    """A scene of one mesh; rays run single precision."""

    def __init__(self, vertices: Matrix, faces: NDArray[np.int64]) -> None:
        self._scene = EmbreeScene()
        triangles = np.ascontiguousarray(vertices[faces], dtype=np.float32)
        self._mesh = TriangleMesh(self._scene, triangles)

    def first_hit(
        self, origins: Matrix, directions: Matrix
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Face index (n, -1 for none) and distance (n, in lengths of the direction)."""
        faces, distances = [], []
        for start in range(0, len(origins), RAYS_PER_CALL):
            part = slice(start, start + RAYS_PER_CALL)
            found = self._scene.run(
                np.ascontiguousarray(origins[part], dtype=np.float32),
                np.ascontiguousarray(directions[part], dtype=np.float32),
                output=True,
            )
            faces.append(np.asarray(found["primID"], np.int64))
            distances.append(np.asarray(found["tfar"], np.float32))
        if not faces:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return np.concatenate(faces), np.concatenate(distances)

    def is_clear(self, origins: Matrix, targets: Matrix, *, slack: float) -> NDArray[np.bool_]:
        """Whether nothing stands between each origin and target (n x 3) but for `slack`."""
        towards = targets - origins
        length = np.linalg.norm(towards, axis=1)
        faces, distance = self.first_hit(origins, towards / length[:, None])
        return np.asarray((faces < 0) | (distance > length - slack))
