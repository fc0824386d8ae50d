"""`doorstep measure`: a folder of photos becomes a model and measurements, without a server."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TextIO

from cyclopts import Parameter

from doorstep.builds import measuring
from doorstep.cli.known_sizes import read_lengths, read_marker
from doorstep.kit.errors import BadRequest

BAR_CHARACTERS = 24
LINE_CHARACTERS = 78
SOURCES = {
    "marker": "the sheet of markers",
    "known_length": "a known length",
    "device": "the phone",
}
SIGMAS_OF_90_PERCENT = 1.645


class Said(Protocol):
    """What the engine says while it works; `done` goes from 0 to 1."""

    @property
    def done(self) -> float:
        """Share of the whole run."""

    @property
    def stage(self) -> str:
        """A stage's name."""

    @property
    def text(self) -> str:
        """For people."""


def measure(
    photos: Path,
    *,
    out: Path,
    marker: Annotated[list[Path] | None, Parameter(consume_multiple=True, negative="")] = None,
    points: Path | None = None,
    no_scale: Annotated[bool, Parameter(negative="")] = False,
    preset: Literal["normal", "fast"] = "normal",
) -> None:
    """Measure a house from photos of a walk round it; exit status 1 when they do not suffice.

    Parameters
    ----------
    photos
        Folder of 30 to 60 photos, named in the order in which they were taken.
    out
        Folder for the model, the measurements and the proofs. Its `work` may be deleted.
    marker
        A sheet of markers hung at the house: alone, the one that `doorstep sheet` prints,
        which is also looked for without this option; with a FILE, the one described there.
    points
        JSON file of lengths known to you, each with its ends in two photos or more.
    no_scale
        Shapes and pitches only, no metres.
    preset
        `fast` for small photos, or for a first look.
    """
    if marker and len(marker) > 1:
        raise BadRequest("--marker takes one FILE; the folder of photos comes before it.")
    if no_scale and (marker is not None or points is not None):
        raise BadRequest("--no-scale goes with neither --marker nor --points.")
    names = {path.name for path in measuring.photos_in(photos)}
    sheet = read_marker(marker[0]) if marker else {}
    asked = measuring.Asked(
        marker=None if no_scale else sheet,
        lengths=read_lengths(points, photos=names) if points else [],
        preset=preset,
    )
    shown = Display(sys.stderr)
    try:
        record = measuring.measure(photos, out, asked=asked, tell=shown.show)
    finally:
        shown.close()
    for line in summary(record, out=out):
        sys.stdout.write(line + "\n")


@dataclass
class Display:
    """Progress on one line of a terminal that is written anew; elsewhere a line a stage."""

    stream: TextIO
    started: float = field(default_factory=time.monotonic)
    _stage: str = ""
    _width: int = 0

    def show(self, said: Said) -> None:
        """Tell how far it has come."""
        if self.stream.isatty():
            line = self._line(said)[:LINE_CHARACTERS]
            self.stream.write(f"\r{line:<{self._width}}")
            self._width = len(line)
        elif said.stage != self._stage:
            self.stream.write(f"{said.done:4.0%}  {said.text}\n")
        self._stage = said.stage
        self.stream.flush()

    def _line(self, said: Said) -> str:
        full = round(BAR_CHARACTERS * said.done)
        bar = "#" * full + "." * (BAR_CHARACTERS - full)
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        return f"[{bar}] {said.done:4.0%}  {minutes}:{seconds:02}  {said.text}"

    def close(self) -> None:
        """Leave the line for what comes after."""
        if self._width:
            self.stream.write("\n")


