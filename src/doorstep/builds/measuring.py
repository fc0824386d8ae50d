"""A folder of photos measured without a job: what `doorstep measure` runs. No SQL, no network.

The work is done in `OUT/work`, which a second run uses again where nothing has changed; the
results lie in `OUT`.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorstep.kit.errors import BadRequest, Invalid
from doorstep.reconstruction.child import Limits, run_in_child
from doorstep.reconstruction.progress import Progress

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
RESULTS = (
    *("measurements.json", "evidence.json", "scale.json", "cameras.json", "poses.json"),
    "report.json",
    *("model.glb", "dense.glb", "home.glb", "preview.jpg"),
)
THREADS_MAX = 4
SECONDS_MAX = 4 * 3600.0

Tell = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Where the metres shall come from: a description of a sheet, known lengths, or nothing.

    `marker` is None for no sheet, empty for the product's own.
    """

    marker: dict[str, Any] | None = None
    lengths: list[dict[str, Any]] = field(default_factory=list)
    preset: str = "normal"


def photos_in(folder: Path) -> list[Path]:
    """The photos in a folder by name; raises BadRequest where there are none."""
    if not folder.is_dir():
        raise BadRequest(f"{folder} is no folder.")
    found = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file()
    )
    if not found:
        raise BadRequest(f"{folder} holds no photos ({', '.join(SUFFIXES)}).")
    return found


def measure(photos: Path, out: Path, *, asked: Asked, tell: Tell) -> dict[str, Any]:
    """Run the engine in its child process; the record of measurements, and all files in `out`.

    Raises Invalid in the engine's own words when the photos do not suffice.
    """
    found = photos_in(photos)
    workspace = _prepared(out, found=found, photos=photos)
    options = workspace / "options.json"
    scale = {"marker": asked.marker, "known_lengths": asked.lengths}
    threads = min(os.cpu_count() or 1, THREADS_MAX)
    options.write_text(json.dumps({"preset": asked.preset, "threads": threads, "scale": scale}))
    for name in RESULTS:
        (out / name).unlink(missing_ok=True)
    limits = Limits(seconds=SECONDS_MAX)
    failure = run_in_child(workspace, tell=tell, options=options, limits=limits)
    if failure is not None:
        raise Invalid(f"{failure.organization.strip()} ({failure.code})")
    for name in RESULTS:
        if (workspace / name).exists():
            shutil.copyfile(workspace / name, out / name)
    record: dict[str, Any] = json.loads((out / "measurements.json").read_text("utf-8"))
    return record


def write_sheet(path: Path, *, paper: str) -> None:
    """The product's own sheet of markers as a PDF; raises BadRequest where it cannot be written."""
    # It needs the vision library, which takes a second to load.
    from doorstep.reconstruction.printing import sheet_pdf

    try:
        path.write_bytes(sheet_pdf(paper))
    except OSError as error:
        raise BadRequest(f"{path} cannot be written: {error.strerror}.") from error


def _prepared(out: Path, *, found: list[Path], photos: Path) -> Path:
    """The workspace with links to the photos, and to none of an earlier run."""
    if out.resolve() == photos.resolve():
        raise BadRequest("--out must be another folder than that of the photos.")
    workspace = out / "work"
    images = workspace / "images"
    try:
        shutil.rmtree(images, ignore_errors=True)
        images.mkdir(parents=True)
        for path in found:
            (images / path.name).symlink_to(path.resolve())
    except OSError as error:
        raise BadRequest(f"{out} cannot be written: {error.strerror}.") from error
    return workspace
