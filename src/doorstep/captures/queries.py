"""All SQL of capture requests; that of their reminders after the first is in its own file."""

from collections.abc import Sequence

from doorstep.captures import count_queries
from doorstep.captures.model import LINK_LIFE, SHOWN, CaptureRequest, Ground, Link
from doorstep.kit.pages import nearer
from doorstep.kit.writes import Write
from doorstep.messages.rules import Rules
from doorstep.messages.text_queries import FRAME
from doorstep.messages.texts import in_frame
from doorstep.orgs.model import OrgScope

VIEW = """
    SELECT r.id, r.identifier, r.state, r.capturing_user_name, r.capturing_user_email,
        r.capturing_user_phone, r.capturing_user_id, r.captured_user_id, r.requesting_user_id,
        r.signup_type, r.claim_number, r.inspection_workflow_id,
        r.requires_reconstruction_capture, r.suppress_text_messages, r.job_id, r.lead_id,
        r.language, r.link_version, r.expires_at, r.created_at, j.name AS job_name, j.location_line_1,
        j.location_line_2, j.location_city, j.location_region, j.location_postal_code,
        j.external_identifier, j.deliverable_id, j.client_identifier, j.wallet_id,
        u.name AS requester_name, u.email AS requester_email, r.org_id, o.name AS org_name,
        o.customer_display_name, o.external_identifier_label, o.external_identifier_required,
        o.names_requester, o.invites_by_email, o.invites_by_text
    FROM capture_requests r
    JOIN jobs j ON j.org_id = r.org_id AND j.id = r.job_id
    JOIN users u ON u.org_id = r.org_id AND u.id = r.requesting_user_id
    JOIN orgs o ON o.id = r.org_id
"""


async def find_ground(
    scope: OrgScope,
    *,
    requesting_user_id: int,
    wallet_id: int | None,
    deliverable_id: int,
    language: str | None,
) -> Ground | None:
    """What a new request of this member stands on; None when there is no such member.

    With no wallet named it is the organization's first; one that is not its own is None.
    """
    row = await scope.tx.fetchrow(
        f"""
        SELECT nextval('capture_requests_id_seq') AS request_id,
            nextval('jobs_id_seq') AS job_id, nextval('models_id_seq') AS model_id,
            now() AS now, u.name AS requester_name, u.email AS requester_email,
            o.name AS org_name, o.customer_display_name, o.external_identifier_label,
            o.external_identifier_required, o.names_requester, o.invites_by_email,
            o.invites_by_text,
            (SELECT id FROM wallets WHERE org_id = $1 AND ($3::bigint IS NULL OR id = $3)
             ORDER BY id LIMIT 1) AS wallet_id,
            coalesce((SELECT cents FROM prices WHERE org_id = $1 AND deliverable_id = $4), 0)
                AS cents,
            coalesce((SELECT remind_days FROM message_rules WHERE org_id = $1), $5) AS remind_days,
            {FRAME.format(kind="'invitation'", language="$6")}
        FROM users u JOIN orgs o ON o.id = u.org_id
        WHERE u.org_id = $1 AND u.id = $2
        """,
        scope.org_id,
        requesting_user_id,
        wallet_id,
        deliverable_id,
        Rules().remind_days,
        language,
    )
    if row is None:
        return None
    found = dict(row)
    words = in_frame("invitation", found)
    framing = ("colour", "language", "own_words")
    return Ground(invitation=words, **{k: v for k, v in found.items() if k not in framing})


def inserting(
    scope: OrgScope, *, request: CaptureRequest, remind_days: Sequence[int]
) -> list[Write]:
    """A new request with its reminder rows."""
    made = Write(
        """
        INSERT INTO capture_requests (org_id, id, identifier, capturing_user_name,
            capturing_user_email, capturing_user_phone, requesting_user_id, signup_type,
            claim_number, inspection_workflow_id, requires_reconstruction_capture,
            suppress_text_messages, job_id, lead_id, language, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """,
        (
            scope.org_id,
            request.id,
            request.identifier,
            request.capturing_user_name,
            request.capturing_user_email,
            request.capturing_user_phone,
            request.requesting_user_id,
            request.signup_type,
            request.claim_number,
            request.inspection_workflow_id,
            request.requires_reconstruction_capture,
            request.suppress_text_messages,
            request.job_id,
            request.lead_id,
            request.language,
            request.expires_at,
        ),
    )
    reminding = Write(
        """
        INSERT INTO reminders (org_id, capture_request_id, kind, due_at)
        SELECT $1, $2, day || '_days', now() + day * interval '24 hours'
        FROM unnest($3::int[]) AS day
        """,
        (scope.org_id, request.id, remind_days),
    )
    return [made, reminding]


