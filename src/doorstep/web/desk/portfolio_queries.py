"""What the portfolio shows: jobs with their homeowner, photos and picture, in one query a page.

Each shelf is walked along an index of its own in the order that is asked for, and the walks are
merged: a page costs the same however many jobs stand on the shelves.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.jobs import terms
from doorstep.jobs.shelves import LABELS, LISTED
from doorstep.jobs.term_queries import FOUND_TEXT, LAST_CHARACTER
from doorstep.jobs.terms import Sought
from doorstep.leads.terms import folded, phone_in
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


SCANNED_MAX = 20_000
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
    sought = await _seek(scope, looking)
    if looking.text and sought is None:
        return []
    values: list[object] = [scope.org_id, [looking.shelf] if looking.shelf else list(LISTED)]
    order = looking.order
    conditions = _conditions(values, looking, after=after)
    fitting = _fitting(values, sought)
    values.append(rows_max)
    limit = f"${len(values)}"
    if sought is not None and sought.rarest is not None:
        picked = f"""
            SELECT {", ".join(order.columns)} FROM jobs one
            WHERE org_id = $1 AND shelf = ANY ($2) AND id IN ({_places(values, sought)})
                AND {conditions} AND {fitting}
            ORDER BY {order.clause("one")} LIMIT {limit}"""
    else:
        # What no rare word narrows reads each shelf in its order and stops after so many jobs.
        walked = f"""(
            SELECT * FROM jobs WHERE org_id = $1 AND shelf = s.shelf AND {conditions}
            ORDER BY {order.clause("jobs")} LIMIT {SCANNED_MAX if sought else limit})"""
        picked = f"""
            SELECT one.* FROM unnest($2::text[]) s(shelf) CROSS JOIN LATERAL (
                SELECT {", ".join(order.columns)} FROM {walked} walked WHERE {fitting}
                ORDER BY {order.clause("walked")} LIMIT {limit}
            ) one ORDER BY {order.clause("one")} LIMIT {limit}"""
    sql = shown.format(picked=picked) + f"\n    ORDER BY {order.clause('p')}"
    return await scope.tx.fetch(sql, *values)


async def _seek(scope: OrgScope, looking: Looking) -> Sought | None:
    """Where the words are looked for; what looks like a phone number is one word, its digits."""
    return await terms.seek(scope, text=phone_in(looking.text) or looking.text)


def _conditions(values: list[object], looking: Looking, *, after: Anchor | None) -> str:
    found = ["true"]
    if looking.member_id is not None:
        values.append(looking.member_id)
        found.append(f"user_id = ${len(values)}")
    if after is not None:
        numbers = ", ".join(f"${len(values) + n}" for n in range(1, len(after) + 1))
        values += after
        sign = "<" if looking.order.down else ">"
        found.append(f"({', '.join(looking.order.columns)}) {sign} ({numbers})")
    return " AND ".join(found)


def _fitting(values: list[object], sought: Sought | None) -> str:
    """Every word is in the job's text, or in the name of its member."""
    found = ["true"]
    for word in sought.words if sought else ():
        values += [f"%{word}%", sought.members[word] if sought else []]
        text, member = f"${len(values) - 1}", f"${len(values)}"
        found.append(f"(FOUND LIKE {text} OR user_id = ANY ({member}::bigint[]))")
    return " AND ".join(found).replace("FOUND", folded(FOUND_TEXT))


def _places(values: list[object], sought: Sought) -> str:
    """The jobs that the rarest word leads to, and those that came since words were written."""
    # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
    assert sought.rarest is not None
    rarest = sought.rarest
    values += [rarest, rarest + LAST_CHARACTER, sought.mark, sought.members[rarest]]
    first, last, mark, members = (f"${len(values) - n}" for n in (3, 2, 1, 0))
    return f"""
        SELECT job_id FROM job_terms WHERE org_id = $1 AND term >= {first} AND term < {last}
        UNION SELECT id FROM jobs WHERE org_id = $1 AND id > {mark}
        UNION SELECT id FROM jobs WHERE org_id = $1 AND user_id = ANY ({members}::bigint[])"""
