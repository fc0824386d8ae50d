"""All SQL of the words that jobs are found by."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from doorstep.leads.terms import TERM_CHARACTERS_MAX, folded
from doorstep.orgs.model import OrgScope

TEXTS = ("name", "location_line_1", "location_city", "location_region", "location_postal_code")
LAST_CHARACTER = "\U0010ffff"
JOB_TEXT = f"concat_ws(' ', {', '.join(TEXTS)})"
PHONE = "regexp_replace(customer_phone, '[^0-9]', '', 'g')"
"""Its digits, of which all, the last 7 and the last 4 are terms."""
PERSON_TEXT = f"concat_ws(' ', customer_name, customer_email, external_identifier, {PHONE})"
FOUND_TEXT = f"{JOB_TEXT} || ' ' || {PERSON_TEXT}"
"""What the desk finds a job by: its homeowner and its number besides what the wire looks at."""
TERM_TEXT = (
    f"concat_ws(' ', {FOUND_TEXT}, right({PHONE}, 10), right({PHONE}, 7), right({PHONE}, 4))"
)
TERMS = f"""
    INSERT INTO job_terms (org_id, term, created_at, job_id)
    SELECT DISTINCT $1::bigint, left(word, {TERM_CHARACTERS_MAX}), created_at, id
    FROM chosen, regexp_split_to_table({folded("text")}, '[\\W_]+') word WHERE word <> ''"""
BEGINNING = f"term >= w.word AND term < w.word || '{LAST_CHARACTER}'"


async def lock_mark(scope: OrgScope) -> int | None:
    """The last job that has its terms; None while another task is at it."""
    await scope.tx.execute(
        "INSERT INTO job_term_marks (org_id, job_id) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        scope.org_id,
    )
    mark: int | None = await scope.tx.fetchval(
        "SELECT job_id FROM job_term_marks WHERE org_id = $1 FOR UPDATE SKIP LOCKED", scope.org_id
    )
    return mark


async def write_after(
    scope: OrgScope, *, mark: int, settled: timedelta, rows_max: int
) -> tuple[int, int | None]:
    """(how many jobs after the mark have their terms now, the last of them).

    None is passed over: the first job that is younger than `settled` ends the stretch.
    """
    row = await scope.tx.fetchrow(
        f"""
        WITH next AS (
            SELECT id, created_at, {TERM_TEXT} AS text,
                bool_and(created_at < now() - $3::interval) OVER (ORDER BY id) AS settled
            FROM (SELECT * FROM jobs WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $4) after
        ), chosen AS (
            SELECT * FROM next WHERE settled
        ), written AS ({TERMS})
        SELECT count(*) AS number, max(id) AS last FROM chosen
        """,
        scope.org_id,
        mark,
        settled,
        rows_max,
    )
    assert row is not None
    return row["number"], row["last"]


async def write(scope: OrgScope, *, job_id: int) -> None:
    """The terms of a job as it is described now."""
    await scope.tx.execute(
        f"""
        WITH chosen AS (
            SELECT id, created_at, {TERM_TEXT} AS text FROM jobs WHERE org_id = $1 AND id = $2
        ) {TERMS}
        """,
        scope.org_id,
        job_id,
    )


async def move_mark(scope: OrgScope, *, mark: int) -> None:
    """All jobs up to this one have their terms."""
    await scope.tx.execute(
        "UPDATE job_term_marks SET job_id = $2 WHERE org_id = $1", scope.org_id, mark
    )


async def mark_within(scope: OrgScope, *, rows_max: int) -> int | None:
    """The mark, if no more than `rows_max` jobs are newer."""
    mark: int | None = await scope.tx.fetchval(
        """
        SELECT m.job_id FROM job_term_marks m WHERE m.org_id = $1 AND NOT EXISTS (
            SELECT FROM jobs WHERE org_id = $1 AND id > m.job_id ORDER BY id OFFSET $2 LIMIT 1)
        """,
        scope.org_id,
        rows_max,
    )
    return mark


async def members_with(scope: OrgScope, *, words: Sequence[str]) -> list[asyncpg.Record]:
    """(word, user_id) for each member in whose name or address of e-mail a word is."""
    return await scope.tx.fetch(
        f"""
        SELECT w.word, u.id AS user_id FROM unnest($2::text[]) w(word)
        JOIN (SELECT id, name || ' ' || email AS text FROM users WHERE org_id = $1) u
            ON {folded("text")} LIKE '%' || w.word || '%'
        """,
        scope.org_id,
        words,
    )


async def rarest(
    scope: OrgScope, *, words: Sequence[str], members: Sequence[asyncpg.Record], rows_max: int
) -> str | None:
    """The word by which the fewest jobs are found; None when each finds more than `rows_max`."""
    found: str | None = await scope.tx.fetchval(
        f"""
        SELECT w.word FROM unnest($2::text[]) w(word) CROSS JOIN LATERAL (
            SELECT count(*) AS number FROM (
                SELECT FROM job_terms WHERE org_id = $1 AND {BEGINNING} LIMIT $5 + 1) capped
        ) terms CROSS JOIN LATERAL (
            SELECT count(*) AS number FROM unnest($3::text[], $4::bigint[]) m(word, user_id)
            CROSS JOIN LATERAL (
                SELECT FROM jobs WHERE org_id = $1 AND user_id = m.user_id LIMIT $5 + 1) capped
            WHERE m.word = w.word
        ) theirs
        WHERE terms.number + theirs.number <= $5
        ORDER BY terms.number + theirs.number, w.word LIMIT 1
        """,
        scope.org_id,
        words,
        [one["word"] for one in members],
        [one["user_id"] for one in members],
        rows_max,
    )
    return found
