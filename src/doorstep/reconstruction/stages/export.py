"""The files that people get: the model, the homeowner's copy of it, and a picture."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import read_views
from doorstep.reconstruction.geometry.gltf import Part, write_glb
from doorstep.reconstruction.geometry.rendering import Painted, render, three_quarter_eye
from doorstep.reconstruction.options import ExportOptions, Options
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import (
    HOME_MODEL,
    MODEL,
    POINTS,
    PREVIEW,
    SURFACE,
    read_arrays,
    write_atomically,
)

NAME = "export"
VERSION = 1
TITLE = "Writing the model"
OUTPUTS = (MODEL, HOME_MODEL, PREVIEW)

# 14 bits across the unit box, the rest of the 16 stays empty.
QUANTISED_STEPS = 1 << 14
STEP = (1 << 15) // QUANTISED_STEPS
PREVIEW_QUALITY = 88

Matrix = NDArray[np.float64]


def options_of(options: Options) -> ExportOptions:
    """The part of the options that this stage depends on."""
    return options.export


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write the model, the copy of it without any size, and the picture."""
    arrays = read_arrays(workspace / SURFACE)
    model = Painted(
        arrays["vertices"].astype(np.float64), arrays["faces"].astype(np.int64), arrays["rgb"]
    )
    part = Part(y_up(model.vertices).astype(np.float32), model.faces, rgb=model.rgb)
    glb = write_glb([part])
    if len(glb) > options.export.model_bytes_max:
        message = f"the model has {len(glb)} bytes, {options.export.model_bytes_max} are allowed"
        raise ValueError(message)
    write_atomically(workspace / MODEL, lambda path: _write(path, glb))
    step(0.3, TITLE)
    home = write_glb([homeowner_part(model)])
    write_atomically(workspace / HOME_MODEL, lambda path: _write(path, home))
    step(0.5, TITLE)
    preview = _preview(workspace, model, size=options.export.preview_px)
    write_atomically(workspace / PREVIEW, lambda path: _write(path, preview))
    return StageReport(
        NAME,
        {
            "model_bytes": len(glb),
            "home_model_bytes": len(home),
            "triangles": len(model.faces),
            "extent": np.round(np.ptp(part.positions, axis=0), 4).tolist(),
            "unit": "arbitrary",
        },
    )


def y_up(points: Matrix) -> Matrix:
    """From z up to glTF's y up (n x 3)."""
    return np.asarray(points[:, [0, 2, 1]] * np.array([1.0, 1.0, -1.0]))


def homeowner_part(model: Painted) -> Part:
    """The same house in a unit box at a canonical yaw: neither size nor place can be read."""
    turned = y_up(model.vertices @ canonical_turn(model.vertices).T)
    centred = turned - (turned.max(axis=0) + turned.min(axis=0)) / 2
    unit = centred / np.ptp(turned, axis=0).max()
    steps = np.rint(unit * QUANTISED_STEPS) * STEP
    return Part(steps.astype(np.int16), model.faces, rgb=model.rgb)


def canonical_turn(vertices: Matrix) -> Matrix:
    """Rotation about z that puts the longest horizontal direction along x."""
    flat = vertices[:, :2] - vertices[:, :2].mean(axis=0)
    axis = np.linalg.eigh(flat.T @ flat)[1][:, 1]
    # The house itself tells left from right: more of it lies on one side of its middle.
    x, y = axis if ((flat @ axis) ** 3).sum() >= 0 else -axis
    return np.array([[x, y, 0.0], [-y, x, 0.0], [0.0, 0.0, 1.0]])


def _preview(workspace: Path, model: Painted, *, size: tuple[int, int]) -> bytes:
    """From the side of the first photo, where the walk began, turned to a corner."""
    low, high = read_arrays(workspace / POINTS)["region"]
    first = read_views(workspace)[0].centre
    turn = np.radians(30)
    towards = np.array(
        [
            np.cos(turn) * first[0] - np.sin(turn) * first[1],
            np.sin(turn) * first[0] + np.cos(turn) * first[1],
            0.0,
        ]
    )
    picture = render(model, three_quarter_eye(low, high, towards=towards), size=size)
    encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, PREVIEW_QUALITY])[1]
    return encoded.tobytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
