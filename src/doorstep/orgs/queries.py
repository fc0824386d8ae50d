"""All SQL of organizations, members and wallets."""

from collections.abc import Mapping
from dataclasses import fields

import asyncpg

from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Conflict
from doorstep.orgs.model import Member, Org, OrgScope, Preferences

CHANGEABLE = frozenset(
    {
        *("name", "customer_display_name", "external_identifier_label"),
        *("external_identifier_required", "default_deliverable_id", "open_identifier_links"),
        *("texts_need_consent", "time_zone"),
        *("require_job_approval", "default_role", "ordering_email", "names_requester"),
        *("siding_waste_percent", "roofing_waste_percent", "invites_by_email", "invites_by_text"),
        *("colour", "logo", "privacy_url", "terms_url", "support_phone", "languages"),
    }
)
"""What an admin may write of the organization."""

MEMBER = "id, email, name, role, require_job_approval, invited_at"
MEMBERS = """
    WHERE org_id = $1 AND disabled_at IS NULL AND ($3::text IS NULL OR role = $3)
      AND ($4::boolean IS NULL OR (invited_at IS NOT NULL) = $4)
      AND ($2::text IS NULL OR id::text = $2
           OR position(lower($2) IN lower(name || ' ' || email)) > 0)
"""


async def find_org(scope: OrgScope) -> Org:
    """The scope's own organization."""
    row = await scope.tx.fetchrow(
        """
        SELECT id, name, customer_display_name, captorra_id, time_zone,
               external_identifier_label, external_identifier_required, default_deliverable_id
        FROM orgs WHERE id = $1 AND $1 = doorstep_org()  -- org_id is the row's own id
        """,
        scope.org_id,
    )
    assert row is not None
    return Org(**row)


async def insert_org(scope: OrgScope, *, name: str, captorra_id: str) -> None:
    """Make the scope's own organization; Conflict when the id is taken.

    Policies let no scope make another.
    """
    try:
        await scope.tx.execute(
            "INSERT INTO orgs (id, name, customer_display_name, captorra_id) "
            "VALUES ($1, $2, $2, $3)  -- its org_id is its id",
            scope.org_id,
            name,
            captorra_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"An organization with the id {captorra_id} exists already.") from error


async def list_ids(db: Database) -> list[int]:  # allow: org_scope they are what is asked
    """Every organization."""
    async with db.batch(Role.INGEST) as tx:
        rows = await tx.fetch("SELECT id FROM orgs ORDER BY id")
    return [row["id"] for row in rows]


async def find_org_and_member(
    scope: OrgScope, *, email: str | None, user_id: int | None
) -> tuple[Org, Member | None]:
    """The scope's own organization, and its active member by address or, without one, by id."""
    row = await scope.tx.fetchrow(
        """
        SELECT o.id, o.name, o.customer_display_name, o.captorra_id, o.time_zone,
            o.external_identifier_label, o.external_identifier_required,
            o.default_deliverable_id, m.*
        FROM orgs o LEFT JOIN LATERAL (
            SELECT id AS user_id, email, name AS user_name, role, require_job_approval, invited_at
            FROM users
            WHERE org_id = $1 AND lower(email) = lower($2) AND disabled_at IS NULL
            UNION ALL
            SELECT id, email, name, role, require_job_approval, invited_at FROM users
            WHERE $2 IS NULL AND org_id = $1 AND id = $3 AND disabled_at IS NULL
        ) m ON true
        WHERE o.id = $1  -- org_id is the row's own id
        """,
        scope.org_id,
        email,
        user_id,
    )
    assert row is not None
    found = dict(row)
    org = Org(**{one.name: found.pop(one.name) for one in fields(Org)})
    if found["user_id"] is None:
        return org, None
    return org, Member(id=found.pop("user_id"), name=found.pop("user_name"), **found)


async def find_member(scope: OrgScope, *, user_id: int) -> Member | None:
    """An active member by id."""
    row = await scope.tx.fetchrow(
        f"SELECT {MEMBER} FROM users WHERE org_id = $1 AND id = $2 AND disabled_at IS NULL",
        scope.org_id,
        user_id,
    )
    return Member(**row) if row else None


async def find_member_by_email(scope: OrgScope, *, email: str) -> Member | None:
    """An active member by e-mail address, in any letter case."""
    row = await scope.tx.fetchrow(
        f"SELECT {MEMBER} FROM users "
        "WHERE org_id = $1 AND lower(email) = lower($2) AND disabled_at IS NULL",
        scope.org_id,
        email,
    )
    return Member(**row) if row else None


