"""Whether the layout of the cameras agrees with what the photos themselves say."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray

from doorstep.reconstruction.photos import Photo

# A pair agrees when at least this share of its verified matches fits the layout.
AGREEING_SHARE_MIN = 0.5
EPIPOLAR_PX_MAX = 6.0


@dataclass(frozen=True)
class Contradictions:
    """How many strong pairs the layout contradicts. Matches alone cannot lie in numbers."""

    witnesses: int
    share: float
    worst: str


def contradictions(
    model: pycolmap.Reconstruction, matches: Path, *, matches_min: int, photos: list[Photo]
) -> Contradictions:
    """Check every strongly matched pair of photos against the model.

    Where identical walls were mixed up, whole photos sit in the wrong place, and true
    neighbours in the walk no longer fit each other.
    """
    order = {photo.file: index for index, photo in enumerate(photos)}
    names = {photo.file: photo.name for photo in photos}
    present = {model.images[i].name: model.images[i] for i in model.reg_image_ids()}
    bad: list[tuple[int, str]] = []
    witnesses = 0
    with pycolmap.Database.open(matches) as database:
        by_id = {image.image_id: image.name for image in database.read_all_images()}
        for pair_id, geometry in zip(*database.read_two_view_geometries(), strict=True):
            one, other = (by_id[i] for i in pycolmap.pair_id_to_image_pair(pair_id))
            verified = geometry.inlier_matches
            if one not in present or other not in present or len(verified) < matches_min:
                continue
            if abs(order[one] - order[other]) > 1:
                continue
            witnesses += 1
            share = _agreeing_share(model, (present[one], present[other]), verified=verified)
            if share < AGREEING_SHARE_MIN:
                bad.append((len(verified), f"{names[one]} and {names[other]}"))
    worst = f"Photos {max(bad)[1]} do not fit together." if bad else ""
    return Contradictions(witnesses, len(bad) / max(witnesses, 1), worst)


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


def largest_gap(present: set[str], files: list[str]) -> str:
    """Words for the place where the chain of photos breaks, by number in the capture."""
    missing = [number for number, file in enumerate(files, start=1) if file not in present]
    if not missing:
        return ""
    runs: list[list[int]] = []
    for number in missing:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    longest = max(runs, key=len)
    before, after = longest[0] - 1 or len(files), longest[-1] % len(files) + 1
    return f"Photos are missing between photo {before} and photo {after}."
