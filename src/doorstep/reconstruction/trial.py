"""Whether the engine runs on this machine: `python -m doorstep.reconstruction.trial`.

Loads its libraries and has the largest of them work on a picture of noise, in a process of its own:
what was built for another processor dies by a signal, and then only this process does.
"""

import sys

import numpy as np

SEED = 7
SIDE_PIXELS = 160
POINTS_MIN = 10


def main() -> int:
    """Print which libraries work; exit status 1 when one does not do what it should."""
    import cv2
    import pycolmap
    import trimesh

    pycolmap.logging.minloglevel = pycolmap.logging.Level.WARNING.value
    noise = np.random.default_rng(SEED).integers(0, 255, (SIDE_PIXELS, SIDE_PIXELS), np.uint8)
    picture = cv2.GaussianBlur(noise, (0, 0), 2.0)
    extractor = pycolmap.FeatureExtractor.create(device=pycolmap.Device.cpu)
    points, _ = extractor.extract(pycolmap.Bitmap.from_array(picture))
    sys.stdout.write(
        f"pycolmap {pycolmap.__version__}, OpenCV {cv2.__version__}, trimesh {trimesh.__version__}\n"
    )
    return 0 if len(points) >= POINTS_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
