"""Every query on a tenant's rows takes its scope first and says `org_id` in its SQL.

Looks at the files `*queries*.py` of the slices. Tenant tables are those that the
migrations give an `org_id`, and `orgs` itself.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from source import SOURCE, Finding, files, report

RULE = "org_scope"
_table = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)^\)", re.DOTALL | re.MULTILINE)
_named = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?(\w+)", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    """Check every file of queries; the exit status."""
    tables = tenant_tables()
    return report(
        finding for path in files("src/doorstep/*queries*.py") for finding in check(path, tables)
    )


def tenant_tables() -> frozenset[str]:
    """Names of the tables that hold organizations' rows."""
    sql = "\n".join(path.read_text("utf-8") for path in sorted(SOURCE.glob("migrations/*.sql")))
    return frozenset({"orgs", *(name for name, body in _table.findall(sql) if "org_id" in body)})


def check(path: Path, tables: frozenset[str]) -> Iterator[Finding]:
    """The functions of this file that reach a tenant's rows without a scope."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in tree.body:
        if isinstance(node, Function):
            yield from check_function(path, node, constants=constants, tables=tables)


def check_function(
    path: Path, node: Function, *, constants: dict[str, ast.expr], tables: frozenset[str]
) -> Iterator[Finding]:
    """What this function lacks; an allowing comment may stand anywhere in it."""
    until = node.end_lineno or node.lineno
    reached = False
    for sql in statements(node, constants):
        named = tables.intersection(_named.findall(sql))
        reached = reached or bool(named)
        if named and "org_id" not in sql:
            text = f"{node.name}: SQL on {', '.join(sorted(named))} without org_id"
            yield Finding(path, node.lineno, RULE, text, until)
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    annotation = ast.unparse(first.annotation) if first and first.annotation else ""
    if reached and "OrgScope" not in annotation:
        text = f"{node.name} reads or writes a tenant's rows and takes no OrgScope first"
        yield Finding(path, node.lineno, RULE, text, until)


def statements(node: ast.AST, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The whole strings in this code, with the module's constants that they are joined with."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Name):
            yield text_of(child, constants)
        else:
            yield from statements(child, constants)


def text_of(node: ast.AST, constants: dict[str, ast.expr]) -> str:
    """All of the text below this expression, in order."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.Name):
        return text_of(constants[node.id], constants) if node.id in constants else ""
    return " ".join(text_of(child, constants) for child in ast.iter_child_nodes(node))


if __name__ == "__main__":
    sys.exit(main())
