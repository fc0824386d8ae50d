"""Milliseconds of the portfolio's pages in an organization of 1,000 jobs and in one of 100,000.

Everything goes over HTTP as a member who is signed in, to one `doorstep web` on a throwaway
PostgreSQL with the product's durable settings. The two organizations are asked in turn, so that
whatever else the machine does meets both. With `--explain` it prints what the walk of a page
reads, as the application's role, behind row-level security.
Run it from the checkout: PYTHONPATH=src:. .venv/bin/python bench/desk.py [--jobs N] [--times N]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import httpx

from bench.inbox import STAGE, say, web
from bench.leads import Machine, cpu_seconds, started
from doorstep.auth import actions as auth
from doorstep.auth.scopes import next_org_id, open_scope, task_scope
from doorstep.jobs import terms
from doorstep.kit import db as database
from doorstep.kit.db import Role
from doorstep.orgs import queries as orgs

FEW = 1_000
FILLED_AT_ONCE = 20_000
PHOTOS_EACH = 8
ASKED_A_TURN = 10
FILL = """
    WITH made AS (
        INSERT INTO jobs (org_id, state, name, user_id, deliverable_id, client_identifier,
            location_line_1, location_city, location_region, customer_name, customer_email,
            customer_phone, external_identifier, created_at, updated_at, opened_at,
            photographed_at, archived_at)
        SELECT $1, (ARRAY['uploading','uploading','uploading','processing_upload','working',
                'waiting_approval','complete','complete','complete','failed'])[1 + n % 10],
            'House ' || n, $2, CASE WHEN n % 7 = 0 THEN 7 ELSE 3 END, gen_random_uuid(),
            (n % 9000) || ' ' || (ARRAY['Oak','Elm','Main','Lake'])[1 + n % 4] || ' Street',
            'Town' || translate((n % 700)::text, '0123456789', 'abcdefghij'), 'PA',
            'Person ' || translate((n % 3000)::text, '0123456789', 'abcdefghij'),
            'person' || n || '@example.com', '+1217' || lpad((n * 7919 % 10000000)::text, 7, '0'),
            'BL-' || n, now() - interval '1 hour' - n * interval '1 minute',
            now() - (n * 7919 % 100000) * interval '1 minute',
            CASE WHEN n % 3 = 0 THEN now() END, CASE WHEN n % 5 = 0 THEN now() END,
            CASE WHEN n % 20 = 0 THEN now() END
        FROM generate_series($3::bigint, $4::bigint) n
        RETURNING id, customer_name, customer_email, opened_at
    ), asked AS (
        INSERT INTO capture_requests (org_id, identifier, capturing_user_name,
            capturing_user_email, requesting_user_id, job_id, state, connected_at, expires_at)
        SELECT $1, 'b' || $1 || '-' || id, customer_name, customer_email, $2, id,
            CASE WHEN opened_at IS NULL THEN 'new' ELSE 'connected' END, opened_at,
            now() + interval '14 days' FROM made
    ), modelled AS (
        INSERT INTO models (org_id, job_id) SELECT $1, id FROM made
    )
    INSERT INTO photos (org_id, id, job_id, kind, sequence, sha256, bytes, media_type,
        original_key, display_key, thumbnail_key, state)
    SELECT $1, gen_random_uuid(), id, 'photo', place, decode(md5(id || '-' || place), 'hex'), 9,
        'image/jpeg', 'x', 'x', 'x', 'ready'
    FROM made, generate_series(1, $5) place WHERE id % 5 = 0"""
PAGES = {
    "first page, grid": "/jobs",
    "table": "/jobs?look=table",
    "list": "/jobs?look=list",
    "sent invites": "/jobs?shelf=invited",
    "ready to order": "/jobs?shelf=to_order",
    "archived": "/jobs?shelf=archived",
    "oldest first": "/jobs?sort=oldest",
    "changed last": "/jobs?sort=changed",
    "by homeowner": "/jobs?sort=customer",
    "one member's": "/jobs?member={member}&sort=changed",
    "a number": "/jobs?q=BL-777",
    "an address": "/jobs?q=700+main",
    "a homeowner": "/jobs?q=person+hh",
    "a phone": "/jobs?q={phone}",
    "a street, 1 in 4": "/jobs?q=elm",
    "no such house ready": "/jobs?q=elm&shelf=ready",
    "a member's street": "/jobs?q=ada+elm",
    "nothing like it": "/jobs?q=qqqq",
    "one job": "/jobs/{job}",
    "audit log": "/audit",
}


def main() -> None:
    """Fill two organizations, ask both in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--explain", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder, ExitStack() as stack:
        machine = stack.enter_context(started(Path(folder)))
        began = time.monotonic()
        sizes = (FEW, chosen.jobs)
        facts = [asyncio.run(furnish(machine, jobs)) for jobs in sizes]
        say(f"{sum(sizes):,} jobs made, with their words, in {time.monotonic() - began:.0f} s")
        say(asyncio.run(size_of_words(machine)))
        if chosen.explain:
            say(asyncio.run(explain(machine, int(facts[1]["org"]))))
        url, pid = stack.enter_context(web(machine))
        desks = [
            stack.enter_context(
                httpx.Client(base_url=url, cookies={"doorstep_session": one["session"]})
            )
            for one in facts
        ]
        say(
            f"{'p95 ms among':20} {FEW:>9,} {chosen.jobs:>9,} {'ratio':>6} {'of medians':>10}"
            f"   CPU ms {FEW:>9,} {chosen.jobs:>9,} {'ratio':>6}   jobs shown"
        )
        for name, path in PAGES.items():
            (few, first), (many, last) = ask(
                desks, path, facts=facts, times=chosen.times, pids=[pid, *machine.server()]
            )
            shown = [
                houses(desk, path.format(**one)) for desk, one in zip(desks, facts, strict=True)
            ]
            middle = statistics.median(many) / statistics.median(few)
            say(
                f"{name:20} {p95(few):9.1f} {p95(many):9.1f} {p95(many) / p95(few):6.2f}"
                f" {middle:10.2f}          {first:9.1f} {last:9.1f} {last / first:6.2f}"
                f"   {shown[0]:2} and {shown[1]:2}"
            )


