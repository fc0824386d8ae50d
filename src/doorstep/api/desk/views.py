"""`/api/desk/views`: the portfolio's filters that members saved for everybody."""

import uuid

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody

from doorstep.api.desk.answers import Made, RowId, acting, problems
from doorstep.jobs import views
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.portfolio_looking import checked_address

TAG = ["Jobs"]


class ViewLine(msgspec.Struct, kw_only=True):
    """A view; `address` are its filters, as `GET /api/desk/jobs` takes them."""

    id: uuid.UUID
    name: str
    address: str
    user_id: int


class ViewList(msgspec.Struct, kw_only=True):
    """The shared views, by name."""

    views: list[ViewLine]


class NewView(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Filters under a name, for everybody in the organization; `user_id` is their author."""

    name: str
    address: str
    user_id: RowId


@get("/views", tags=TAG, responses=problems())
async def list_views(api: OrgScope) -> ViewList:
    """The views that are shared; a member's own are on that member's page alone."""
    return ViewList(
        views=[
            msgspec.convert(one, ViewLine, from_attributes=True)
            for one in await views.visible(api, user_id=None)
        ]
    )


@post("/views", tags=TAG, responses=problems(422))
async def save_view(api: OrgScope, *, data: JSONBody[NewView]) -> Made:
    """Save filters for everybody."""
    await acting(api, user_id=data.user_id)
    return Made(
        id=await views.save(
            api,
            user_id=data.user_id,
            name=data.name,
            address=checked_address(data.address),
            shared=True,
        )
    )


@delete("/views/{view_id:uuid}", tags=TAG, responses=problems(404))
async def remove_view(api: OrgScope, *, view_id: uuid.UUID) -> None:
    """Remove a shared view."""
    api.require(Right.ADMINISTER)
    await views.remove(api, view_id=view_id, user_id=None)


ROUTES = [list_views, save_view, remove_view]
