"""Walls, roof slopes and edges, in the house's own frame."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import read_views
from doorstep.reconstruction.geometry.assembly import assemble
from doorstep.reconstruction.geometry.blocks import (
    SAME_LINE,
    Block,
    find_plan,
    inner_sides,
    joined_spans,
    leaning,
    with_slopes,
)
from doorstep.reconstruction.geometry.boards import HEIGHT_MAX, HEIGHT_MIN
from doorstep.reconstruction.geometry.eaves import Edges, find_edges
from doorstep.reconstruction.geometry.lines import STEP_PX, Photographed
from doorstep.reconstruction.geometry.outlines import with_outlines
from doorstep.reconstruction.geometry.planes import (
    DIRECTIONS,
    Cloud,
    Wall,
    find_walls,
    sharpen,
)
from doorstep.reconstruction.geometry.ranges import (
    SlopeDoubt,
    ground_sigma,
    slope_doubt,
    wall_sigmas,
)
from doorstep.reconstruction.geometry.seams import built_alike
from doorstep.reconstruction.geometry.slopes import (
    Slope,
    are_one_roof,
    find_slopes,
    sharpen_slope,
)
from doorstep.reconstruction.geometry.spreading import Build, Doubts, with_ranges
from doorstep.reconstruction.options import Options, StructureOptions
from doorstep.reconstruction.photos import read_blue, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.squared import Squared, read_squared
from doorstep.reconstruction.structure import FLAT, Structure, Surface, write_structure
from doorstep.reconstruction.workspace import (
    POINTS,
    SCALE,
    STRUCTURE,
    read_arrays,
    read_json,
)

NAME = "structure"
VERSION = 16
TITLE = "Making out walls and roof"
OUTPUTS = (STRUCTURE,)

# Without a scale, a house in its box is taken to be this long across, to find things by size.
DIAGONAL_M_GUESS = 18.0
BOARDS_MIN = 2
# A line is sought by the colours so many pixels to both sides of it: where between them it lies
# shows no photo, nor all of them, and any place is as likely.
LINE_PX = STEP_PX / float(np.sqrt(3))

Matrix = NDArray[np.float64]


def options_of(options: Options) -> StructureOptions:
    """The part of the options that this stage depends on."""
    return options.structure


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write `structure.json`; what cannot be made out is left out, never made up."""
    del options
    unit = _unit(workspace)
    squared = read_squared(workspace, unit=unit)
    cloud, sparse, pixel = squared.cloud, squared.sparse, squared.pixel
    dense_walls = find_walls(cloud, unit)
    walls = [sharpen(wall, sparse, unit=unit) for wall in dense_walls]
    plan = find_plan(walls, unit=unit)
    dense_slopes = find_slopes(cloud, unit, above=1.5 * unit)
    slopes = [sharpen_slope(slope, sparse, unit=unit) for slope in dense_slopes]
    figures = {"walls": len(walls), "slopes": len(slopes), "unit": round(unit, 4)}
    if plan is None:
        write_structure(workspace, None)
        return StageReport(NAME, {**figures, "found": False})
    step(0.3, TITLE)
    photographed = _photographed(workspace, squared)
    blocks = with_outlines(
        with_slopes(plan, slopes, unit=unit), photographed, cloud=cloud, unit=unit
    )
    front = _front(workspace, squared, walls=walls)
    roofs = _roofs(blocks, photographed, unit=unit, step=step)
    structure = assemble(blocks, roofs, walls=walls, cloud=cloud, photos=photographed, unit=unit)
    sigmas = wall_sigmas(
        dense_walls, walls, cloud=cloud, sparse=sparse, blur=squared.blur, unit=unit
    )
    doubts = Doubts(
        lines=_lines_in_doubt(blocks, walls, sigmas=sigmas, unit=unit),
        boards=[_boards_in_doubt(edges) for edges in roofs],
        slopes=[
            _slopes_in_doubt(edges, dense_slopes, cloud=cloud, unit=unit, pixel=pixel)
            for edges in roofs
        ],
        thickness=[_thickness_in_doubt(roofs, unit=unit, pixel=pixel)] * len(roofs),
        ground=ground_sigma(cloud, unit=unit),
        walls_out=squared.blur,
        boards_out=pixel / 2,
    )
    build = _build(walls, unit=unit)
    structure = with_ranges(structure, (blocks, roofs), doubts=doubts, build=build)
    structure = _in_own_frame(structure, squared, block=blocks[0], front=front)
    structure = replace(structure, footprint_area=plan.area, footprint_perimeter=plan.perimeter)
    write_structure(workspace, structure)
    return StageReport(
        NAME,
        {
            **figures,
            "found": True,
            "blocks": len(blocks),
            "surfaces": {surface.id: round(surface.seen, 2) for surface in structure.surfaces},
            "edges": len(structure.edges),
        },
    )


