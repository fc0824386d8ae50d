"""A last adjustment of all cameras and points that also frees the principal point."""

from collections import Counter
from pathlib import Path

import pycolmap

from doorstep.reconstruction.options import Options, RefineOptions
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import MAPPED, MATCHES, REFINED, write_folder_atomically

NAME = "refinement"
VERSION = 5
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
    freed = _freed(model, options.refinement)
    if freed:
        trial = pycolmap.Reconstruction(workspace / MAPPED)
        _adjust_all(trial, freed=freed, threads=options.threads)
        if _shift_share(trial, freed) > options.refinement.shift_share_max:
            freed = set()
        model = trial if freed else model
    if not freed:
        _adjust_all(model, freed=freed, threads=options.threads)
    step(0.4, TITLE)
    mapped = model.num_points3D()
    _complete(model, workspace / MATCHES, options=options)
    step(0.7, TITLE)
    _adjust_all(model, freed=freed, threads=options.threads)
    _filter(model)
    model.update_point_3d_errors()
    model.normalize()
    write_folder_atomically(workspace / REFINED, model.write)
    photos = _photos_by_camera(model)
    return StageReport(
        NAME,
        {
            "principal_point_freed": bool(freed),
            "points_mapped": mapped,
            "points": model.num_points3D(),
            "reprojection_px_before": round(before, 3),
            "reprojection_px": round(model.compute_mean_reprojection_error(), 3),
            "cameras": [
                {
                    "model": camera.model.name,
                    "params": [round(p, 5) for p in camera.params],
                    "photos": photos[camera.camera_id],
                }
                for _, camera in sorted(model.cameras.items())
            ],
        },
    )


def _freed(model: pycolmap.Reconstruction, options: RefineOptions) -> set[int]:
    """Cameras with photos enough to tell their principal point."""
    photos = _photos_by_camera(model)
    return {camera for camera, count in photos.items() if count >= options.photos_min}


def _photos_by_camera(model: pycolmap.Reconstruction) -> Counter[int]:
    return Counter(model.images[image_id].camera_id for image_id in model.reg_image_ids())


def _adjust_all(model: pycolmap.Reconstruction, *, freed: set[int], threads: int) -> None:
    """Adjust all; lenses of a few photos wait for the principal points of the others to be found.

    The other way round, an adjustment to wrong principal points has little left to fall by, and ends
    before it comes to the right ones.
    """
    few = set(_photos_by_camera(model)) - freed
    if freed:
        _adjust(model, principal_point=True, kept=few, threads=threads)
    if few:
        _adjust(model, principal_point=False, kept=set(), threads=threads)


def _adjust(
    model: pycolmap.Reconstruction, *, principal_point: bool, kept: set[int], threads: int
) -> None:
    asked = pycolmap.BundleAdjustmentOptions()
    asked.refine_principal_point = principal_point
    asked.print_summary = False
    asked.ceres.loss_function_type = pycolmap.LossFunctionType.SOFT_L1
    asked.ceres.solver_options.num_threads = threads
    asked.ceres.solver_options.function_tolerance = FALL_MIN
    pycolmap.ObservationManager(model).filter_observations_with_negative_depth()
    config = pycolmap.BundleAdjustmentConfig()
    for image_id in model.reg_image_ids():
        config.add_image(image_id)
    for camera_id in kept:
        config.set_constant_cam_intrinsics(camera_id)
    config.fix_gauge(pycolmap.BundleAdjustmentGauge.TWO_CAMS_FROM_WORLD)
    pycolmap.create_default_bundle_adjuster(asked, config, model).solve()


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


def _shift_share(model: pycolmap.Reconstruction, cameras: set[int]) -> float:
    """Largest move of a principal point from the middle, as a share of the width."""
    return float(
        max(
            max(
                abs(camera.principal_point_x - camera.width / 2),
                abs(camera.principal_point_y - camera.height / 2),
            )
            / camera.width
            for camera in (model.cameras[camera_id] for camera_id in cameras)
        )
    )