async def furnish(machine: Machine, jobs: int) -> dict[str, str]:
    """An organization with so many jobs; its member's session and ids that addresses name."""
    pools = await database.connect(machine.cluster.url("doorstep_login"))
    org_id = await next_org_id(pools)
    async with open_scope(pools, org_id=org_id, actor=STAGE) as scope:
        await orgs.insert_org(scope, name=f"Desk {jobs}", captorra_id=str(org_id))
        user_id = await orgs.insert_user(
            scope, email=f"ada@{org_id}.example", name="Ada", role="admin"
        )
        link = await auth.make_sign_in_link(scope, user_id=user_id)
    session = await auth.sign_in_by_link(pools, value=link)
    owner = await asyncpg.connect(machine.cluster.url())
    for first in range(1, jobs + 1, FILLED_AT_ONCE):
        last = min(first + FILLED_AT_ONCE - 1, jobs)
        await owner.execute(FILL, org_id, user_id, first, last, PHOTOS_EACH)
    more = True
    while more:
        async with task_scope(pools, org_id=org_id, task=terms.INDEX) as scope:
            more = await terms.index_next(scope)
    await pools.close()
    await owner.execute("VACUUM ANALYZE")
    row = await owner.fetchrow(
        "SELECT id, customer_phone FROM jobs WHERE org_id = $1 AND archived_at IS NULL "
        "ORDER BY id OFFSET 500 LIMIT 1",
        org_id,
    )
    await owner.close()
    assert row is not None
    return {
        "org": str(org_id),
        "session": session,
        "member": str(user_id),
        "job": str(row["id"]),
        "phone": row["customer_phone"].removeprefix("+1"),
    }


async def size_of_words(machine: Machine) -> str:
    """What the words take of the database, for each job."""
    owner = await asyncpg.connect(machine.cluster.url())
    taken = await owner.fetchval(
        "SELECT pg_total_relation_size('job_terms') / (SELECT count(*) FROM jobs)"
    )
    await owner.close()
    return f"{taken:,} bytes of words for each job"


async def explain(machine: Machine, org_id: int) -> str:
    """The plan of one walk, with what it reads."""
    pools = await database.connect(machine.cluster.url("doorstep_login"))
    async with pools.transaction(Role.APP, org_id=org_id) as tx:
        rows = await tx.fetch(
            "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) SELECT updated_at, id FROM jobs "
            "WHERE org_id = $1 AND shelf = 'ready' ORDER BY updated_at DESC, id DESC LIMIT 49",
            org_id,
        )
    await pools.close()
    return "\n".join(row[0] for row in rows)


def ask(
    desks: list[httpx.Client],
    path: str,
    *,
    facts: list[dict[str, str]],
    times: int,
    pids: list[int],
) -> list[tuple[list[float], float]]:
    """(milliseconds of each answer, of processor for one) in each organization, asked in turn."""
    taken: list[list[float]] = [[] for _ in desks]
    cpu = [0.0 for _ in desks]
    for turn in range(-1, max(1, times // ASKED_A_TURN)):
        for place, (desk, known) in enumerate(zip(desks, facts, strict=True)):
            before = cpu_seconds(pids)
            found = [once(desk, path.format(**known)) for _ in range(ASKED_A_TURN)]
            if turn < 0:
                continue  # Until every connection has its plans.
            taken[place] += found
            cpu[place] += cpu_seconds(pids) - before
    return [(found, 1e3 * used / len(found)) for found, used in zip(taken, cpu, strict=True)]


def once(desk: httpx.Client, path: str) -> float:
    """Milliseconds of one answer."""
    began = time.monotonic()
    answer = desk.get(path, timeout=60)
    taken = 1e3 * (time.monotonic() - began)
    assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
    return taken


def houses(desk: httpx.Client, path: str) -> int:
    """How many jobs a page shows."""
    return desk.get(path, timeout=60).text.count('class="name" href="/jobs/')


def p95(times: list[float]) -> float:
    """The time that 19 of 20 stay under."""
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
