"""`POST /api/captorracalltracking/create`: calls that are matched with leads."""

import logging
from typing import ClassVar

from asyncpg import InterfaceError, PostgresError
from litestar.types import HTTPScope as Scope
from litestar.types import Receive, Send

from doorstep.api.description.calls import FORM, JSON, Call
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import TooMany, Unavailable
from doorstep.kit.ids import uuid7
from doorstep.kit.rates import Tally
from doorstep.leads import call_queries, refused_call_queries
from doorstep.leads.call_reading import read_call
from doorstep.leads.reading import GUID_UNKNOWN, SYNTAX, Hint, Refusal, hint_in
from doorstep.leads.refused_call_queries import NewRefusedCall
from doorstep.leads.throttle import ID_CHARACTERS_MAX, THROTTLED, Strangers
from doorstep.wire.captorra import answers, declared
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.requests import TooSlow, body_of, header, kept_headers, peer_of

log = logging.getLogger(__name__)

PATH = "/api/captorracalltracking/create"


class CallDoor:
    """The tracking vendors' door of one process."""

    described: ClassVar[Call] = Call(
        tag=declared.TAG,
        summary="A call from a tracking vendor, matched with the lead of the same number.",
        body=declared.CallPost,
        takes=(JSON, FORM),
        replies=declared.replies(declared.CallTaken),
        security="",
    )

    def __init__(self, db: Database, *, per_second_max: int) -> None:
        """Calls are few: each is a statement of its own; so many a second from one address."""
        self._db = db
        self._strangers = Strangers(per_second_max)
        self._tally: Tally[str] = Tally(self._tell, rest="")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never with a 500."""
        if scope["method"] != "POST":
            await answers.not_allowed(scope["method"]).send(send)
            return
        try:
            body, whole = await body_of(receive)
        except TooSlow:
            await answers.TOO_SLOW.send(send)
            return
        except ConnectionResetError:
            return
        answer = await self._take(scope, body, whole=whole)
        await answer.send(send)

    async def close(self) -> None:
        """Wait until every second that is being counted is in the journal."""
        await self._tally.close()

    async def _take(self, scope: Scope, body: bytes, *, whole: bool) -> Answer:
        try:
            return await self._answer(scope, body, whole=whole)
        except TooMany:
            return answers.TOO_MANY
        except (Unavailable, OSError, PostgresError, InterfaceError, TimeoutError) as error:
            log.warning("call not stored: %r", error)
        except Exception:  # the edge: a driver whose server is killed has failures of its own
            log.exception("call not stored")
        return answers.LATER

    async def _answer(self, scope: Scope, body: bytes, *, whole: bool) -> Answer:
        try:
            if not whole:
                raise Refusal(*SYNTAX, hint=hint_in(body))
            call = read_call(body, header(scope, b"content-type"))
        except Refusal as refusal:
            self._admit(scope, captorra_id=refusal.hint.captorra_id)
            answer = await self._refuse(scope, body, refusal=refusal)
            return answer if whole else answer.with_status(413)
        self._admit(scope, captorra_id=call.captorra_id)
        async with self._db.batch(Role.INGEST) as tx:
            call_id = await call_queries.insert(
                tx, call=call, peer=peer_of(scope), headers=kept_headers(scope), body=body
            )
        if call_id is None:
            unknown = Refusal(*GUID_UNKNOWN, hint=Hint(captorra_id=call.captorra_id))
            return await self._refuse(scope, body, refusal=unknown)
        return Answer(body=b'{"success":true,"CallID":"%b"}' % str(call_id).encode())

    async def _refuse(self, scope: Scope, body: bytes, *, refusal: Refusal) -> Answer:
        refused = NewRefusedCall(
            id=uuid7(),
            captorra_id=refusal.hint.captorra_id,
            peer=peer_of(scope),
            headers=kept_headers(scope),
            body=body,
            outcome=refusal.outcome,
            error=refusal.error,
        )
        await self._keep(refused)
        return answers.failure(refusal.error)

    def _admit(self, scope: Scope, *, captorra_id: str) -> None:
        named = captorra_id[:ID_CHARACTERS_MAX]
        if self._strangers.over(peer=peer_of(scope), captorra_id=named):
            self._tally.add(named)
            raise TooMany

    async def _tell(self, captorra_id: str, number: int) -> None:
        refused = NewRefusedCall(
            id=uuid7(),
            captorra_id=captorra_id,
            peer="",
            headers={},
            body=b"",
            outcome=THROTTLED,
            error=f"{number} calls of one second were turned away",
        )
        await self._keep(refused)

    async def _keep(self, refused: NewRefusedCall) -> None:
        async with self._db.batch(Role.INGEST) as tx:
            await refused_call_queries.insert(tx, refused=refused)
