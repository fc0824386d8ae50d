"""The usual post without a task of its own: whole, from a source that is known here, and good."""

import asyncio
from collections.abc import Callable

from litestar.types import HTTPScope as Scope

from doorstep.kit.errors import TooMany, Unavailable
from doorstep.leads.intake import Intake
from doorstep.leads.model import Rules, Written
from doorstep.leads.reading import read
from doorstep.wire.captorra import answers
from doorstep.wire.captorra.answers import Answer
from doorstep.wire.captorra.door import Door, entry_of, not_stored, objection_to
from doorstep.wire.captorra.requests import header

Answered = Callable[[Answer], None]


class ShortWay:
    """Takes what can be answered after one write, and leaves all else to the door."""

    def __init__(self, intake: Intake, *, door: Door) -> None:
        """The door's rules hold here as well."""
        self._intake = intake
        self._door = door

    def __call__(self, scope: Scope, body: bytes, *, answered: Answered) -> bool:
        """Whether the post is taken; `answered` is called when it is written.

        After False nothing has happened, and the door is its way.
        """
        try:
            reading = read(body, header(scope, b"content-type"))
            origin = self._intake.known_origin(
                captorra_id=reading.captorra_id,
                referrer=reading.referrer,
                case_type=reading.case_type,
            )
            if origin is None or not origin.in_use or objection_to(reading, origin=origin):
                return False
            if self._door.fence(scope, body, rules=origin.rules):
                return False
            entry = entry_of(scope, body, reading=reading, origin=origin)
        except Exception:  # noqa: BLE001  the door meets the same, and answers it
            return False
        try:
            self._intake.throttle.admit(origin)
            writing = self._intake.put(entry)
        except (TooMany, Unavailable) as error:
            answered(not_stored(error))
        else:
            writing.add_done_callback(lambda done: answered(_outcome(done, rules=origin.rules)))
        return True


def _outcome(done: asyncio.Future[Written], *, rules: Rules) -> Answer:
    error = done.exception()
    if error is not None:
        return not_stored(error)
    lead_id = done.result().lead_id
    assert lead_id is not None
    return answers.accepted(lead_id, rules=rules)
