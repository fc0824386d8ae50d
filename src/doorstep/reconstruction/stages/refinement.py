"""A last adjustment of all cameras and points that also frees the principal point."""

from pathlib import Path

import pycolmap

from doorstep.reconstruction.options import Options, RefineOptions
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import MAPPED, REFINED, write_folder_atomically

NAME = "refinement"
VERSION = 1
TITLE = "Refining the places of the photos"
OUTPUTS = (REFINED,)


def options_of(options: Options) -> RefineOptions:
    """The part of the options that this stage depends on."""
    return options.refinement


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write the model after a last adjustment of everything at once."""
    model = pycolmap.Reconstruction(workspace / MAPPED)
    before = model.compute_mean_reprojection_error()
    step(0.2, TITLE)
    freed = False
    if _is_safe(model, options.refinement):
        trial = pycolmap.Reconstruction(workspace / MAPPED)
        _adjust(trial, principal_point=True, threads=options.threads)
        freed = _shift_share(trial) <= options.refinement.shift_share_max
        model = trial if freed else model
    if not freed:
        _adjust(model, principal_point=False, threads=options.threads)
    model.normalize()
    write_folder_atomically(workspace / REFINED, model.write)
    return StageReport(
        NAME,
        {
            "principal_point_freed": freed,
            "reprojection_px_before": round(before, 3),
            "reprojection_px": round(model.compute_mean_reprojection_error(), 3),
            "cameras": [
                {"model": camera.model.name, "params": [round(p, 5) for p in camera.params]}
                for camera in model.cameras.values()
            ],
        },
    )


def _is_safe(model: pycolmap.Reconstruction, options: RefineOptions) -> bool:
    return len(model.cameras) == 1 and model.num_reg_images() >= options.photos_min


def _adjust(model: pycolmap.Reconstruction, *, principal_point: bool, threads: int) -> None:
    asked = pycolmap.BundleAdjustmentOptions()
    asked.refine_principal_point = principal_point
    asked.print_summary = False
    asked.ceres.loss_function_type = pycolmap.LossFunctionType.SOFT_L1
    asked.ceres.solver_options.num_threads = threads
    pycolmap.bundle_adjustment(model, asked)


def _shift_share(model: pycolmap.Reconstruction) -> float:
    """Largest move of a principal point from the middle, as a share of the width."""
    return float(
        max(
            max(
                abs(camera.principal_point_x - camera.width / 2),
                abs(camera.principal_point_y - camera.height / 2),
            )
            / camera.width
            for camera in model.cameras.values()
        )
    )