def summary(record: dict[str, Any], *, out: Path) -> Iterator[str]:
    """The measurements as a table for people, with their ranges, and what was not seen."""
    photos, scale = record["photos"], record["scale"]
    yield f"{photos['registered']} of {photos['given']} photos joined."
    if scale["source"] == "none":
        yield "No scale: shapes and pitches only, no metres."
    else:
        share = SIGMAS_OF_90_PERCENT * scale["relative_uncertainty"]
        yield f"Scale from {SOURCES[scale['source']]}, 90 % within {share:.1%}."
    yield from _whole(record)
    yield from _walls(record)
    yield from _openings(record)
    yield from _roof(record)
    yield from _edges(record)
    if record["unseen"]:
        yield "\nNot seen"
        for each in record["unseen"]:
            yield f"  {each['what']}: {each['why'].rstrip('.')}. Needed: {each['ask_for']}."
    yield f"\nAll of it, with model.glb and the proofs in the photos: {out}"


def _whole(record: dict[str, Any]) -> Iterator[str]:
    """The house as a whole, where there is a scale."""
    footprint, height = record.get("footprint"), record.get("ridge_height_m")
    if footprint:
        area, share = footprint["area_m2"], footprint.get("range", 0.0)
        round_it = _number(footprint["perimeter_m"], footprint.get("perimeter_range_m"))
        yield f"Footprint {_number(area, area * share, digits=1)} m2, {round_it} m round."
    if height:
        yield f"Ridge {_number(height, record.get('ridge_height_range_m'))} m above the ground."


def _openings(record: dict[str, Any]) -> Iterator[str]:
    """Windows, doors and garage doors, each with its wall."""
    openings = record.get("openings", [])
    if openings:
        yield f"\n{'Opening':9}{'kind':13}{'wall':8}{'width m':>16}{'height m':>16}"
    for each in openings:
        width = _number(each["width_m"], each.get("width_range_m", each["range_m"]))
        height = _number(each["height_m"], each.get("height_range_m", each["range_m"]))
        kind = each["kind"].replace("_", " ")
        yield f"{each['id']:9}{kind:13}{each['wall']:8}{width:>16}{height:>16}"


def _walls(record: dict[str, Any]) -> Iterator[str]:
    if record["walls"]:
        yield f"\n{'Wall':7}{'side':8}{'width m':>16}{'height m':>18}{'area m2':>16}{'seen':>7}"
    for wall in record["walls"]:
        share = wall.get("range", 0.0)
        width = _number(wall.get("width_m"), wall.get("width_range_m"))
        height = wall.get("height_m")
        off = wall.get("height_range_m", height and height * share)
        area = wall.get("area_m2")
        yield (
            f"{wall['id']:7}{wall['side']:8}{width:>16}"
            f"{_number(height, off):>18}"
            f"{_number(area, area and area * share, digits=1):>16}{wall['seen']:7.0%}"
        )


def _roof(record: dict[str, Any]) -> Iterator[str]:
    if record["roof"]:
        yield f"\n{'Roof':7}{'side':8}{'pitch deg':>16}{'pitch of 12':>18}{'area m2':>16}{'seen':>7}"
    for slope in record["roof"]:
        area = slope.get("area_m2")
        pitch = _number(slope["pitch_deg"], slope["pitch_range_deg"], digits=1)
        yield (
            f"{slope['id']:7}{slope['side']:8}{pitch:>16}{slope['pitch_over_12']:>18.1f}"
            f"{_number(area, area and area * slope['range'], digits=1):>16}{slope['seen']:7.0%}"
        )


def _edges(record: dict[str, Any]) -> Iterator[str]:
    """How many of each kind, and how long they are together."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for edge in record["edges"]:
        kinds.setdefault(edge["type"].replace("_", " "), []).append(edge)
    if kinds:
        yield f"\n{'Edges':23}{'number':>8}{'together m':>18}"
    for kind, edges in sorted(kinds.items()):
        lengths = [edge["length_m"] for edge in edges if "length_m" in edge]
        total = f"{sum(lengths):.2f}" if lengths else "-"
        yield f"{kind:23}{len(edges):>8}{total:>18}"


def _number(value: float | None, spread: float | None, *, digits: int = 2) -> str:
    if value is None:
        return "-"
    return f"{value:.{digits}f}" + (f" ±{spread:.{digits}f}" if spread else "")
