"""What comes back by e-mail: letters that could not be delivered (RFC 3464), and complaints.

A report counts only if it names the address that its letter was sent from, which is signed:
whoever was not sent the letter cannot make one up. Everything else that reaches the mailbox,
as answers of people and of machines, is left alone.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mail
from typing import Literal

from doorstep.auth.scopes import task_scope
from doorstep.kit.db import Database
from doorstep.messages import actions, report_queries
from doorstep.messages.marks import Marks
from doorstep.messages.model import one_line

REPORT_BYTES_MAX = 1 << 20
PARTS_MAX = 50
ANSWER_CHARACTERS_MAX = 500
NEVER = re.compile(r"^\s*5\.\d{1,3}\.\d{1,3}")

Problem = Literal["bounced", "complained", "not_delivered"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a server says of one letter; `problem` is None while it goes on trying."""

    problem: Problem | None
    answer: str


async def receive(db: Database, *, raw: bytes, marks: Marks) -> bool:
    """Let the letter fail that this report is about; whether it was a report on one of ours."""
    raw = raw[:REPORT_BYTES_MAX]
    letter = marks.bounced(raw)
    report = read(raw) if letter else None
    if letter is None or report is None:
        return False
    if report.problem is None:
        return True
    org_id, message_id = letter
    async with task_scope(db, org_id=org_id, task="messages.report") as scope:
        number = await report_queries.bounce(scope, message_id=message_id, problem=report.problem)
        if number is not None:
            await actions.learn_bounce(
                scope,
                message_id=message_id,
                number=number,
                problem=report.problem,
                answer=report.answer,
            )
    return True


def read(raw: bytes) -> Report | None:
    """What the mail says as a report; None when it is none."""
    parts = list(_parts(email.message_from_bytes(raw)))
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return Report(problem="complained", answer="The recipient reported it as unwanted.")
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            return _delivery(part)
    return None


def _delivery(part: Mail) -> Report | None:
    """The worst that it says of any recipient: there is one in each of our letters."""
    groups = [one for one in part.walk() if one is not part][:PARTS_MAX]
    found = None
    for group in groups:
        action = str(group.get("Action", "")).strip().lower()
        status = str(group.get("Status", ""))
        said = str(group.get("Diagnostic-Code", "")) or status
        answer = one_line(said)[:ANSWER_CHARACTERS_MAX]
        if action == "failed" and NEVER.match(status):
            return Report(problem="bounced", answer=answer)
        if action == "failed":
            # The server gave up trying; the address may be good tomorrow.
            found = Report(problem="not_delivered", answer=answer)
        elif action and found is None:
            found = Report(problem=None, answer=answer)
    return found


def _parts(mail: Mail) -> Iterator[Mail]:
    """The parts of a report itself, not those of the letter that it brings back."""
    if not mail.is_multipart() or mail.get_content_type() == "message/rfc822":
        return
    for number, part in enumerate(mail.get_payload()):
        if number >= PARTS_MAX or not isinstance(part, Mail):
            return
        yield part
