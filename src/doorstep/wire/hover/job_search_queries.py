"""All SQL of jobs that are searched for, in the order of their list."""

from doorstep.jobs.term_queries import JOB_TEXT, LAST_CHARACTER
from doorstep.jobs.terms import Sought
from doorstep.leads.terms import folded
from doorstep.wire.hover.job_filter import Filter, Statement

WITH_TEXT = f"SELECT *, {JOB_TEXT} AS text FROM jobs WHERE org_id = $1"


def page(making: Statement, wanted: Filter, *, sought: Sought, walks: str) -> str:
    """(id, at) of the jobs that have all the words, in order: who takes the first reads no more.

    Without a rare word the jobs are looked through along the walks of their list.
    """
    # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
    return f"""
        SELECT place.id, place.at FROM (
            SELECT id, at FROM ({_places(making, wanted, sought=sought) or walks}) every
            ORDER BY {wanted.clause()}
        ) place CROSS JOIN LATERAL (
            SELECT FROM ({WITH_TEXT} AND id = place.id) job
            WHERE {_conditions(making, wanted, sought=sought)} LIMIT 1
        ) fitting ORDER BY {wanted.clause()}"""


def count(making: Statement, wanted: Filter, *, sought: Sought) -> str:
    """How many these are; without a rare word all jobs are read."""
    # allow: org_scope as above
    places = _places(making, wanted, sought=sought)
    led = f"AND id IN (SELECT id FROM ({places}) every)" if places else ""
    return f"""
        SELECT count(*) FROM ({WITH_TEXT} {led}) job
        WHERE {_conditions(making, wanted, sought=sought)}"""


def _conditions(making: Statement, wanted: Filter, *, sought: Sought) -> str:
    conditions = [f"archived_at IS {'NOT ' if wanted.archived else ''}NULL"]
    for text, value in (
        ("state = ANY (%s::text[])", wanted.states),
        ("deliverable_id = ANY (%s::int[])", wanted.deliverable_ids),
        ("updated_at >= %s", wanted.updated_since),
    ):
        if value is not None:
            conditions.append(text % making.value(value))
    for word in sought.words:
        has = f"{folded('text')} LIKE {making.value(f'%{word}%')}"
        if sought.members[word]:
            has = f"({has} OR user_id = ANY ({making.value(sought.members[word])}::bigint[]))"
        conditions.append(has)
    return " AND ".join(conditions)


def _places(making: Statement, wanted: Filter, *, sought: Sought) -> str:
    """(id, at) of the jobs that the rarest word leads to, and of those without terms."""
    # allow: org_scope as above
    word = sought.rarest
    if word is None:
        return ""
    first, last = making.value(word), making.value(word + LAST_CHARACTER)
    places = [
        f"""SELECT job_id AS id, created_at FROM job_terms
            WHERE org_id = $1 AND term >= {first} AND term < {last}""",
        f"SELECT id, created_at FROM jobs WHERE org_id = $1 AND id > {making.value(sought.mark)}",
    ]
    places += [
        f"SELECT id, created_at FROM jobs WHERE org_id = $1 AND user_id = {making.value(one)}"
        for one in sought.members[word]
    ]
    union = " UNION ".join(places)
    if wanted.column == "created_at":
        return f"SELECT id, created_at AS at FROM ({union}) led"
    return (
        f"SELECT j.id, j.{wanted.column} AS at FROM ({union}) led "
        "JOIN jobs j ON j.org_id = $1 AND j.id = led.id"
    )
