"""Both organizations' programs."""

import httpx
import pytest

from tests.api.desk.calls import Integration
from tests.cast import Cast


@pytest.fixture
def crm(client: httpx.AsyncClient, cast: Cast) -> Integration:
    """Alice's."""
    return Integration(client=client, troupe=cast.alice)


@pytest.fixture
def stranger(client: httpx.AsyncClient, cast: Cast) -> Integration:
    """Charlie's."""
    return Integration(client=client, troupe=cast.charlie)
