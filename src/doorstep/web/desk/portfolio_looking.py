"""What somebody looks for in the portfolio, as it stands in an address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from litestar.params import QueryParameter

from doorstep.jobs.shelves import LABELS
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.desk import portfolio_queries
from doorstep.web.desk.portfolio_queries import ORDERS, Anchor, House, Looking
from doorstep.web.desk.screens import BIGINT_MAX, Query

LOOKS = {"grid": "Grid", "table": "Table", "list": "List"}
TEXT_CHARACTERS_MAX = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Member = Annotated[int | None, QueryParameter(ge=1, le=BIGINT_MAX, required=False)]


def read_portfolio(
    *, q: Query = "", shelf: Query = "", member: Member = None, sort: Query = "", look: Query = ""
) -> Looking:
    """The filters of an address; one that cannot be is not found."""
    if shelf not in ("", *LABELS) or sort not in ("", *ORDERS) or look not in ("", *LOOKS):
        raise NotFound
    return Looking(
        text=" ".join(q.replace("\0", " ").split())[:TEXT_CHARACTERS_MAX],
        shelf=shelf or None,
        member_id=member,
        sort=sort or "newest",
        look=look or "grid",
    )


def address_of(looking: Looking, **changes: object) -> str:
    """The filters as they stand in an address; what is as always is left out."""
    looking = replace(looking, **changes)  # type: ignore[arg-type]
    values = {
        "q": looking.text,
        "shelf": looking.shelf or "",
        "member": str(looking.member_id or ""),
        "sort": "" if looking.sort == "newest" else looking.sort,
        "look": "" if looking.look == "grid" else looking.look,
    }
    return urlencode({key: text for key, text in values.items() if text})


def checked_address(text: str) -> str:
    """A query that the portfolio understands, as it spells it; Invalid for any other."""
    try:
        given: Mapping[str, str] = dict(parse_qsl(text, max_num_fields=20))
        member = given.get("member", "")
        if member and not (member.isascii() and member.isdigit() and 0 < int(member) <= BIGINT_MAX):
            raise NotFound
        looking = read_portfolio(
            q=given.get("q", ""),
            shelf=given.get("shelf", ""),
            member=int(member) if member else None,
            sort=given.get("sort", ""),
            look=given.get("look", ""),
        )
    except (ValueError, NotFound) as error:
        raise Invalid(fields={"address": ["are no filters of the portfolio"]}) from error
    return address_of(looking)


def spelled(house: House, looking: Looking) -> str:
    """Where the page after this job goes on, as it stands in an address."""
    if looking.order.key == "updated_at":
        return f"{(house.updated_at - EPOCH) // timedelta(microseconds=1)}.{house.id}"
    return str(house.id)


async def anchor(scope: OrgScope, text: str, *, looking: Looking) -> Anchor | None:
    """The sort columns of the job that a page comes after; NotFound when that is none."""
    if not text:
        return None
    micros, _, digits = text.rpartition(".")
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= BIGINT_MAX:
        raise NotFound
    job_id, key = int(digits), looking.order.key
    if key == "updated_at":
        return _moment(micros), job_id
    if micros:
        raise NotFound
    if key is None:
        return (job_id,)
    found = await portfolio_queries.customer_key(scope, job_id=job_id)
    if found is None:
        raise NotFound
    return found, job_id


def _moment(micros: str) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=int(micros))
    except (ValueError, OverflowError) as error:
        raise NotFound from error
