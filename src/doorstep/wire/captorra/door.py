"""`POST /api/captorraapi/create`, as a raw ASGI handler on the hot path."""

import asyncio
import hashlib
import hmac
import ipaddress
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from asyncpg import InterfaceError, PostgresError
from litestar.types import HTTPScope as Scope
from litestar.types import Receive, Send

from doorstep.api.description.calls import FORM, JSON, Call
from doorstep.kit.errors import TooMany, Unavailable
from doorstep.kit.ids import uuid7
from doorstep.kit.signing import Signer
from doorstep.leads.intake import ANSWER_SECONDS_MAX, Taker
from doorstep.leads.model import Entry, Origin, Post, Rules, new_lead, too_long
from doorstep.leads.reading import GUID_UNKNOWN, SYNTAX, Reading, Refusal, hint_in, read
from doorstep.leads.sources import signature_secret
from doorstep.wire.captorra import answers, declared
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.requests import (
    SIGNATURE,
    TooSlow,
    body_of,
    header,
    kept_headers,
    peer_of,
)

log = logging.getLogger(__name__)

PATH = "/api/captorraapi/create"

Reader = Callable[[bytes, bytes], Reading]
"""From a body and its content type to a reading; raises Refusal."""


class Door:
    """The vendors' door: the rules, in front of whatever takes the posts."""

    described: ClassVar[Call] = Call(
        tag=declared.TAG,
        summary="A lead, on the disk before the answer.",
        body=declared.LeadPost,
        takes=(JSON, FORM),
        replies=declared.replies(declared.LeadTaken),
        security="",
    )

    def __init__(self, intake: Taker, *, signer: Signer) -> None:
        """Everything goes through `intake`; `signer` knows the sources' secrets."""
        self._intake = intake
        self._signer = signer

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
        answer = await self.take(scope, body, whole=whole)
        await answer.send(send)

    async def take(
        self, scope: Scope, body: bytes, *, whole: bool = True, reader: Reader = read
    ) -> Answer:
        """The answer to a post in the reader's format, once it is in the journal.

        What is answered with 503 because it took too long may be written all the same: the
        vendor posts it again and gets the same lead.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._answer(scope, body, whole=whole, reader=reader)
        except Exception as error:  # noqa: BLE001  the edge: a driver whose server is killed has failures of its own
            return not_stored(error)

    async def _answer(self, scope: Scope, body: bytes, *, whole: bool, reader: Reader) -> Answer:
        try:
            if not whole:
                raise Refusal(*SYNTAX, hint=hint_in(body))
            reading = reader(body, header(scope, b"content-type"))
        except Refusal as refusal:
            hint = refusal.hint
            origin = await self._intake.origin(
                captorra_id=hint.captorra_id, referrer=hint.referrer, case_type=None
            )
            origin, _ = self._admitted(scope, body, origin=origin, captorra_id=hint.captorra_id)
            answer = await self._refuse(scope, body, refusal=refusal, origin=origin)
            return answer if whole else answer.with_status(413)
        origin = await self._intake.origin(
            captorra_id=reading.captorra_id,
            referrer=reading.referrer,
            case_type=reading.case_type,
        )
        origin, objection = self._admitted(
            scope, body, origin=origin, captorra_id=reading.captorra_id
        )
        objection = objection or objection_to(reading, origin=origin)
        if objection is not None:
            return await self._refuse(scope, body, refusal=objection, origin=origin)
        written = await self._intake.write(entry_of(scope, body, reading=reading, origin=origin))
        assert written.lead_id is not None
        return answers.accepted(written.lead_id, rules=origin.rules)

    def _admitted(
        self, scope: Scope, body: bytes, *, origin: Origin, captorra_id: str
    ) -> tuple[Origin, Refusal | None]:
        """The origin as its sender may know it, and why it may not; TooMany over a rate.

        Who is not let in by the source is answered, and counted, as if there were none.
        """
        fence = self.fence(scope, body, rules=origin.rules)
        if origin.in_use and fence is None:
            self._intake.throttle.admit(origin)
            return origin, None
        self._intake.throttle.admit_stranger(origin, peer=peer_of(scope), captorra_id=captorra_id)
        return replace(origin, rules=Rules()), fence or Refusal(*GUID_UNKNOWN)

    def fence(self, scope: Scope, body: bytes, *, rules: Rules) -> Refusal | None:
        """Whether the source's own fences keep this post out."""
        if rules.networks:
            peer = peer_of(scope)
            address = ipaddress.ip_address(peer) if peer else None
            if address is None or not any(address in network for network in rules.networks):
                return Refusal("network", GUID_UNKNOWN[1])
        if rules.signature_salt is not None:
            secret = signature_secret(self._signer, rules.signature_salt)
            wanted = b"sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex().encode()
            if not hmac.compare_digest(wanted, header(scope, SIGNATURE)):
                return Refusal("signature", GUID_UNKNOWN[1])
        return None

    async def _refuse(
        self, scope: Scope, body: bytes, *, refusal: Refusal, origin: Origin
    ) -> Answer:
        post = _post(scope, body, origin=origin, outcome=refusal.outcome, error=refusal.error)
        await self._intake.write(Entry(post=post))
        log.info("post refused: %s, organization %s", refusal.outcome, origin.org_id)
        return answers.refused(refusal, rules=origin.rules)


def objection_to(reading: Reading, *, origin: Origin) -> Refusal | None:
    """What a readable post of a source in use lacks."""
    if not origin.known:
        return Refusal(*GUID_UNKNOWN)
    column = too_long(reading.values) if origin.rules.strict else None
    if column is not None:
        return Refusal("too_long", f"{column.key} is longer than {column.limit} characters")
    return None


def entry_of(scope: Scope, body: bytes, *, reading: Reading, origin: Origin) -> Entry:
    """What a post that nothing speaks against writes."""
    lead = new_lead(
        uuid7(),
        reading.values,
        case_type_id=origin.case_type_id,
        rules=origin.rules,
        notes=reading.notes,
    )
    return Entry(post=_post(scope, body, origin=origin), lead=lead)


def not_stored(error: BaseException) -> Answer:
    """The answer to a post that this error kept from being written."""
    if isinstance(error, TooMany):
        return answers.TOO_MANY
    if isinstance(error, Unavailable | OSError | PostgresError | InterfaceError | TimeoutError):
        log.warning("post not stored: %r", error)
    else:
        log.error("post not stored", exc_info=error)
    return answers.LATER


def _post(
    scope: Scope, body: bytes, *, origin: Origin, outcome: str = "accepted", error: str = ""
) -> Post:
    return Post(
        id=uuid7(),
        org_id=origin.org_id,
        source_id=origin.source_id,
        peer=peer_of(scope),
        headers=kept_headers(scope),
        body=body,
        outcome=outcome,
        error=error,
    )
