"""The description of the desk's API: complete, documented, and true under random calls."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from doorstep.kit.postgres import Cluster
from tests.serving import serving

PATH = "/api/desk/openapi/openapi.json"
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "desk-api.md"
CALLS_EACH = 12


@pytest.fixture
async def described(client: httpx.AsyncClient) -> dict[str, Any]:
    """The description, as anybody gets it."""
    answer = await client.get(PATH)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_it_describes_the_desk_alone(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert len(described["paths"]) >= 13
    assert all(path.startswith("/api/desk/") for path in described["paths"])
    assert described["paths"]["/api/desk/leads"]["get"]["operationId"] == "list_leads"


async def test_every_call_is_in_the_reference(described: dict[str, Any]) -> None:
    text = REFERENCE.read_text("utf-8")
    calls = [
        f"`{method.upper()} {path}`"
        for path, methods in described["paths"].items()
        for method in methods
    ]

    assert [call for call in calls if call not in text] == []


@pytest.mark.slow
async def test_no_random_call_breaks_it_or_its_description(cluster: Cluster) -> None:
    async with serving(cluster, DOORSTEP_API_CALLS_PER_MINUTE="6000") as served:
        url = f"http://127.0.0.1:{served.port}{PATH}"
        calls = await asyncio.to_thread(call_at_random, url, token=served.cast.alice.token)

    assert calls > 100


def call_at_random(url: str, *, token: str) -> int:
    """How many calls were made; each answer is one that the description knows."""
    described = schemathesis.openapi.from_url(url)
    made = 0

    class Token:
        def get(self, case: object, context: object) -> str:
            return token

        def set(self, case: schemathesis.Case[Any], data: str, context: object) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    described.auth()(Token)

    def call(case: schemathesis.Case[Any]) -> None:
        nonlocal made
        made += 1
        # A value may fit its type and still be refused with 422, by the rules behind it.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        every = given(found.ok().as_strategy())(call)
        settings(
            max_examples=CALLS_EACH,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(every)()
    return made
