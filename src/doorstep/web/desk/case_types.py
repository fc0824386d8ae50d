"""Rename a case type, and switch it off and on."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import vendors
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, see
from doorstep.web.desk.vendors import again, shown
from doorstep.web.services import Services


@post("/case-types/{case_type_id:uuid}/name", status_code=200)
async def rename(
    page: OrgScope, *, services: Services, case_type_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """Call the case type something else; the form again with what is wrong."""
    name = form.get("name", "")
    try:
        await vendors.rename_case_type(page, case_type_id=case_type_id, name=name)
    except Invalid as invalid:
        wrong = {
            "problem": " ".join(invalid.fields["name"]),
            "problem_kind": str(case_type_id),
            "typed": {"name": name, "guid": ""},
        }
        return await again(page, **await shown(page, services=services) | wrong)
    return see("/sources?said=renamed")


@post("/case-types/{case_type_id:uuid}/disable")
async def switch_off(page: OrgScope, case_type_id: uuid.UUID) -> Redirect:
    """Refuse posts about this case type."""
    await vendors.switch_case_type(page, case_type_id=case_type_id, on=False)
    return see("/sources?said=off")


@post("/case-types/{case_type_id:uuid}/enable")
async def switch_on(page: OrgScope, case_type_id: uuid.UUID) -> Redirect:
    """Take posts about this case type again."""
    await vendors.switch_case_type(page, case_type_id=case_type_id, on=True)
    return see("/sources?said=on")