def _unit(workspace: Path) -> float:
    """About a metre in units of the model."""
    scale = read_json(workspace / SCALE)["metres_per_unit"]
    if scale:
        return 1.0 / float(scale)
    region = read_arrays(workspace / POINTS)["region"]
    return float(np.linalg.norm(region[1] - region[0])) / DIAGONAL_M_GUESS


def _front(workspace: Path, squared: Squared, *, walls: list[Wall]) -> int:
    """The direction the front faces: where the sheet called front hangs, or the walk began."""
    views = read_views(workspace)
    boards = read_json(workspace / SCALE).get("places", {})
    if "front" in boards:
        place = squared.turn @ np.array(boards["front"])
        nearest = min(walls, key=lambda w: abs(place[:2] @ DIRECTIONS[w.facing] - w.offset))
        return nearest.facing
    towards = squared.turn @ views[0].looks
    return int(np.argmin(DIRECTIONS @ towards[:2]))


def _photographed(workspace: Path, squared: Squared) -> list[Photographed]:
    photos = {photo.file: photo for photo in used_photos(workspace)}
    result = []
    for view in read_views(workspace):
        rotation = view.rotation @ squared.turn.T
        lowered = view.translation + rotation @ np.array([0, 0, squared.ground])
        moved = replace(view, rotation=rotation, translation=lowered)
        result.append(Photographed(moved, read_blue(workspace, photos[view.file])))
    return result


def _roofs(
    blocks: list[Block], photos: Sequence[Photographed], *, unit: float, step: Step
) -> list[Edges | None]:
    roofs: list[Edges | None] = []
    for number, block in enumerate(blocks):
        step(0.3 + 0.5 * number / len(blocks), TITLE)
        roofs.append(
            find_edges(
                block,
                photos,
                unit=unit,
                inner=inner_sides(blocks, number, unit=unit),
                joined=joined_spans(blocks, number, unit=unit),
            )
        )
    roofs = [_like_house(blocks, number, roofs=roofs, unit=unit) for number in range(len(blocks))]
    thick = next((edges.roof.thickness for edges in roofs if edges is not None), None)
    # One builder, one board: the largest block shows it best.
    return [
        replace(edges, roof=replace(edges.roof, thickness=thick)) if edges and thick else edges
        for edges in roofs
    ]


def _like_house(
    blocks: list[Block], number: int, *, roofs: Sequence[Edges | None], unit: float
) -> Edges | None:
    """A block's roof; one with unclear edges that is one with a larger block's has edges like it."""
    roof = roofs[number]
    for other in leaning(blocks, number, unit=unit).values():
        house = roofs[other]
        one = are_one_roof(blocks[number].slopes, blocks[other].slopes, unit=unit)
        if one and roof is not None and roof.doubtful and house is not None and house.sides:
            inner = inner_sides(blocks, number, unit=unit)
            return built_alike(roof, blocks[number], house=house, inner=inner)
    return roof


