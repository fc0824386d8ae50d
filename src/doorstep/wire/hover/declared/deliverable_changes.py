"""Deliverable change requests as they are sent and answered."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.values import (
    DELIVERABLE,
    Acting,
    Deliverable,
    Moment,
    Paged,
    Pagination,
    Whole,
)

Wanted = Annotated[Whole, Meta(description=DELIVERABLE, examples=[3])]


class NewChange(Acting, kw_only=True):
    """What to make instead; the acting user is an admin."""

    new_deliverable_id: Wanted


class NewOldChangeFields(msgspec.Struct, kw_only=True):
    """Of which job, and what to make instead."""

    job_id: Annotated[Whole, Meta(examples=[10168587])]
    new_deliverable_id: Wanted


class NewOldChange(Acting, kw_only=True):
    """The older call, which names the job."""

    deliverable_change_request: NewOldChangeFields


class DeliverableChange(msgspec.Struct, kw_only=True):
    """An order made later."""

    id: int
    job_id: Annotated[int, Meta(examples=[10168587])]
    user_id: int
    new_deliverable_id: Deliverable
    old_deliverable_id: Deliverable
    changed_at: Moment | None
    created_at: Moment
    updated_at: Moment
    state: Literal["complete"]


class DeliverableChangeList(msgspec.Struct, kw_only=True):
    """Newest first."""

    pagination: Pagination
    results: list[DeliverableChange]


class WantedPrice(Acting, kw_only=True):
    """Of what."""

    new_deliverable_id: Annotated[int, Meta(ge=1, le=8, description=DELIVERABLE, examples=[3])]


class Price(msgspec.Struct, kw_only=True):
    """What the change would be charged; 0 is free."""

    new_deliverable_id: Deliverable
    price_cents: Annotated[int, Meta(ge=0, examples=[2000])]


class ListChanges(Paged, kw_only=True):
    """A page of them."""


class ListOldChanges(Paged, kw_only=True):
    """Of which job."""

    job_id: Annotated[int, Meta(ge=1, examples=[10168587])]
