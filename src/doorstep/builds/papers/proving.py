"""The report's sections on windows and doors, and on how the scale was found."""

from typing import Any

from reportlab.platypus import CondPageBreak, Spacer, Table

from doorstep.builds.measured.openings import area_of, areas_of, kind_of
from doorstep.builds.measured.scale import SIGMAS_OF_90_PERCENT, Witness
from doorstep.builds.measured.words import in_inches, ranged
from doorstep.builds.papers.paper import Paper
from doorstep.builds.papers.styles import TABLE_ROOM, WIDTH, heading, ruled, said

ROWS_MAX = 200
SIZES = (0.14, 0.16, 0.12, 0.2, 0.2, 0.18)
WITNESS_SIZES = (0.22, 0.2, 0.12, 0.16, 0.3)
Story = list[Any]


def openings(paper: Paper) -> Story:
    """Every window and door with its sizes, and what they come to."""
    found = paper.record.openings[:ROWS_MAX]
    if not found:
        return []
    rows = [["Opening", "Kind", "Wall", "Width", "Height", "Area"]]
    rows += [
        [
            one.id,
            kind_of(one),
            one.wall,
            ranged(in_inches(one.width), unit=" in"),
            ranged(in_inches(one.height), unit=" in"),
            ranged(area_of(one), unit=" sq ft", places=0),
        ]
        for one in found
    ]
    rows.append(["Together", *[""] * 4, ranged(areas_of(found), unit=" sq ft", places=0)])
    table = Table(rows, colWidths=[WIDTH * share for share in SIZES], repeatRows=1, style=ruled())
    text = "Those that three photos or more show as a whole; there may be others."
    return [
        *(Spacer(1, 16), CondPageBreak(TABLE_ROOM)),
        *(heading("Windows and doors"), said(text, 9, quiet=True), table),
    ]


def scale(paper: Paper) -> Story:
    """Where the metres come from, and how far each witness is from what came of all."""
    record = paper.record
    if not record.scale:
        return []
    text = f"Photos show shapes; the sizes come from {record.scale}."
    if record.scale_share:
        share = SIGMAS_OF_90_PERCENT * record.scale_share
        text += f" All lengths share its range of ± {100 * share:.1f} %, which is part of each of theirs."
    story: Story = [
        *(Spacer(1, 16), CondPageBreak(TABLE_ROOM)),
        *(heading("How the scale was found"), said(text)),
    ]
    if not paper.witnesses:
        return story
    rows = [["Witness", "Kind", "Photos", "Range", "Compared with the scale"]]
    rows += [_witness(one) for one in paper.witnesses]
    sizes = [WIDTH * share for share in WITNESS_SIZES]
    return [*story, Spacer(1, 6), Table(rows, colWidths=sizes, repeatRows=1, style=ruled())]


def _witness(one: Witness) -> list[str]:
    compared = f"{round(100 * one.off, 1) + 0:+.1f} %" if one.used else f"left out: {one.reason}"
    return [one.name, one.source, f"{one.photos}", f"± {100 * one.range:.1f} %", compared]
