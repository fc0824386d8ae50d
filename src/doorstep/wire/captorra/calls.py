"""`POST /api/captorracalltracking/create`: calls that are matched with leads."""

import logging

from asyncpg import InterfaceError, PostgresError
from litestar.types import HTTPScope as Scope
from litestar.types import Receive, Send

from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Unavailable
from doorstep.kit.ids import uuid7
from doorstep.leads import call_queries
from doorstep.leads.calls import LIMITS, OWN_KEYS, new_call
from doorstep.leads.parsing import Unreadable, parse
from doorstep.leads.reading import GUID_UNKNOWN, SYNTAX
from doorstep.wire.captorra import answers
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.requests import TooSlow, body_of, header, kept_headers, peer_of

log = logging.getLogger(__name__)

PATH = "/api/captorracalltracking/create"
FLAT = OWN_KEYS | LIMITS.keys()
REQUIRED = (
    ("CaptorraId", "Please provide the CaptorraId"),
    ("Name", "Please provide Name"),
    ("ANI", "Please provide ANI"),
)


class CallDoor:
    """The tracking vendors' door of one process."""

    def __init__(self, db: Database) -> None:
        """Calls are few: each is a statement of its own."""
        self._db = db

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never with a 500."""
        if scope["method"] != "POST":
            await answers.not_allowed(scope["method"]).send(send)
            return
        try:
            answer = await self._answer(scope, receive)
        except TooSlow:
            answer = answers.TOO_SLOW
        except (Unavailable, OSError, PostgresError, InterfaceError, TimeoutError) as error:
            log.warning("call not stored: %r", error)
            answer = answers.LATER
        await answer.send(send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        body, whole = await body_of(receive)
        if not whole:
            return answers.failure(SYNTAX[1]).with_status(413)
        try:
            parsed = parse(body, content_type=header(scope, b"content-type"), flat=FLAT)
        except Unreadable:
            return answers.failure(SYNTAX[1])
        values = parsed.values
        if "Captorrald" in values:
            values.setdefault("CaptorraId", values["Captorrald"])
        for key, error in REQUIRED:
            if key not in values:
                return answers.failure(error)
        async with self._db.batch(Role.INGEST) as tx:
            call_id = await call_queries.insert(
                tx,
                call=new_call(uuid7(), values),
                peer=peer_of(scope),
                headers=kept_headers(scope),
                body=body,
            )
        if call_id is None:
            return answers.failure(GUID_UNKNOWN[1])
        return Answer(body=b'{"success":true,"CallID":"%b"}' % str(call_id).encode())
