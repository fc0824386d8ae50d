"""Where lenses of a few photos are among them, the others are still refined to their last number."""

from pathlib import Path
from typing import Any

import pycolmap
import pytest

from doorstep.reconstruction.options import Options
from doorstep.reconstruction.progress import Step, silent
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.stages import refinement

STEP = Step("refinement", 0, 1, silent)
OFF_MIDDLE = (520.0, 377.0)
MANY, FEW = 12, 2


@pytest.fixture
def mapped(workspace: Path) -> pycolmap.Reconstruction:
    """Twelve photos by one lens and two by another, as the mapping leaves them."""
    asked = pycolmap.SyntheticDatasetOptions()
    asked.num_rigs, asked.num_frames_per_rig, asked.num_points3D = 2, MANY, 400
    asked.camera_model_id = pycolmap.CameraModelId.RADIAL
    asked.camera_params = [1280.0, *OFF_MIDDLE, 0.05, 0.0]
    asked.num_points2D_without_point3D = 0
    pycolmap.set_random_seed(1)
    with pycolmap.Database.open(workspace / "matches.db") as database:
        model = pycolmap.synthesize_dataset(asked, database)
    second = [image for image in model.images.values() if image.camera_id == 2]
    for image in second[FEW:]:
        model.deregister_frame(image.frame_id)
    for camera in model.cameras.values():
        camera.params = [1270.0, 512.0, 384.0, 0.04, 0.0]
    (workspace / "mapped").mkdir()
    model.write(workspace / "mapped")
    return model


def test_the_middle_of_a_lens_is_found_beside_another_of_two_photos(
    workspace: Path, mapped: pycolmap.Reconstruction
) -> None:
    report = refinement.run(workspace, Options(), step=STEP)

    many, few = sorted(lenses(report), key=lambda lens: -lens["photos"])
    assert report.figures["principal_point_freed"]
    assert (many["photos"], few["photos"]) == (MANY, FEW)
    assert many["params"][:3] == pytest.approx([1280.0, *OFF_MIDDLE], abs=2.5)
    assert few["params"][1:3] == [512.0, 384.0]


def test_no_middle_is_sought_with_photos_too_few(
    workspace: Path, mapped: pycolmap.Reconstruction
) -> None:
    for image_id in list(mapped.reg_image_ids())[MANY - 4 : MANY]:
        mapped.deregister_frame(mapped.images[image_id].frame_id)
    mapped.write(workspace / "mapped")

    report = refinement.run(workspace, Options(), step=STEP)

    assert not report.figures["principal_point_freed"]
    assert [lens["params"][1:3] for lens in lenses(report)] == [[512.0, 384.0]] * 2


def lenses(report: StageReport) -> list[dict[str, Any]]:
    """Photos and numbers of each lens."""
    found = report.figures["cameras"]
    assert isinstance(found, list)
    return found
