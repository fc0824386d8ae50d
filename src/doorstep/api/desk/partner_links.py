"""`/api/desk/jobs/{job_id}/partner-links`: links that show chosen parts of a job to partners."""

import uuid
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.api.desk.repeats import AnyRequest, Key, made_once
from doorstep.jobs import partner_links
from doorstep.jobs.partner_links import DAYS_MAX, SHOWS
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.screens import row_id
from doorstep.web.services import Services

TAG = ["Jobs"]
PATH = "/jobs/{job_id:int}/partner-links"


class NewPartnerLink(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who the link is for, a note that the page shows, what it shows, and for how many days.

    `shows` are some of address, model, measurements, photos and files, with one of the model,
    the measurements and the photos among them. Files are those of the other parts.
    """

    recipient: str
    shows: Annotated[list[str], msgspec.Meta(max_length=len(SHOWS))]
    note: str = ""
    days: Annotated[int, msgspec.Meta(ge=1, le=DAYS_MAX)] = 30


class PartnerOpening(msgspec.Struct, kw_only=True):
    """Somebody opened a link; `network` is the address without its end."""

    device: str | None
    browser: str | None
    network: str
    opened_at: datetime


class PartnerLinkFacts(msgspec.Struct, kw_only=True):
    """A partner's link; `url` is null once it has ended. `opened` are the newest openings."""

    id: uuid.UUID
    url: str | None
    recipient: str
    note: str
    shows: list[str]
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime
    actor: str
    openings: int
    last_opened_at: datetime | None
    opened: list[PartnerOpening]


class PartnerLinks(msgspec.Struct, kw_only=True):
    """The newest 50 links of a job, newest first, ended ones too."""

    links: list[PartnerLinkFacts]


@get(PATH, tags=TAG, responses=problems(404))
async def list_partner_links(api: OrgScope, *, services: Services, job_id: int) -> PartnerLinks:
    """The links for partners, and who opened them."""
    links = await partner_links.of_job(api, job_id=row_id(job_id))
    return PartnerLinks(links=await _told(api, services, links=links))


@post(PATH, tags=TAG, responses=problems(404, 409, 422))
async def make_partner_link(
    api: OrgScope,
    *,
    services: Services,
    request: AnyRequest,
    job_id: int,
    data: JSONBody[NewPartnerLink],
    _key: Key = None,
) -> PartnerLinkFacts:
    """Make a link; at most 20 of a job work at a time."""

    async def make() -> uuid.UUID:
        made = await partner_links.make(
            api,
            job_id=row_id(job_id),
            recipient=data.recipient,
            note=data.note,
            shows=data.shows,
            days=data.days,
        )
        return made.id

    link_id = uuid.UUID(await made_once(request, api, asked=data, make=make))
    link = await partner_links.find(api, job_id=job_id, link_id=link_id)
    [told] = await _told(api, services, links=[link])
    return told


@delete(PATH + "/{link_id:uuid}", tags=TAG, responses=problems(404))
async def end_partner_link(api: OrgScope, *, job_id: int, link_id: uuid.UUID) -> None:
    """End a link at once; a second time is nothing."""
    await partner_links.revoke(api, job_id=row_id(job_id), link_id=link_id)


async def _told(
    scope: OrgScope, services: Services, *, links: list[partner_links.PartnerLink]
) -> list[PartnerLinkFacts]:
    openings = await partner_links.openings(scope, link_ids=[link.id for link in links])
    return [
        PartnerLinkFacts(
            id=link.id,
            url=None if link.ended else services.links.partner(link),
            recipient=link.recipient,
            note=link.note,
            shows=link.shows,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            created_at=link.created_at,
            actor=link.actor,
            openings=link.openings,
            last_opened_at=link.last_opened_at,
            opened=[
                msgspec.convert(one, PartnerOpening, from_attributes=True)
                for one in openings
                if one.link_id == link.id
            ],
        )
        for link in links
    ]


ROUTES = [list_partner_links, make_partner_link, end_partner_link]
