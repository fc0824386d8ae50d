"""One JSON report per stage, and one for the whole run."""

import platform
import resource
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Self

from doorstep.reconstruction.workspace import REPORT, REPORTS, read_json, write_json

STATUS = Path("/proc/self/status")
LIBRARIES = ("pycolmap", "opencv-contrib-python-headless", "numpy", "scipy", "embreex")


@dataclass(frozen=True)
class StageReport:
    """What one stage did: figures of its own, and what it cost."""

    stage: str
    figures: Mapping[str, Any]
    fingerprint: str = ""
    seconds_wall: float = 0.0
    seconds_cpu: float = 0.0
    memory_peak_mb: float = 0.0
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)

    def write(self, workspace: Path) -> None:
        """Leave the report in the workspace."""
        write_json(stage_report_path(workspace, self.stage), asdict(self))

    @classmethod
    def read(cls, workspace: Path, stage: str) -> Self | None:
        """The report of an earlier run, if any."""
        path = stage_report_path(workspace, stage)
        return cls(**read_json(path)) if path.exists() else None


@dataclass(frozen=True)
class Report:
    """The whole run, in the order of its stages."""

    stages: tuple[StageReport, ...]

    def stage(self, name: str) -> StageReport:
        """The report of one stage by its name."""
        return next(each for each in self.stages if each.stage == name)

    @property
    def seconds_cpu(self) -> float:
        """Of all stages together."""
        return sum(each.seconds_cpu for each in self.stages)

    def write(self, workspace: Path) -> None:
        """Leave `report.json` in the workspace."""
        write_json(
            workspace / REPORT,
            {
                "version": 1,
                "seconds_wall": round(sum(each.seconds_wall for each in self.stages), 2),
                "seconds_cpu": round(self.seconds_cpu, 2),
                "stages": [asdict(each) for each in self.stages],
            },
        )


@dataclass(frozen=True)
class Meter:
    """Wall and CPU seconds since it was started, children included."""

    wall: float
    cpu: float

    @classmethod
    def start(cls) -> Self:
        """Begin to count."""
        return cls(wall=time.monotonic(), cpu=_cpu_seconds())

    def read(self) -> tuple[float, float]:
        """Wall and CPU seconds so far."""
        return time.monotonic() - self.wall, _cpu_seconds() - self.cpu


def stage_report_path(workspace: Path, stage: str) -> Path:
    """Where the report of a stage lies."""
    return workspace / REPORTS / f"{stage}.json"


def memory_peak_mb() -> float:
    """The most memory this process has held, in megabytes.

    Not `ru_maxrss`: on Linux a process begins with what its parent held when it started it.
    """
    lines = STATUS.read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def versions() -> dict[str, str]:
    """Of everything whose change could change a result."""
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in LIBRARIES},
    }


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
