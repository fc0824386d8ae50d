"""Register, verify and tell endpoints that speak the older dialect."""

import uuid
from collections.abc import Sequence

from doorstep.auth.scopes import open_scope
from doorstep.events.model import Event
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Conflict, NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.outbound import Egress
from doorstep.kit.signing import hash_secret
from doorstep.kit.tasks import enqueue_many
from doorstep.orgs.model import Actor, OrgScope, Right
from doorstep.webhooks import actions, delivery_queries
from doorstep.webhooks import wire_queries as queries
from doorstep.webhooks.model import TEST_EVENT, WIRE, Endpoint
from doorstep.webhooks.wire_dialect import (
    NOBODY,
    VERIFICATION,
    Body,
    bodies,
    delivery_key,
    encoded,
)


async def register(scope: OrgScope, *, url: str, egress: Egress, dialect: str = WIRE) -> Endpoint:
    """A new endpoint, which is sent a code at once.

    Until that came back it hears of nothing, or, UNDECIDED, of everything in the standard
    dialect: only clients of the published API send a code back.
    """
    made = await actions.register(scope, url=url, egress=egress, dialect=dialect)
    await request_verification(scope, endpoint_id=made.id)
    return made


async def request_verification(scope: OrgScope, *, endpoint_id: int) -> None:
    """Send a new code to the URL; only the newest one counts."""
    scope.require(Right.ADMINISTER)
    await actions.find_listed(scope, endpoint_id=endpoint_id)
    code = uuid.uuid4()
    hashed = hash_secret(str(code))
    if not await queries.set_code(scope, endpoint_id=endpoint_id, code_hash=hashed):
        raise Conflict("This endpoint needs no verification; it receives already.")
    body = {"event": VERIFICATION, "code": str(code)}
    await _deliver(scope, [endpoint_id], key=uuid7(), body=body)


async def verify(db: Database, *, code: str) -> None:
    """Whoever knows the code answers at the URL; NotFound for an old or unknown one."""
    try:
        hashed = hash_secret(str(uuid.UUID(code)))
    except ValueError:
        raise NotFound from None
    async with db.transaction(Role.GATE) as tx:
        row = await queries.find_by_code(tx, code_hash=hashed)
    if row is None:
        raise NotFound
    actor = Actor(kind="webhook_code", id=str(row["id"]))
    async with open_scope(db, org_id=row["org_id"], actor=actor) as scope:
        await queries.drop_undecided(scope, endpoint_id=row["id"])
        if not await queries.verify(scope, endpoint_id=row["id"], code_hash=hashed):
            raise NotFound


async def fan_out(scope: OrgScope, event: Event) -> None:
    """A delivery for each documented body and verified endpoint; twice changes nothing."""
    listening = await queries.listening(scope)
    if event.name == TEST_EVENT:
        listening = [one for one in listening if one == event.payload["endpoint_id"]]
    if not listening:
        return
    subject = None
    if event.job_id is not None:
        subject = await queries.find_subject(scope, job_id=event.job_id)
    for body in bodies(event, subject=subject or NOBODY):
        await _deliver(scope, listening, key=delivery_key(event.id, body["event"]), body=body)


async def _deliver(
    scope: OrgScope, endpoint_ids: Sequence[int], *, key: uuid.UUID, body: Body
) -> None:
    tasks = []
    for endpoint_id in endpoint_ids:
        made = await delivery_queries.insert_many(
            scope,
            endpoint_ids=[endpoint_id],
            event_id=key,
            event_name=body["event"],
            body=encoded(body, endpoint_id=endpoint_id),
        )
        tasks += [
            actions.deliver_task(scope.org_id, one, endpoint_id=endpoint_id, number=1)
            for one, _ in made
        ]
    await enqueue_many(scope.tx, tasks)
