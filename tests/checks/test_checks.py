"""A check that finds nothing is worse than none: it is trusted."""

import ast
from collections.abc import Iterable
from pathlib import Path

import layers
import pytest
import sizes
import source
import tenancy

TABLES = frozenset({"leads"})


@pytest.mark.parametrize(
    "code",
    [
        "from doorstep.jobs import actions",
        "from doorstep import jobs",
        "import doorstep.jobs.actions",
        "from ..jobs import actions",
        "def late():\n    from doorstep.jobs.model import Job",
        "if TYPE_CHECKING:\n    from doorstep.jobs.model import Job",
        "importlib.import_module('doorstep.jobs')",
        "from doorstep.web import app",
        "from doorstep.reconstruction import run",
    ],
)
def test_an_import_to_the_right_is_found(code: str) -> None:
    assert layers_of("leads", code)


@pytest.mark.parametrize(
    "code", ["from doorstep.kit import db", "from doorstep.leads import model", "import httpx"]
)
def test_an_import_to_the_left_is_fine(code: str) -> None:
    assert not layers_of("leads", code)


def test_the_island_imports_nothing_and_builds_alone_calls_it() -> None:
    assert layers_of("reconstruction", "from doorstep.kit import db")
    assert not layers_of("builds", "from doorstep.reconstruction import pipeline")
    assert layers_of("web", "from doorstep.reconstruction import pipeline")


@pytest.mark.parametrize(
    "code",
    [
        "def long():\n" + "    x = 1\n" * 60,
        "def many(a, b, c): ...",
        "class A:\n    def many(self, a, b, c): ...",
        "def named(*, a, b, c, d, e, f, g): ...",
    ],
)
def test_a_function_too_large_is_found(tmp_path: Path, code: str) -> None:
    assert sizes_of(tmp_path, code)


@pytest.mark.parametrize(
    "code",
    [
        "def two(a, b, *, c): ...",
        "class A:\n    def two(self, a, b): ...",
        "class A:\n    def __exit__(self, a, b, c): ...",
        "async def app(scope, receive, send): ...",
        "@get('/{a:int}')\nasync def endpoint(a, page, services): ...",
        "def many(a, b, c): ...  # allow: sizes the protocol of somebody else",
    ],
)
def test_a_function_of_fair_size_is_fine(tmp_path: Path, code: str) -> None:
    assert not sizes_of(tmp_path, code)


@pytest.mark.parametrize(
    "code",
    [
        "async def f(tx):\n    await tx.fetch('SELECT 1 FROM leads WHERE org_id = $1')",
        "async def f(scope: OrgScope):\n    await scope.tx.fetch('SELECT 1 FROM leads')",
        "async def f(scope: OrgScope):\n    await scope.tx.execute('UPDATE leads SET a = 1')",
        "Q = 'DELETE FROM leads'\nasync def f(scope: OrgScope):\n    await scope.tx.execute(Q)",
        "async def f(tx):\n    await tx.fetch(f'SELECT {C} FROM a JOIN leads USING (org_id)')",
    ],
)
def test_a_query_that_forgot_its_organization_is_found(tmp_path: Path, code: str) -> None:
    assert tenancy_of(tmp_path, code)


@pytest.mark.parametrize(
    "code",
    [
        "async def f(scope: OrgScope):\n    await scope.tx.fetch('SELECT 1 FROM leads WHERE org_id')",
        "async def f(tx):\n    await tx.fetch('SELECT 1 FROM pg_class')",
        (
            "async def f(tx):\n    # allow: org_scope the group commit of many organizations\n"
            "    await tx.fetch('SELECT 1 FROM leads')"
        ),
    ],
)
def test_a_query_with_its_organization_is_fine(tmp_path: Path, code: str) -> None:
    assert not tenancy_of(tmp_path, code)


def test_the_migrations_tell_which_tables_are_tenants() -> None:
    assert {"orgs", "leads", "jobs", "photos"} <= tenancy.tenant_tables()
    assert "migrations" not in tenancy.tenant_tables()


def test_an_allowance_without_a_reason_allows_nothing(tmp_path: Path) -> None:
    assert sizes_of(tmp_path, "def many(a, b, c): ...  # allow: sizes")


def layers_of(slice_name: str, code: str) -> list[source.Finding]:
    """What the check of layers says about this code in this slice."""
    return list(layers.check(source.SOURCE / slice_name / "made_up.py", ast.parse(code)))


def sizes_of(folder: Path, code: str) -> list[source.Finding]:
    """What the check of sizes says about this code and no comment allows."""
    return left(sizes.check(write(folder, code)))


def tenancy_of(folder: Path, code: str) -> list[source.Finding]:
    """What the check of tenancy says about this code and no comment allows."""
    return left(tenancy.check(write(folder, code), TABLES))


def left(findings: Iterable[source.Finding]) -> list[source.Finding]:
    """The findings that no comment allows."""
    return [finding for finding in findings if not source.is_allowed(finding)]


def write(folder: Path, code: str) -> Path:
    """A file with this code."""
    path = folder / "queries.py"
    path.write_text(code)
    return path
