"""Which upright steps on a wall count."""

import numpy as np

from doorstep.reconstruction.geometry.steps import Uprights

PER_UNIT, SHAPE = 50.0, (150, 200)
SHEET = (slice(60, 92), slice(80, 112))


def test_steps_of_a_sheet_of_markers_are_no_sides_and_a_door_s_beside_it_are() -> None:
    """The door's side, at column 84, goes on above and below the sheet; those of its markers end on it."""
    steps = np.full(SHAPE, 0.5, np.float32)
    steps[62:90, 90] = steps[62:90, 100] = 60.0
    steps[:105, 84] = 40.0
    sheets = np.zeros(SHAPE, bool)
    sheets[SHEET] = True

    found = Uprights(steps, steps).without_sheets(sheets, per_unit=PER_UNIT)

    for side in (found.left, found.right):
        assert (side[:105, 84] == 40.0).all()
        assert side[62:90, (90, 100)].max() == 0.0
        assert (side[:60, 120] == 0.5).all()
