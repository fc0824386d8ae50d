"""Small files, short functions, few arguments."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from source import ROOT, TESTS, Finding, files, report

FILE_LINES_SOFT = 300
FILE_LINES_MAX = 500
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60
POSITIONAL_MAX = 2
KEYWORD_ONLY_MAX = 6
ASGI = ["scope", "receive", "send"]
"""A protocol's own arguments are not ours to change."""
ROUTES = {"get", "post", "put", "patch", "delete", "head", "route"}
"""What these decorate is called by name, by the framework only."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    """Check every file of ours; the exit status."""
    paths = list(files("*.py", "*.ts", "*.css", "*.html", "*.sh", "bin/*"))
    for path in paths:
        lines = count(path)
        if lines > FILE_LINES_SOFT and TESTS not in path.parents:
            sys.stdout.write(f"warning: {path.relative_to(ROOT)} has {lines} lines\n")
    return report(finding for path in paths for finding in check(path))


def count(path: Path) -> int:
    """How many lines the file has."""
    return len(path.read_text("utf-8").splitlines())


def check(path: Path) -> Iterator[Finding]:
    """What is too large in this file."""
    is_test = TESTS in path.parents
    lines, limit = count(path), TEST_FILE_LINES_MAX if is_test else FILE_LINES_MAX
    if lines > limit:
        yield Finding(path, 1, "sizes", f"{lines} lines, more than {limit}: split it by noun")
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, Function):
            yield from check_function(path, node, is_test=is_test)


def check_function(path: Path, node: Function, *, is_test: bool) -> Iterator[Finding]:
    """What is too large in this function; tests name their fixtures as arguments."""
    until = node.body[0].lineno
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES_MAX:
        text = f"{node.name} has {lines} lines, more than {FUNCTION_LINES_MAX}"
        yield Finding(path, node.lineno, "sizes", text, until)
    positional = [*node.args.posonlyargs, *node.args.args]
    if positional and positional[0].arg in {"self", "cls", "mcs"}:
        del positional[0]
    is_protocol = node.name.startswith("__") and node.name != "__init__"
    is_protocol = is_protocol or [argument.arg for argument in positional] == ASGI
    decorators = {ast.unparse(item).partition("(")[0] for item in node.decorator_list}
    is_protocol = is_protocol or bool(ROUTES & decorators)
    if len(positional) > POSITIONAL_MAX and not is_test and not is_protocol:
        text = f"{node.name} takes {len(positional)} positional arguments; name all but 2"
        yield Finding(path, node.lineno, "sizes", text, until)
    if len(node.args.kwonlyargs) > KEYWORD_ONLY_MAX and not is_test:
        text = f"{node.name} takes {len(node.args.kwonlyargs)} keyword arguments, more than 6"
        yield Finding(path, node.lineno, "sizes", text, until)


if __name__ == "__main__":
    sys.exit(main())
