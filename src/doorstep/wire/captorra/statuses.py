"""`GET /api/captorraapi/status/{IntakeID}`: how a lead stands, for the source that posted it."""

import logging
import uuid
from typing import ClassVar

import msgspec
from asyncpg import InterfaceError, PostgresError
from litestar.types import HTTPScope as Scope
from litestar.types import Receive, Send

from doorstep.api.description.calls import Call
from doorstep.auth.scopes import open_scope
from doorstep.kit.clock import iso_millis
from doorstep.kit.db import Database
from doorstep.kit.errors import TooMany
from doorstep.kit.pace import Pace
from doorstep.kit.rates import neighbourhood
from doorstep.leads import vendor_pages, vendor_statuses
from doorstep.leads.reading import GUID_FORM, parse_guid
from doorstep.orgs.model import Actor
from doorstep.wire.captorra import answers, declared
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.requests import header, peer_of

log = logging.getLogger(__name__)

PATH = "/api/captorraapi/status/"
KEYS = (b"referrer", b"x-referrer")
"""Headers, for addresses are written into logs and the Referrer is a secret."""
ASKED_MAX = 120
ASKED_SECONDS = 60
UNKNOWN = "IntakeID/Referrer GUID does not exist."


class StatusDoor:
    """The vendors' door to ask at, of one process."""

    described: ClassVar[Call] = Call(
        tag=declared.TAG,
        summary="How a lead stands, for the source that posted it.",
        method="get",
        at=PATH + "{intake_id}",
        headers=declared.Asking,
        replies=declared.statuses(),
        security="",
    )

    def __init__(self, db: Database, *, pace: Pace | None = None) -> None:
        """`pace` is how often one address may ask."""
        self._db = db
        self._pace = pace or Pace(ASKED_MAX, seconds=ASKED_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never with a 500."""
        del receive
        if scope["method"] != "GET":
            await answers.not_allowed(scope["method"], allowed=b"GET").send(send)
            return
        try:
            self._pace.admit(neighbourhood(peer_of(scope)))
            answer = await self._answer(scope)
        except TooMany:
            answer = answers.TOO_MANY
        except (OSError, PostgresError, InterfaceError, TimeoutError) as error:
            log.warning("status not read: %r", error)
            answer = answers.LATER
        await answer.send(send)

    async def _answer(self, scope: Scope) -> Answer:
        key = next(filter(None, (header(scope, name) for name in KEYS)), b"")
        if not key.strip():
            return answers.failure("Please provide Referrer")
        try:
            referrer = parse_guid(key.decode("latin-1"))
            lead_id = parse_guid(scope["path"].rstrip("/").rpartition("/")[2])
        except ValueError:
            return answers.failure(GUID_FORM[1])
        for org_id, source_id in await vendor_pages.find_asking(self._db, referrer=referrer):
            found = await self._find(org_id, source_id, lead_id=lead_id)
            if found is not None:
                return found
        # One text whatever is unknown, foreign or not allowed.
        return answers.failure(UNKNOWN)

    async def _find(
        self, org_id: int, source_id: uuid.UUID, *, lead_id: uuid.UUID
    ) -> Answer | None:
        actor = Actor(kind="vendor", id=str(source_id))
        async with open_scope(self._db, org_id=org_id, actor=actor) as scope:
            lead = await vendor_statuses.find(scope, source_id=source_id, lead_id=lead_id)
            page = await vendor_pages.find(scope, source_id=source_id)
        if lead is None:
            return None
        told = {
            "success": True,
            "IntakeID": str(lead.lead_id),
            "ID": lead.vendor_lead_id or "",
            "status": page.word(lead.status),
            "since": iso_millis(lead.since),
        }
        return Answer(body=msgspec.json.encode(told))
