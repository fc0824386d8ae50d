"""How a run says how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """`done` counts from 0 to 1 over the whole run; `text` is for people."""

    stage: str
    done: float
    text: str


Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class Step:
    """Lets a stage say how far it has come, from 0 to 1."""

    stage: str
    start: float
    weight: float
    tell: Tell

    def __call__(self, share: float, text: str) -> None:
        """Report that this share of the stage is done."""
        done = self.start + self.weight * min(max(share, 0.0), 1.0)
        self.tell(Progress(self.stage, done, text))


def silent(_progress: Progress) -> None:
    """For callers who do not want to know."""
