"""Who comes with a vendor's link: the source that it shows, in a transaction without rights."""

from collections.abc import AsyncIterator

from litestar import MediaType, Request, Response
from litestar.datastructures import State

from doorstep.auth.scopes import open_scope
from doorstep.kit.errors import NotFound
from doorstep.kit.pace import Pace
from doorstep.kit.rates import neighbourhood
from doorstep.leads import queries as leads
from doorstep.leads import referrers, sources, vendor_pages
from doorstep.leads.sources import Source
from doorstep.leads.vendor_faults import Known
from doorstep.leads.vendor_pages import VendorPage
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, Org, OrgScope
from doorstep.web.services import Services
from doorstep.web.templates import render

WRONG_LINKS_MAX = 30
WRONG_LINKS_SECONDS = 15 * 60
PAGE_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

AnyRequest = Request[object, object, State]

wrong_links = Pace(WRONG_LINKS_MAX, seconds=WRONG_LINKS_SECONDS)


class Visit:
    """A vendor at its page; no dataclass, whose fields the web framework would take apart."""

    def __init__(
        self, scope: OrgScope, *, org: Org, source: Source, page: VendorPage, link: str
    ) -> None:
        """`link` is the path under which all of the page's addresses lie."""
        self.scope = scope
        self.org = org
        self.source = source
        self.page = page
        self.link = link

    async def known(self) -> Known:
        """What the vendor may be told of ids."""
        rows = await leads.list_case_types(self.scope)
        former = await referrers.former(self.scope, source_id=self.source.id)
        in_use = {row["guid"]: row for row in rows if row["disabled_at"] is None}
        return Known(
            captorra_id=self.org.captorra_id,
            referrer=self.source.referrer,
            former=frozenset(one.referrer for one in former if not one.ended),
            shown={
                guid: row["name"]
                for guid, row in in_use.items()
                if row["id"] not in self.page.hidden_case_types
            },
            in_use=frozenset(in_use),
            disabled=self.source.disabled,
        )

    def show(
        self, template: str, *, place: str, status: int = 200, **values: object
    ) -> Response[str]:
        """A page; `place` is its entry in the navigation."""
        text = render(f"vendor/{template}", visit=self, place=place, **values)
        return Response(text, media_type=MediaType.HTML, status_code=status, headers=PAGE_HEADERS)


async def visit(request: AnyRequest, *, services: Services, token: str) -> AsyncIterator[Visit]:
    """The visit that a link opens; committed when the handler returns.

    A wrong link and one that was revoked are not found, and a guesser is held up.
    """
    peer = neighbourhood(request.client.host if request.client else "")
    wrong_links.refuse(peer)
    try:
        org_id, source_id = await vendor_pages.find_source(
            services.db, services.signer, token=token
        )
    except NotFound:
        wrong_links.note(peer)
        raise
    actor = Actor(kind="vendor", id=str(source_id))
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        yield Visit(
            scope,
            org=await orgs.find_org(scope),
            source=await sources.find(scope, source_id=source_id),
            page=await vendor_pages.find(scope, source_id=source_id),
            link=f"{vendor_pages.PATH}/{token}",
        )
