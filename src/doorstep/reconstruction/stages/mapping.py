"""Camera places and sparse points, added photo by photo; the largest model is kept."""

import shutil
from pathlib import Path

import numpy as np
import pycolmap

from doorstep.reconstruction.failures import (
    ReconstructionFailed,
    model_contradicts_photos,
    photos_do_not_connect,
)
from doorstep.reconstruction.held import to_upright
from doorstep.reconstruction.layout import judge, largest_gap, neighbours, turned_otherwise
from doorstep.reconstruction.options import MappingOptions, Options
from doorstep.reconstruction.photos import Photo, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.rejoining import rejoin
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.tracks import well_spread
from doorstep.reconstruction.turns import STEPS_SHARE_MIN, is_steady, read_turns, steps
from doorstep.reconstruction.workspace import MAPPED, MATCHES, PHOTOS, write_folder_atomically

NAME = "mapping"
VERSION = 7
TITLE = "Finding where each photo was taken"
OUTPUTS = (MAPPED,)

REGISTERED_MIN = 3
# An adjustment on the way ends where its cost no longer falls by this share: the refinement after
# it goes on. To the last digit, they cost twice the time for the same places of the cameras.
LOCAL_FALL_MIN, GLOBAL_FALL_MIN = 1e-4, 1e-5


