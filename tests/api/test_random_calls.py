"""Random calls against the running product: none breaks it, each answer is as described."""

import asyncio

import pytest

from doorstep.kit.postgres import Cluster
from tests.serving import serving


@pytest.mark.slow
async def test_no_random_call_breaks_it_or_its_description(cluster: Cluster) -> None:
    # Half a second of imports, which every process that collects this would wait for.
    from tests.api.random_calls import call_at_random

    async with serving(cluster, DOORSTEP_API_CALLS_PER_MINUTE="6000") as served:
        made = await asyncio.to_thread(call_at_random, served)

    assert made > 300
