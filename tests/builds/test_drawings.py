"""What hides what, from every side: the order in which faces are painted, and their labels."""

import pytest

from doorstep.builds.drawings.views import picture_of
from doorstep.builds.measured.record import Measure, Opening, Point, Record, Slope, Wall


def wall(name: str, side: str, one: tuple[float, float], *, other: tuple[float, float],
         high: float) -> Wall:  # fmt: skip
    (ax, ay), (bx, by) = one, other
    corners = ((ax, ay, 0.0), (bx, by, 0.0), (bx, by, high), (ax, ay, high))
    wide = abs(ax - bx) + abs(ay - by)
    return Wall(
        id=name,
        side=side,
        corners=corners,
        width=Measure(value=wide),
        height=Measure(value=high),
    )


# A house of 12 by 8 metres, and a low wing of 4 by 3 before the left half of its front.
MAIN = (
    wall("SI-1", "front", (-6, -4), other=(6, -4), high=5),
    wall("SI-2", "right", (6, -4), other=(6, 4), high=5),
    wall("SI-3", "back", (6, 4), other=(-6, 4), high=5),
    wall("SI-4", "left", (-6, 4), other=(-6, -4), high=5),
)
WING = (
    wall("SI-5", "front", (-6, -7), other=(-2, -7), high=2.5),
    wall("SI-6", "right", (-2, -7), other=(-2, -4), high=2.5),
    wall("SI-7", "left", (-6, -4), other=(-6, -7), high=2.5),
)
SLAB: tuple[Point, ...] = ((-6.3, -4.3, 5), (6.3, -4.3, 5), (6.3, 4.3, 5), (-6.3, 4.3, 5))
HOUSE = Record(
    scale="the printed sheet in the photos",
    walls=(*MAIN, *WING),
    roof=(Slope(id="RF-1", side="front", corners=SLAB),),
)


@pytest.mark.parametrize(
    ("side", "order"),
    [
        ("front", ["SI-1", "SI-5"]),
        ("front_right", ["SI-1", "SI-5", "SI-6", "SI-2", "RF-1"]),
        ("right", ["SI-6", "SI-2"]),
        ("back", ["SI-3"]),
        ("left_front", ["SI-1", "SI-5", "SI-7", "SI-4", "RF-1"]),
    ],
)
def test_what_is_in_front_is_painted_last(side: str, order: list[str]) -> None:
    picture = picture_of(HOUSE, side)
    assert picture is not None
    names = [shape.label[0] if shape.label else "" for shape in picture.shapes]
    assert sorted(names) == sorted(order)
    for before, after in (("SI-1", "SI-5"), ("SI-1", "SI-6"), ("SI-1", "SI-7"), ("SI-2", "RF-1")):
        if before in names and after in names:
            assert names.index(before) < names.index(after)


def test_a_hidden_face_has_no_label_and_one_half_hidden_has_it_beside() -> None:
    whole = wall("SI-8", "front", (-7, -9), other=(7, -9), high=6)
    picture = picture_of(Record(scale="x", walls=(*MAIN, whole)), "front")
    assert picture is not None
    assert [shape.label[:1] for shape in picture.shapes] == [(), ("SI-8",)]

    half = wall("SI-9", "front", (-5, -9), other=(1, -9), high=6)
    picture = picture_of(Record(scale="x", walls=(*MAIN, half)), "front")
    assert picture is not None
    behind, _ = picture.shapes
    assert behind.label[0] == "SI-1"
    assert behind.label_at == (3.5, 2.5)


def test_openings_are_drawn_on_their_wall_and_its_label_beside_them() -> None:
    hole: tuple[Point, ...] = ((-1, -4, 1.5), (1, -4, 1.5), (1, -4, 3.5), (-1, -4, 3.5))
    size = Measure(value=2)
    window = Opening(id="W-1", wall="SI-1", kind="window", width=size, height=size, corners=hole)
    picture = picture_of(Record(scale="x", walls=MAIN, openings=(window,)), "front")
    assert picture is not None
    wall_shape, drawn = picture.shapes
    assert (drawn.kind, drawn.label, drawn.label_at) == ("opening", ("W-1",), (0, 2.5))
    x, y = wall_shape.label_at
    assert not (-1 <= x <= 1 and 1.5 <= y <= 3.5)
    behind = picture_of(Record(scale="x", walls=MAIN, openings=(window,)), "back")
    assert behind is not None
    assert [shape.kind for shape in behind.shapes] == ["wall"]


def test_each_side_is_seen_from_outside() -> None:
    for side, own in (("front", "SI-1"), ("right", "SI-2"), ("back", "SI-3"), ("left", "SI-4")):
        picture = picture_of(Record(scale="x", walls=MAIN), side)
        assert picture is not None
        (shape,) = picture.shapes
        assert shape.label[0] == own
        # Its left end on paper is the left end as seen from outside, where its outline begins.
        assert shape.points[0][0] < shape.points[1][0]


def test_a_roof_that_is_not_whole_stands_on_its_walls() -> None:
    picture = picture_of(HOUSE, "roof")
    assert picture is not None
    assert [stroke.kind for stroke in picture.strokes] == []
    bare = Record(scale="x", walls=MAIN)
    above = picture_of(bare, "roof")
    assert above is not None
    assert [stroke.kind for stroke in above.strokes] == ["ground"] * 4