def options_of(options: Options) -> MappingOptions:
    """The part of the options that this stage depends on."""
    return options.mapping


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write the largest model, or fail when it is too small or contradicts the photos."""
    photos = used_photos(workspace)
    models = _map(workspace, options, photos=photos, step=step)
    best = max(models, key=lambda model: model.num_reg_images(), default=None)
    misplaced = [] if best is None else _without_misplaced(best, workspace, photos=photos)
    present = set() if best is None else _files(best)
    gap = _gap(photos, present)
    needed = max(REGISTERED_MIN, options.mapping.registered_share_min * len(photos))
    if best is None or len(present) < needed:
        raise ReconstructionFailed(
            photos_do_not_connect(registered=len(present), given=len(photos), gap=gap)
        )
    names = [photo.name for photo in misplaced]
    if len(misplaced) > options.mapping.misplaced_share_max * len(photos):
        raise ReconstructionFailed(model_contradicts_photos(misplaced=names, worst=gap))
    wrong = {photo.file for photo in misplaced}
    rejoined = rejoin(best, workspace / MATCHES, but_not=wrong, seed=options.seed)
    _hold_to_the_walk(best, workspace, photos=photos)
    write_folder_atomically(workspace / MAPPED, best.write)
    present = _files(best)
    return StageReport(
        NAME,
        {
            "registered": len(present),
            "given": len(photos),
            "models": sorted((model.num_reg_images() for model in models), reverse=True),
            "points": best.num_points3D(),
            "reprojection_px": round(best.compute_mean_reprojection_error(), 3),
            "misplaced": names,
            "rejoined": [photo.name for photo in photos if photo.file in rejoined],
            "not_registered": [photo.name for photo in photos if photo.file not in present],
            "gap": _gap(photos, present),
        },
    )


def _gap(photos: list[Photo], present: set[str]) -> str:
    return largest_gap(present, {photo.file: photo.number for photo in photos}) if present else ""


def _map(
    workspace: Path, options: Options, *, photos: list[Photo], step: Step
) -> list[pycolmap.Reconstruction]:
    placed = 0

    def count() -> None:
        nonlocal placed
        placed += 1
        step(placed / len(photos), f"{placed} photos placed")

    scratch = workspace / f"partial-scratch-{MAPPED}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        _write_fewer(workspace / MATCHES, scratch / MATCHES, options=options.mapping)
        found = pycolmap.incremental_mapping(
            scratch / MATCHES,
            workspace / PHOTOS,
            scratch,
            options=_asked(options),
            next_image_callback=count,
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return list(found.values())


def _write_fewer(matches: Path, fewer: Path, *, options: MappingOptions) -> None:
    """A database of the same photos and features, with matches of a well-spread share of them."""
    with pycolmap.Database.open(matches) as source, pycolmap.Database.open(fewer) as target:
        cameras = {camera.camera_id: camera for camera in source.read_all_cameras()}
        for camera in cameras.values():
            target.write_camera(camera, use_camera_id=True)
        images = source.read_all_images()
        places = []
        for image in images:
            alone = pycolmap.Image(image.name, camera_id=image.camera_id, image_id=image.image_id)
            target.write_image(alone, use_image_id=True)
            keypoints = source.read_keypoints(image.image_id)
            target.write_keypoints(image.image_id, keypoints)
            camera = cameras[image.camera_id]
            places.append(keypoints[:, :2] / (camera.width, camera.height))
        index = {image.image_id: number for number, image in enumerate(images)}
        geometries = {
            pycolmap.pair_id_to_image_pair(pair_id): geometry
            for pair_id, geometry in zip(*source.read_two_view_geometries(), strict=True)
        }
        pairs = {
            (index[one], index[other]): geometry.inlier_matches
            for (one, other), geometry in geometries.items()
        }
        left = well_spread(
            places,
            pairs,
            per_photo=options.details_per_photo,
            per_pair=options.details_per_pair,
        )
        for (one, other), geometry in geometries.items():
            geometry.inlier_matches = left[index[one], index[other]]
            target.write_two_view_geometry(one, other, geometry)


def _asked(options: Options) -> pycolmap.IncrementalPipelineOptions:
    asked = pycolmap.IncrementalPipelineOptions()
    asked.random_seed = options.seed
    asked.mapper.random_seed = options.seed
    asked.num_threads = options.threads
    asked.min_model_size = REGISTERED_MIN
    asked.extract_colors = False
    # Global adjustment at every tenth new photo costs twice the time for the same model.
    asked.ba_global_frames_ratio = 1.3
    asked.ba_global_points_ratio = 1.3
    asked.ba_local_max_refinements = 1
    asked.ba_global_max_refinements = 2
    asked.ba_local_function_tolerance = LOCAL_FALL_MIN
    asked.ba_global_function_tolerance = GLOBAL_FALL_MIN
    return asked


def _without_misplaced(
    model: pycolmap.Reconstruction, workspace: Path, *, photos: list[Photo]
) -> list[Photo]:
    """Take photos out that sit in a wrong place; fail where the walk does not hold without them."""
    verdict = judge(neighbours(model, workspace / MATCHES, photos=photos))
    misplaced = [photos[number] for number in verdict.misplaced]
    if verdict.broken:
        names = [photo.name for photo in misplaced]
        worst = _do_not_fit(photos, verdict.broken)
        raise ReconstructionFailed(model_contradicts_photos(misplaced=names, worst=worst))
    frames = {model.images[i].name: model.images[i].frame_id for i in model.reg_image_ids()}
    for photo in misplaced:
        model.deregister_frame(frames[photo.file])
    return misplaced


def _hold_to_the_walk(
    model: pycolmap.Reconstruction, workspace: Path, *, photos: list[Photo]
) -> None:
    """Fail where the layout turns a photo otherwise than its matches with the one before do.

    Photos that are in no order say nothing about each other.
    """
    order = {photo.file: number for number, photo in enumerate(photos)}
    walk = steps(read_turns(workspace / MATCHES, photos), ways_min=1)
    if len(walk) < STEPS_SHARE_MIN * (len(photos) - 1) or not is_steady(walk):
        return
    placed = [model.images[image_id] for image_id in model.reg_image_ids()]
    rotations = {}
    for image in placed:
        number = order[image.name]
        found = np.asarray(image.cam_from_world().rotation.matrix())
        rotations[number] = to_upright(photos[number].quarters) @ found
    wrong = turned_otherwise(walk, rotations)
    if wrong:
        names = [photos[number].name for number in sorted({n for pair in wrong for n in pair})]
        worst = _do_not_fit(photos, wrong[0])
        raise ReconstructionFailed(model_contradicts_photos(misplaced=names, worst=worst))


def _do_not_fit(photos: list[Photo], pair: tuple[int, int]) -> str:
    one, other = (photos[place].number for place in pair)
    return f"Photos {one} and {other} do not fit together."


def _files(model: pycolmap.Reconstruction) -> set[str]:
    return {model.images[image_id].name for image_id in model.reg_image_ids()}
