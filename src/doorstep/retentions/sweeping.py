"""Erases what is old enough, once a day for each organization, in small commits.

1. The worker asks each minute; an organization is due a day after its last sweep has ended.
2. Each batch looks for what is old, erases it, and records how much, in one commit. What is
   erased is not found any more, so a killed sweep goes on where it was.
3. Only when nothing is left is the sweep over. Files go by the tasks of `builds.erasures`.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from doorstep.auth.scopes import task_scope
from doorstep.builds import erasures
from doorstep.captures import erasure_queries
from doorstep.events.actions import record
from doorstep.kit.db import Database
from doorstep.leads import old
from doorstep.leads import old_queries as old_leads
from doorstep.messages import queries as messages
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.retentions import old_queries, queries
from doorstep.retentions.actions import PARTS
from doorstep.webhooks import delivery_queries as deliveries

SWEEP = "retentions.sweep"
EVERY = timedelta(days=1)
BATCH_ROWS = {"photos": 20}
BATCH_ROWS_MAX = 200
"""An erasure of photos is some twenty statements, the other kinds are one or two in all."""
BATCHES_MAX = 50
"""In a run for one organization; the next run, a minute later, goes on."""


async def sweep(db: Database) -> None:
    """Erase what is due in every organization; one where it fails holds up none of the others."""
    failures = []
    for org_id in await orgs.list_ids(db):
        try:
            await _sweep_one(db, org_id)
        except Exception as error:  # noqa: BLE001  told when all the others had their turn
            failures.append(error)
    if failures:
        raise ExceptionGroup("the old data of some organizations was not erased", failures)


async def _sweep_one(db: Database, org_id: int) -> None:
    for _ in range(BATCHES_MAX):
        async with task_scope(db, org_id=org_id, task=SWEEP) as scope:
            went_on = await erase_next(scope)
        if not went_on:
            break


async def erase_next(scope: OrgScope) -> bool:
    """Erase one batch; whether there may be more of them."""
    chosen = await queries.due(scope, every=EVERY)
    if chosen is None:
        return False
    for kind, days in chosen.days.items():
        for what in PARTS[kind]:
            ids = await old_queries.list_ids(
                scope,
                what=what,
                age=timedelta(days=days),
                rows_max=BATCH_ROWS.get(what, BATCH_ROWS_MAX),
            )
            if ids:
                await FORGET[what](scope, ids)
                await record(scope, "retention.erased", kind=what, number=len(ids), days=days)
                return True
    await queries.note_swept(scope)
    return False


async def _photos(scope: OrgScope, ids: list[Any]) -> None:
    for request_id in ids:
        await erasures.erase(scope, capture_request_id=request_id, for_age=True)


FORGET: dict[str, Callable[[OrgScope, list[Any]], Awaitable[None]]] = {
    "photos": _photos,
    "leads": lambda scope, ids: old.forget(scope, lead_ids=ids),
    "posts": lambda scope, ids: old_leads.forget_posts(scope, post_ids=ids),
    "calls": lambda scope, ids: old_leads.forget_calls(scope, call_ids=ids),
    "refused_calls": lambda scope, ids: old_leads.forget_refused_calls(scope, call_ids=ids),
    "messages": lambda scope, ids: messages.forget_words(scope, message_ids=ids),
    "deliveries": lambda scope, ids: deliveries.remove(scope, delivery_ids=ids),
    "sessions": lambda scope, ids: erasure_queries.forget_browsers(scope, session_ids=ids),
}
