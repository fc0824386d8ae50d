"""Decide what became of a lead, from the inbox by keys and from its page by buttons."""

import uuid

from litestar import Response, post
from litestar.response import Redirect

from doorstep.kit.errors import AppError, Conflict, Invalid
from doorstep.leads import dispositions
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.inbox import changed_row
from doorstep.web.desk.lead import lead_again
from doorstep.web.desk.screens import AnyRequest, by_script, see


@post("/leads/{lead_id:uuid}/dispositions")
async def dispose(
    request: AnyRequest, *, page: OrgScope, lead_id: uuid.UUID, form: Form
) -> Response[str] | Redirect:
    """Decide, unless somebody else has since the page was shown."""
    try:
        made = await dispositions.dispose(
            page,
            lead_id=lead_id,
            disposition=form.get("disposition", ""),
            reason=form.get("reason"),
            note=form.get("note"),
            seen=number_in(form, "seen"),
        )
    except (Conflict, Invalid) as problem:
        return await _refused(request, problem, page=page, lead_id=lead_id, form=form)
    if not by_script(request):
        return see(f"/leads/{lead_id}?said=disposed")
    return await changed_row(
        page,
        lead_id,
        told=f"{{}} was marked as {made.disposition}.",
        undo=f"/leads/{lead_id}/dispositions/{made.number}/withdrawal",
    )


@post("/leads/{lead_id:uuid}/dispositions/{number:int}/withdrawal")
async def withdraw(
    request: AnyRequest, *, page: OrgScope, lead_id: uuid.UUID, number: int, form: Form
) -> Response[str] | Redirect:
    """Take the last decision back."""
    try:
        made = await dispositions.withdraw(page, lead_id=lead_id, number=number)
    except Conflict as problem:
        return await _refused(request, problem, page=page, lead_id=lead_id, form=form)
    if not by_script(request):
        return see(f"/leads/{lead_id}?said=withdrawn")
    return await changed_row(
        page, lead_id, told=f"Taken back: {{}} is {made.disposition or 'open'} again."
    )


async def _refused(
    request: AnyRequest, problem: AppError, *, page: OrgScope, lead_id: uuid.UUID, form: Form
) -> Response[str]:
    """The page again with what is wrong and what was typed; a script says it by itself."""
    if by_script(request):
        raise problem
    return await lead_again(page, lead_id, problem=problem, typed=form)
