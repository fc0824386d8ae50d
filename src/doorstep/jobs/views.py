"""Saved views: a portfolio's filters with a name, for one's own use or for the organization."""

import uuid

from doorstep.jobs import view_queries as queries
from doorstep.jobs.view_queries import SavedView
from doorstep.kit.errors import Forbidden, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope, Right

NAME_CHARACTERS_MAX = 60
ADDRESS_CHARACTERS_MAX = 1000
VIEWS_OF_MEMBER_MAX = 30
VIEWS_SHOWN_MAX = 200


async def visible(scope: OrgScope, *, user_id: int | None) -> list[SavedView]:
    """What this member may choose from; without a member, the shared ones."""
    scope.require(Right.READ)
    return await queries.visible(scope, user_id=user_id, rows_max=VIEWS_SHOWN_MAX)


async def save(
    scope: OrgScope, *, user_id: int, name: str, address: str, shared: bool
) -> uuid.UUID:
    """A new view's id; `address` is a query that the portfolio understands. Invalid without name."""
    scope.require(Right.INVITE if shared else Right.READ)
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_CHARACTERS_MAX:
        raise Invalid(fields={"name": [f"has 1 to {NAME_CHARACTERS_MAX} characters"]})
    if len(address) > ADDRESS_CHARACTERS_MAX:
        raise Invalid(fields={"address": [f"has {ADDRESS_CHARACTERS_MAX} characters at most"]})
    await queries.lock(scope)
    if await queries.count(scope, user_id=user_id) >= VIEWS_OF_MEMBER_MAX:
        raise Invalid(fields={"name": [f"would be one more than {VIEWS_OF_MEMBER_MAX} views"]})
    view_id = uuid7()
    await queries.insert(
        scope, view_id=view_id, user_id=user_id, name=name, address=address, shared=shared
    )
    return view_id


async def remove(scope: OrgScope, *, view_id: uuid.UUID, user_id: int | None) -> None:
    """Remove one's own view, or as an admin a shared one; another's own view is not there."""
    found = await queries.find(scope, view_id=view_id)
    if found is None or (found.user_id != user_id and not found.shared):
        raise NotFound
    if found.user_id != user_id and Right.ADMINISTER not in scope.actor.rights:
        raise Forbidden("Only its author or an admin removes a shared view.")
    await queries.delete(scope, view_id=view_id)
