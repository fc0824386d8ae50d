"""Procedural pictures of walls, roofs, ground and marker sheets (red first)."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.houses.plan import Opening, Wall

Picture = NDArray[np.uint8]
Canvas = NDArray[np.float32]

DICTIONARY = "DICT_5X5_100"
SHEET_GRID, MARKER_M, GAP_M = (2, 2), 0.18, 0.05
SHEET_IDS: dict[str, list[int]] = {"front": [0, 1, 2, 3], "back": [10, 11, 12, 13]}

BRICKS = np.array([(150, 82, 66), (132, 70, 58), (166, 98, 80), (120, 66, 60), (156, 104, 88)])
SIDINGS = np.array([(206, 210, 214), (214, 206, 188), (176, 190, 196), (196, 204, 188)])
STUCCOS = np.array([(204, 196, 180), (198, 202, 206), (212, 200, 176)])
FRAME_M, BARS_TO_WIDTH = 0.06, 40
FRAME, GLASS, DOOR, GARAGE = (236, 236, 232), (70, 84, 96), (130, 46, 44), (222, 222, 218)


def wall(of: Wall, chance: np.random.Generator, *, px_per_m: int) -> Picture:
    """The wall with what is painted on it of its openings, its top row at the peak."""
    size = (round(of.peak * px_per_m), round(of.width * px_per_m))
    canvas = COVERS[of.finish](size, chance, px_per_m)
    for opening in of.openings:
        if not opening.depth:
            _open(canvas, opening, px_per_m=px_per_m, peak=of.peak, chance=chance)
    return np.asarray(np.clip(canvas, 0, 255), np.uint8)


def leaf(of: Opening, chance: np.random.Generator, *, px_per_m: int) -> Picture:
    """An opening alone, its top row at its head."""
    canvas = np.zeros((round(of.height * px_per_m), round(of.width * px_per_m), 3), np.float32)
    _open(canvas, replace(of, x=0.0), px_per_m=px_per_m, peak=of.z + of.height, chance=chance)
    return np.asarray(np.clip(canvas, 0, 255), np.uint8)


def panes(of: Opening) -> list[tuple[float, float, float, float]]:
    """Left, right, lower and upper side of the glass between a window's bars, from its corner."""
    half = (of.width - 2 * FRAME_M) / BARS_TO_WIDTH
    columns = ((FRAME_M, of.width / 2 - half), (of.width / 2 + half, of.width - FRAME_M))
    rows = ((FRAME_M, of.height / 2 - half), (of.height / 2 + half, of.height - FRAME_M))
    return [(*across, *up) for across in columns for up in rows]


def shingles(size_m: tuple[float, float], chance: np.random.Generator, *, px_per_m: int) -> Picture:
    """Rows of slate-grey tabs, each a little different."""
    rows, columns = _grid(size_m[1] * px_per_m, size_m[0] * px_per_m)
    row = (rows / (0.16 * px_per_m)).astype(int)
    column = (columns / (0.3 * px_per_m) + 0.5 * (row % 2)).astype(int)
    tone = chance.uniform(0.62, 1.25, (row.max() + 2, column.max() + 2))[row, column]
    edge = (rows % (0.16 * px_per_m)) < 0.012 * px_per_m
    grain = _noise(rows.shape, chance, cell_px=3) * 14
    canvas = np.array([104, 106, 112]) * (tone * np.where(edge, 0.6, 1.0))[..., None]
    return np.asarray(np.clip(canvas + grain[..., None], 0, 255), np.uint8)


def grass(side_m: float, chance: np.random.Generator, *, px_per_m: int) -> Picture:
    shape = (round(side_m * px_per_m), round(side_m * px_per_m))
    broad = _noise(shape, chance, cell_px=4 * px_per_m)
    patch = _noise(shape, chance, cell_px=px_per_m // 2)
    fine = chance.normal(0, 1, shape).astype(np.float32)
    tone = 1 + 0.22 * broad + 0.18 * patch + 0.14 * fine
    dry = np.clip(0.5 + broad, 0, 1)[..., None]
    colour = np.array([92, 116, 60]) * (1 - dry) + np.array([128, 128, 74]) * dry
    return np.asarray(np.clip(colour * tone[..., None], 0, 255), np.uint8)


def marker_sheet(ids: list[int], *, px_per_m: int) -> Picture:
    """Coded squares in a grid on white, with a white rim as wide as the gap."""
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DICTIONARY))
    edge, gap = round(MARKER_M * px_per_m), round(GAP_M * px_per_m)
    rows, columns = SHEET_GRID
    sheet = np.full((rows * (edge + gap) + gap, columns * (edge + gap) + gap), 244, np.uint8)
    for index, marker_id in enumerate(ids):
        row, column = divmod(index, columns)
        top, left = gap + row * (edge + gap), gap + column * (edge + gap)
        code = cv2.aruco.generateImageMarker(dictionary, marker_id, edge)
        sheet[top : top + edge, left : left + edge] = np.clip(code, 14, 244)
    return np.repeat(sheet[..., None], 3, axis=2)


