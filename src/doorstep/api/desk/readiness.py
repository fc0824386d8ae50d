"""`/api/desk/readiness`: whether everything that this installation needs is there."""

from typing import Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from doorstep.api.desk.answers import Made, RowId, problems
from doorstep.orgs.model import OrgScope
from doorstep.readiness import actions, letters
from doorstep.web.services import Services

TAG = ["Readiness"]


class FindingLine(msgspec.Struct, kw_only=True):
    """What one check came to; `fix` is empty where nothing is to be done."""

    code: str
    level: Literal["green", "amber", "red", "unknown"]
    words: str
    fix: str


class Readiness(msgspec.Struct, kw_only=True):
    """Every check; while `looking`, some are `unknown`: ask again in a second or two."""

    worst: Literal["green", "amber", "red"]
    looking: bool
    checks: list[FindingLine]


class TestLetter(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The member who gets it."""

    user_id: RowId


@get("/readiness", tags=TAG, responses=problems())
async def show_readiness(api: OrgScope, *, services: Services) -> Readiness:
    """What is known by now; what is asked outside is kept for a minute."""
    return msgspec.convert(
        _plain(await actions.look(api, services.keeper)), Readiness, from_attributes=True
    )


@post("/readiness/letters", tags=TAG, responses=problems(404))
async def send_test_letter(api: OrgScope, *, data: JSONBody[TestLetter]) -> Made:
    """Send a member a test letter; its id in `/api/desk/messages`. Five an hour."""
    return Made(id=await letters.send(api, user_id=data.user_id))


def _plain(report: actions.Report) -> dict[str, object]:
    return {"worst": report.worst, "looking": report.looking, "checks": list(report.findings)}


ROUTES = [show_readiness, send_test_letter]
