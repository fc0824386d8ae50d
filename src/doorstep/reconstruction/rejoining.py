"""A second try of photos that the mapping left out, against the points that it found.

The mapping asks for 30 details of a photo, as on the way there is little to hold a mistake against:
with 15, two of five thin walks folded onto themselves. A near photo of a bare wall may have fewer; once
all others stand, they are enough where they lie all over the photo. What looks alike, such as one
window in the place of another, fits in a part of it only.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray

# Single photos of 17 rendered houses were tried against those further away alone, 1116 times: within
# these limits all 798 came to lie within 0.1 m, beyond them 24 of 318 were off by 0.2 to 17 m.
DETAILS_MIN = 20
FITTING_SHARE_MIN = 0.7
SPREAD_SHARE_MIN = 0.5
OFF_PX_MAX = 8.0


def rejoin(
    model: pycolmap.Reconstruction, matches: Path, *, but_not: Collection[str], seed: int
) -> list[str]:
    """Add those of the photos that are not in the model which enough of its points hold: their files."""
    files = []
    with pycolmap.Database.open(matches) as database:
        pairs = {
            pycolmap.pair_id_to_image_pair(pair_id): geometry.inlier_matches
            for pair_id, geometry in zip(*database.read_two_view_geometries(), strict=True)
        }
        for image in database.read_all_images():
            if image.image_id in model.images or image.name in but_not:
                continue
            known = _known(model, pairs, image_id=image.image_id)
            keypoints = database.read_keypoints(image.image_id)[:, :2].astype(np.float64)
            if image.camera_id in model.cameras and _place(
                model, image, keypoints=keypoints, known=known, seed=seed
            ):
                files.append(image.name)
    return files


def holds(places: NDArray[np.float64], fitting: NDArray[np.bool_]) -> bool:
    """Whether details at `places` (n x 2, shares of width and height) hold a photo where some fit."""
    if fitting.sum() < DETAILS_MIN or fitting.mean() < FITTING_SHARE_MIN:
        return False
    return bool((np.ptp(places[fitting], axis=0) >= SPREAD_SHARE_MIN).all())


def _known(
    model: pycolmap.Reconstruction,
    pairs: dict[tuple[int, int], NDArray[np.uint32]],
    *,
    image_id: int,
) -> dict[int, int]:
    """Points of the model by the feature of the photo that matches one; no point twice."""
    known: dict[int, int] = {}
    taken: set[int] = set()
    for pair, verified in pairs.items():
        if image_id not in pair:
            continue
        other = pair[0] if pair[1] == image_id else pair[1]
        if other not in model.images:
            continue
        seen = model.images[other].points2D
        own = verified[:, ::-1] if pair[1] == image_id else verified
        for feature, twin in own.tolist():
            point = seen[twin]
            if feature not in known and point.has_point3D() and point.point3D_id not in taken:
                known[feature] = point.point3D_id
                taken.add(point.point3D_id)
    return known


def _place(
    model: pycolmap.Reconstruction,
    image: pycolmap.Image,
    *,
    keypoints: NDArray[np.float64],
    known: dict[int, int],
    seed: int,
) -> bool:
    camera = model.cameras[image.camera_id]
    if len(known) < DETAILS_MIN:
        return False
    features, points = list(known), list(known.values())
    asked = pycolmap.AbsolutePoseEstimationOptions()
    asked.ransac.max_error = OFF_PX_MAX
    asked.ransac.random_seed = seed
    found = pycolmap.estimate_and_refine_absolute_pose(
        keypoints[features],
        np.array([model.points3D[point].xyz for point in points]),
        camera,
        asked,
    )
    if found is None:
        return False
    fitting = np.asarray(found["inlier_mask"], bool)
    if not holds(keypoints[features] / (camera.width, camera.height), fitting):
        return False
    added = pycolmap.Image(
        image.name, keypoints, camera_id=image.camera_id, image_id=image.image_id
    )
    model.add_image_with_trivial_frame(added, found["cam_from_world"])
    for feature, point, fits in zip(features, points, fitting, strict=True):
        if fits:
            model.add_observation(point, pycolmap.TrackElement(image.image_id, feature))
    return True