def _build(walls: list[Wall], *, unit: float) -> Build:
    """Puts the house's shape together, without asking which points and photos show it."""
    nothing = Cloud(np.zeros((0, 3)), np.zeros((0, 3)), cell=1.0)

    def build(blocks: Sequence[Block], roofs: Sequence[Edges | None]) -> Structure:
        return assemble(blocks, roofs, walls=walls, cloud=nothing, photos=(), unit=unit)

    return build


def _lines_in_doubt(
    blocks: Sequence[Block], walls: Sequence[Wall], *, sigmas: Sequence[float], unit: float
) -> dict[tuple[int, float], float]:
    """By axis and place of each line that sides of blocks stand on, its standard deviation."""
    lines = {}
    for axis, block in product((0, 1), blocks):
        for place in (block.low[axis], block.high[axis]):
            near = [
                (abs(wall.offset * DIRECTIONS[wall.facing][axis] - place), sigma)
                for wall, sigma in zip(walls, sigmas, strict=True)
                if wall.facing % 2 == axis
            ]
            apart, sigma = min(near, default=(np.inf, unit))
            lines[axis, place] = sigma if apart < SAME_LINE * unit else SAME_LINE * unit
    return lines


def _boards_in_doubt(edges: Edges | None) -> dict[int, float]:
    return {facing: board.sigma for facing, board in edges.sides.items()} if edges else {}


def _slopes_in_doubt(
    edges: Edges | None, found: Sequence[Slope], *, cloud: Cloud, unit: float, pixel: float
) -> list[SlopeDoubt]:
    """Of each slope; a flat roof is as high as its boards, which all photos blur alike."""
    doubts = []
    for slope in edges.roof.slopes if edges else ():
        if slope.hidden is not None:
            doubts.append(SlopeDoubt(level=LINE_PX * pixel, tangent=0.0, middle=0.0))
            continue
        own = (one for one in found if one.facing == slope.facing and one.span == slope.span)
        doubt = slope_doubt(slope, next(own, None), cloud=cloud, unit=unit)
        told = edges.tangent_sigma if edges else None
        doubts.append(doubt if told is None else replace(doubt, tangent=told))
    return doubts


def _thickness_in_doubt(roofs: Sequence[Edges | None], *, unit: float, pixel: float) -> float:
    """From how unlike the boards of a house are; where none is seen, any height is as likely.

    Both lines of a board are blurred alike in all photos, which more of them do not average out.
    """
    heights = [b.height for edges in roofs if edges for b in edges.sides.values() if b.photos]
    if len(heights) < BOARDS_MIN:
        return (HEIGHT_MAX - HEIGHT_MIN) * unit / float(np.sqrt(12))
    unlike = float(np.std(heights, ddof=1)) / float(np.sqrt(len(heights)))
    return float(np.linalg.norm([unlike, LINE_PX * pixel, LINE_PX * pixel]))


def _in_own_frame(structure: Structure, squared: Squared, *, block: Block, front: int) -> Structure:
    """Turned so that the front faces -y, with the largest block's middle at the origin."""
    angle = np.pi / 2 * ((3 - front) % 4)
    cosine, sine = round(np.cos(angle)), round(np.sin(angle))
    quarter = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1.0]])
    middle = np.array([*(np.array(block.low) + np.array(block.high)) / 2, 0.0])
    shift = -quarter @ (middle + np.array([0, 0, squared.ground]))

    def own(points: Matrix) -> Matrix:
        return np.asarray((points - middle) @ quarter.T)

    return replace(
        structure,
        turn=quarter @ squared.turn,
        shift=shift,
        surfaces=tuple(
            replace(s, corners=own(s.corners), side=_side(s, front=front))
            for s in structure.surfaces
        ),
        edges=tuple(replace(e, ends=own(e.ends)) for e in structure.edges),
    )


def _side(surface: Surface, *, front: int) -> str:
    """From a direction's number to the side's name; the front is direction 3 in its own frame."""
    if surface.hidden_tangent is not None:
        return FLAT
    return ("right", "back", "left", "front")[(int(surface.side) - front + 3) % 4]
