"""A quick look at the views while the person is still there: `python -m doorstep.reconstruction.coverage FOLDER`.

FOLDER holds `views.json`, `{"views": [{"file", "phone", "spot"}], "skipped": [spot, ...]}` in the
order of capture, and the files of details that it names. What was found goes to stdout as JSON.
It takes a second where a model takes minutes, and says only where neighbours do not overlap.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path

NICENESS = 5
MEMORY_BYTES_MAX = 2 << 30
CPU_SECONDS_MAX = 30
# So many shared details do not come about between walls that only look alike: on rendered houses
# opposite sides share 32 at most, and photos 10 degrees apart 70 and more where no tree hides it.
SHARED_MIN = 35


def main(arguments: list[str]) -> int:
    """Set the limits, look, print; the exit status."""
    (folder,) = arguments
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES_MAX),
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    os.nice(NICENESS)
    sys.stdout.write(json.dumps(look(Path(folder))))
    return 0


def look(folder: Path) -> dict[str, object]:
    """The coverage of the views that the folder's list names."""
    import cv2

    from doorstep.reconstruction.overlap import Details, shared_details
    from doorstep.reconstruction.ring import View, judge

    cv2.setNumThreads(1)
    asked = json.loads((folder / "views.json").read_text("utf-8"))
    details = [Details.read((folder / view["file"]).read_bytes()) for view in asked["views"]]
    found = judge(
        [View(phone=view["phone"], spot=view["spot"]) for view in asked["views"]],
        lambda one, other: shared_details(details[one], details[other]) >= SHARED_MIN,
        skipped=frozenset(asked["skipped"]),
    )
    return asdict(found)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
