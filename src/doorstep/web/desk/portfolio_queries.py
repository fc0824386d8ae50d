"""What the portfolio shows: jobs with their homeowner, photos and picture, in one query a page.

Each shelf is walked along an index of its own in the order that is asked for, and the walks are
merged: a page costs the same however many jobs stand on the shelves.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.jobs import found_queries, terms
from doorstep.jobs.shelves import LABELS, LISTED
from doorstep.jobs.terms import Sought
from doorstep.kit.statements import Statement
from doorstep.leads.terms import phone_in
from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class Order:
    """One way to sort: the columns, ending with the id, and whether they go down."""

    label: str
    columns: tuple[str, ...]
    down: bool

    @property
    def key(self) -> str | None:
        """What stands before the id."""
        return self.columns[0] if len(self.columns) > 1 else None

    def clause(self, table: str) -> str:
        """As ORDER BY has it."""
        return ", ".join(f"{table}.{one}{' DESC' if self.down else ''}" for one in self.columns)


LOOKED_THROUGH_MAX = 5000
"""So many jobs are read for words that most jobs have, before terms are compared."""
ORDERS = {
    "newest": Order(label="Newest first", columns=("id",), down=True),
    "oldest": Order(label="Oldest first", columns=("id",), down=False),
    "changed": Order(label="Changed last", columns=("updated_at", "id"), down=True),
    "waiting": Order(label="Unchanged longest", columns=("updated_at", "id"), down=False),
    "customer": Order(label="Homeowner A to Z", columns=("customer_key", "id"), down=False),
}

PHOTOS = """LEFT JOIN LATERAL (
        SELECT count(*) AS photos FROM photos
        WHERE org_id = j.org_id AND job_id = j.id AND kind <> 'frame'
    ) taken ON true"""

ADDRESS = """concat_ws(', ', nullif(j.location_line_1, ''), nullif(j.location_city, ''),
    nullif(j.location_region, ''))"""

SHOWN = f"""
    SELECT j.id, j.state, j.shelf, j.name, j.customer_name, j.customer_phone,
        j.external_identifier, j.deliverable_id, j.user_id, u.name AS member, j.created_at,
        j.updated_at, {ADDRESS} AS address, r.state AS request_state, r.connected_at,
        r.completed_at AS photos_done_at, coalesce(taken.photos, 0) AS photos,
        cover.id AS cover_id, m.build_id, f.name IS NOT NULL AS has_preview, b.done
    FROM ({{picked}}) p
    JOIN jobs j ON j.org_id = $1 AND j.id = p.id
    JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
    LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
    LEFT JOIN LATERAL (
        SELECT build_id FROM models WHERE org_id = j.org_id AND job_id = j.id
        ORDER BY id LIMIT 1
    ) m ON true
    LEFT JOIN build_files f ON f.org_id = j.org_id AND f.build_id = m.build_id
        AND f.tree = 'org' AND f.name = 'preview.jpg'
    {PHOTOS}
    LEFT JOIN LATERAL (
        SELECT id FROM photos
        WHERE org_id = j.org_id AND job_id = j.id AND thumbnail_key IS NOT NULL
        ORDER BY (spot = 'front') IS TRUE DESC, session_id, sequence, id LIMIT 1
    ) cover ON true
    LEFT JOIN LATERAL (
        SELECT done FROM builds
        WHERE org_id = j.org_id AND job_id = j.id AND state = 'running'
        ORDER BY id DESC LIMIT 1
    ) b ON true"""

EXPORTED = f"""
    SELECT j.id, j.shelf, j.name, j.location_line_1 AS address, j.location_city AS city,
        j.location_region AS region, j.location_postal_code AS postal_code, j.customer_name,
        j.customer_email, j.customer_phone, j.external_identifier, u.name AS member,
        j.created_at, r.connected_at AS link_opened_at, r.completed_at AS photos_done_at,
        coalesce(taken.photos, 0) AS photos, j.completed_at, j.updated_at
    FROM ({{picked}}) p
    JOIN jobs j ON j.org_id = $1 AND j.id = p.id
    JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
    LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
    {PHOTOS}"""


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Which jobs are asked for, in which order, and how they are shown."""

    shelf: str | None = None
    member_id: int | None = None
    sort: str = "newest"
    look: str = "grid"
    text: str = ""

    @property
    def order(self) -> Order:
        """The way to sort."""
        return ORDERS[self.sort]


@dataclass(frozen=True, kw_only=True)
class House:
    """One job as the portfolio shows it."""

    id: int
    state: str
    shelf: str
    name: str
    customer_name: str | None
    customer_phone: str | None
    external_identifier: str | None
    deliverable_id: int
    user_id: int
    member: str
    address: str
    created_at: datetime
    updated_at: datetime
    request_state: str | None
    connected_at: datetime | None
    photos_done_at: datetime | None
    photos: int
    cover_id: uuid.UUID | None
    build_id: uuid.UUID | None
    has_preview: bool
    done: float | None

    @property
    def title(self) -> str:
        """The address, or whatever the job is called."""
        return self.address.partition(",")[0] or self.name

    @property
    def label(self) -> str:
        """The shelf as people read it."""
        return LABELS[self.shelf]

    @property
    def link(self) -> str:
        """What the homeowner did with the link, in two or three words."""
        if self.request_state is None:
            return "Nobody asked"
        if self.photos_done_at:
            return "Photos finished"
        if self.request_state == "deleted":
            return "Withdrawn"
        return "Link opened" if self.connected_at else "Link not opened yet"


Anchor = tuple[object, ...]
"""The sort columns of the last job of a page."""


