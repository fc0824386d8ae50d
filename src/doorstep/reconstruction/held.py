"""How a phone was held: between the picture as its sensor saw it, and the same one upright.

A lens is fixed to its sensor. Its middle is off to one side of the sensor, whichever way the phone is
held, so that upright and level photos tell the same five numbers of one lens when their details are
counted along the sensor. Quarters are those clockwise that lead from the sensor's picture to the
upright one.
"""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

# What EXIF calls it when the sensor's picture is not upright. Mirrored pictures are not told apart:
# no phone's main camera makes them.
QUARTERS = {6: 1, 3: 2, 8: 3}


def quarters(orientation: int, size: tuple[int, int]) -> int:
    """Of an upright photo (width, height), by EXIF's orientation of it.

    One higher than wide that says nothing was turned by whoever passed it on: phones are held
    upright one way, hardly ever upside down.
    """
    return QUARTERS.get(orientation, int(size[1] > size[0]))


def sensor_size(size: tuple[int, int], quarters: int) -> tuple[int, int]:
    """Width and height of the sensor's picture, from those of the upright one."""
    return size[::-1] if quarters % 2 else size


def on_sensor(places: Matrix, *, size: tuple[int, int], quarters: int) -> Matrix:
    """Places (n x 2, counted from the corner) of an upright photo of that size."""
    x, y = places.T
    width, height = size
    turned = {0: (x, y), 1: (y, width - x), 2: (width - x, height - y), 3: (height - y, x)}
    return np.stack(turned[quarters], axis=1)


def in_upright(place: Matrix, *, size: tuple[int, int], quarters: int) -> Matrix:
    """The other way: where a place (2, counted from the corner) of the sensor is in that photo."""
    back = on_sensor(place[None], size=sensor_size(size, quarters), quarters=-quarters % 4)
    return np.asarray(back[0])


def to_upright(quarters: int) -> Matrix:
    """Rotation (3 x 3) from the frame of the camera on its sensor to that of the upright photo."""
    cosine, sine = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])[quarters]
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
