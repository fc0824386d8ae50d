"""The e-mail that brings an invited member in. Its link is made when it leaves, and works once."""

from doorstep.kit.errors import Conflict, NotFound
from doorstep.messages import actions, texts
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right


def link_ref(user_id: int) -> str:
    """How the message names its link, which nothing at rest holds."""
    return f"sign_in:{user_id}"


async def send(scope: OrgScope, *, user_id: int) -> None:
    """Queue the e-mail; Conflict for a member who has been here already."""
    scope.require(Right.ADMINISTER)
    member = await orgs.find_member(scope, user_id=user_id)
    if member is None:
        raise NotFound
    if member.invited_at is None:
        raise Conflict(f"{member.name} has signed in already.")
    words = await texts.compose(scope, kind="member_invitation", values={"name": member.name})
    await actions.queue(
        scope,
        channel="email",
        kind="member_invitation",
        to_name=member.name,
        to_address=member.email,
        subject=words.subject,
        text_body=words.text,
        html_body=words.html,
        subject_ref=f"user:{user_id}",
        link_ref=link_ref(user_id),
    )
