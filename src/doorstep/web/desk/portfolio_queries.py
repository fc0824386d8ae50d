"""What the portfolio shows: jobs with their homeowner, photos and picture, in one query a page.

Each shelf is walked along an index of its own in the order that is asked for, and the walks are
merged: a page costs the same however many jobs stand on the shelves.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.jobs.shelves import LABELS, LISTED
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
    shelves = [looking.shelf] if looking.shelf else list(LISTED)
    arguments: list[object] = [scope.org_id, shelves, rows_max]
    conditions = ["shelf = s.shelf"]
    if looking.member_id is not None:
        arguments.append(looking.member_id)
        conditions.append(f"user_id = ${len(arguments)}")
    order = looking.order
    if after is not None:
        numbers = [f"${len(arguments) + n}" for n in range(1, len(after) + 1)]
        arguments += after
        sign = "<" if order.down else ">"
        conditions.append(f"({', '.join(order.columns)}) {sign} ({', '.join(numbers)})")
    picked = f"""
        SELECT one.* FROM unnest($2::text[]) s(shelf) CROSS JOIN LATERAL (
            SELECT {", ".join(order.columns)} FROM jobs
            WHERE org_id = $1 AND {" AND ".join(conditions)} ORDER BY {order.clause("jobs")} LIMIT $3
        ) one ORDER BY {order.clause("one")} LIMIT $3"""
    sql = shown.format(picked=picked) + f"\n    ORDER BY {order.clause('p')}"
    return await scope.tx.fetch(sql, *arguments)
