"""Connect a vendor: the address, the ids and a line to try, for each source."""

import uuid
from dataclasses import dataclass

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import queries as leads
from doorstep.leads import vendors
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see
from doorstep.web.services import Services
from doorstep.web.vendor.examples import curl, test_values
from doorstep.wire.captorra.door import PATH

KINDS = ("sources", "case-types")


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A source with everything that its vendor has to know."""

    id: uuid.UUID
    name: str
    referrer: uuid.UUID
    disabled: bool
    curl: str


@get("/sources")
async def sources(page: OrgScope, *, services: Services, said: Query = "") -> Page:
    """Every source with its ids; the Referrer is a secret, so admins only."""
    page.require(Right.ADMINISTER)
    return await screen(
        page,
        "desk/vendors.html",
        place="vendors",
        said=said,
        **await shown(page, services=services),
    )


@post("/sources", status_code=200)
async def add(page: OrgScope, *, services: Services, form: Form) -> Page | Redirect:
    """Add a source or a case type, with a GUID of old if one is given; the form with what is wrong."""
    page.require(Right.ADMINISTER)
    kind, name, guid = (form.get(field, "") for field in ("kind", "name", "guid"))
    if kind not in KINDS:
        raise Invalid(fields={"kind": [f"is one of {', '.join(KINDS)}"]})
    try:
        if kind == "case-types":
            await vendors.add_case_type(page, name=name, guid=guid)
            return see("/sources?said=case-types")
        await vendors.add_source(page, name=name, referrer=guid)
        return see("/sources?said=sources")
    except Invalid as invalid:
        problem = " ".join(line for lines in invalid.fields.values() for line in lines)
    held = await shown(page, services=services)
    typed = {"name": name, "guid": guid}
    return await again(page, **held | {"problem": problem, "problem_kind": kind, "typed": typed})


async def again(scope: OrgScope, **values: object) -> Page:
    """The page once more, with what is wrong in one of its forms."""
    text = await piece(scope, "desk/vendors.html", place="vendors", said="", **values)
    return html(text, status=422)


async def shown(scope: OrgScope, *, services: Services) -> dict[str, object]:
    """Everything on the page of the vendors."""
    org = await orgs.find_org(scope)
    types = await leads.list_case_types(scope)
    url = services.settings.base_url + PATH
    first_type = next((row["guid"] for row in types if row["disabled_at"] is None), None)
    return {
        "url": url,
        "captorra_id": org.captorra_id,
        "case_types": types,
        "vendors": [
            Vendor(
                id=row["id"],
                name=row["name"],
                referrer=row["referrer"],
                disabled=row["disabled_at"] is not None,
                curl=curl(
                    url,
                    test_values(
                        captorra_id=org.captorra_id,
                        referrer=row["referrer"],
                        case_type=first_type,
                    ),
                ),
            )
            for row in await leads.list_sources(scope)
        ],
        "problem": "",
        "problem_kind": "",
        "typed": {"name": "", "guid": ""},
        "listed": "",
        "line_problems": {},
    }
