"""The files that people get: the model, the homeowner's copy of it, and a picture."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View, read_views
from doorstep.reconstruction.geometry.gltf import Part, write_glb
from doorstep.reconstruction.geometry.rendering import (
    Painted,
    Pictured,
    Skin,
    render,
    three_quarter_eye,
)
from doorstep.reconstruction.geometry.texturing import Textured
from doorstep.reconstruction.options import ExportOptions, Options
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.stages.texture import pieces, read_faces
from doorstep.reconstruction.structure import read_structure
from doorstep.reconstruction.workspace import (
    DENSE_MODEL,
    FACES,
    HOME_MODEL,
    MODEL,
    POSES,
    PREVIEW,
    SCALE,
    SURFACE,
    read_arrays,
    read_json,
    write_atomically,
    write_json,
)

NAME = "export"
VERSION = 4
TITLE = "Writing the model"
OUTPUTS = (MODEL, HOME_MODEL, DENSE_MODEL, PREVIEW, POSES)

# 14 bits across the unit box, the rest of the 16 stays empty.
QUANTISED_STEPS = 1 << 14
STEP = (1 << 15) // QUANTISED_STEPS
PREVIEW_QUALITY, TEXTURE_QUALITY = 88, 86

Matrix = NDArray[np.float64]


def options_of(options: Options) -> ExportOptions:
    """The part of the options that this stage depends on."""
    return options.export


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write the model, the copy of it without any size, the dense model, and the picture."""
    metres = read_json(workspace / SCALE)["metres_per_unit"] or 1.0
    arrays = read_arrays(workspace / SURFACE)
    dense = Painted(
        arrays["vertices"].astype(np.float64), arrays["faces"].astype(np.int64), arrays["rgb"]
    )
    faces = read_faces(read_arrays(workspace / FACES))
    limit = options.export.model_bytes_max
    sizes = {DENSE_MODEL: _put(workspace / DENSE_MODEL, [_part(dense, metres)], limit=limit)}
    step(0.3, TITLE)
    shown: Painted | Pictured = dense
    if faces:
        shown = _pictured(faces)
        parts = [_textured(face, metres) for face in faces]
    else:
        parts = [_part(dense, metres)]
    sizes[MODEL] = _put(workspace / MODEL, parts, limit=limit)
    sizes[HOME_MODEL] = _put(workspace / HOME_MODEL, homeowner_parts(parts), limit=limit)
    step(0.6, TITLE)
    write_json(workspace / POSES, _poses(workspace, flat=bool(faces), metres=metres))
    preview = _preview(workspace, shown, size=options.export.preview_px)
    write_atomically(workspace / PREVIEW, lambda path: _write(path, preview))
    extent = np.ptp(np.concatenate([part.positions for part in parts]), axis=0)
    return StageReport(
        NAME,
        {
            "bytes": sizes,
            "textured_faces": len(faces),
            "triangles": sum(len(part.faces) for part in parts),
            "extent": np.round(extent, 3).tolist(),
            "unit": "metre" if metres != 1.0 else "arbitrary",
        },
    )


def _put(path: Path, parts: list[Part], *, limit: int) -> int:
    content = write_glb(parts)
    if len(content) > limit:
        raise ValueError(f"{path.name} has {len(content)} bytes, {limit} are allowed")
    write_atomically(path, lambda partial: _write(partial, content))
    return len(content)


def _part(model: Painted, metres: float) -> Part:
    return Part((y_up(model.vertices) * metres).astype(np.float32), model.faces, rgb=model.rgb)


def _textured(face: Textured, metres: float) -> Part:
    quality = [cv2.IMWRITE_JPEG_QUALITY, TEXTURE_QUALITY]
    return Part(
        (y_up(face.corners) * metres).astype(np.float32),
        np.array(pieces(face.corners, 0)),
        uv=face.uv.astype(np.float32),
        jpeg=cv2.imencode(".jpg", face.picture, quality)[1].tobytes(),
    )


