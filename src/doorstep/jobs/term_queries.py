"""All SQL of the words that jobs are found by."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from doorstep.orgs.model import OrgScope

LAST_CHARACTER = "\U0010ffff"
BEGINNING = f"term >= w.word AND term < w.word || '{LAST_CHARACTER}'"


def places(place_only: bool) -> list[bool]:  # noqa: FBT001
    """Which terms are looked at, by `of_place`."""
    return [True] if place_only else [False, True]


async def lock_mark(scope: OrgScope) -> int | None:
    """The last job that has its terms, 0 for none; None while somebody else is at the terms.

    A job that is described anew holds the same lock, shared: it would not see the terms of what
    it was, nor would this see what it is going to be.
    """
    if not await scope.tx.fetchval(
        "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))  -- by org_id",
        f"terms of jobs of {scope.org_id}",
    ):
        return None
    mark: int | None = await scope.tx.fetchval(
        "SELECT job_id FROM job_term_marks WHERE org_id = $1", scope.org_id
    )
    return mark or 0


async def write_after(
    scope: OrgScope, *, mark: int, settled: timedelta, rows_max: int
) -> tuple[int, int | None]:
    """(how many jobs after the mark have their terms now, the last of them).

    None is passed over: the first job that is younger than `settled` ends the stretch.
    """
    row = await scope.tx.fetchrow(
        """
        WITH next AS (
            SELECT id, created_at, place_words, person_words,
                bool_and(created_at < now() - $3::interval) OVER (ORDER BY id) AS settled
            FROM (SELECT * FROM jobs WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $4) after
        ), chosen AS (
            SELECT * FROM next WHERE settled
        ), written AS (
            INSERT INTO job_terms (org_id, term, created_at, job_id, of_place)
            SELECT $1, term, created_at, id, of_place
            FROM chosen, doorstep_terms(place_words, person_words)
        )
        SELECT count(*) AS number, max(id) AS last FROM chosen
        """,
        scope.org_id,
        mark,
        settled,
        rows_max,
    )
    assert row is not None
    return row["number"], row["last"]


async def move_mark(scope: OrgScope, *, mark: int) -> None:
    """All jobs up to this one have their terms."""
    await scope.tx.execute(
        "INSERT INTO job_term_marks (org_id, job_id) VALUES ($1, $2) "
        "ON CONFLICT (org_id) DO UPDATE SET job_id = excluded.job_id",
        scope.org_id,
        mark,
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
    """(word, user_id) for each member of whose name or address of e-mail a word begins one."""
    return await scope.tx.fetch(
        """
        SELECT w.word, u.id AS user_id FROM unnest($2::text[]) w(word)
        JOIN (SELECT id, doorstep_words(name || ' ' || email) AS words FROM users WHERE org_id = $1) u
            ON u.words LIKE '% ' || w.word || '%'
        """,
        scope.org_id,
        words,
    )


async def rarest(
    scope: OrgScope,
    *,
    words: Sequence[str],
    members: Sequence[asyncpg.Record],
    of_place: Sequence[bool],
    rows_max: int,
) -> str | None:
    """The word by which the fewest jobs are found; None when each finds more than `rows_max`."""
    found: str | None = await scope.tx.fetchval(
        f"""
        SELECT w.word FROM unnest($2::text[]) w(word) CROSS JOIN LATERAL (
            SELECT count(*) AS number FROM (
                SELECT FROM job_terms WHERE org_id = $1 AND of_place = ANY ($6) AND {BEGINNING}
                LIMIT $5 + 1) capped
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
        of_place,
    )
    return found
