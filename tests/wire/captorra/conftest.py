"""A real server for what only a socket shows."""

from collections.abc import AsyncIterator

import pytest

from doorstep.kit import postgres
from doorstep.wire.captorra.vectors import Ids
from tests.serving import Served, serving


@pytest.fixture(scope="package")
async def served(cluster: postgres.Cluster) -> AsyncIterator[Served]:
    """One web process for all tests here."""
    async with serving(cluster) as made:
        yield made


@pytest.fixture
def ids(served: Served) -> Ids:
    """Alice's ids, and Charlie's Referrer."""
    alice, charlie = served.cast.alice, served.cast.charlie
    return Ids(
        captorra_id=alice.captorra_id,
        referrer=str(alice.referrer),
        case_type=str(alice.case_type),
        other_referrer=str(charlie.referrer),
    )