def _brick(size: tuple[int, int], chance: np.random.Generator, px_per_m: int) -> Canvas:
    rows, columns = _grid(*size)
    high, wide, joint = 0.075 * px_per_m, 0.215 * px_per_m, 0.011 * px_per_m
    row = (rows / high).astype(int)
    shifted = columns + wide / 2 * (row % 2)
    column = (shifted / wide).astype(int)
    shape = (row.max() + 2, column.max() + 2)
    colour = BRICKS[chance.integers(0, len(BRICKS), shape)] * chance.uniform(0.78, 1.2, (*shape, 1))
    canvas = colour[row, column] + _noise(rows.shape, chance, cell_px=4)[..., None] * 10
    mortar = ((rows % high) < joint) | ((shifted % wide) < joint)
    canvas[mortar] = np.array([190, 184, 174])
    return np.asarray(canvas, np.float32)


def _siding(size: tuple[int, int], chance: np.random.Generator, px_per_m: int) -> Canvas:
    rows, columns = _grid(*size)
    high = 0.15 * px_per_m
    row = (rows / high).astype(int)
    board = ((columns + (row * 977) % int(3.6 * px_per_m)) / (3.6 * px_per_m)).astype(int)
    tone = chance.uniform(0.94, 1.05, (row.max() + 2, board.max() + 2))[row, board]
    shade = np.where(rows % high < 0.014 * px_per_m, 0.72, 1.0)
    joint = ((columns + (row * 977) % int(3.6 * px_per_m)) % (3.6 * px_per_m)) < 0.8
    weather = 1 + 0.04 * _noise(rows.shape, chance, cell_px=px_per_m // 2)
    weather += 0.03 * _noise(rows.shape, chance, cell_px=6)
    colour = SIDINGS[chance.integers(len(SIDINGS))]
    canvas = colour * (tone * shade * weather * np.where(joint, 0.8, 1.0))[..., None]
    return np.asarray(canvas, np.float32)


def _stucco(size: tuple[int, int], chance: np.random.Generator, px_per_m: int) -> Canvas:
    shape = _grid(*size)[0].shape
    tone = 1 + 0.05 * _noise(shape, chance, cell_px=px_per_m)
    tone += 0.06 * _noise(shape, chance, cell_px=px_per_m // 8)
    tone += 0.06 * _noise(shape, chance, cell_px=4)
    colour = STUCCOS[chance.integers(len(STUCCOS))]
    return np.asarray(colour * tone[..., None], np.float32)


COVERS = {"brick": _brick, "siding": _siding, "stucco": _stucco}


def _open(
    canvas: Canvas, opening: Opening, *, px_per_m: int, peak: float, chance: np.random.Generator
) -> None:
    def box(inset: float) -> tuple[slice, slice]:
        top = (peak - opening.z - opening.height + inset) * px_per_m
        bottom = (peak - opening.z - (inset if opening.z > 0 else 0)) * px_per_m
        left = (opening.x + inset) * px_per_m
        right = (opening.x + opening.width - inset) * px_per_m
        return slice(round(top), round(bottom)), slice(round(left), round(right))

    canvas[box(0)] = FRAME
    inner = canvas[box(FRAME_M)]
    if opening.kind == "window":
        _glaze(inner, chance)
    elif opening.kind == "door":
        inner[:] = DOOR
        height, width = inner.shape[:2]
        for top, bottom in ((0.08, 0.42), (0.5, 0.92)):
            corners = (
                (int(0.15 * width), int(top * height)),
                (int(0.85 * width), int(bottom * height)),
            )
            cv2.rectangle(inner, *corners, color=(96, 34, 32), thickness=2)
    else:
        inner[:] = GARAGE
        inner[:: max(inner.shape[0] // 4, 1)] = (150, 150, 148)
        inner[:, :: max(inner.shape[1] // 5, 1)] = (190, 190, 188)


def _glaze(inner: Canvas, chance: np.random.Generator) -> None:
    """Panes that mirror a bit of everything, behind a cross of bars and half-drawn curtains."""
    height, width = inner.shape[:2]
    fall = np.linspace(1.5, 0.7, height)[:, None, None]
    inner[:] = np.array(GLASS) * fall + _noise((height, width), chance, cell_px=9)[..., None] * 12
    curtain = int(width * chance.uniform(0.1, 0.3))
    inner[:, :curtain] += 50
    inner[:, width - curtain :] += 40
    bar = max(2, width // BARS_TO_WIDTH)
    inner[:, width // 2 - bar : width // 2 + bar] = FRAME
    inner[height // 2 - bar : height // 2 + bar] = FRAME


def _grid(height: float, width: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = np.mgrid[0 : max(4, round(height)), 0 : max(4, round(width))]
    return rows.astype(np.float64), columns.astype(np.float64)


def _noise(shape: tuple[int, int], chance: np.random.Generator, *, cell_px: int) -> Canvas:
    """Smooth noise between about -1 and 1 with features of `cell_px`."""
    coarse = (shape[0] // max(cell_px, 1) + 3, shape[1] // max(cell_px, 1) + 3)
    values = chance.normal(0, 0.6, coarse).astype(np.float32)
    full = cv2.resize(values, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(full, np.float32)
