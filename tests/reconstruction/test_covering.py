"""What passes for a wall's covering, on walls whose pictures are made up."""

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.covering import find_looks, find_parts
from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.shades import find_shade

PER_UNIT = 50.0
SHAPE = (150, 300)
SUN, SHADE, GLASS = (200.0, 190.0, 180.0), (100.0, 95.0, 90.0), (90.0, 80.0, 70.0)


def test_a_wing_s_shadow_is_covering_and_windows_in_sun_and_shadow_are_not() -> None:
    picture = _wall()
    picture[:, :140] = SHADE
    picture[60:120, 40:90] = GLASS
    picture[60:120, 200:250] = GLASS
    wall = _elevation(picture)

    unlike = find_looks(wall, find_parts(wall, per_unit=PER_UNIT)).unlike

    assert find_shade(wall, per_unit=PER_UNIT).dark[75, (20, 110, 160, 225, 280)].tolist() == [
        *(True, True),
        *(False, False, False),
    ]
    assert (unlike[70:110, 50:80] > 1).all()
    assert (unlike[70:110, 210:240] > 1).all()
    for columns in (slice(5, 35), slice(95, 195), slice(255, 295)):
        assert (unlike[70:110, columns] < 1).all()


def test_the_shadow_of_the_eaves_lies_on_a_window_too() -> None:
    """Its panes mirror a blue sky, and reach up into the shadow."""
    picture = _wall()
    picture[110:] = SHADE
    picture[60:140, 120:180] = (60, 90, 150)
    wall = _elevation(picture)

    unlike = find_looks(wall, find_parts(wall, per_unit=PER_UNIT)).unlike

    assert find_shade(wall, per_unit=PER_UNIT).dark[130, (60, 150, 240)].tolist() == [True] * 3
    assert not find_shade(wall, per_unit=PER_UNIT).dark[80, (60, 150, 240)].any()
    assert (unlike[65:135, 125:175] > 1).all()
    assert (unlike[125:148, 20:100] < 1).all()


def test_a_dark_window_lies_free_and_is_no_shadow() -> None:
    picture = _wall()
    picture[40:120, 60:240] = SHADE

    assert not find_shade(_elevation(picture), per_unit=PER_UNIT).dark.any()


def test_a_dark_window_half_behind_a_wing_is_no_shadow_and_the_wing_s_own_is() -> None:
    """A wing's roof hides the wall below a slope; its shadow falls to the right of it."""
    rows, columns = np.indices(SHAPE)
    hidden = rows < 95 - np.abs(columns - 90) / 2
    picture = _wall()
    picture[(rows < 60) & (columns > 180) & (columns < 250 - rows)] = SHADE
    picture[60:130, 60:110] = SHADE
    wall = _elevation(picture, hidden=hidden)

    dark = find_shade(wall, per_unit=PER_UNIT).dark

    assert not dark[100:125, 70:100].any()
    assert dark[50:55, 185:192].all()


def test_beside_a_door_no_shadow_ends() -> None:
    picture = _wall()
    picture[:, :140] = SHADE
    picture[:105, 100:141] = (110.0, 25.0, 22.0)

    parts = find_parts(_elevation(picture), per_unit=PER_UNIT)

    assert not parts.line[10:80, 95:105].any()
    assert parts.line[120:, 140].all()


def test_a_door_of_nearly_the_wall_s_colour_is_other_than_its_ends() -> None:
    """It takes most of the wall, and is so much like it that both pass for one covering."""
    stucco = np.random.default_rng(3).normal(0, 1, SHAPE).astype(np.float32)
    smooth = cv2.GaussianBlur(stucco, (0, 0), 2)
    picture = _wall() + (6 * smooth / smooth.std())[..., None]
    picture[:105, 55:245] += 11
    wall = _elevation(picture)
    parts = find_parts(wall, per_unit=PER_UNIT)

    assert (find_looks(wall, parts).unlike > 1)[10:95, 70:230].mean() < 0.5
    by_ends = find_looks(wall, parts, by_ends=True).unlike > 1
    assert by_ends[10:95, 70:230].mean() > 0.9
    assert by_ends[10:95, 5:40].mean() < 0.2


def test_a_pale_door_that_takes_most_of_a_wall_is_not_its_covering() -> None:
    """The door is all alike, and the wall of stucco is not."""
    stucco = np.random.default_rng(3).normal(0, 1, SHAPE).astype(np.float32)
    smooth = cv2.GaussianBlur(stucco, (0, 0), 3)
    picture = _wall() + (7 * smooth / smooth.std())[..., None]
    picture[:105, 45:250] = (228, 224, 218)
    wall = _elevation(picture)

    unlike = find_looks(wall, find_parts(wall, per_unit=PER_UNIT)).unlike > 1

    assert unlike[5:95, 55:240].mean() > 0.95
    assert unlike[5:95, 5:35].mean() < 0.3
    assert unlike[5:95, 260:295].mean() < 0.3


def test_a_row_that_is_mostly_door_is_judged_by_what_it_shows_of_the_wall() -> None:
    """Rougher stucco, so that little of it is like its middle colour, with a door of nearly that."""
    stucco = np.random.default_rng(3).normal(0, 1, SHAPE).astype(np.float32)
    smooth = cv2.GaussianBlur(stucco, (0, 0), 3)
    picture = np.repeat((190 + 9 * smooth / smooth.std())[..., None], 3, axis=2)
    picture[:105, 45:250] = 212
    wall = _elevation(picture)

    unlike = find_looks(wall, find_parts(wall, per_unit=PER_UNIT)).unlike > 1

    assert unlike[5:95, 5:35].mean() < 0.05
    assert unlike[5:95, 55:240].mean() > 0.6


def _wall() -> NDArray[np.float32]:
    return np.full((*SHAPE, 3), SUN, np.float32)


def _elevation(
    picture: NDArray[np.float32], *, hidden: NDArray[np.bool_] | None = None
) -> Elevation:
    """Three photos that show the wall, but for what is hidden, alike but for noise."""
    chance = np.random.default_rng(7)
    pictures = np.stack([picture + chance.normal(0, 1.5, picture.shape) for _ in range(3)])
    axes = (np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
    seen = np.ones((3, *SHAPE), bool)
    if hidden is not None:
        seen &= ~hidden
    return Elevation((), pictures.astype(np.float32), seen, 1 / PER_UNIT, *axes)
