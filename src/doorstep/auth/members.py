"""Members come, change their role, and go; what they made stays."""

from doorstep.auth import queries as credentials
from doorstep.events.actions import record
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.orgs import member_queries as queries
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right

LAST_ADMIN = "An organization needs an admin, and this is the last one."


async def invite(scope: OrgScope, *, email: str, name: str, role: str) -> int:
    """A new member, or one who had left and may come back; the id. Invalid when taken.

    Who comes back brings no password and no session of before.
    """
    scope.require(Right.ADMINISTER)
    user_id = await queries.invite(scope, email=email, name=name, role=role)
    if user_id is None:
        raise Invalid(fields={"email": ["has already been taken"]})
    await credentials.forget(scope, user_id=user_id)
    await record(scope, "user.invited", user_id=user_id, role=role)
    return user_id


async def change_role(scope: OrgScope, *, user_id: int, role: str) -> None:
    """Give a member another role; Conflict for the last admin."""
    scope.require(Right.ADMINISTER)
    await _find(scope, user_id=user_id)
    if role != "admin":
        await _keep_an_admin(scope, without=user_id)
    await queries.set_role(scope, user_id=user_id, role=role)
    await record(scope, "user.role_changed", user_id=user_id, role=role)


async def require_approval(scope: OrgScope, *, user_id: int, required: bool) -> None:
    """Whether a member's jobs wait for approval."""
    scope.require(Right.ADMINISTER)
    await _find(scope, user_id=user_id)
    await queries.set_require_approval(scope, user_id=user_id, required=required)


async def deactivate(scope: OrgScope, *, user_id: int) -> None:
    """End a member's access with the next request; Conflict for the last admin."""
    scope.require(Right.ADMINISTER)
    await _find(scope, user_id=user_id)
    await _keep_an_admin(scope, without=user_id)
    await queries.disable(scope, user_id=user_id)
    await credentials.forget(scope, user_id=user_id)
    await record(scope, "user.deactivated", user_id=user_id)


async def _find(scope: OrgScope, *, user_id: int) -> None:
    if await orgs.find_member(scope, user_id=user_id) is None:
        raise NotFound


async def _keep_an_admin(scope: OrgScope, *, without: int) -> None:
    """Two admins who remove each other at the same moment wait for each other here."""
    if await queries.lock_admins(scope) == [without]:
        raise Conflict(LAST_ADMIN)
