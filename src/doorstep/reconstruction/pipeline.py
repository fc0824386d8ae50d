"""The stages in one tuple, run one after another; finished ones are not run again."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

from doorstep.reconstruction.memory import give_back
from doorstep.reconstruction.options import Options
from doorstep.reconstruction.progress import Step, Tell, silent
from doorstep.reconstruction.reports import Meter, Report, StageReport, memory_peak_mb, versions
from doorstep.reconstruction.stages import (
    dense,
    export,
    features,
    gravity,
    mapping,
    matching,
    measure,
    openings,
    refinement,
    scale,
    select,
    structure,
    surface,
    texture,
)
from doorstep.reconstruction.workspace import FAILURE, IMAGES, REPORT, REPORTS


class Stage(Protocol):
    """A module with these names is a stage."""

    NAME: str
    VERSION: int
    OUTPUTS: tuple[str, ...]
    TITLE: str

    def options_of(self, options: Options, /) -> Any:
        """The part of the options that the stage depends on."""

    def run(self, workspace: Path, options: Options, /, *, step: Step) -> StageReport:
        """Read named inputs, write named outputs atomically, say what was done."""
        ...


# The weights are shares of the CPU time that 50 photos with a sheet take.
STAGES: tuple[tuple[Any, float], ...] = (
    (select, 0.01),
    (features, 0.30),
    (matching, 0.20),
    (mapping, 0.07),
    (refinement, 0.02),
    (gravity, 0.02),
    (scale, 0.09),
    (dense, 0.07),
    (structure, 0.01),
    (openings, 0.11),
    (measure, 0.01),
    (surface, 0.06),
    (texture, 0.02),
    (export, 0.01),
)


def run(workspace: Path, options: Options, *, tell: Tell = silent) -> Report:
    """Take the photos in `workspace/images` to a model in `workspace`.

    Raises `ReconstructionFailed` with words for both sides when the photos do not suffice.
    """
    (workspace / REPORTS).mkdir(exist_ok=True)
    for stale in (FAILURE, REPORT):
        (workspace / stale).unlink(missing_ok=True)
    fingerprint = _fingerprint_of_photos(workspace / IMAGES)
    done: list[StageReport] = []
    start = 0.0
    for stage, weight in STAGES:
        step = Step(stage.NAME, start, weight, tell)
        fingerprint = _fingerprint_of_stage(fingerprint, stage, options=options)
        done.append(_run_once(workspace, options, stage=stage, step=step, fingerprint=fingerprint))
        start += weight
        step(1.0, stage.TITLE)
    report = Report(tuple(done))
    report.write(workspace)
    return report


def _run_once(
    workspace: Path, options: Options, *, stage: Any, step: Step, fingerprint: str
) -> StageReport:
    earlier = StageReport.read(workspace, stage.NAME)
    complete = all((workspace / name).exists() for name in stage.OUTPUTS)
    if earlier and earlier.fingerprint == fingerprint and complete:
        return earlier
    step(0.0, stage.TITLE)
    meter = Meter.start()
    made = stage.run(workspace, options, step=step)
    give_back()
    wall, cpu = meter.read()
    report: StageReport = replace(
        made,
        fingerprint=fingerprint,
        seconds_wall=round(wall, 2),
        seconds_cpu=round(cpu, 2),
        memory_peak_mb=round(memory_peak_mb()),
        seed=options.seed,
        versions=versions(),
    )
    report.write(workspace)
    return report


def _fingerprint_of_photos(images: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(images.iterdir()):
        digest.update(path.name.encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _fingerprint_of_stage(before: str, stage: Any, *, options: Options) -> str:
    asked = json.dumps(asdict(stage.options_of(options)), sort_keys=True)
    text = f"{before} {stage.NAME} {stage.VERSION} {options.seed} {asked}"
    return hashlib.sha256(text.encode()).hexdigest()
