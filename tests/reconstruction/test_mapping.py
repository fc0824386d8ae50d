"""Cameras found from a share of the details, and the others placed afterwards; no pictures needed."""

from pathlib import Path

import numpy as np
import pycolmap
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.options import MappingOptions, Options
from doorstep.reconstruction.photos import Photo, write_index
from doorstep.reconstruction.progress import Step, silent
from doorstep.reconstruction.stages import mapping, refinement

STEP = Step("mapping", 0, 1, silent)
PHOTOS, POINTS = 8, 300


@pytest.fixture
def truth(workspace: Path) -> pycolmap.Reconstruction:
    """Eight photos that show three hundred points, half a pixel off, in a matched workspace."""
    asked = pycolmap.SyntheticDatasetOptions()
    asked.num_rigs, asked.num_frames_per_rig, asked.num_points3D = 1, PHOTOS, POINTS
    asked.camera_model_id = pycolmap.CameraModelId.RADIAL
    asked.camera_params = [1280.0, 512.0, 384.0, 0.05, 0.0]
    asked.camera_has_prior_focal_length = True
    asked.num_points2D_without_point3D = 0
    pycolmap.set_random_seed(1)
    with pycolmap.Database.open(workspace / "matches.db") as database:
        model = pycolmap.synthesize_dataset(asked, database)
    (workspace / "photos").mkdir()
    names = sorted(image.name for image in model.images.values())
    write_index(
        workspace,
        [
            Photo(name, name, (1024, 768), 1.0, "phone", 1280.0, 1.0, "", used=True, number=place)
            for place, name in enumerate(names, start=1)
        ],
    )
    return model


def test_cameras_are_found_from_a_share_of_the_details_and_then_all_are_placed(
    workspace: Path, truth: pycolmap.Reconstruction
) -> None:
    options = Options(mapping=MappingOptions(details_per_photo=60))

    mapped = mapping.run(workspace, options, step=STEP)
    refined = refinement.run(workspace, options, step=STEP)

    assert mapped.figures["registered"] == PHOTOS
    assert 60 <= mapped.figures["points"] < 150
    assert refined.figures["points"] == POINTS
    found = pycolmap.Reconstruction(workspace / "refined")
    assert off_share(found, truth) < 0.001


def off_share(found: pycolmap.Reconstruction, truth: pycolmap.Reconstruction) -> float:
    """The largest error of a distance between two cameras, scale apart."""
    ratio = distances(found) / distances(truth)
    return float(np.abs(ratio / np.median(ratio) - 1).max())


def distances(model: pycolmap.Reconstruction) -> NDArray[np.float64]:
    images = sorted(model.images.values(), key=lambda image: image.name)
    places = np.array([image.projection_center() for image in images])
    one, other = np.triu_indices(len(places), 1)
    return np.asarray(np.linalg.norm(places[one] - places[other], axis=1))
