"""What homeowners see of the organization, how it numbers its jobs, and where it works."""

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from doorstep.kit.errors import AppError, BadRequest, Invalid, TooLarge
from doorstep.orgs import face_queries, faces, job_habits
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Face, OrgScope, Right
from doorstep.photos import logos
from doorstep.web.capture_pages import LANGUAGES, words
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import AnyRequest, Page, Query, html, piece, screen, see
from doorstep.web.looks import logo_address
from doorstep.web.services import Services

PATH = "/settings/organization"
NAMES = ("name", "customer_display_name")
LINKS = ("privacy_url", "terms_url", "support_phone")
# The form round the picture takes a little as well.
FORM_BYTES_MAX = logos.UPLOAD_BYTES_MAX + (64 << 10)


@get(PATH)
async def organization(page: OrgScope, *, said: Query = "") -> Page:
    """The form, filled in."""
    page.require(Right.ADMINISTER)
    shown = await _shown(page)
    return await screen(page, "desk/organization.html", place="settings", said=said, **shown)


@post(PATH, status_code=200)
async def change(page: OrgScope, form: Form) -> Page | Redirect:
    """Write it; the page again with what is wrong."""
    values: dict[str, object] = {name: form.get(name, "") for name in (*NAMES, "colour", *LINKS)}
    values["languages"] = _languages(form)
    try:
        await faces.change(page, values=values, spoken=LANGUAGES)
    except Invalid as error:
        return await _again(page, error, typed=values)
    return see(f"{PATH}?said=saved")


@post(f"{PATH}/jobs", status_code=200)
async def change_jobs(page: OrgScope, form: Form) -> Page | Redirect:
    """Write time zone, label and rule; the page again with what is wrong."""
    values: dict[str, str | bool] = {
        "time_zone": form.get("time_zone", ""),
        "external_identifier_label": form.get("external_identifier_label", ""),
        "external_identifier_required": "external_identifier_required" in form,
    }
    try:
        await job_habits.change(page, values=values)
    except Invalid as error:
        return await _again(page, error, typed=dict(values))
    return see(f"{PATH}?said=jobs#jobs")


@post(f"{PATH}/logo", status_code=200, request_max_body_size=FORM_BYTES_MAX)
async def set_logo(request: AnyRequest, *, page: OrgScope, services: Services) -> Page | Redirect:
    """Take a picture as the logo; the page again with what is wrong with it."""
    page.require(Right.ADMINISTER)
    picture = (await request.form()).get("logo")
    if not isinstance(picture, UploadFile):
        raise BadRequest("The form could not be read.")
    try:
        await logos.replace(page, services.storage, content=await picture.read())
    except (Invalid, TooLarge) as error:
        return await _again(page, error, typed={})
    return see(f"{PATH}?said=logo")


@post(f"{PATH}/logo/removal")
async def remove_logo(page: OrgScope) -> Redirect:
    """Show none."""
    await faces.set_logo(page, sha256=None)
    return see(f"{PATH}?said=no-logo")


def _languages(form: Form) -> list[str]:
    """The first one first; every language there is, in the usual order, is no choice."""
    first = form.get("first_language", "")
    ticked = [name for name in LANGUAGES if f"language-{name}" in form]
    wanted = list(dict.fromkeys([*([first] if first else []), *ticked]))
    return [] if wanted == list(LANGUAGES) else wanted


async def _again(scope: OrgScope, error: AppError, *, typed: dict[str, object]) -> Page:
    faults = error.fields or {"logo": [error.text]}
    more = {"said": "", "faults": faults, "typed": typed}
    text = await piece(
        scope, "desk/organization.html", place="settings", **await _shown(scope) | more
    )
    return html(text, status=error.status)


async def _shown(scope: OrgScope) -> dict[str, object]:
    face: Face = await face_queries.find(scope)
    return {
        "face": face,
        "org": await orgs.find_org(scope),
        "zones": job_habits.time_zones(),
        "logo": logo_address(face),
        "spoken": {name: str(words(name)["language"]) for name in LANGUAGES},
        "chosen": face.languages or list(LANGUAGES),
        "faults": {},
        "typed": {},
    }
