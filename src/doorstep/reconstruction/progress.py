"""How a run says how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, float, str], None]


@dataclass(frozen=True)
class Step:
    """Lets a stage say how far it has come, from 0 to 1."""

    stage: str
    start: float
    weight: float
    progress: Progress

    def __call__(self, share: float, text: str, /) -> None:
        self.progress(self.stage, self.start + self.weight * min(max(share, 0.0), 1.0), text)
