"""SQL of what a search finds, for whoever lists jobs: parts of a statement whose $1 is org_id."""

from doorstep.jobs.term_queries import LAST_CHARACTER, places
from doorstep.jobs.terms import CANDIDATES_MAX, Sought
from doorstep.kit.statements import Statement
from doorstep.orgs.model import OrgScope

COMPARING_MEMORY = "32MB"
"""Holds the ids of a million jobs."""
COMPARING_SECONDS_MAX = 15
LED_MAX = 2 * CANDIDATES_MAX
"""No rare word leads to so many, which the planner does not know."""


async def make_room(scope: OrgScope) -> None:
    """Let the ids of each word be compared in memory and in time, in this transaction."""
    await scope.tx.execute(
        f"SET LOCAL work_mem = '{COMPARING_MEMORY}'; "
        f"SET LOCAL statement_timeout = '{COMPARING_SECONDS_MAX}s'"
    )


def fits(making: Statement, *, sought: Sought) -> str:
    """What a row of `jobs` is like that is found."""
    conditions = []
    for word in sought.words:
        like = f"LIKE {making.value(f'% {word}%')}"
        ways = [f"place_words {like}"]
        if not sought.place_only:
            ways.append(f"person_words {like}")
        if sought.members[word]:
            ways.append(f"user_id = ANY ({making.value(sought.members[word])}::bigint[])")
        conditions.append(f"({' OR '.join(ways)})")
    return " AND ".join(conditions)


def led(making: Statement, *, sought: Sought) -> str:
    """(id, created_at) of the jobs that the rarest word leads to, and of all that are newer."""
    # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
    assert sought.rarest is not None
    return f"""
        {_having(making, sought.rarest, sought=sought, limit=f"LIMIT {LED_MAX:d}")}
        UNION SELECT id, created_at FROM jobs WHERE org_id = $1 AND id > {making.value(sought.mark)}"""


def settled(making: Statement, *, sought: Sought) -> str:
    """What an id is like of a job that is found, up to the mark: each word is looked up by itself."""
    mark = f"id <= {making.value(sought.mark)}"
    having = [
        f"id IN (SELECT id FROM ({_having(making, word, sought=sought)}) led)"
        for word in sought.words
    ]
    return " AND ".join([mark, *having])


def newer(making: Statement, *, sought: Sought) -> str:
    """What a row of `jobs` is like that is found after the mark."""
    return f"id > {making.value(sought.mark)} AND {fits(making, sought=sought)}"


def _having(making: Statement, word: str, *, sought: Sought, limit: str = "") -> str:
    # allow: org_scope as above
    beginning, end = making.value(word), making.value(word + LAST_CHARACTER)
    ways = [
        f"""(SELECT job_id AS id, created_at FROM job_terms WHERE org_id = $1
            AND of_place = ANY ({making.value(places(sought.place_only))}::boolean[])
            AND term >= {beginning} AND term < {end} {limit})"""
    ]
    ways += [
        f"""(SELECT id, created_at FROM jobs
            WHERE org_id = $1 AND user_id = {making.value(one)} {limit})"""
        for one in sought.members[word]
    ]
    return " UNION ALL ".join(ways)
