"""The acting user: a token belongs to an organization, so calls name one of its people."""

from doorstep.kit.errors import Invalid
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Member, OrgScope
from doorstep.wire.hover.encoding import Tree, text, whole

UNKNOWN = "is not an active user of this organization"


async def acting_user(scope: OrgScope, tree: Tree) -> Member:
    """Who `current_user_email` or `current_user_id` names; Invalid when neither or both differ."""
    member = await acting_user_if_named(scope, tree)
    if member is None:
        raise Invalid(fields={"current_user_email": ["or current_user_id must be given"]})
    return member


async def acting_user_if_named(scope: OrgScope, tree: Tree) -> Member | None:
    """As `acting_user`, but None when nobody is named."""
    email, user_id = text(tree, "current_user_email"), whole(tree, "current_user_id")
    if email is None and user_id is None:
        return None
    if email is not None:
        member = await orgs.find_member_by_email(scope, email=email)
        if member is None:
            raise Invalid(fields={"current_user_email": [UNKNOWN]})
        if user_id is not None and member.id != user_id:
            raise Invalid(fields={"current_user_id": ["names somebody else"]})
        return member
    assert user_id is not None
    member = await orgs.find_member(scope, user_id=user_id)
    if member is None:
        raise Invalid(fields={"current_user_id": [UNKNOWN]})
    return member
