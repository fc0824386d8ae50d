"""The one-way rule: a slice imports only to its left. Every import counts, wherever it stands."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from source import ROOT, SOURCE, Finding, files, report

SLICES = (
    *("kit", "events", "orgs", "auth", "messages", "leads", "jobs"),
    *("captures", "photos", "builds", "designs", "rules", "webhooks", "retentions", "readiness"),
)
EDGES = ("wire", "api", "web", "worker", "cli")
RANK = {name: number for number, name in enumerate(SLICES)} | dict.fromkeys(EDGES, len(SLICES))
ISLAND = "reconstruction"
ISLANDS_CALLER = "builds"


def main() -> int:
    """Check every module; the exit status."""
    return report(
        finding
        for path in files("src/doorstep/*.py")
        for finding in check(path, ast.parse(path.read_text("utf-8")))
    )


def check(path: Path, tree: ast.Module) -> Iterator[Finding]:
    """The imports of this module that go the wrong way."""
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own in {"__init__", "__main__"}:
        return
    if own not in RANK and own != ISLAND:
        yield Finding(path, 1, "layers", f"{own} is no slice: give it a place in {__file__}")
        return
    for line, target in imports(path, tree):
        if target != own and not is_legal(own, target):
            yield Finding(path, line, "layers", f"{own} must not import {target}")


def is_legal(own: str, target: str) -> bool:
    """Whether a module of slice `own` may import one of slice `target`."""
    if target == ISLAND:
        return own == ISLANDS_CALLER
    if own == ISLAND or target not in RANK:
        return False
    return RANK[target] < RANK[own] or own in EDGES


def imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, slice) of every import of ours, by statement or by `import_module`."""
    package = path.relative_to(ROOT / "src").with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        names: list[str] = []
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*base, *filter(None, [node.module])))
            names = [f"{start}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func).rpartition(".")[2]
            first = node.args[0]
            if called in {"import_module", "__import__"} and isinstance(first, ast.Constant):
                names = [str(first.value)]
        for name in names:
            parts = name.split(".")
            if parts[0] == "doorstep" and len(parts) > 1 and (SOURCE / parts[1]).is_dir():
                yield line, parts[1]


if __name__ == "__main__":
    sys.exit(main())
