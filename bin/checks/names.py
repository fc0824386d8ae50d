"""No drawer for odds and ends: a file is called after what is in it."""

import re
import sys

from source import Finding, files, report

FORBIDDEN = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "lib"}


def main() -> int:
    """Check the name of every source file; the exit status."""
    return report(
        Finding(path, 1, "names", f"{path.name} says nothing: name it after its noun")
        for path in files("src/*.py", "tests/*.py", "frontend/*.ts", "bin/*.py", "bench/*.py")
        if FORBIDDEN & set(re.split(r"[_\W]", path.stem.lower()))
    )


if __name__ == "__main__":
    sys.exit(main())