async def page(
    scope: OrgScope, *, looking: Looking, after: Anchor | None, rows_max: int
) -> list[House]:
    """The jobs that are looked for, those that come after the anchor."""
    rows = await _fetch(scope, SHOWN, looking=looking, after=after, rows_max=rows_max)
    return [House(**row) for row in rows]


async def export(scope: OrgScope, *, looking: Looking, rows_max: int) -> list[asyncpg.Record]:
    """What a table says of them; the columns' names are its head."""
    return await _fetch(scope, EXPORTED, looking=looking, after=None, rows_max=rows_max)


async def customer_key(scope: OrgScope, *, job_id: int) -> str | None:
    """What a job is sorted by when they go by their homeowners."""
    found: str | None = await scope.tx.fetchval(
        "SELECT customer_key FROM jobs WHERE org_id = $1 AND id = $2", scope.org_id, job_id
    )
    return found


async def _fetch(
    scope: OrgScope, shown: str, *, looking: Looking, after: Anchor | None, rows_max: int
) -> list[asyncpg.Record]:
    order = looking.order

    async def show(making: Statement, picked: str) -> list[asyncpg.Record]:
        sql = shown.format(picked=f"{picked} LIMIT {rows_max:d}")
        return await scope.tx.fetch(f"{sql} ORDER BY {order.clause('p')}", *making.values)

    making = Statement([scope.org_id])
    behind = _behind(making, looking, after=after)
    fitting = _of_member(making, looking)
    if not looking.text:
        picked = _walked(making, looking, conditions=f"{behind} AND {fitting}", rows_max=rows_max)
        return await show(making, picked)
    # What looks like a phone number is one word, its digits.
    text = phone_in(looking.text) or looking.text
    sought = await terms.seek(scope, text=text, place_only=False)
    if sought is None:
        return []
    fitting += f" AND {found_queries.fits(making, sought=sought)}"
    if sought.rarest is None:
        before = Statement(list(making.values))
        picked = _looked_through(
            before, looking, behind=behind, fitting=fitting, everywhere=sought.mark is None
        )
        found = await show(before, picked)
        if len(found) == rows_max or sought.mark is None:
            return found
        await found_queries.make_room(scope)
        picked = _looked_up(making, looking, behind=behind, fitting=fitting, sought=sought)
    else:
        picked = _led(making, looking, conditions=f"{behind} AND {fitting}", sought=sought)
    return await show(making, picked)


def _walked(making: Statement, looking: Looking, *, conditions: str, rows_max: int) -> str:
    """The first of each shelf along its index, and of these the first."""
    # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
    order = looking.order
    columns = ", ".join(order.columns)
    return f"""
        SELECT one.* FROM unnest({making.value(_shelves(looking))}::text[]) s(shelf)
        CROSS JOIN LATERAL (
            SELECT {columns} FROM jobs WHERE org_id = $1 AND shelf = s.shelf AND {conditions}
            ORDER BY {order.clause("jobs")} LIMIT {rows_max:d}
        ) one ORDER BY {order.clause("one")}"""


def _looked_through(
    making: Statement, looking: Looking, *, behind: str, fitting: str, everywhere: bool
) -> str:
    """Those that fit among the first of all these shelves together, or among all on them."""
    # allow: org_scope as above
    order = looking.order
    limit = "" if everywhere else f"LIMIT {LOOKED_THROUGH_MAX:d}"
    walks = " UNION ALL ".join(
        f"""(SELECT * FROM jobs WHERE org_id = $1 AND shelf = {making.value(shelf)} AND {behind}
            ORDER BY {order.clause("jobs")})"""
        for shelf in _shelves(looking)
    )
    return f"""
        SELECT {", ".join(order.columns)} FROM (
            SELECT * FROM ({walks}) walks ORDER BY {order.clause("walks")} {limit}
        ) first WHERE {fitting} ORDER BY {order.clause("first")}"""


def _looked_up(
    making: Statement, looking: Looking, *, behind: str, fitting: str, sought: Sought
) -> str:
    """All that are found: up to the mark by their terms alone."""
    # allow: org_scope as above
    order = looking.order
    columns = ", ".join(order.columns)
    walked = f"""SELECT {columns} FROM jobs WHERE org_id = $1
        AND shelf = ANY ({making.value(_shelves(looking))}::text[]) AND {behind}"""
    return f"""
        SELECT {columns} FROM (
            {walked} AND {_of_member(making, looking)}
                AND {found_queries.settled(making, sought=sought)}
            UNION ALL {walked} AND {fitting} AND id > {making.value(sought.mark)}
        ) every ORDER BY {order.clause("every")}"""


def _led(making: Statement, looking: Looking, *, conditions: str, sought: Sought) -> str:
    """Those to which their words lead."""
    # allow: org_scope as above
    order = looking.order
    columns = ", ".join(order.columns)
    return f"""
        SELECT one.* FROM ({found_queries.led(making, sought=sought)}) led CROSS JOIN LATERAL (
            SELECT {columns} FROM jobs WHERE org_id = $1 AND id = led.id
                AND shelf = ANY ({making.value(_shelves(looking))}::text[]) AND {conditions} LIMIT 1
        ) one ORDER BY {order.clause("one")}"""


def _shelves(looking: Looking) -> list[str]:
    return [looking.shelf] if looking.shelf else list(LISTED)


def _behind(making: Statement, looking: Looking, *, after: Anchor | None) -> str:
    if after is None:
        return "true"
    values = ", ".join(making.value(one) for one in after)
    return f"({', '.join(looking.order.columns)}) {'<' if looking.order.down else '>'} ({values})"


def _of_member(making: Statement, looking: Looking) -> str:
    if looking.member_id is None:
        return "true"
    return f"user_id = {making.value(looking.member_id)}"