async def list_members(scope: OrgScope) -> list[Member]:
    """The active members by name; at most 500."""
    rows = await scope.tx.fetch(
        f"SELECT {MEMBER} FROM users "
        "WHERE org_id = $1 AND disabled_at IS NULL ORDER BY name, id LIMIT 500",
        scope.org_id,
    )
    return [Member(**row) for row in rows]


async def default_wallet_id(scope: OrgScope) -> int | None:
    """The organization's first wallet."""
    wallet_id: int | None = await scope.tx.fetchval(
        "SELECT id FROM wallets WHERE org_id = $1 ORDER BY id LIMIT 1", scope.org_id
    )
    return wallet_id


async def wallet_exists(scope: OrgScope, *, wallet_id: int) -> bool:
    """Whether the wallet is one of this organization."""
    found = await scope.tx.fetchval(
        "SELECT 1 FROM wallets WHERE org_id = $1 AND id = $2", scope.org_id, wallet_id
    )
    return found is not None


async def insert_user(scope: OrgScope, *, email: str, name: str, role: str) -> int:
    """A new member without a password; the id."""
    user_id: int = await scope.tx.fetchval(
        "INSERT INTO users (org_id, email, name, role) VALUES ($1, $2, $3, $4) RETURNING id",
        scope.org_id,
        email,
        name,
        role,
    )
    return user_id


async def insert_wallet(scope: OrgScope, *, name: str) -> int:
    """A new wallet; the id."""
    wallet_id: int = await scope.tx.fetchval(
        "INSERT INTO wallets (org_id, name) VALUES ($1, $2) RETURNING id", scope.org_id, name
    )
    return wallet_id


async def find_preferences(scope: OrgScope) -> Preferences:
    """What an admin may choose for the whole organization."""
    row = await scope.tx.fetchrow(
        """
        SELECT open_identifier_links, require_job_approval, default_role, ordering_email,
            siding_waste_percent, roofing_waste_percent, names_requester, invites_by_email,
            invites_by_text, created_at, updated_at
        FROM orgs WHERE id = $1  -- org_id is the row's own id
        """,
        scope.org_id,
    )
    assert row is not None
    return Preferences(**row)


async def update_org(
    scope: OrgScope, *, values: Mapping[str, str | int | bool | list[str] | None]
) -> None:
    """Write the named columns of the scope's own organization."""
    assert CHANGEABLE.issuperset(values)
    names = list(values)
    columns = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, start=2))
    if not columns:
        return
    await scope.tx.execute(
        f"UPDATE orgs SET {columns}, updated_at = now() WHERE id = $1  -- org_id is the row's own id",
        scope.org_id,
        *(values[name] for name in names),
    )


async def has_open_links(scope: OrgScope) -> bool:
    """Whether the six-character names lead to the links themselves."""
    found: bool = await scope.tx.fetchval(
        "SELECT open_identifier_links FROM orgs WHERE id = $1  -- org_id is the row's own id",
        scope.org_id,
    )
    return found


async def texts_need_consent(scope: OrgScope) -> bool:
    """Whether texts that go out by themselves need proof of consent."""
    found: bool = await scope.tx.fetchval(
        "SELECT texts_need_consent FROM orgs WHERE id = $1  -- org_id is the row's own id",
        scope.org_id,
    )
    return found


async def page_members(
    scope: OrgScope,
    *,
    search: str | None,
    role: str | None,
    invited: bool | None,
    start: int,
    rows_max: int,
) -> tuple[list[Member], int]:
    """(one page of the active members by id, how many there are in all).

    `invited` holds the page to those who have not come yet, or to those who have.
    """
    total: int = await scope.tx.fetchval(
        f"SELECT count(*) FROM users {MEMBERS}", scope.org_id, search, role, invited
    )
    rows = await scope.tx.fetch(
        f"SELECT {MEMBER} FROM users {MEMBERS} ORDER BY id OFFSET $5 LIMIT $6",
        scope.org_id,
        search,
        role,
        invited,
        start,
        rows_max,
    )
    return [Member(**row) for row in rows], total


async def page_wallets(
    scope: OrgScope, *, start: int, rows_max: int
) -> tuple[list[asyncpg.Record], int]:
    """(one page of (id, name) of the wallets by id, how many there are in all)."""
    total: int = await scope.tx.fetchval(
        "SELECT count(*) FROM wallets WHERE org_id = $1", scope.org_id
    )
    rows = await scope.tx.fetch(
        "SELECT id, name FROM wallets WHERE org_id = $1 ORDER BY id OFFSET $2 LIMIT $3",
        scope.org_id,
        start,
        rows_max,
    )
    return rows, total
