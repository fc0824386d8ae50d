"""All SQL of the words that organizations have rewritten."""

from typing import Any

import asyncpg

from doorstep.messages.text_model import Text
from doorstep.orgs.model import OrgScope


async def find(scope: OrgScope, *, kind: str, language: str) -> dict[str, Any] | None:
    """The organization's own words, if it has any."""
    row = await scope.tx.fetchrow(
        "SELECT subject, body, sms FROM message_texts "
        "WHERE org_id = $1 AND kind = $2 AND language = $3",
        scope.org_id,
        kind,
        language,
    )
    return dict(row) if row else None


FRAME = """o.colour, coalesce({language}::text, o.languages[1], 'en') AS language, (
        SELECT jsonb_build_object('subject', t.subject, 'body', t.body, 'sms', t.sms)
        FROM message_texts t
        WHERE t.org_id = o.id AND t.kind = {kind}
            AND t.language = coalesce({language}::text, o.languages[1], 'en')
    ) AS own_words"""
"""What `texts.in_frame` reads of an organization `o`, beside its name.

Where no `language` is asked for it is the organization's first.
"""


async def find_framed(scope: OrgScope, *, kind: str, language: str | None) -> dict[str, Any]:
    """The organization's own words of a kind in a language, and what is round them."""
    row = await scope.tx.fetchrow(
        f"SELECT o.customer_display_name, {FRAME.format(kind='$2', language='$3')} "
        "FROM orgs o WHERE o.id = $1  -- org_id is the row's own id",
        scope.org_id,
        kind,
        language,
    )
    assert row is not None
    return dict(row)


async def list_own(scope: OrgScope) -> list[asyncpg.Record]:
    """What was rewritten; at most 100."""
    return await scope.tx.fetch(
        "SELECT kind, language FROM message_texts WHERE org_id = $1 LIMIT 100", scope.org_id
    )


async def save(scope: OrgScope, *, kind: str, language: str, text: Text) -> None:
    """Keep these words."""
    await scope.tx.execute(
        """
        INSERT INTO message_texts (org_id, kind, language, subject, body, sms, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (org_id, kind, language) DO UPDATE SET subject = excluded.subject,
            body = excluded.body, sms = excluded.sms, actor = excluded.actor, changed_at = now()
        """,
        scope.org_id,
        kind,
        language,
        text.subject,
        text.body,
        text.sms,
        str(scope.actor),
    )


async def delete(scope: OrgScope, *, kind: str, language: str) -> bool:
    """Whether there were words of the organization's own."""
    found = await scope.tx.fetchval(
        "DELETE FROM message_texts WHERE org_id = $1 AND kind = $2 AND language = $3 RETURNING 1",
        scope.org_id,
        kind,
        language,
    )
    return found is not None
