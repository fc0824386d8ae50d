"""Milliseconds of the desk's lists and searches in an organization with a million leads.

Everything goes over HTTP as a member who is signed in, to one `doorstep web` on a throwaway
PostgreSQL with the product's durable settings; each figure is the median of some requests.
Run it from the checkout: PYTHONPATH=src:. .venv/bin/python bench/inbox.py [--leads N]
"""

import argparse
import asyncio
import html
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import httpx

from bench.leads import SECRET_KEY, Machine, answers, free_port, started, wait
from doorstep.auth import actions as auth
from doorstep.auth.scopes import open_scope, task_scope
from doorstep.kit import db as database
from doorstep.leads import terms
from doorstep.orgs.model import Actor, Right

TIMES = 5
PAGES = 1000
FILLED_AT_ONCE = 50_000
STAGE = Actor(kind="operator", id="bench", rights=frozenset(Right))
FILL = """
    INSERT INTO leads (org_id, id, post_id, source_id, case_type_id, vendor_lead_id, first_name,
        last_name, primary_phone, email, address, city, region, postal_code, details, received_at,
        contacts, tags)
    SELECT $1, gen_random_uuid(), gen_random_uuid(), sources[1 + n % 64], $2, n::text,
        (ARRAY['John','Mary','Zoë','Linda','James','Ana','Peter','Olga'])[1 + n % 8],
        CASE WHEN n % 250000 = 77777 THEN 'Featherstonehaugh'
            ELSE 'Name' || translate((n % 3000)::text, '0123456789', 'abcdefghij') END,
        '5' || lpad((n * 7919 % 1000000000)::text, 9, '0'), 'person' || n || '@example.com',
        (n % 9000) || ' ' || (ARRAY['Oak','Elm','Main','Lake'])[1 + n % 4] || ' Street',
        'Town' || translate((n % 700)::text, '0123456789', 'abcdefghij'), 'PA',
        lpad((n % 40000)::text, 5, '0'), 'Details of the case.',
        now() - interval '2 minutes' - n * interval '1 second',
        ARRAY['p5' || lpad((n * 7919 % 1000000000)::text, 9, '0'),
            'eperson' || n || '@example.com'],
        CASE WHEN n % 1000 = 0 THEN ARRAY['test'] ELSE '{}' END
    FROM generate_series($3::bigint, $4::bigint) n,
        (SELECT array_agg(id ORDER BY id) AS sources FROM sources WHERE org_id = $1) s"""


ASKED_FOR = {
    "first page": "/inbox",
    "only those not asked": "/inbox?show=waiting",
    "one vendor": "/inbox?source={source}",
    "a case type": "/inbox?type={case_type}",
    "a tag, 1 in 1,000": "/inbox?tag=test",
    "a name, 4 in all": "/inbox?q=featherston",
    "a name, 1 in 3,000": "/inbox?q=namebcd",
    "a first name, 1 in 8": "/inbox?q=peter",
    "two names": "/inbox?q=zoe+namebcd",
    "a phone, whole": "/inbox?q=(503)+959-5000",
    "a phone, last four": "/inbox?q=5000",
    "an e-mail": "/inbox?q=person777777@example.com",
    "a street, 1 in 4": "/inbox?q=elm",
    "an address": "/inbox?q=4321+elm",
    "nothing like it": "/inbox?q=qqqq",
    "table of 10,000": "/inbox/leads.csv",
    "table of a search": "/inbox/leads.csv?q=namebcd",
    "portfolio": "/jobs",
}


