"""Another organization's webhooks are not there, with both fences and with the code's alone."""

import uuid
from collections.abc import AsyncIterator

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Tx
from doorstep.kit.errors import NotFound
from doorstep.webhooks import actions, delivery_queries
from tests.cast import STAGE, Cast
from tests.fakes.receiver import Receiver
from tests.pinned import PinnedDatabase, UnfencedDatabase
from tests.webhooks.conftest import ALWAYS, Desk


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


async def test_another_organizations_things_are_not_there(
    desk: Desk, receiver: Receiver, cast: Cast
) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    (delivery,) = await desk.deliveries()
    async with open_scope(desk.db, org_id=cast.charlie.org_id, actor=STAGE) as scope:
        for endpoint_id in (endpoint.id, 10**12):
            for verb in (
                actions.find(scope, endpoint_id=endpoint_id),
                actions.remove(scope, endpoint_id=endpoint_id),
                actions.enable(scope, endpoint_id=endpoint_id),
                actions.ping(scope, endpoint_id=endpoint_id),
                actions.rotate_secret(scope, endpoint_id=endpoint_id),
                actions.replay(scope, endpoint_id=endpoint_id, **ALWAYS),
            ):
                with pytest.raises(NotFound, match="There is nothing here"):
                    await verb
        for delivery_id in (delivery.id, uuid.uuid4()):
            with pytest.raises(NotFound, match="There is nothing here"):
                await actions.send_again(scope, delivery_id)
            assert await delivery_queries.attempts(scope, delivery_id=delivery_id) == []
        assert await delivery_queries.page(scope, endpoint_id=endpoint.id) == []
    assert (await desk.endpoint(endpoint.id)).secret_sealed == endpoint.secret_sealed

    elsewhere = Desk(db=desk.db, org_id=cast.charlie.org_id, egress=desk.egress, signer=desk.signer)
    await elsewhere.happen("lead.received")
    await elsewhere.work()
    assert len(receiver.requests) == 1
