"""Save the portfolio's filters under a name, and remove such a view."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.jobs import views
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form
from doorstep.web.desk.portfolio_looking import checked_address
from doorstep.web.desk.screens import member_id, see


@post("/jobs/views")
async def save(page: OrgScope, *, form: Form) -> Redirect:
    """Save the filters of the page that the form is on."""
    address = checked_address(form.get("address", ""))
    await views.save(
        page,
        user_id=member_id(page),
        name=form.get("name", ""),
        address=address,
        shared=form.get("shared") == "on",
    )
    return see(f"/jobs?{address}&said=saved" if address else "/jobs?said=saved")


@post("/jobs/views/{view_id:uuid}/end")
async def remove(page: OrgScope, *, view_id: uuid.UUID) -> Redirect:
    """Remove one's own view, or as an admin a shared one."""
    await views.remove(page, view_id=view_id, user_id=member_id(page))
    return see("/jobs?said=removed")
