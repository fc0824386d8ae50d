"""Whether the layout of the cameras agrees with what the photos themselves say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray

from doorstep.reconstruction.photos import Photo
from doorstep.reconstruction.turns import Matrix, Turn, angle_deg

EPIPOLAR_PX_MAX = 6.0
# Of the matches between a photo and its neighbours in the walk, so many must fit the layout. On
# rendered houses 0.93 and more do of a photo in its place, 0.8 and less of one that is not.
FITTING_SHARE_MIN = 0.85
# Alike windows make one pair lie now and then, so that one is not enough against a photo.
WITNESSES_MIN = 2
# Neighbours are this near in the order of capture, and share at least so many verified matches.
APART_MAX, MATCHES_MIN = 3, 30
# The turn from a photo to the next is in the layout as the two say, within 10 degrees on rendered
# houses; where one side took the place of another it is off by 58 and more.
STEP_OFF_DEG_MAX = 30.0


@dataclass(frozen=True)
class Pair:
    """Two neighbours by their place in the capture, their matches, and the share that fits."""

    one: int
    other: int
    matches: int
    fitting: float


@dataclass(frozen=True)
class Verdict:
    """Photos that sit in a wrong place, and the two between which the walk breaks without them.

    `broken` is None where the photos before and after each wrong one agree with each other.
    """

    misplaced: tuple[int, ...]
    broken: tuple[int, int] | None


def judge(pairs: Sequence[Pair]) -> Verdict:
    """Take out the worst photo until the others agree; then see whether the walk still holds.

    Where alike walls were mixed up, the parts of a layout are right in themselves, and only
    photos at the seams contradict their neighbours. Without those nothing holds the parts
    together but the mistake.
    """
    left, removed = list(pairs), set[int]()
    while (worst := _worst(left)) is not None:
        removed.add(worst)
        left = [pair for pair in left if worst not in (pair.one, pair.other)]
    return Verdict(tuple(sorted(removed)), _broken(pairs, removed))


def _worst(pairs: Sequence[Pair]) -> int | None:
    """The photo that fits its neighbours least, if it does not fit."""
    own: dict[int, list[Pair]] = {}
    for pair in pairs:
        for photo in (pair.one, pair.other):
            own.setdefault(photo, []).append(pair)
    shares = {
        photo: sum(p.fitting * p.matches for p in theirs) / sum(p.matches for p in theirs)
        for photo, theirs in own.items()
        if sum(p.fitting < FITTING_SHARE_MIN for p in theirs) >= WITNESSES_MIN
    }
    worst = min(shares, key=lambda photo: shares[photo], default=None)
    return worst if worst is not None and shares[worst] < FITTING_SHARE_MIN else None


def _broken(pairs: Sequence[Pair], removed: set[int]) -> tuple[int, int] | None:
    """The photos beside a run taken out that no agreeing pair spans."""
    good = [p for p in pairs if p.fitting >= FITTING_SHARE_MIN and not removed & {p.one, p.other}]
    for number in sorted(removed):
        before, after = number, number
        while before in removed:
            before -= 1
        while after in removed:
            after += 1
        last = max(max(pair.one, pair.other) for pair in pairs)
        inside = before >= 0 and after <= last
        if inside and not any(p.one <= before and p.other >= after for p in good):
            return before, after
    return None


def turned_otherwise(
    steps: Sequence[Turn], rotations: Mapping[int, Matrix]
) -> list[tuple[int, int]]:
    """Photos and their next ones that the layout turns otherwise than their matches do.

    Matches on one flat wall fit two places of the camera, only one of which is right.
    `rotations` (3 x 3) lead from the layout to each placed photo, by its place in the capture.
    """
    return [
        step.pair
        for step in steps
        if step.one in rotations
        and step.other in rotations
        and angle_deg(rotations[step.other] @ rotations[step.one].T @ step.rotation.T)
        > STEP_OFF_DEG_MAX
    ]


def neighbours(
    model: pycolmap.Reconstruction, matches: Path, *, photos: Sequence[Photo]
) -> list[Pair]:
    """Every well matched pair of neighbours in the walk, judged by the model's layout."""
    order = {photo.file: index for index, photo in enumerate(photos)}
    present = {model.images[i].name: model.images[i] for i in model.reg_image_ids()}
    found: list[Pair] = []
    with pycolmap.Database.open(matches) as database:
        by_id = {image.image_id: image.name for image in database.read_all_images()}
        for pair_id, geometry in zip(*database.read_two_view_geometries(), strict=True):
            names = [by_id[i] for i in pycolmap.pair_id_to_image_pair(pair_id)]
            one, other = sorted(names, key=lambda name: order[name])
            verified = geometry.inlier_matches
            if not {one, other} <= set(present) or len(verified) < MATCHES_MIN:
                continue
            if order[other] - order[one] > APART_MAX:
                continue
            turned = verified if names == [one, other] else verified[:, ::-1]
            share = _agreeing_share(model, (present[one], present[other]), verified=turned)
            found.append(Pair(order[one], order[other], len(verified), share))
    return found


def _agreeing_share(
    model: pycolmap.Reconstruction,
    pair: tuple[pycolmap.Image, pycolmap.Image],
    *,
    verified: NDArray[np.uint32],
) -> float:
    one, other = pair
    camera_one, camera_other = model.cameras[one.camera_id], model.cameras[other.camera_id]
    rays_one = camera_one.cam_from_img(_places(one)[verified[:, 0]])
    rays_other = camera_other.cam_from_img(_places(other)[verified[:, 1]])
    relative = other.cam_from_world() * one.cam_from_world().inverse()
    focal = (camera_one.mean_focal_length() + camera_other.mean_focal_length()) / 2
    distance = epipolar_distance(
        np.asarray(rays_one),
        np.asarray(rays_other),
        rotation=relative.rotation.matrix(),
        translation=np.asarray(relative.translation),
    )
    return float((distance * focal < EPIPOLAR_PX_MAX).mean())


def _places(image: pycolmap.Image) -> NDArray[np.float64]:
    return np.array([point.xy for point in image.points2D])


def epipolar_distance(
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    *,
    rotation: NDArray[np.float64],
    translation: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Distance of matches (n x 2, focal length 1) from each other's epipolar line: Sampson's."""
    x, y, z = translation / max(float(np.linalg.norm(translation)), 1e-12)
    essential = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]) @ rotation
    homogeneous_one = np.column_stack([one, np.ones(len(one))])
    homogeneous_other = np.column_stack([other, np.ones(len(other))])
    line_other = homogeneous_one @ essential.T
    line_one = homogeneous_other @ essential
    residual = (homogeneous_other * line_other).sum(axis=1)
    slope = (line_other[:, :2] ** 2).sum(axis=1) + (line_one[:, :2] ** 2).sum(axis=1)
    distance: NDArray[np.float64] = np.abs(residual) / np.sqrt(np.maximum(slope, 1e-18))
    return distance


def largest_gap(present: set[str], numbers: Mapping[str, int]) -> str:
    """Words for the place where the chain of photos breaks.

    `numbers` are what the photos are called, by file in the order of capture.
    """
    files = list(numbers)
    missing = [place for place, file in enumerate(files) if file not in present]
    if not missing:
        return ""
    runs: list[list[int]] = []
    for place in missing:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    longest = max(runs, key=len)
    before, after = files[longest[0] - 1], files[(longest[-1] + 1) % len(files)]
    return f"Photos are missing between photo {numbers[before]} and photo {numbers[after]}."