async def find(scope: OrgScope, *, request_id: int) -> CaptureRequest | None:
    """One request."""
    row = await scope.tx.fetchrow(
        f"{VIEW} WHERE r.org_id = $1 AND r.id = $2", scope.org_id, request_id
    )
    return CaptureRequest(**row) if row else None


async def find_by_identifier(scope: OrgScope, *, identifier: str) -> CaptureRequest | None:
    """One request by its six-character name."""
    row = await scope.tx.fetchrow(
        f"{VIEW} WHERE r.org_id = $1 AND r.identifier = $2", scope.org_id, identifier
    )
    return CaptureRequest(**row) if row else None


async def find_of_job(scope: OrgScope, *, job_id: int) -> CaptureRequest | None:
    """The request that a job came from."""
    row = await scope.tx.fetchrow(
        f"{VIEW} WHERE r.org_id = $1 AND r.job_id = $2", scope.org_id, job_id
    )
    return CaptureRequest(**row) if row else None


async def find_open_of_lead(scope: OrgScope, *, lead_id: object) -> int | None:
    """The id of the request that asks for photos of this lead's house, if there is one."""
    found: int | None = await scope.tx.fetchval(
        "SELECT id FROM capture_requests WHERE org_id = $1 AND lead_id = $2 "
        "AND state <> 'deleted' ORDER BY id DESC LIMIT 1",
        scope.org_id,
        lead_id,
    )
    return found


async def page(
    scope: OrgScope, *, requesting_user_id: int | None, states: Sequence[str], page: int, per: int
) -> tuple[list[CaptureRequest], int]:
    """(one page of requests newest first, how many there are in all)."""
    total = await count_queries.total(scope, requesting_user_id=requesting_user_id, states=states)
    stretch = nearer(start=(page - 1) * per, rows_max=per, total=total)
    # Only what is asked for is said, in the words of the indexes.
    values: list[object] = [scope.org_id]
    condition = "state <> 'deleted'"
    if set(states) != SHOWN:
        (state,) = states
        values.append(state)
        condition = "state = $2"
    if requesting_user_id is not None:
        values.append(requesting_user_id)
        condition += f" AND requesting_user_id = ${len(values)}"
    rows = await scope.tx.fetch(
        f"""
        {VIEW} JOIN (
            SELECT id FROM capture_requests WHERE org_id = $1 AND {condition}
            ORDER BY id {"ASC" if stretch.backwards else "DESC"} LIMIT {stretch.taken:d} OFFSET {stretch.skipped:d}
        ) p ON p.id = r.id
        WHERE r.org_id = $1 ORDER BY r.id DESC
        """,
        *values,
    )
    return [CaptureRequest(**row) for row in rows], total


async def lock_link(scope: OrgScope, *, request_id: int) -> Link | None:
    """Whether the request's link has ended by the database's time, kept as it is until this ends."""
    row = await scope.tx.fetchrow(
        "SELECT expires_at <= now() AS ended, now() AS now FROM capture_requests "
        "WHERE org_id = $1 AND id = $2 FOR UPDATE",
        scope.org_id,
        request_id,
    )
    return Link(**row) if row else None


async def renew_link(scope: OrgScope, *, request_id: int) -> bool:
    """Whether the request was open and its link had ended; it lives again now."""
    found = await scope.tx.fetchval(
        """
        UPDATE capture_requests SET expires_at = now() + $3::interval
        WHERE org_id = $1 AND id = $2 AND state IN ('new', 'connected') AND expires_at <= now()
        RETURNING 1
        """,
        scope.org_id,
        request_id,
        LINK_LIFE,
    )
    return found is not None


async def delete(scope: OrgScope, *, request_id: int) -> bool:
    """Whether the request was open and is deleted now; its link ends with it.

    One that was finished once, and opened again, has photos and a job that must stay.
    """
    found = await scope.tx.fetchval(
        """
        UPDATE capture_requests SET state = 'deleted', deleted_at = now(),
            link_version = link_version + 1
        WHERE org_id = $1 AND id = $2 AND state IN ('new', 'connected') AND NOT EXISTS (
            SELECT FROM reopenings WHERE org_id = $1 AND capture_request_id = $2)
        RETURNING 1
        """,
        scope.org_id,
        request_id,
    )
    return found is not None
