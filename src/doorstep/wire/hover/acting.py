"""The acting user: a token belongs to an organization, so calls name one of its people."""

from doorstep.kit.errors import Invalid
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Member, Org, OrgScope
from doorstep.wire.hover.encoding import Tree, text, whole

UNKNOWN = "is not an active user of this organization"


async def acting_user(scope: OrgScope, tree: Tree) -> Member:
    """Who `current_user_email` or `current_user_id` names; Invalid when neither or both differ."""
    _, member = await acting_in_org(scope, tree)
    return member


async def acting_in_org(scope: OrgScope, tree: Tree) -> tuple[Org, Member]:
    """The same with the organization."""
    org, member = await _named(scope, tree)
    if member is None:
        raise Invalid(fields={"current_user_email": ["or current_user_id must be given"]})
    return org, member


async def acting_user_if_named(scope: OrgScope, tree: Tree) -> Member | None:
    """As `acting_user`, but None when nobody is named."""
    _, member = await _named(scope, tree)
    return member


async def _named(scope: OrgScope, tree: Tree) -> tuple[Org, Member | None]:
    email, user_id = text(tree, "current_user_email"), whole(tree, "current_user_id")
    org, member = await orgs.find_org_and_member(scope, email=email, user_id=user_id)
    if email is not None and member is None:
        raise Invalid(fields={"current_user_email": [UNKNOWN]})
    if email is None and user_id is not None and member is None:
        raise Invalid(fields={"current_user_id": [UNKNOWN]})
    if member is not None and user_id not in (None, member.id):
        raise Invalid(fields={"current_user_id": ["names somebody else"]})
    return org, member
