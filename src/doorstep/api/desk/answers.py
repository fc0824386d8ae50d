"""What every call of the desk's API shares: its failures as described, and its pages."""

import uuid
from typing import Annotated

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from doorstep.kit.errors import Invalid
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope

PAGE_ROWS = 50
PAGE_ROWS_MAX = 200

RowId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
ActingUser = Annotated[int, QueryParameter(ge=0, le=2**63 - 1, required=False)]
"""The member in whose name something is done, where a call has no body."""
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_ROWS_MAX)]


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Why a call was refused; `code` never changes its meaning.

    `errors` names what is wrong with each value, `error` says it where no value is to blame.
    """

    code: str
    error: str | None = None
    errors: dict[str, list[str]] | None = None


class Made(msgspec.Struct, kw_only=True):
    """The id of what is new."""

    id: uuid.UUID


class Name(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What it is called on the desk."""

    name: str


async def acting(scope: OrgScope, *, user_id: int) -> None:
    """Invalid unless this is an active member, in whose name a program acts."""
    if await orgs.find_member(scope, user_id=user_id) is None:
        raise Invalid(fields={"user_id": ["is not an active user of this organization"]})


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The failures of a call: these, and the ones that every call has."""
    words = {
        400: "The call cannot be read.",
        401: "No access token, or one that is unknown, expired or revoked.",
        403: "The token lacks the right.",
        404: "Not there, or not yours.",
        409: "That makes no sense in the present state.",
        413: "Larger than what is taken.",
        422: "Readable, but some values are not acceptable.",
        429: "Too many calls; `Retry-After` says when to come back.",
    }
    every = sorted({400, 401, 403, 429, *statuses})
    return {
        status: ResponseSpec(Problem, description=words[status], generate_examples=False)
        for status in every
    }
