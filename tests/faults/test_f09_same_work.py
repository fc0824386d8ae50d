"""R4 tells nothing: unknown, foreign and disabled cost the same work and get the same answer.

Work is counted, not timed: the statements, and what the database does for each.
`bench/refusals.py` prints the times side by side.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from doorstep.leads.queries import ORIGIN
from tests.cast import Cast
from tests.faults.posting import R4, encoded, send

PAGES_APART_MAX = 4
"""Rows that are there are read: organization, case type, and a source by either key; in memory."""
CASES = ("unknown organization", "unknown referrer", "foreign referrer", "disabled source")


async def as_alice(pinned: Any, cast: Cast, statement: str) -> None:
    """Change something of Alice's organization behind the product's back."""
    await pinned.execute(
        f"SET LOCAL ROLE doorstep_app; SET LOCAL app.org = '{cast.alice.org_id}'; "
        f"{statement}; RESET ROLE"
    )


@pytest.fixture
def posts(cast: Cast) -> dict[str, bytes]:
    """One post of each case; the disabled source is Alice's own."""
    return {
        "unknown organization": encoded(cast.alice, CaptorraId="999999"),
        "unknown referrer": encoded(cast.alice, Referrer=str(uuid.uuid4())),
        "foreign referrer": encoded(cast.alice, Referrer=str(cast.charlie.referrer)),
        "disabled source": encoded(cast.alice),
    }


@pytest.fixture
def statements(pinned: Any) -> Iterator[list[str]]:
    """What the database is asked from here on."""
    asked: list[str] = []

    def note(record: Any) -> None:
        asked.append(" ".join(record.query.split()))

    pinned.add_query_logger(note)
    yield asked
    pinned.remove_query_logger(note)


async def test_f09_the_same_statements_in_the_same_order(
    client: httpx.AsyncClient,
    cast: Cast,
    pinned: Any,
    posts: dict[str, bytes],
    statements: list[str],
) -> None:
    await as_alice(pinned, cast, "UPDATE sources SET disabled_at = now()")
    await send(client, posts["unknown referrer"])  # what a connection asks once is asked
    found = {}
    for case in CASES:
        statements.clear()
        assert (await send(client, posts[case])).text == R4
        found[case] = list(statements)

    asked = found["unknown organization"]
    assert [one for one in asked if one.startswith("SELECT")] == [" ".join(ORIGIN.split())]
    assert sum("INSERT INTO lead_posts" in one for one in asked) == 1
    assert {case: one == asked for case, one in found.items()} == dict.fromkeys(CASES, True)


async def test_f09_the_same_reads_for_each(cast: Cast, pinned: Any) -> None:
    await as_alice(pinned, cast, "UPDATE sources SET disabled_at = now()")
    alice = cast.alice
    ids = {
        "unknown organization": ("999999", alice.referrer),
        "unknown referrer": (alice.captorra_id, uuid.uuid4()),
        "foreign referrer": (alice.captorra_id, cast.charlie.referrer),
        "disabled source": (alice.captorra_id, alice.referrer),
    }
    await pinned.execute("SET LOCAL ROLE doorstep_ingest")
    await pinned.execute("SET LOCAL enable_seqscan = off")  # as with more than two rows
    await pinned.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    await pinned.execute(f"PREPARE origin (text, uuid, uuid) AS {ORIGIN}")
    pages, lookups = {}, {}
    for case in CASES:
        number, referrer = ids[case]
        execute = f"EXECUTE origin ('{number}', '{referrer}', '{alice.case_type}')"
        for _ in range(2):  # the first run also reads the catalogue
            found = await pinned.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {execute}")
        (explained,) = json.loads(found)
        plan = explained["Plan"]
        pages[case] = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        lookups[case] = sorted(_lookups(plan))

    assert set(lookups["disabled source"]) >= {("sources", 1), ("orgs", 1), ("case_types", 1)}
    assert {case: one == lookups[CASES[0]] for case, one in lookups.items()} == dict.fromkeys(
        CASES, True
    )
    assert max(pages.values()) - min(pages.values()) <= PAGES_APART_MAX, pages


def _lookups(plan: dict[str, Any]) -> list[tuple[str, int]]:
    """(table, how often it was looked up) of each node of the plan."""
    own = [(plan["Relation Name"], plan["Actual Loops"])] if "Relation Name" in plan else []
    return own + [one for child in plan.get("Plans", []) for one in _lookups(child)]


@pytest.mark.parametrize(
    "rule",
    [
        "disabled_at = now()",
        "networks = '{198.51.100.0/24}'",
        "signature_salt = '\\x00'",
    ],
)
async def test_f09_the_rules_of_a_source_that_lets_nobody_in_do_not_show(
    client: httpx.AsyncClient, cast: Cast, pinned: Any, rule: str
) -> None:
    await as_alice(pinned, cast, f"UPDATE sources SET statuses = true, strict = true, {rule}")
    bodies = (
        encoded(cast.alice),
        encoded(cast.alice, First=""),
        encoded(cast.alice, First="x" * 51),
        encoded(cast.alice, Type="x"),
        encoded(cast.alice) + b"}",
    )
    nobodys = str(uuid.uuid4()).encode()
    for body in bodies:
        theirs = await send(client, body)
        nothing = await send(client, body.replace(str(cast.alice.referrer).encode(), nobodys))
        assert (theirs.status_code, theirs.text) == (200, nothing.text)
        assert theirs.headers == nothing.headers
