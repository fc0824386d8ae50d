"""Which photos are compared with which."""

import numpy as np
import pytest

from doorstep.reconstruction.options import FeatureOptions, MatchingOptions
from doorstep.reconstruction.stages.features import find_features
from doorstep.reconstruction.stages.matching import choose_pairs, near_in_walk, stray_photos


def test_neighbours_in_the_walk_close_the_loop() -> None:
    assert near_in_walk(5, neighbours=1) == {(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)}


def test_few_photos_are_all_compared() -> None:
    nothing = [np.zeros((0, 128), np.float32)] * 4
    assert len(choose_pairs(nothing, MatchingOptions())) == 6


def test_photos_that_look_alike_are_compared_too() -> None:
    chance = np.random.default_rng(1)
    descriptors = [_unit(chance.normal(size=(40, 128))) for _ in range(10)]
    descriptors[7] = descriptors[2]
    options = MatchingOptions(exhaustive_up_to=3, neighbours=1, similar=1)

    assert (2, 7) in choose_pairs(descriptors, options)


def test_a_photo_that_nothing_holds_is_astray() -> None:
    verified = {(0, 1): 300, (1, 2): 90, (2, 3): 20}
    assert stray_photos(4, verified) == [3]


def test_squeezed_features_lie_where_they_are_seen() -> None:
    grey = np.full((240, 320), 90, np.uint8)
    grey[100:140, 150:190] = 220
    placed, descriptors = find_features(grey, FeatureOptions(squeezes=((1.0, 50), (0.5, 50))))

    middle = np.median(placed[:, :2], axis=0)
    assert np.abs(middle - [170, 120]).max() < 25
    assert descriptors.shape == (len(placed), 128)
    assert descriptors.dtype == np.uint8


def test_a_width_that_is_no_whole_pixel_moves_no_feature() -> None:
    # 0.36 of 642 pixels are 231.12: the photo becomes 231 wide, and the share 0.3598.
    rows, columns = np.mgrid[:240, :642]
    blob = np.exp(-(((columns - 560) / 16) ** 2) / 2 - ((rows - 120) / 5.8) ** 2 / 2)
    grey = np.rint(90 + 130 * blob).astype(np.uint8)
    placed, _ = find_features(grey, FeatureOptions(squeezes=((0.36, 40),)))
    middle = placed[np.abs(placed[:, 0] - 560.5) < 3, 0]
    assert len(middle) >= 1
    assert middle.mean() == pytest.approx(560.5, abs=0.15)


def _unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
