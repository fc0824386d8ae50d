"""Another organization's messages are not there, with both fences and with the code's alone."""

import uuid
from collections.abc import AsyncIterator

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Tx
from doorstep.kit.errors import NotFound
from doorstep.messages import actions, queries
from tests.cast import STAGE, Cast
from tests.messages.conftest import EMAIL, Post, resolve
from tests.pinned import PinnedDatabase, UnfencedDatabase


@pytest.fixture(params=["both fences", "the code's alone"])
async def pinned(request: pytest.FixtureRequest, pinned: Tx, owner: Tx) -> AsyncIterator[Tx]:
    """The owner's connection, whom no policy holds, where the code is to hold alone."""
    if request.param == "both fences":
        yield pinned
        return
    await owner.execute("BEGIN")
    yield owner
    await owner.execute("ROLLBACK")


@pytest.fixture
def db(request: pytest.FixtureRequest, pinned: Tx) -> PinnedDatabase:
    """The database with both fences, or with one."""
    alone = "alone" in request.node.callspec.id
    return UnfencedDatabase(pinned) if alone else PinnedDatabase(pinned)


async def test_another_organizations_message_is_not_there(post: Post, cast: Cast) -> None:
    post.mail = None
    theirs = await post.queue(**EMAIL)
    await post.work()
    waiting = await post.queue(**EMAIL)
    for message_id in (theirs, uuid.uuid4()):
        async with open_scope(post.db, org_id=cast.charlie.org_id, actor=STAGE) as scope:
            for verb in (actions.send_again, actions.mark_sent):
                with pytest.raises(NotFound, match="There is nothing here"):
                    await verb(scope, message_id)
            with pytest.raises(NotFound, match="There is nothing here"):
                await actions.rendered(scope, message_id, resolve=resolve)
            assert await queries.attempts(scope, message_id=message_id) == []
            assert await queries.page(scope) == []
            assert await actions.cancel(scope, subject_ref="capture_request:7") == 0
    assert (await post.find(theirs)).state == "shown"
    assert (await post.find(waiting)).state == "queued"
