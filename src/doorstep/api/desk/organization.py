"""`/api/desk/organization`: what homeowners see of the organization."""

from typing import Any

import msgspec
from litestar import delete, get, patch, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.orgs import face_queries, faces
from doorstep.orgs.model import Face, OrgScope, Right
from doorstep.photos import logos
from doorstep.web.capture_pages import LANGUAGES
from doorstep.web.doors import AnyRequest
from doorstep.web.looks import logo_address
from doorstep.web.services import Services

TAG = ["Organization"]
PATH = "/organization"


class Looks(msgspec.Struct, kw_only=True):
    """Names, links and looks; `logo_url` is a path on this server, null without a logo.

    `languages` are those that homeowners are offered; the first is for phones that speak none.
    """

    name: str
    customer_display_name: str
    colour: str | None
    logo_url: str | None
    privacy_url: str | None
    terms_url: str | None
    support_phone: str | None
    languages: list[str]


class NewLooks(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays; `null` or an empty text takes it away."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    customer_display_name: str | msgspec.UnsetType = msgspec.UNSET
    colour: str | msgspec.UnsetType | None = msgspec.UNSET
    privacy_url: str | msgspec.UnsetType | None = msgspec.UNSET
    terms_url: str | msgspec.UnsetType | None = msgspec.UNSET
    support_phone: str | msgspec.UnsetType | None = msgspec.UNSET
    languages: list[str] | msgspec.UnsetType = msgspec.UNSET


@get(PATH, tags=TAG, responses=problems())
async def show_organization(api: OrgScope) -> Looks:
    """What homeowners see of the organization."""
    api.require(Right.READ)
    return _looks(await face_queries.find(api))


@patch(PATH, tags=TAG, responses=problems(422))
async def change_organization(api: OrgScope, *, data: JSONBody[NewLooks]) -> Looks:
    """Change some of it; the colour must be readable, the links begin with https."""
    told: dict[str, Any] = msgspec.structs.asdict(data)
    values = {name: value for name, value in told.items() if value is not msgspec.UNSET}
    return _looks(await faces.change(api, values=values, spoken=LANGUAGES))


@put(f"{PATH}/logo", status_code=200, tags=TAG, responses=problems(413, 422))
async def put_logo(request: AnyRequest, *, api: OrgScope, services: Services) -> Looks:
    """Take the body, a PNG, JPEG or WebP picture of at most 2 MB, as the logo."""
    api.require(Right.ADMINISTER)
    await logos.replace(api, services.storage, content=await request.body())
    return _looks(await face_queries.find(api))


@delete(f"{PATH}/logo", tags=TAG, responses=problems())
async def delete_logo(api: OrgScope) -> None:
    """Show no logo any more."""
    await faces.set_logo(api, sha256=None)


def _looks(face: Face) -> Looks:
    return Looks(
        name=face.name,
        customer_display_name=face.customer_display_name,
        colour=f"#{face.colour}" if face.colour else None,
        logo_url=logo_address(face),
        privacy_url=face.privacy_url,
        terms_url=face.terms_url,
        support_phone=face.support_phone,
        languages=face.languages or list(LANGUAGES),
    )


ROUTES = [show_organization, change_organization, put_logo, delete_logo]
