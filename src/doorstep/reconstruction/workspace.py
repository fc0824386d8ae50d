"""Names inside a workspace folder, and writing that a kill cannot leave half done."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

IMAGES = "images"
REPORTS = "reports"
REPORT = "report.json"
FAILURE = "failure.json"

PHOTOS = "photos"
PHOTOS_INDEX = "photos.json"
FEATURES = "features.db"
MATCHES = "matches.db"
MAPPED = "mapped"
REFINED = "refined"
CAMERAS = "cameras.json"
POINTS = "points.npz"
SCALE = "scale.json"
STRUCTURE = "structure.json"
OPENINGS = "openings.json"
FACES = "faces.npz"
DENSE_MODEL = "dense.glb"
MEASUREMENTS = "measurements.json"
EVIDENCE = "evidence.json"
DENSE_POINTS = "dense.npz"
SURFACE = "surface.npz"
MODEL = "model.glb"
HOME_MODEL = "home.glb"
PREVIEW = "preview.jpg"
POSES = "poses.json"


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `path`, then put it in place in one step."""
    partial = path.with_name(f"partial-{path.name}")
    write(partial)
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(path)


def write_folder_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Like `write_atomically` for a folder; an older one is replaced whole."""
    partial = path.with_name(f"partial-{path.name}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    write(partial)
    shutil.rmtree(path, ignore_errors=True)
    partial.rename(path)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Readable JSON, keys in the order given."""
    text = json.dumps(content, indent=1, sort_keys=False)
    write_atomically(path, lambda partial: _write_text(partial, text))


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Named arrays in one file."""

    def write(partial: Path) -> None:
        with partial.open("wb") as stream:
            np.savez(stream, **dict(arrays))  # type: ignore[arg-type]

    write_atomically(path, write)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of a file."""
    with np.load(path) as loaded:
        return {name: loaded[name] for name in loaded.files}


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
