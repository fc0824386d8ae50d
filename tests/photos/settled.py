"""Photos as their check leaves them, for tests of what comes after it: no child opens them."""

from doorstep.auth.scopes import open_scope
from doorstep.photos import queries
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase

WIDTH, HEIGHT = 640, 480
"""Of `tests.capturing.photo`."""


async def settle(db: PinnedDatabase, cast: Cast) -> None:
    """Let everything that is stored for Alice's organization be ready."""
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        for row in await scope.tx.fetch("SELECT id FROM photos WHERE state = 'stored'"):
            await queries.accept(
                scope,
                photo_id=row["id"],
                width=WIDTH,
                height=HEIGHT,
                keys=(f"displays/{row['id']}.jpg", f"thumbnails/{row['id']}.jpg", None),
                hints=[],
            )
