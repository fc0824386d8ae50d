"""`python -m tests.houses --out DIR --photos 36 --size 640x480 --seed 1 --kind gable`."""

import argparse
import sys
from pathlib import Path

from tests.houses.album import Order, write_album, write_video
from tests.houses.phones import MIXES
from tests.houses.plan import KINDS


def main() -> int:
    asked = _parse()
    width, height = (int(edge) for edge in asked.size.split("x"))
    order = Order(
        kind=asked.kind,
        seed=asked.seed,
        photos=asked.photos,
        size=(width, height),
        finish=asked.finish,
        marker=asked.marker,
        close_photos=asked.close,
        bare=asked.bare,
        street=asked.street,
        mix=tuple(asked.mix),
        recess=asked.recess,
    )
    if asked.out:
        paths = write_album(asked.out, order)
        sys.stdout.write(f"{len(paths)} photos in {asked.out / 'images'}\n")
    if asked.video:
        write_video(asked.video, order)
        sys.stdout.write(f"{order.photos} frames in {asked.video}\n")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.houses")
    parser.add_argument("--out", type=Path, help="folder for images/ and truth.json")
    parser.add_argument("--video", type=Path, help="file for the walk as a video, .mp4 or .avi")
    parser.add_argument("--kind", choices=KINDS, default="gable")
    parser.add_argument("--finish", choices=("brick", "siding", "stucco"))
    parser.add_argument("--photos", type=int, default=36, help="photos, or frames of the video")
    parser.add_argument("--close", type=int, default=0, help="further photos near the front")
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bare", action="store_true", help="no plants, the same lawn all round")
    parser.add_argument("--street", action="store_true", help="neighbours and a chimney")
    parser.add_argument("--mix", nargs="*", choices=MIXES, default=[], help="as phones leave them")
    parser.add_argument("--recess", action="store_true", help="openings behind the walls' faces")
    parser.add_argument("--marker", action="store_true", help="hang marker sheets on the walls")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
