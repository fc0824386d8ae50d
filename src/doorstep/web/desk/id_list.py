"""Add many vendors and case types at once, with the ids that they have already."""

from litestar import post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import id_list
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, see
from doorstep.web.desk.vendors import again, shown
from doorstep.web.services import Services


@post("/sources/list", status_code=200)
async def take(page: OrgScope, *, services: Services, form: Form) -> Page | Redirect:
    """Add the whole list, or show what is wrong with which line."""
    text = form.get("list", "")
    try:
        await id_list.take(page, text=text)
    except Invalid as invalid:
        held = await shown(page, services=services)
        return await again(page, **held | {"listed": text, "line_problems": invalid.fields})
    return see("/sources?said=listed")
