"""`/api/desk/sources/{id}/page`, `/postback` and `/words`: what a vendor sees and hears."""

import uuid
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.kit.outbound import Egress
from doorstep.leads import sources, vendor_pages
from doorstep.leads.vendor_pages import STATUSES, link_for
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.services import Services
from doorstep.webhooks import actions, postbacks
from doorstep.webhooks.model import standard_secret

TAG = ["Sources"]
CASE_TYPES_MAX = 500


class VendorView(msgspec.Struct, kw_only=True):
    """A vendor's own page: its secret link, null without one, and what the page shows.

    `words` is what the vendor calls each status.
    """

    link: str | None
    made_at: datetime | None
    shows_status: bool
    hidden_case_types: list[uuid.UUID]
    words: dict[str, str]


class VendorChoice(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the vendor's page shows."""

    shows_status: bool
    hidden_case_types: Annotated[list[uuid.UUID], msgspec.Meta(max_length=CASE_TYPES_MAX)]


class VendorWords(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the vendor calls each status; ours where a word is left out or empty."""

    words: dict[str, str]


class NewPostback(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Where the vendor hears what became of its leads, of which events, in which JSON body."""

    url: str
    events: Annotated[list[str], msgspec.Meta(max_length=len(STATUSES))]
    template: str = ""


class PostbackFacts(NewPostback, kw_only=True):
    """A postback with the secret that signs it; `disabled_at` once it failed for too long."""

    secret: str
    disabled_at: datetime | None


@get("/sources/{source_id:uuid}/page", tags=TAG, responses=problems(404))
async def show_vendor_page(
    api: OrgScope, *, services: Services, source_id: uuid.UUID
) -> VendorView:
    """The vendor's own page."""
    api.require(Right.ADMINISTER)
    await sources.find(api, source_id=source_id)
    return await _view(api, services, source_id=source_id)


@post("/sources/{source_id:uuid}/page", tags=TAG, responses=problems(404))
async def make_vendor_link(
    api: OrgScope, *, services: Services, source_id: uuid.UUID
) -> VendorView:
    """Give the vendor a link; a former one ends."""
    await vendor_pages.make_link(api, source_id=source_id)
    return await _view(api, services, source_id=source_id)


@put("/sources/{source_id:uuid}/page", tags=TAG, responses=problems(404, 422))
async def choose_for_vendor(
    api: OrgScope, *, services: Services, source_id: uuid.UUID, data: JSONBody[VendorChoice]
) -> VendorView:
    """Say what the vendor's page shows."""
    await vendor_pages.choose(
        api,
        source_id=source_id,
        shows_status=data.shows_status,
        hidden_case_types=data.hidden_case_types,
    )
    return await _view(api, services, source_id=source_id)


@delete("/sources/{source_id:uuid}/page", tags=TAG, responses=problems(404, 409))
async def end_vendor_link(api: OrgScope, *, source_id: uuid.UUID) -> None:
    """End the link."""
    await vendor_pages.revoke_link(api, source_id=source_id)


@put("/sources/{source_id:uuid}/words", tags=TAG, responses=problems(404, 422))
async def set_vendor_words(
    api: OrgScope, *, services: Services, source_id: uuid.UUID, data: JSONBody[VendorWords]
) -> VendorView:
    """Say what the vendor calls each status."""
    await vendor_pages.set_words(api, source_id=source_id, words=data.words)
    return await _view(api, services, source_id=source_id)


@get("/sources/{source_id:uuid}/postback", tags=TAG, responses=problems(404))
async def show_postback(
    api: OrgScope, *, services: Services, source_id: uuid.UUID
) -> PostbackFacts:
    """Where the vendor hears what became of its leads; not found where it does not."""
    api.require(Right.ADMINISTER)
    return await _postback(api, services, source_id=source_id)


@put("/sources/{source_id:uuid}/postback", tags=TAG, responses=problems(404, 422))
async def put_postback(
    api: OrgScope, *, services: Services, source_id: uuid.UUID, data: JSONBody[NewPostback]
) -> PostbackFacts:
    """Let the vendor hear it there."""
    await postbacks.save(
        api,
        source_id=source_id,
        url=data.url,
        events=data.events,
        template=data.template,
        egress=Egress(allow=services.settings.egress_allow),
    )
    return await _postback(api, services, source_id=source_id)


@delete("/sources/{source_id:uuid}/postback", tags=TAG, responses=problems(404))
async def remove_postback(api: OrgScope, *, source_id: uuid.UUID) -> None:
    """Tell the vendor nothing any more."""
    api.require(Right.ADMINISTER)
    found = await postbacks.find(api, source_id=source_id)
    await actions.remove(api, endpoint_id=found.endpoint_id)


async def _view(scope: OrgScope, services: Services, *, source_id: uuid.UUID) -> VendorView:
    found = await vendor_pages.find(scope, source_id=source_id)
    link = None
    if found.name is not None:
        base_url = services.settings.base_url
        link = link_for(services.signer, base_url, source_id=source_id, name=found.name)
    return VendorView(
        link=link,
        made_at=found.made_at,
        shows_status=found.shows_status,
        hidden_case_types=sorted(found.hidden_case_types),
        words=dict(found.words),
    )


async def _postback(scope: OrgScope, services: Services, *, source_id: uuid.UUID) -> PostbackFacts:
    found = await postbacks.find(scope, source_id=source_id)
    endpoint = await actions.find(scope, endpoint_id=found.endpoint_id)
    return PostbackFacts(
        url=endpoint.url,
        events=list(found.events),
        template=found.template,
        secret=standard_secret(services.signer, endpoint.secret_sealed),
        disabled_at=endpoint.disabled_at,
    )


ROUTES = [
    show_vendor_page,
    make_vendor_link,
    choose_for_vendor,
    end_vendor_link,
    set_vendor_words,
    show_postback,
    put_postback,
    remove_postback,
]
