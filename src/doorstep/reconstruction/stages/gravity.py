"""Turn the model upright, put its middle at the origin and name the house's region."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pycolmap
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View, write_views
from doorstep.reconstruction.geometry.region import house_region
from doorstep.reconstruction.geometry.upright import (
    focus,
    turn_to_z,
    up_from_cameras,
    up_from_edges,
    widest_gap_deg,
)
from doorstep.reconstruction.held import in_upright, to_upright
from doorstep.reconstruction.options import GravityOptions, Options
from doorstep.reconstruction.photos import Photo, read_gray, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import CAMERAS, POINTS, REFINED, write_arrays

NAME = "gravity"
VERSION = 5
TITLE = "Finding which way is up"
OUTPUTS = (CAMERAS, POINTS)

EDGE_SHARE_MIN = 0.04
# COLMAP counts from the pixel's corner, views from its centre.
PIXEL_CENTRE = 0.5

Matrix = NDArray[np.float64]


def options_of(options: Options) -> GravityOptions:
    """The part of the options that this stage depends on."""
    return options.gravity


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write cameras and points with z up, the ground at 0 and the house in the middle."""
    photos = used_photos(workspace)
    model = pycolmap.Reconstruction(workspace / REFINED)
    views = views_of(model, photos)
    by_file = {photo.file: photo for photo in photos}
    normals, lengths = [], []
    for number, view in enumerate(views):
        step(0.8 * number / len(views), f"Photo {number + 1} of {len(views)}")
        grey = read_gray(workspace, by_file[view.file])
        planes, weights = _edge_planes(grey, view, side_px=options.gravity.side_px)
        normals.append(planes)
        lengths.append(weights)
    first = up_from_cameras(np.array([view.rotation for view in views]))
    up, edges, deviation = up_from_edges(
        np.concatenate(normals), np.concatenate(lengths), first=first
    )
    ids = {model.images[i].name: i for i in model.reg_image_ids()}
    points = _sparse_points(model, [ids[view.file] for view in views])
    turn = turn_to_z(up)
    shift, region = _place(views, points["xyz"], turn=turn)
    points["xyz"] = points["xyz"] @ turn.T + shift
    moved = [_moved(view, turn, shift=shift) for view in views]
    write_arrays(workspace / POINTS, {**points, "region": region})
    write_views(workspace, moved)
    centres = np.array([view.centre for view in moved])
    return StageReport(
        NAME,
        {
            "vertical_edges": edges,
            "edge_deviation_deg": round(deviation, 3),
            "camera_tilt_deg": round(float(np.degrees(np.arccos(np.clip(first @ up, -1, 1)))), 3),
            "widest_gap_deg": round(widest_gap_deg(centres, np.zeros(3)), 1),
            "region": np.round(region, 3).tolist(),
        },
    )


def views_of(model: pycolmap.Reconstruction, photos: list[Photo]) -> list[View]:
    """Registered photos in capture order, upright, pixels counted from the middle of the first."""
    images = {model.images[i].name: model.images[i] for i in model.reg_image_ids()}
    views = []
    for number, photo in enumerate(photos):
        image = images.get(photo.file)
        if image is None:
            continue
        focal, x, y, k1, k2 = model.cameras[image.camera_id].params
        pose = image.cam_from_world()
        upright = to_upright(photo.quarters)
        x, y = in_upright(np.array([x, y]), size=photo.size, quarters=photo.quarters) - PIXEL_CENTRE
        views.append(
            View(
                name=photo.name,
                file=photo.file,
                number=number,
                size=photo.size,
                matrix=np.array([[focal, 0, x], [0, focal, y], [0, 0, 1]]),
                distortion=(float(k1), float(k2)),
                rotation=upright @ pose.rotation.matrix(),
                translation=upright @ pose.translation,
            )
        )
    return views


def _sparse_points(
    model: pycolmap.Reconstruction, in_capture_order: list[int]
) -> dict[str, NDArray[Any]]:
    """Points and which views see them (`seen`, points x views)."""
    points = list(model.points3D.values())
    places = {image_id: number for number, image_id in enumerate(in_capture_order)}
    seen = np.zeros((len(points), len(places)), bool)
    for row, point in enumerate(points):
        seen[row, [places[element.image_id] for element in point.track.elements]] = True
    return {
        "seen": seen,
        "xyz": np.array([point.xyz for point in points]).reshape(-1, 3),
        "error_px": np.array([point.error for point in points]),
        "photos": np.array([point.track.length() for point in points], np.int32),
    }


def _edge_planes(grey: NDArray[np.uint8], view: View, *, side_px: int) -> tuple[Matrix, Matrix]:
    """Viewing planes of straight edges: unit normals (n x 3) in the model's frame, lengths."""
    shrink = min(1.0, side_px / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    lines = cv2.createLineSegmentDetector().detect(small)[0]
    found = np.asarray(lines if np.ndim(lines) else np.zeros((0, 4)))
    ends = (found.reshape(-1, 2, 2).astype(np.float64) + 0.5) / shrink - 0.5
    length = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    long = length > EDGE_SHARE_MIN * max(grey.shape)
    rays = view.rays(ends[long].reshape(-1, 2)).reshape(-1, 2, 3)
    normals = np.cross(rays[:, 0], rays[:, 1])
    size = np.linalg.norm(normals, axis=1, keepdims=True)
    return normals / np.maximum(size, 1e-12), length[long]


def _place(views: list[View], points: Matrix, *, turn: Matrix) -> tuple[Matrix, Matrix]:
    """Shift that puts the house's middle at the origin with the ground at z = 0, and its box."""
    centres = np.array([view.centre for view in views]) @ turn.T
    looks = np.array([view.looks for view in views]) @ turn.T
    middle = focus(centres, looks)
    low, high = house_region(points @ turn.T, centres, middle=middle)
    shift = -np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    return shift, np.array([low + shift, high + shift])


def _moved(view: View, turn: Matrix, *, shift: Matrix) -> View:
    rotation = view.rotation @ turn.T
    return View(
        name=view.name,
        file=view.file,
        number=view.number,
        size=view.size,
        matrix=view.matrix,
        distortion=view.distortion,
        rotation=rotation,
        translation=view.translation - rotation @ shift,
    )
