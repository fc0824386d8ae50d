"""What a wall is covered with, from how its courses repeat.

Bricks lie in courses of 65 to 90 mm, with joints between them that break each row; boards of lap
siding are 95 to 260 mm high, and a row is of one tone from end to end; stucco repeats nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

# In units: pieces of bare wall that are judged each for itself, and over how much shade evens out.
PIECE_WIDE, PIECE_TALL_MIN, SHADE = 0.8, 1.2, 0.2
BARE_MIN, PIECES_MIN, PIECES_MAX, PHOTOS_MIN = 0.6, 6, 160, 3
# Courses, in units, and by how much pieces of one wall may differ in them.
PERIOD_MAX, ALIKE = 0.3, 0.08
PERIOD_CELLS_MIN, SPECTRUM = 2.2, 1024
BRICKS, BOARDS = (0.06, 0.092), (0.095, 0.26)
# The share of a piece's contrast that lies between rows: all of it on boards, half on bricks.
BRICK_ROWS, BOARD_ROWS_MIN, PLAIN_ROWS_MAX = (0.2, 0.75), 0.7, 0.15
# Burnt clay is redder than grey, of which red is a third.
BRICK_RED_MIN = 0.36
PLAIN_AGREEING_MAX, PLAIN_CONTRAST_MAX, PLAIN_PIECES_MIN = 0.7, 0.06, 12
CONFIDENCE_MIN = 0.7
# Plain render, fibre boards and paint look alike from the street: never surer than this.
PLAIN_CONFIDENCE = 0.75


@dataclass(frozen=True)
class Material:
    """`brick`, `siding` or `stucco`, and the share of the wall's pieces that say so."""

    kind: str
    confidence: float


@dataclass(frozen=True)
class _Piece:
    """One piece of wall in one photo: the courses' height in units, and how it looks."""

    period: float
    between_rows: float
    red: float
    contrast: float


def find_material(wall: Elevation, other: Mask, *, unit: float) -> Material | None:
    """The covering where it is sure; `other` marks cells (h x w) that show something else."""
    by_photo = [
        list(_pieces(wall, index, other=other, unit=unit)) for index in range(len(wall.shots))
    ]
    pieces = [piece for each in by_photo for piece in each][:PIECES_MAX]
    if sum(bool(each) for each in by_photo) < PHOTOS_MIN or len(pieces) < PIECES_MIN:
        return None
    period = float(np.median([piece.period for piece in pieces]))
    courses = [piece for piece in pieces if abs(piece.period / period - 1) < ALIKE]
    kinds = [_kind(piece) for piece in courses]
    for kind in ("brick", "siding"):
        confidence = kinds.count(kind) / len(pieces)
        if confidence >= CONFIDENCE_MIN:
            return Material(kind, round(confidence, 2))
    plain = sum(_is_plain(piece) for piece in pieces) / len(pieces)
    repeats = len(courses) / len(pieces) > PLAIN_AGREEING_MAX
    if len(pieces) < PLAIN_PIECES_MIN or repeats or plain < CONFIDENCE_MIN:
        return None
    return Material("stucco", round(PLAIN_CONFIDENCE * plain, 2))


def _kind(piece: _Piece) -> str:
    low, high = BRICK_ROWS
    if BRICKS[0] < piece.period < BRICKS[1] and piece.red >= BRICK_RED_MIN:
        return "brick" if low < piece.between_rows < high else ""
    if BOARDS[0] < piece.period < BOARDS[1] and piece.between_rows >= BOARD_ROWS_MIN:
        return "siding"
    return ""


def _is_plain(piece: _Piece) -> bool:
    return piece.between_rows < PLAIN_ROWS_MAX and piece.contrast < PLAIN_CONTRAST_MAX


def _pieces(wall: Elevation, index: int, *, other: Mask, unit: float) -> Iterator[_Piece]:
    """Pieces of bare wall that a photo shows, as wide as `PIECE_WIDE` and as tall as they are."""
    picture, bare = wall.pictures[index], wall.seen[index] & ~other
    wide, tall = round(PIECE_WIDE * unit / wall.cell), round(PIECE_TALL_MIN * unit / wall.cell)
    for left in range(0, bare.shape[1] - wide + 1, wide):
        columns = slice(left, left + wide)
        rows = np.flatnonzero(bare[:, columns].mean(axis=1) > BARE_MIN)
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
        longest = max(runs, key=len)
        if len(longest) >= tall:
            part = slice(int(longest[0]), int(longest[-1]) + 1)
            yield _piece(
                picture[part, columns].astype(np.float64),
                bare[part, columns],
                cell=wall.cell / unit,
            )


def _piece(picture: Matrix, bare: Mask, *, cell: float) -> _Piece:
    grey = picture.mean(axis=2)
    even = grey - cv2.GaussianBlur(grey, (0, 0), SHADE / cell)
    rows = (even * bare).sum(axis=1) / np.maximum(bare.sum(axis=1), 1)
    colour = picture[bare].mean(axis=0)
    spread = float(even[bare].std())
    return _Piece(
        period=_period(rows, cell=cell),
        between_rows=float(rows.var()) / max(spread**2, 1e-9),
        red=float(colour[2] / max(colour.sum(), 1e-9)),
        contrast=spread / max(float(colour.mean()), 1.0),
    )


def _period(rows: Matrix, *, cell: float) -> float:
    """The strongest repetition of a profile over the height, in units."""
    tapered = (rows - rows.mean()) * np.hanning(len(rows))
    power = np.abs(np.fft.rfft(tapered, SPECTRUM)) ** 2
    per_unit = np.fft.rfftfreq(SPECTRUM, cell)
    power[(per_unit < 1 / PERIOD_MAX) | (per_unit > 1 / (PERIOD_CELLS_MIN * cell))] = 0
    return float(1 / per_unit[max(int(power.argmax()), 1)])
