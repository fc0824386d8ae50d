"""`/api/desk/wallets` and `/prices`: what is left to pay with, what things cost, and the book."""

import uuid
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import FromQuery, JSONBody

from doorstep.api.desk.answers import PAGE_ROWS, Limit, problems
from doorstep.jobs.model import CAPTURE_ONLY, DELIVERABLES
from doorstep.kit.errors import NotFound
from doorstep.orgs import wallet_queries
from doorstep.orgs import wallets as actions
from doorstep.orgs.model import OrgScope, Right
from doorstep.orgs.money import CENTS_MAX

TAG = ["Wallets"]


class WalletLine(msgspec.Struct, kw_only=True):
    """One wallet: what can be spent, and what is set aside for jobs under way."""

    id: int
    name: str
    available_cents: int
    held_cents: int


class PriceLine(msgspec.Struct, kw_only=True):
    """What a deliverable costs; 0 is free."""

    deliverable_id: int
    name: str
    cents: int


class Wallets(msgspec.Struct, kw_only=True):
    """The organization's wallets, and its price list."""

    wallets: list[WalletLine]
    prices: list[PriceLine]


class EntryLine(msgspec.Struct, kw_only=True):
    """One line of the book; `job_id` for what paid for a job, `note` for what was done by hand."""

    id: uuid.UUID
    wallet_id: int
    kind: str
    cents: int
    job_id: int | None
    deliverable_id: int | None
    note: str
    actor: str
    created_at: datetime


class EntryPage(msgspec.Struct, kw_only=True):
    """Newest first; `next` is the `before` of the page that follows."""

    entries: list[EntryLine]
    next: uuid.UUID | None


class NewPrice(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What it costs from now on; 0 is free."""

    cents: Annotated[int, msgspec.Meta(ge=0, le=CENTS_MAX)]


@get("/wallets", tags=TAG, responses=problems())
async def list_wallets(api: OrgScope) -> Wallets:
    """The organization's wallets and prices."""
    api.require(Right.ADMINISTER)
    prices = await wallet_queries.prices(api)
    return Wallets(
        wallets=[
            msgspec.convert(one, WalletLine, from_attributes=True)
            for one in await wallet_queries.list_wallets(api)
        ],
        prices=[
            PriceLine(deliverable_id=number, name=name, cents=prices.get(number, 0))
            for number, name in DELIVERABLES.items()
        ],
    )


@get("/wallets/entries", tags=TAG, responses=problems())
async def list_entries(
    api: OrgScope, *, before: FromQuery[uuid.UUID | None] = None, limit: Limit = PAGE_ROWS
) -> EntryPage:
    """The book of all wallets, newest first."""
    api.require(Right.ADMINISTER)
    found = await wallet_queries.entries(api, before=before, rows_max=limit + 1)
    shown = found[:limit]
    return EntryPage(
        entries=[msgspec.convert(one, EntryLine, from_attributes=True) for one in shown],
        next=shown[-1].id if len(found) > limit else None,
    )


@put("/prices/{deliverable_id:int}", status_code=204, tags=TAG, responses=problems(404, 422))
async def set_price(api: OrgScope, *, deliverable_id: int, data: JSONBody[NewPrice]) -> None:
    """Set what a deliverable costs; photos alone are never charged and have no price."""
    api.require(Right.ADMINISTER)
    if deliverable_id not in DELIVERABLES or deliverable_id == CAPTURE_ONLY:
        raise NotFound
    await actions.set_price(api, deliverable_id=deliverable_id, cents=data.cents)


ROUTES = [list_wallets, list_entries, set_price]