def main() -> None:
    """Fill, ask, write the words, ask again, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=1_000_000)
    leads = parser.parse_args().leads
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder, ExitStack() as stack:
        machine = stack.enter_context(started(Path(folder)))
        began = time.monotonic()
        facts = asyncio.run(furnish(machine, leads))
        say(f"{leads:,} leads made in {time.monotonic() - began:.0f} s")
        url, _ = stack.enter_context(web(machine))
        with httpx.Client(base_url=url, cookies={"doorstep_session": facts["session"]}) as member:
            without = {name: ask(member, path, facts=facts) for name, path in ASKED_FOR.items()}
            began = time.monotonic()
            say(asyncio.run(write_words(machine)))
            say(f"their words written in {time.monotonic() - began:.0f} s")
            written = {name: ask(member, path, facts=facts) for name, path in ASKED_FOR.items()}
            deep = page_deep(member)
    say(f"{'':24} {'without words':>14} {'with words':>11} {'found':>6}   ms")
    for name, (before, _) in without.items():
        after, found = written[name]
        say(f"{name:24} {before:14.0f} {after:11.0f} {found:6}")
    say(f"{f'page {PAGES}':24} {'':14} {deep:11.0f}")


async def furnish(machine: Machine, leads: int) -> dict[str, str]:
    """The leads, a member's session, and the ids that addresses name."""
    org_id = machine.org["id"]
    owner = await asyncpg.connect(machine.cluster.url())
    case_type = await owner.fetchval(
        "SELECT min(id::text) FROM case_types WHERE org_id = $1", org_id
    )
    for first in range(1, leads + 1, FILLED_AT_ONCE):
        last = min(first + FILLED_AT_ONCE - 1, leads)
        await owner.execute(FILL, org_id, uuid.UUID(case_type), first, last)
    await owner.execute("VACUUM ANALYZE leads")
    source = await owner.fetchval("SELECT min(id::text) FROM sources WHERE org_id = $1", org_id)
    user_id = await owner.fetchval("SELECT min(id) FROM users WHERE org_id = $1", org_id)
    await owner.close()
    pools = await database.connect(machine.cluster.url("doorstep_login"))
    async with open_scope(pools, org_id=org_id, actor=STAGE) as scope:
        link = await auth.make_sign_in_link(scope, user_id=user_id)
    session = await auth.sign_in_by_link(pools, value=link)
    await pools.close()
    return {"case_type": case_type, "source": source, "session": session}


async def write_words(machine: Machine) -> str:
    """What the worker does, at once; the size of what it wrote."""
    pools = await database.connect(machine.cluster.url("doorstep_login"))
    more = True
    while more:
        async with task_scope(pools, org_id=machine.org["id"], task=terms.INDEX) as scope:
            more = await terms.index_next(scope)
    await pools.close()
    owner = await asyncpg.connect(machine.cluster.url())
    await owner.execute("VACUUM ANALYZE lead_terms")
    row = await owner.fetchrow(
        "SELECT count(*) AS rows, pg_size_pretty(pg_table_size('lead_terms')) AS size, "
        "pg_size_pretty(pg_indexes_size('lead_terms')) AS indexes, "
        "pg_size_pretty(pg_total_relation_size('leads')) AS leads FROM lead_terms"
    )
    await owner.close()
    assert row is not None
    return (
        f"{row['rows']:,} words: {row['size']} and {row['indexes']} of index; leads {row['leads']}"
    )


@contextmanager
def web(machine: Machine) -> Iterator[tuple[str, int]]:
    """A web process: (its address, its id)."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "DOORSTEP_DATABASE_URL": machine.cluster.url("doorstep_login"),
        "DOORSTEP_DATA": str(machine.folder / "data"),
        "DOORSTEP_BASE_URL": url,
        "DOORSTEP_SECRET_KEY": SECRET_KEY,
    }
    words = [sys.executable, "-m", "doorstep", "web", "--port", str(port)]
    with (machine.folder / "web.log").open("wb") as log:
        process = subprocess.Popen(words, env={**os.environ, **environment}, stdout=log, stderr=log)
    try:
        wait(lambda: answers(port))
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def ask(member: httpx.Client, path: str, *, facts: dict[str, str]) -> tuple[float, int]:
    """(milliseconds, leads on the page)."""
    taken = []
    for _ in range(TIMES):
        began = time.monotonic()
        answer = member.get(path.format(**facts), timeout=60)
        taken.append(1e3 * (time.monotonic() - began))
        assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
    lines = (
        answer.text.count("\n") - 1 if path.count(".csv") else answer.text.count('id="lead-name-')
    )
    return statistics.median(taken), lines


def page_deep(member: httpx.Client) -> float:
    """Milliseconds of a page that is reached by going on PAGES times."""
    path, taken = "/inbox", 0.0
    for _ in range(PAGES):
        began = time.monotonic()
        text = member.get(path, timeout=60).text
        taken = 1e3 * (time.monotonic() - began)
        found = re.search(r'href="(/inbox\?[^"]*before=[^"]*)"', text)
        if found is None:
            break
        path = html.unescape(found[1])
    return taken


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
