"""How large a sheet of markers is in the model: one flat sheet is fitted to all that photos show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.jacobians import Jacobians, Pull, crosses, jacobians

Matrix = NDArray[np.float64]

ROUNDS = 6
OUTLIER_SIGMAS = 3.0
# Turn, place and size of the sheet.
UNKNOWNS = 7
# How many sightings the expected error is worth beside those that the photos give.
EXPECTED_WORTH = 4


@dataclass(frozen=True)
class Sight:
    """A marker in a view: the pixel (2) of its centre, and its expected error in pixels."""

    marker: int
    view: View
    pixel: Matrix
    error_px: float


@dataclass(frozen=True)
class FittedSheet:
    """Units of the model to a metre, the standard deviation of its logarithm, and who says so.

    The deviation comes from what is left between the sheet and the photos.
    """

    units_per_metre: float
    sigma: float
    pulls: tuple[Pull, ...]


@dataclass(frozen=True)
class _Seen:
    """What one view shows: places on the sheet, pixels (n x 2 both) and expected errors (n)."""

    view: View
    flat: Matrix
    pixels: Matrix
    errors: Matrix


@dataclass(frozen=True)
class _Sheet:
    """Where a sheet lies: its middle (3), its turn (3 x 3), and units of the model to a metre."""

    middle: Matrix
    turn: Matrix
    size: float

    def arms(self, flat: Matrix) -> Matrix:
        """From the middle to places (n x 2) on the sheet, in units."""
        return np.asarray(self.size * flat @ self.turn[:, :2].T)


def fit_sheet(
    layout: Mapping[int, Matrix], sights: Sequence[Sight], *, placed: Mapping[int, Matrix]
) -> FittedSheet:
    """Least squares over all sightings; those far off lose their say.

    `layout` holds the markers' centres on the sheet in metres (2), `placed` their places in the
    model (3) as found one by one, from which the fit starts; three or more are needed.
    """
    seen = _by_view(layout, [sight for sight in sights if sight.marker in placed])
    flat = np.array([layout[marker] for marker in placed])
    sheet = _first(flat, np.array(list(placed.values())))
    variance = 1.0
    for _ in range(ROUNDS):
        moves, rest, by = _linear(sheet, seen, middle=flat.mean(axis=0))
        squares = (rest**2).sum(axis=1)
        trust = 1 / (1 + squares / (2 * variance * OUTLIER_SIGMAS**2)) ** 2
        inverse = np.linalg.pinv(np.einsum("nki,n,nkj->ij", moves, trust, moves), hermitian=True)
        step = inverse @ np.einsum("nki,n,nk->i", moves, trust, rest)
        variance = _variance(squares, trust)
        sheet = _Sheet(
            sheet.middle + step[4:],
            Rotation.from_rotvec(step[:3]).as_matrix() @ sheet.turn,
            sheet.size * float(np.exp(step[3])),
        )
    errors = np.concatenate([each.errors for each in seen])
    pulls = (moves @ inverse[3]) * (trust / errors)[:, None]
    ends = np.cumsum([len(each.errors) for each in seen])[:-1]
    return FittedSheet(
        units_per_metre=sheet.size,
        sigma=float(np.sqrt(inverse[3, 3] * variance)),
        pulls=tuple(
            Pull(each.view, each_by, pull[None])
            for each, each_by, pull in zip(seen, by, np.split(pulls, ends), strict=True)
        ),
    )


def _by_view(layout: Mapping[int, Matrix], sights: Sequence[Sight]) -> list[_Seen]:
    views = {sight.view.name: sight.view for sight in sights}
    own = {name: [sight for sight in sights if sight.view.name == name] for name in views}
    return [
        _Seen(
            view,
            flat=np.array([layout[sight.marker] for sight in own[name]]),
            pixels=np.array([sight.pixel for sight in own[name]]),
            errors=np.array([sight.error_px for sight in own[name]]),
        )
        for name, view in views.items()
    ]


def _variance(squares: Matrix, trust: Matrix) -> float:
    """Of the sightings, in expected ones: what is left of them, and the expectation itself."""
    freedom = max(2 * float(trust.sum()) - UNKNOWNS, 0.0)
    expected = 2 * EXPECTED_WORTH
    return (expected + float(trust @ squares)) / (expected + freedom)


def _first(flat: Matrix, found: Matrix) -> _Sheet:
    """The sheet that lies nearest to markers found one by one (Umeyama, 1991)."""
    own = np.column_stack([flat - flat.mean(axis=0), np.zeros(len(flat))])
    away = found - found.mean(axis=0)
    left, _, right = np.linalg.svd(away.T @ own)
    upright = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    size = float(np.linalg.norm(away) / np.linalg.norm(own))
    return _Sheet(found.mean(axis=0), left @ upright @ right, size)


def _linear(
    sheet: _Sheet, seen: Sequence[_Seen], *, middle: Matrix
) -> tuple[Matrix, Matrix, list[Jacobians]]:
    """By sighting: how turn, size and place move the pixel (2 x 7), and what is left of it (2).

    Both count in expected errors; `middle` is that of the layout (2).
    """
    moves, rest, found = [], [], []
    for each in seen:
        arms = sheet.arms(each.flat - middle)
        points = sheet.middle + arms
        by = jacobians(each.view, points)
        straight = np.broadcast_to(np.eye(3), (len(arms), 3, 3))
        along = np.concatenate([-crosses(arms), arms[:, :, None], straight], axis=2)
        errors = each.errors[:, None]
        moves.append(by.point @ along / errors[:, None])
        rest.append((each.pixels - each.view.project(points)[0]) / errors)
        found.append(by)
    return np.concatenate(moves), np.concatenate(rest), found
