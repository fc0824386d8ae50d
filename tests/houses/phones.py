"""Which phone took each photo of a walk, how it was held, and what became of the photo since."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.houses.cameras import FOCAL_35MM, Lens, Pose, phone_lens
from tests.houses.render import SUN, Picture

Mix = Literal["upright", "zoom", "stripped", "light"]
MIXES: tuple[Mix, ...] = get_args(Mix)

# Orientation 6 of EXIF: the stored picture must be turned clockwise by a quarter.
UPRIGHT, TURNED = 1, 6
WIDE_35MM, NEAR_35MM, CROPPED_35MM, OTHER_35MM = 13, 52, 31, 24
# A messenger leaves 1280 of 1600 pixels, and no word of how the photo was made.
STRIPPED_SHARE = 0.8
# Between the sunny side of a house and the shaded one, up and down from the middle.
STOPS = 0.75
SHAKE_SHARE, SOFT_SHARE = 0.06, 0.004
OTHER_CLOCK_AHEAD = timedelta(minutes=7)


@dataclass(frozen=True)
class Shot:
    """One photo: `lens` is that of the upright picture."""

    lens: Lens
    equivalent_mm: int = FOCAL_35MM
    maker: str = "Doorstep"
    model: str = "Rendered Phone"
    name: str = "IMG_{:04d}.jpg"
    clock_ahead: timedelta = timedelta(0)
    held_upright: bool = False
    stripped: bool = False
    stops: float = 0.0
    shake_px: int = 0


def shots(size: tuple[int, int], poses: list[Pose], *, mix: tuple[Mix, ...]) -> list[Shot]:
    """How each pose is photographed; without a mix, all by one phone held level."""
    main = phone_lens(size)
    taken = [Shot(main) for _ in poses]
    for number, pose in enumerate(poses):
        shot = taken[number]
        if "zoom" in mix:
            shot = _zoomed(shot, size, number=number)
        if "stripped" in mix and number % 7 == 4:
            shot = replace(_by_other(shot, size), stripped=True)
        if "upright" in mix and number % 3 == 1:
            shot = replace(shot, lens=turned(shot.lens), held_upright=True)
        if "light" in mix:
            shot = replace(shot, stops=_stops(pose), shake_px=_shake_px(size, number=number))
        taken[number] = shot
    return taken


def _zoomed(shot: Shot, size: tuple[int, int], *, number: int) -> Shot:
    main = shot.lens
    match number % 40:
        case 5 | 25:
            wide = _at(main, WIDE_35MM, k1=-0.015, k2=0.004)
            return replace(shot, lens=wide, equivalent_mm=WIDE_35MM)
        case 9 | 30:
            near = _at(main, NEAR_35MM, k1=0.02, k2=0.0)
            return replace(shot, lens=near, equivalent_mm=NEAR_35MM)
        case 18:
            cropped = _at(main, CROPPED_35MM, k1=main.k1, k2=main.k2)
            return replace(shot, lens=cropped, equivalent_mm=CROPPED_35MM)
        case 13 | 14 | 34:
            return _by_other(shot, size)
        case _:
            return shot


def _at(main: Lens, equivalent_mm: int, *, k1: float, k2: float) -> Lens:
    return replace(main, focal=main.focal * equivalent_mm / FOCAL_35MM, k1=k1, k2=k2)


def _by_other(shot: Shot, size: tuple[int, int]) -> Shot:
    """By a phone of another maker, whose pictures are a little larger and whose clock is ahead."""
    larger = (round(1.08 * size[0]), round(1.08 * size[1]))
    base = phone_lens(larger)
    middle = (larger[0] / 2 + 0.002 * larger[0], larger[1] / 2 - 0.001 * larger[1])
    focal = base.focal * OTHER_35MM / FOCAL_35MM
    return replace(
        shot,
        lens=Lens(larger, focal, middle, k1=0.02, k2=-0.03),
        equivalent_mm=OTHER_35MM,
        maker="Else",
        model="Other Phone",
        name="PXL_{:04d}.jpg",
        clock_ahead=OTHER_CLOCK_AHEAD,
    )


def turned(lens: Lens) -> Lens:
    """The same lens in the upright picture of a phone that was turned by a quarter."""
    width, height = lens.size
    return replace(lens, size=(height, width), middle=(height - 1 - lens.middle[1], lens.middle[0]))


def _stops(pose: Pose) -> float:
    """Automatic exposure: brighter where the phone looks at the shaded side."""
    flat = pose.rotation[2, :2] / np.linalg.norm(pose.rotation[2, :2])
    return float(STOPS * np.sign(flat @ SUN[:2]))


def _shake_px(size: tuple[int, int], *, number: int) -> int:
    shares = {8: SHAKE_SHARE, 21: SHAKE_SHARE, 28: SOFT_SHARE}
    return round(shares.get(number % 40, 0.0) * max(size))


def developed(picture: Picture, shot: Shot) -> Picture:
    """What is stored of the upright picture: shaken, turned, sized down."""
    if shot.shake_px > 1:
        smear = np.full((1, shot.shake_px), 1 / shot.shake_px)
        picture = np.asarray(cv2.filter2D(picture, -1, smear), np.uint8)
    if shot.stripped:
        width, height = (round(STRIPPED_SHARE * edge) for edge in shot.lens.size)
        return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
    return np.ascontiguousarray(np.rot90(picture)) if shot.held_upright else picture


def unrelated(size: tuple[int, int], chance: np.random.Generator) -> Picture:
    """A room, as far as a computer can tell: rectangles of many colours."""
    picture = np.full((size[1], size[0], 3), 190, np.uint8)
    for _ in range(120):
        left, top = (int(chance.integers(0, edge)) for edge in size)
        right, bottom = left + int(chance.integers(8, 160)), top + int(chance.integers(8, 160))
        colour = [int(level) for level in chance.integers(20, 240, 3)]
        cv2.rectangle(picture, (left, top), (right, bottom), colour, thickness=-1)
    grain: NDArray[np.float64] = picture + chance.normal(0, 4, picture.shape)
    return np.asarray(np.clip(grain, 0, 255), np.uint8)
