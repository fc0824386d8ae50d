"""The words that jobs are found by: written in the background, asked for by their beginnings.

A job is found by a text when each word of the text begins one of the job's words, or one of its
member's. As with leads, every job up to the organization's mark has its words in `job_terms`, and
the few that came since are read one by one; a job's own row has the same words and decides.
"""

from dataclasses import dataclass
from datetime import timedelta

from doorstep.jobs import term_queries
from doorstep.leads.terms import words_of
from doorstep.orgs.model import OrgScope

INDEX = "jobs.index"
JOBS_AT_ONCE_MAX = 1000
SETTLED = timedelta(seconds=60)
"""A transaction that makes a job is over by then."""
WORDS_MAX = 20
CANDIDATES_MAX = 5000
NEWER_MAX = 20_000


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is looked for, and where: each word is a job's own or its member's.

    With a rarest word there is no need to look further than at the jobs that it leads to, by a
    beginning or a member, and at those after the mark.
    """

    words: list[str]
    members: dict[str, list[int]]
    place_only: bool
    """Whether only the job's name and address are looked at, not its homeowner and number."""
    rarest: str | None
    mark: int | None
    """None when too many jobs have no terms yet."""

    @property
    def leading(self) -> list[str]:
        """The words that have to lead to the jobs."""
        return self.words if self.rarest is None else [self.rarest]


async def index_next(scope: OrgScope) -> bool:
    """Write the terms of the next jobs after the mark; whether there may be more of them."""
    mark = await term_queries.lock_mark(scope)
    if mark is None:
        return False
    number, last = await term_queries.write_after(
        scope, mark=mark, settled=SETTLED, rows_max=JOBS_AT_ONCE_MAX
    )
    if last is not None:
        await term_queries.move_mark(scope, mark=last)
    return number == JOBS_AT_ONCE_MAX


async def seek(scope: OrgScope, *, text: str, place_only: bool) -> Sought | None:
    """Where the words of this text are to be looked for; None when it has no word."""
    words = list(dict.fromkeys(words_of(text)))[:WORDS_MAX]
    if not words:
        return None
    found = await term_queries.members_with(scope, words=words)
    members: dict[str, list[int]] = {word: [] for word in words}
    for one in found:
        members[one["word"]].append(one["user_id"])
    mark = await term_queries.mark_within(scope, rows_max=NEWER_MAX)
    rarest = None
    if mark is not None:
        rarest = await term_queries.rarest(
            scope,
            words=words,
            members=found,
            of_place=term_queries.places(place_only),
            rows_max=CANDIDATES_MAX,
        )
    return Sought(words=words, members=members, place_only=place_only, rarest=rarest, mark=mark)
