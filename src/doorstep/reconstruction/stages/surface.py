"""A closed-up triangle mesh over the dense points, coloured from the photos."""

import shutil
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from doorstep.reconstruction.cameras import read_views
from doorstep.reconstruction.failures import ReconstructionFailed, nothing_dense
from doorstep.reconstruction.geometry.mesh import Mesh, near_points, without_crumbs
from doorstep.reconstruction.geometry.painting import Painter
from doorstep.reconstruction.geometry.ply import read_mesh, write_points
from doorstep.reconstruction.geometry.stereo import Surfels
from doorstep.reconstruction.options import Options, SurfaceOptions
from doorstep.reconstruction.photos import read_colour, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import (
    DENSE_POINTS,
    POINTS,
    SURFACE,
    read_arrays,
    write_arrays,
)

NAME = "surface"
VERSION = 3
TITLE = "Putting the surfaces together"
OUTPUTS = (SURFACE,)

# A hole wider than this share of the house's diagonal stays a hole.
BRIDGE_SHARE = 0.012
CRUMB_SHARE = 0.01
TRIANGLES_MIN = 200


def options_of(options: Options) -> SurfaceOptions:
    """The part of the options that this stage depends on."""
    return options.surface


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write a coloured triangle mesh."""
    arrays = read_arrays(workspace / DENSE_POINTS)
    cloud = Surfels(arrays["xyz"], arrays["normal"], arrays["rgb"], arrays["error"])
    region = read_arrays(workspace / POINTS)["region"]
    diagonal = float(np.linalg.norm(region[1] - region[0]))
    mesh = _poisson(workspace, cloud, options=options)
    raw = len(mesh.faces)
    step(0.5, TITLE)
    mesh = near_points(mesh, cloud.xyz.astype(np.float64), reach=BRIDGE_SHARE * diagonal)
    mesh = without_crumbs(mesh, share_min=CRUMB_SHARE)
    if len(mesh.faces) < TRIANGLES_MIN:
        raise ReconstructionFailed(nothing_dense())
    colours = _paint(workspace, mesh, cloud=cloud, slack=0.004 * diagonal, step=step)
    write_arrays(
        workspace / SURFACE,
        {
            "vertices": mesh.vertices.astype(np.float32),
            "faces": mesh.faces.astype(np.int32),
            "rgb": colours,
        },
    )
    return StageReport(
        NAME, {"triangles_raw": raw, "triangles": len(mesh.faces), "vertices": len(mesh.vertices)}
    )


def _poisson(workspace: Path, cloud: Surfels, *, options: Options) -> Mesh:
    scratch = workspace / "partial-scratch-surface"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        points, rough, light = (scratch / f"{name}.ply" for name in ("points", "rough", "light"))
        write_points(points, cloud)
        meshing = pycolmap.PoissonMeshingOptions()
        meshing.depth = options.surface.depth
        meshing.trim = max(options.surface.depth - 4.0, 4.0)
        meshing.color = False
        meshing.num_threads = options.threads
        pycolmap.poisson_meshing(points, rough, meshing)
        mesh = Mesh(*read_mesh(rough))
        share = options.surface.triangles_max / max(len(mesh.faces), 1)
        if share < 1:
            lighter = pycolmap.MeshSimplificationOptions()
            lighter.target_face_ratio = share
            lighter.num_threads = options.threads
            pycolmap.simplify_mesh(rough, light, lighter)
            mesh = Mesh(*read_mesh(light))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return mesh


def _paint(
    workspace: Path, mesh: Mesh, *, cloud: Surfels, slack: float, step: Step
) -> NDArray[np.uint8]:
    photos = {photo.file: photo for photo in used_photos(workspace)}
    views = read_views(workspace)
    painter = Painter(mesh, slack=slack)
    for number, view in enumerate(views):
        painter.add(read_colour(workspace, photos[view.file]), view)
        step(0.5 + 0.5 * number / len(views), TITLE)
    nearest = cKDTree(cloud.xyz).query(mesh.vertices)[1]
    return painter.colours(cloud.rgb[nearest])
