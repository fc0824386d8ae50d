"""A source's Referrer: another takes its place, and the one before works for a time yet."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import referrers, sources
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, see
from doorstep.web.desk.source import again, shown
from doorstep.web.services import Services

DAYS_CHARACTERS_MAX = 3


@post("/sources/{source_id:uuid}/referrer", status_code=200)
async def rotate(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """Put a new Referrer in the place of this one; the form again with what is wrong."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    typed = {name: form.get(name, "").strip() for name in ("guid", "days")}
    try:
        await referrers.rotate(
            page, source_id=source_id, referrer=typed["guid"], overlap_days=_days(typed["days"])
        )
    except Invalid as invalid:
        problems = {name: " ".join(lines) for name, lines in invalid.fields.items()}
        held = await shown(page, found, services=services)
        return await again(page, **held | {"overlap": typed, "problems": problems})
    return see(f"/sources/{source_id}?said=rotated")


@post("/sources/{source_id:uuid}/referrer/end")
async def end(page: OrgScope, *, source_id: uuid.UUID, form: Form) -> Redirect:
    """End a former Referrer before its time."""
    await referrers.end(page, source_id=source_id, referrer=form.get("referrer", ""))
    return see(f"/sources/{source_id}?said=ended")


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= DAYS_CHARACTERS_MAX:
        return int(text)
    return -1
