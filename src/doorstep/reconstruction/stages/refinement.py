"""A last adjustment of all cameras and points that also frees the principal point."""

from pathlib import Path

import pycolmap

from doorstep.reconstruction.options import Options, RefineOptions
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import MAPPED, MATCHES, REFINED, write_folder_atomically

NAME = "refinement"
VERSION = 4
TITLE = "Refining the places of the photos"
OUTPUTS = (REFINED,)

# An adjustment ends where its cost no longer falls by this share. Down to no fall at all it takes
# four times as long, for cameras that are off by the same tenth of a millimetre.
FALL_MIN = 1e-5


def options_of(options: Options) -> RefineOptions:
    """The part of the options that this stage depends on."""
    return options.refinement


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write the model after a last adjustment, with the place of every matched detail."""
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
    step(0.4, TITLE)
    mapped = model.num_points3D()
    _complete(model, workspace / MATCHES, options=options)
    step(0.7, TITLE)
    _adjust(model, principal_point=freed, threads=options.threads)
    _filter(model)
    model.update_point_3d_errors()
    model.normalize()
    write_folder_atomically(workspace / REFINED, model.write)
    return StageReport(
        NAME,
        {
            "principal_point_freed": freed,
            "points_mapped": mapped,
            "points": model.num_points3D(),
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
    asked.ceres.solver_options.function_tolerance = FALL_MIN
    pycolmap.bundle_adjustment(model, asked)


def _complete(model: pycolmap.Reconstruction, matches: Path, *, options: Options) -> None:
    """Place the details that the mapping left out."""
    placed = pycolmap.DatabaseCacheOptions()
    placed.image_names = {image.name for image in model.images.values()}
    with pycolmap.Database.open(matches) as database:
        cache = pycolmap.DatabaseCache.create(database, placed)
    observations = pycolmap.ObservationManager(model, cache.correspondence_graph)
    triangulator = pycolmap.IncrementalTriangulator(cache.correspondence_graph, model, observations)
    how = pycolmap.IncrementalTriangulatorOptions()
    how.random_seed = options.seed
    for image_id in model.reg_image_ids():
        triangulator.triangulate_image(how, image_id)
    triangulator.complete_all_tracks(how)
    triangulator.merge_all_tracks(how)
    _filter(model)


def _filter(model: pycolmap.Reconstruction) -> None:
    """Take out what lies further from where it should be than the mapping allows, or too far away."""
    limits = pycolmap.IncrementalMapperOptions()
    observations = pycolmap.ObservationManager(model)
    observations.filter_all_points3D(limits.filter_max_reproj_error, limits.filter_min_tri_angle)


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
