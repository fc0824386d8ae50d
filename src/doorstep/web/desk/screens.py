"""A page or a piece of one: the template, who looks at it, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from litestar import MediaType, Request, Response
from litestar.datastructures import State
from litestar.params import QueryParameter
from litestar.response import Redirect

from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.templates import render

BIGINT_MAX = 2**63 - 1

AnyRequest = Request[object, object, State]
Page = Response[str]
Query = Annotated[str, QueryParameter(required=False)]


@dataclass(frozen=True, kw_only=True)
class Shell:
    """What the frame round every page shows."""

    org: str
    captorra_id: str
    time_zone: str
    name: str
    email: str
    role: str
    now: datetime


async def screen(scope: OrgScope, template: str, *, place: str, **values: object) -> Page:
    """A whole page; `place` is the entry of the navigation that it belongs to."""
    return html(await piece(scope, template, place=place, **values))


async def piece(scope: OrgScope, template: str, **values: object) -> str:
    """A template with the frame's values."""
    return render(
        template,
        shell=await find_shell(scope),
        can=lambda right: Right(right) in scope.actor.rights,
        **values,
    )


async def find_shell(scope: OrgScope) -> Shell:
    """The organization and the member who looks at it, at the database's time."""
    row = await scope.tx.fetchrow(
        """
        SELECT o.name AS org, o.captorra_id, o.time_zone, u.name, u.email, u.role, now() AS now
        FROM orgs o JOIN users u ON u.org_id = o.id AND u.id = $2
        WHERE u.org_id = $1
        """,
        scope.org_id,
        member_id(scope),
    )
    assert row is not None
    return Shell(**row)


def html(text: str, *, status: int = 200) -> Page:
    """The answer that carries a page."""
    return Response(text, media_type=MediaType.HTML, status_code=status)


def nothing_new() -> Page:
    """The answer to a poll that finds nothing; htmx leaves the page as it is."""
    return Response("", status_code=204)


def see(path: str) -> Redirect:
    """After a change, the page that shows it."""
    return Redirect(path, status_code=303)


def member_id(scope: OrgScope) -> int:
    """The id of the member who is signed in."""
    return int(scope.actor.id)


def by_script(request: AnyRequest) -> bool:
    """Whether htmx asks, which wants a piece of the page."""
    return request.headers.get("hx-request") == "true"


def row_id(number: int) -> int:
    """A number from an address as a row's id; one that no row can have is not found."""
    if not 0 < number <= BIGINT_MAX:
        raise NotFound
    return number