def _pictured(faces: list[Textured]) -> Pictured:
    triangles: list[tuple[int, int, int]] = []
    skins: list[Skin] = []
    start = 0
    for face in faces:
        first = len(triangles)
        triangles += pieces(face.corners, start)
        skins.append(Skin(first, len(triangles), face.picture))
        start += len(face.corners)
    return Pictured(
        np.concatenate([face.corners for face in faces]),
        np.array(triangles),
        np.concatenate([face.uv for face in faces]),
        tuple(skins),
    )


def y_up(points: Matrix) -> Matrix:
    """From z up to glTF's y up (n x 3)."""
    return np.asarray(points[:, [0, 2, 1]] * np.array([1.0, 1.0, -1.0]))


def _poses(workspace: Path, *, flat: bool, metres: float) -> dict[str, Any]:
    """Where each photo was taken, in the frame of the model that was written."""
    views = read_views(workspace)
    structure = read_structure(workspace)
    if flat and structure is not None:
        views = [structure.moved(view) for view in views]
    return {
        "version": 1,
        "frame": "that of model.glb: y up",
        "views": [_pose(view, metres) for view in views],
    }


def _pose(view: View, metres: float) -> dict[str, Any]:
    centre, up, looks = y_up(np.array([view.centre * metres, -view.rotation[1], view.looks]))
    return {
        "photo": view.name,
        "size": list(view.size),
        "focal_px": round(float(view.matrix[1, 1]), 2),
        "centre": np.round(centre, 4).tolist(),
        "up": np.round(up, 6).tolist(),
        "looks": np.round(looks, 6).tolist(),
    }


def homeowner_parts(parts: list[Part]) -> list[Part]:
    """The same house in a unit box at a canonical yaw: neither size nor place can be read."""
    everything = np.concatenate([part.positions for part in parts]).astype(np.float64)
    turn = canonical_turn(everything)
    turned = everything @ turn.T
    middle = (turned.max(axis=0) + turned.min(axis=0)) / 2
    size = np.ptp(turned, axis=0).max()
    result = []
    for part in parts:
        unit = (part.positions.astype(np.float64) @ turn.T - middle) / size
        steps = (np.rint(unit * QUANTISED_STEPS) * STEP).astype(np.int16)
        result.append(Part(steps, part.faces, rgb=part.rgb, uv=part.uv, jpeg=part.jpeg))
    return result


def canonical_turn(positions: Matrix) -> Matrix:
    """Rotation about y that puts the longest level direction along x."""
    flat = positions[:, [0, 2]] - positions[:, [0, 2]].mean(axis=0)
    axis = np.linalg.eigh(flat.T @ flat)[1][:, 1]
    # The house itself tells left from right: one side of its middle is longer, or higher.
    side, height = flat @ axis, positions[:, 1] - positions[:, 1].mean()
    longer = (side**3).sum() / (np.abs(side) ** 3).sum()
    higher = (side * height).sum() / (np.abs(side) * np.abs(height)).sum()
    x, z = axis if longer + higher >= 0 else -axis
    return np.array([[x, 0.0, z], [0.0, 1.0, 0.0], [-z, 0.0, x]])


def _preview(workspace: Path, model: Painted | Pictured, *, size: tuple[int, int]) -> bytes:
    """From the front, turned to a corner; without a known front, from where the walk began."""
    structure = read_structure(workspace)
    low, high = model.vertices.min(axis=0), model.vertices.max(axis=0)
    if structure is not None and isinstance(model, Pictured):
        towards = np.array([0.55, -1.0, 0.0])
    else:
        x, y = read_views(workspace)[0].centre[:2]
        turn = np.radians(30)
        turned = (np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y)
        towards = np.array([*turned, 0.0])
    eye = three_quarter_eye(low, high, towards=towards, size=size)
    picture = render(model, eye, size=size)
    encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, PREVIEW_QUALITY])[1]
    return encoded.tobytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
