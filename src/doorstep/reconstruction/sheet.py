"""The printed sheet of coded markers that gives a house its scale."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.alignment import aligned

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Board:
    """One sheet: markers in rows, numbered from the upper left."""

    name: str
    ids: tuple[int, ...]
    columns: int
    marker_m: float
    gap_m: float

    def centres(self) -> dict[int, Matrix]:
        """Where the centre of each marker lies on the sheet, in metres (2)."""
        step = self.marker_m + self.gap_m
        return {
            marker_id: np.array([index % self.columns, index // self.columns]) * step
            for index, marker_id in enumerate(self.ids)
        }


# The sheet that the product prints. It fits on A4 and on letter. Its numbers are the last of the
# dictionary: sheets of other makers begin at nought, and one of another size must not be taken
# for ours.
OWN_SHEET = Board("sheet", ids=(94, 95, 96, 97, 98, 99), columns=2, marker_m=0.07, gap_m=0.015)


@dataclass(frozen=True)
class Sheets:
    """All sheets that may hang at a house; they share one dictionary of markers."""

    dictionary: str = "DICT_5X5_100"
    boards: tuple[Board, ...] = field(default=(OWN_SHEET,))

    @classmethod
    def from_json(cls, described: Mapping[str, Any]) -> Self:
        """From `{"dictionary", "grid", "marker_m", "gap_m", "ids": {"front": [...]}}`."""
        columns = int(described["grid"][1])
        return cls(
            dictionary=str(described["dictionary"]),
            boards=tuple(
                Board(
                    name,
                    ids=tuple(ids),
                    columns=columns,
                    marker_m=float(described["marker_m"]),
                    gap_m=float(described["gap_m"]),
                )
                for name, ids in described["ids"].items()
            ),
        )


@dataclass(frozen=True)
class Sighting:
    """A marker in a photo: its centre and its edge, in pixels."""

    marker: int
    centre: Matrix
    edge_px: float


def find_markers(grey: NDArray[np.uint8], sheets: Sheets) -> list[Sighting]:
    """Markers by their centres: corners of black on white shrink with blur, centres stay."""
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, sheets.dictionary))
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.minMarkerPerimeterRate = 0.015
    detector = cv2.aruco.ArucoDetector(dictionary, parameters)
    corners, ids, _ = detector.detectMarkers(grey)
    if len(corners) == 0:
        return []
    known = {marker_id for board in sheets.boards for marker_id in board.ids}
    found = []
    for marker, square in zip(np.ravel(ids), np.reshape(corners, (-1, 4, 2)), strict=True):
        if int(marker) in known:
            cells = dictionary.generateImageMarker(int(marker), dictionary.markerSize + 2)
            sharp = aligned(grey, square.astype(np.float64), cells=np.asarray(cells, np.uint8))
            found.append(Sighting(int(marker), _middle(sharp), _edge(sharp)))
    return found


def _middle(square: Matrix) -> Matrix:
    """Where the diagonals cross: the centre also under perspective."""
    lifted = np.column_stack([square, np.ones(4)])
    crossing = np.cross(np.cross(lifted[0], lifted[2]), np.cross(lifted[1], lifted[3]))
    return np.asarray(crossing[:2] / crossing[2])


def _edge(square: Matrix) -> float:
    return float(np.linalg.norm(square - np.roll(square, 1, axis=0), axis=1).mean())
