"""The engine as a process of its own: `python -m doorstep.reconstruction WORKSPACE`.

Progress goes to stdout as JSON lines; exit code 0 means `report.json` is there, 1 that
`failure.json` is. Native code may abort the process, so callers run it through `child.py`.
"""

import argparse
import json
import os
import resource
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from doorstep.reconstruction import Options, ReconstructionFailed, failures
from doorstep.reconstruction.progress import Progress

EXIT_OK, EXIT_FAILED, EXIT_CANCELLED = 0, 1, 143
NICENESS = 10


def main(arguments: list[str] | None = None) -> int:
    """Set the limits, run, and answer with an exit code."""
    asked = _parse(arguments)
    os.nice(NICENESS)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if asked.memory_gib:
        limit = int(asked.memory_gib * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return _run_watched(asked)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m doorstep.reconstruction")
    parser.add_argument("workspace", type=Path, help="folder with images/")
    parser.add_argument("--options", type=Path, help="JSON file with options")
    parser.add_argument("--memory-gib", type=float, help="limit of address space")
    parser.add_argument("--seconds", type=float, help="limit of wall time")
    return parser.parse_args(arguments)


def _run_watched(asked: argparse.Namespace) -> int:
    """Work in a thread: native code would keep the main thread from hearing signals."""
    import pycolmap  # It takes over the signals when it is loaded, so they are set after it.

    pycolmap.logging.minloglevel = pycolmap.logging.Level.WARNING.value
    exit_codes: list[int] = []
    finished = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        failures.cancelled().write(asked.workspace)
        os._exit(EXIT_CANCELLED)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    def work() -> None:
        try:
            exit_codes.append(_work(asked))
        finally:
            finished.set()

    threading.Thread(target=work, daemon=True).start()
    if not finished.wait(asked.seconds):
        failures.out_of_time(seconds=asked.seconds).write(asked.workspace)
        sys.stdout.flush()
        os._exit(EXIT_FAILED)
    return exit_codes[0] if exit_codes else EXIT_FAILED


def _work(asked: argparse.Namespace) -> int:
    from doorstep.reconstruction.pipeline import run

    options = Options.read(asked.options) if asked.options else Options()
    try:
        run(asked.workspace, options, tell=_print)
    except ReconstructionFailed as failed:
        failed.failure.write(asked.workspace)
        return EXIT_FAILED
    except MemoryError:
        failures.out_of_memory().write(asked.workspace)
        return EXIT_FAILED
    return EXIT_OK


def _print(progress: Progress) -> None:
    line = json.dumps({**asdict(progress), "done": round(progress.done, 4)})
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
