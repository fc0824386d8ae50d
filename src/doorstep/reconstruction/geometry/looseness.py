"""How well the photos hold each other in place, and what that leaves open about a size in the model.

The details that photos share are springs between them. As in any adjustment by least squares, the
inverse of the normal equations, times the variance of the details' own residuals, is the covariance
of all poses and lenses together (Triggs et al., Bundle Adjustment: A Modern Synthesis, 2000, section
9). Sizes are told as shares of the walk's own size, since the model as a whole has none.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.jacobians import LENS, POSE, Pull, jacobians

Matrix = NDArray[np.float64]
# Where a point is seen: the view, the pixel (2), and its expected error in pixels.
Seen = tuple[View, Matrix, float]

# A detail is recognised by a window about so many pixels wide. What lies within one is the same
# corner found again at another size: it shares the error and counts once.
WINDOW_PX = 12.0
# A lens's middle is within such a share of the width, even where the details say nothing of it.
MIDDLE_SHARE = 0.01
# Turn, shift and size of the whole model are free: these eigenvalues are not inverted.
FREEDOMS = 7
# The mean size of an error in the plane, in standard deviations of one coordinate (Rayleigh).
RAYLEIGH_MEAN = float(np.sqrt(np.pi / 2))


class Looseness:
    """Covariance of all poses and lenses of a run."""

    def __init__(self, views: Sequence[View], found: Mapping[str, NDArray[np.generic]]) -> None:
        """`found` holds points: `xyz` (n x 3), who saw them (`seen`, n x views), `error_px` (n)."""
        self._views = views
        self._index = {view.name: index for index, view in enumerate(views)}
        lenses = [(view.matrix.tobytes(), view.distortion) for view in views]
        known = sorted(set(lenses))
        self._lens = [POSE * len(views) + LENS * known.index(lens) for lens in lenses]
        self._size = POSE * len(views) + LENS * len(known)
        self._found = found

    @cached_property
    def _covariance(self) -> Matrix:
        """Solved for when a size is asked for, which many runs never do."""
        return self._solved(self._found)

    def share(self, gradient: Matrix) -> float:
        """Standard deviation of a size's logarithm; `gradient` is how it moves with the photos."""
        own = gradient - self._walk()
        return float(np.sqrt(max(float(own @ self._covariance @ own), 0.0)))

    def of_point(self, seen: Iterable[Seen], point: Matrix) -> Matrix:
        """How a point (3) fitted to what photos show moves with every pose and lens (3 x all)."""
        moved, weight = np.zeros((3, self._size)), np.zeros((3, 3))
        for view, _, error in seen:
            by = jacobians(view, point[None])
            weight += by.point[0].T @ by.point[0] / error**2
            self._add(moved, Pull(view, by, by.point[0].T[:, None] / error**2))
        return np.asarray(np.linalg.solve(weight, moved))

    def of_pulls(self, pulls: Iterable[Pull]) -> Matrix:
        """How a number moves with every pose and lens that moves with pixels as `pulls` say."""
        moved = np.zeros((1, self._size))
        for pull in pulls:
            self._add(moved, pull)
        return np.asarray(moved[0])

    def _add(self, moved: Matrix, pull: Pull) -> None:
        """What shifts the picture of a point one way shifts the fit to that picture the other."""
        index = self._index[pull.view.name]
        start = self._lens[index]
        moved[:, POSE * index : POSE * (index + 1)] -= np.einsum(
            "knp,npq->kq", pull.pull, pull.by.pose
        )
        moved[:, start : start + LENS] -= np.einsum("knp,npq->kq", pull.pull, pull.by.lens)

    def _walk(self) -> Matrix:
        """How the logarithm of the walk's size, all cameras' spread, moves with the poses."""
        away = np.array([view.centre for view in self._views])
        away -= away.mean(axis=0)
        gradient = np.zeros(self._size)
        for index, view in enumerate(self._views):
            shift = slice(POSE * index + 3, POSE * (index + 1))
            gradient[shift] = -view.rotation @ away[index] / (away**2).sum()
        return gradient

    def _solved(self, found: Mapping[str, NDArray[np.generic]]) -> Matrix:
        xyz, seen = np.asarray(found["xyz"], np.float64), np.asarray(found["seen"], bool)
        error = np.asarray(found["error_px"], np.float64) / RAYLEIGH_MEAN
        kept = self._apart(xyz, seen.sum(axis=1))
        xyz, seen, error = xyz[kept], seen[kept], error[kept]
        held = np.zeros((self._size, self._size))
        ties, weights = csr_matrix((self._size, 3 * len(xyz))), np.zeros((len(xyz), 3, 3))
        for index, view in enumerate(self._views):
            rows = np.flatnonzero(seen[:, index])
            by = jacobians(view, xyz[rows])
            own = np.concatenate([by.pose, by.lens], axis=2)
            pose, lens = POSE * index + np.arange(POSE), self._lens[index] + np.arange(LENS)
            columns = np.concatenate([pose, lens])
            held[np.ix_(columns, columns)] += np.einsum("nki,nkj->ij", own, own)
            weights[rows] += np.einsum("nki,nkj->nij", by.point, by.point)
            tie = np.einsum("nki,nkj->nij", own, by.point)
            places = np.broadcast_to(columns[:, None], tie.shape)
            points = np.broadcast_to(3 * rows[:, None, None] + np.arange(3), tie.shape)
            shape = ties.shape
            ties += coo_matrix((tie.ravel(), (places.ravel(), points.ravel())), shape).tocsr()
        photos = seen.sum(axis=1)
        freedom = max(int(2 * photos.sum()) - 3 * len(xyz) - self._size, 1)
        variance = 2 * float((photos * error**2).sum()) / freedom
        width = max(view.size[0] for view in self._views)
        for start in set(self._lens):
            for middle in (start + 1, start + 2):
                held[middle, middle] += variance / (MIDDLE_SHARE * width) ** 2
        weights += 1e-9 * np.trace(weights, axis1=1, axis2=2)[:, None, None] * np.eye(3)
        loose = ties @ _blocks(np.asarray(np.linalg.inv(weights), np.float64)) @ ties.T
        return _inverse(held - loose.toarray()) * variance

    def _apart(self, xyz: Matrix, photos: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of points within one window, the one that most photos see."""
        away = [np.linalg.norm(view.centre - xyz.mean(axis=0)) for view in self._views]
        focal = [view.matrix[0, 0] for view in self._views]
        window = WINDOW_PX * float(np.median(np.array(away) / np.array(focal)))
        order = np.argsort(-photos, kind="stable")
        cells = np.floor(xyz[order] / window).astype(np.int64)
        first = np.unique(cells, axis=0, return_index=True)[1]
        return np.sort(order[first])


def _blocks(matrices: Matrix) -> csr_matrix:
    """Small matrices (n x 3 x 3) along the diagonal of a large one."""
    rows = 3 * np.arange(len(matrices))[:, None, None] + np.arange(3)[:, None]
    columns = 3 * np.arange(len(matrices))[:, None, None] + np.arange(3)
    places = (np.broadcast_to(rows, matrices.shape), np.broadcast_to(columns, matrices.shape))
    size = 3 * len(matrices)
    return coo_matrix(
        (matrices.ravel(), (places[0].ravel(), places[1].ravel())), (size, size)
    ).tocsr()


def _inverse(held: Matrix) -> Matrix:
    """Of normal equations that leave the model's turn, shift and size open."""
    scale = np.sqrt(np.maximum(np.diag(held), 1e-12))
    values, vectors = np.linalg.eigh(held / np.outer(scale, scale))
    inverse = np.zeros_like(values)
    inverse[FREEDOMS:] = 1 / np.maximum(values[FREEDOMS:], 1e-12)
    return np.asarray((vectors * inverse) @ vectors.T / np.outer(scale, scale))
