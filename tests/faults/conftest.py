"""A real server for the faults that only a socket shows."""

from collections.abc import AsyncIterator

import pytest

from doorstep.kit import postgres
from tests.serving import Served, serving


@pytest.fixture(scope="package")
async def served(cluster: postgres.Cluster) -> AsyncIterator[Served]:
    """One web process for all faults."""
    async with serving(cluster) as made:
        yield made
