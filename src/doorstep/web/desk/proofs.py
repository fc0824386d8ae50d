"""One measured part of a house, and the photos that its numbers were taken from."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import get

from doorstep.builds import published
from doorstep.builds.measured.evidence import Line, Pixel
from doorstep.builds.published import Published, Shown
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.measurements import Part, measured
from doorstep.web.desk.screens import AnyRequest, Page, by_script, html, piece, row_id, screen
from doorstep.web.services import Services

ROOM = 0.35
"""What is free on each side of what is drawn, as a share of it."""
SHARE_MIN = 0.22
"""The least that is shown of a photo's width: what is nearer shows no house any more."""
WIDE, HIGH = 4.0, 3.0
DOT_SHARE, LETTER_SHARE = 0.009, 0.045

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A photo as the page shows it: `box` is the window on it, in pixels of the upright original."""

    shown: Shown
    box: Box

    @property
    def view(self) -> str:
        """The window, as SVG has it."""
        return " ".join(f"{value:.1f}" for value in self.box)

    @property
    def dot(self) -> float:
        """Radius of an end."""
        return self.box[2] * DOT_SHARE

    @property
    def letters(self) -> float:
        """Height of the names."""
        return self.box[2] * LETTER_SHARE

    def path(self, line: Line) -> str:
        """A line as SVG has it; an outline comes back to where it began."""
        points = " L".join(f"{x:.1f} {y:.1f}" for x, y in line.points)
        return f"M{points}" + ("" if len(line.points) == 2 else " Z")  # noqa: PLR2004  its ends

    def middle(self, line: Line) -> Pixel:
        """Where a line's name stands: in the middle of what the window shows of it."""
        left, top, width, height = self.box
        inside = [
            (min(max(x, left), left + width), min(max(y, top), top + height))
            for x, y in line.points
        ]
        x, y = (sum(one) / len(inside) for one in zip(*inside, strict=True))
        return x, y


@get("/jobs/{job_id:int}/measurements/{part:str}")
async def proof(
    page: OrgScope, *, services: Services, job_id: int, part: str, request: AnyRequest
) -> Page:
    """The numbers of one part and the photos that prove them; the piece of the page for a script."""
    job = await jobs.find(page, job_id=row_id(job_id))
    found = await published.measured(page, services.storage, job=job, part=part)
    all_of_it = measured(found.record)
    index = next((n for n, one in enumerate(all_of_it.parts) if one.id == part), None)
    if index is None:
        raise NotFound
    values = {
        "job": job,
        "measured": all_of_it,
        "part": all_of_it.parts[index],
        "drawings": await _drawings(page, services, found=found, part=part),
        **_neighbours(all_of_it.parts, index),
    }
    if by_script(request):
        return html(await piece(page, "desk/proof_panel.html", **values))
    return await screen(page, "desk/proof.html", place="jobs", **values)


async def _drawings(
    scope: OrgScope, services: Services, *, found: Published, part: str
) -> list[Drawing]:
    shown = await published.shown(scope, services.storage, found=found, part=part)
    return [Drawing(shown=one, box=_window(one)) for one in shown]


def _neighbours(parts: Sequence[Part], index: int) -> dict[str, Part | None]:
    """The parts before and after, for somebody who looks at all of them."""
    return {
        "previous": parts[index - 1] if index else None,
        "following": parts[index + 1] if index + 1 < len(parts) else None,
    }


def _window(shown: Shown) -> Box:
    """(left, top, width, height) of the part of a photo that is shown: four to three, within it."""
    whole = (float(shown.photo.width), float(shown.photo.height))
    points = [point for line in shown.lines for point in line.points]
    spans = [
        _within([point[axis] for point in points], edge=edge) for axis, edge in enumerate(whole)
    ]
    drawn = [(high - low) * (1 + 2 * ROOM) for low, high in spans]
    width = max(drawn[0], drawn[1] * WIDE / HIGH, whole[0] * SHARE_MIN)
    width = min(width, whole[0], whole[1] * WIDE / HIGH)
    sizes = (width, width * HIGH / WIDE)
    starts = [
        min(max((low + high - size) / 2, 0.0), edge - size)
        for (low, high), size, edge in zip(spans, sizes, whole, strict=True)
    ]
    return starts[0], starts[1], sizes[0], sizes[1]


def _within(values: Sequence[float], *, edge: float) -> tuple[float, float]:
    """From the least to the largest, as far as the photo reaches."""
    inside = [min(max(value, 0.0), edge) for value in values]
    return min(inside), max(inside)
