"""Instant designs are not made: their lists are there and empty, for clients that ask."""

import httpx
import pytest

from tests.cast import Cast
from tests.wire.hover.asks import ask

PATH = "/api/v1/instant_design"


async def test_there_are_no_leads_of_designs(client: httpx.AsyncClient, cast: Cast) -> None:
    answer = await client.get(f"{PATH}/leads?page=2&per=10", headers=cast.alice.bearer)

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "leads": [],
            "meta": {
                "pagination": {
                    "total": 0,
                    "total_count": 0,
                    "current_page": 2,
                    "next_page": None,
                    "prev_page": 1,
                    "total_pages": 1,
                }
            },
        },
    )
    refused = await client.get(f"{PATH}/leads?per=0", headers=cast.alice.bearer)
    assert refused.status_code == 422
    assert (await client.get(f"{PATH}/leads")).status_code == 401


async def test_a_job_has_no_designs(client: httpx.AsyncClient, cast: Cast) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]

    own = await client.get(f"{PATH}/images?job_id={job_id}", headers=cast.alice.bearer)
    theirs = await client.get(f"{PATH}/images?job_id={job_id}", headers=cast.charlie.bearer)
    none = await client.get(f"{PATH}/images?job_id=999999999", headers=cast.charlie.bearer)

    assert (own.status_code, own.json()) == (200, {"images": []})
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json()


@pytest.mark.parametrize(
    "path",
    [f"{PATH}/images?lead_id=1", f"{PATH}/images/1", f"{PATH}/leads/1", "/api/v2/inspections/1"],
)
async def test_one_design_or_inspection_is_not_there(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    answer = await client.get(path, headers=cast.alice.bearer)

    nothing = {"error": "There is nothing here.", "code": "not_found"}
    assert (answer.status_code, answer.json()) == (404, nothing)
