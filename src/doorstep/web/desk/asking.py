"""Ask for photos of a house without a lead."""

import uuid

from litestar import get, post
from litestar.response import Redirect

from doorstep.captures import actions as captures
from doorstep.captures.model import Asking
from doorstep.jobs.model import Property
from doorstep.messages.model import Channel, checked_address
from doorstep.messages.text_model import LANGUAGE_NAMES, LANGUAGES
from doorstep.orgs import face_queries
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, html, member_id, piece, see

CHARACTERS_MAX = {
    "name": 120,
    "email": 254,
    "phone": 40,
    "line_1": 200,
    "city": 80,
    "region": 40,
    "postal_code": 20,
    "external_identifier": 100,
}


@get("/jobs/new")
async def new_page(page: OrgScope) -> Page:
    """The form."""
    page.require(Right.INVITE)
    return await _form(page, {}, problems={})


@post("/jobs/new", status_code=200)
async def ask(page: OrgScope, form: Form) -> Page | Redirect:
    """Ask; the form again with what is wrong."""
    page.require(Right.INVITE)
    values = {name: form.get(name, "").strip() for name in CHARACTERS_MAX}
    problems = problems_of(values) | await _number_problem(page, values)
    values["language"] = form.get("language", "")
    if values["language"] not in ("", *LANGUAGES):
        problems["language"] = "We do not write in this language"
    if problems:
        return await _form(page, values, problems=problems)
    asking = await _asking(page, values)
    made = await captures.ask(page, asking=asking, requesting_user_id=member_id(page))
    return see(f"/jobs/{made.job_id}?said=asked")


def problems_of(values: dict[str, str]) -> dict[str, str]:
    """What is wrong with each field, in words."""
    problems = {
        name: f"At most {limit} characters"
        for name, limit in CHARACTERS_MAX.items()
        if len(values[name]) > limit
    }
    if not values["name"]:
        problems["name"] = "Who should take the photos?"
    if not values["line_1"]:
        problems["line_1"] = "Which house?"
    if checked_address(Channel.EMAIL, values["email"])[1]:
        problems["email"] = "This is no e-mail address" if values["email"] else "Needed to write to"
    if values["phone"] and checked_address(Channel.SMS, values["phone"])[1] == "not_a_number":
        problems["phone"] = "This is no phone number"
    return problems


async def _number_problem(scope: OrgScope, values: dict[str, str]) -> dict[str, str]:
    """What the organization's own rule says of its number of the job."""
    org = await orgs.find_org(scope)
    if values["external_identifier"] or not org.external_identifier_required:
        return {}
    return {"external_identifier": f"Your organization asks for a {org.external_identifier_label}"}


async def _asking(scope: OrgScope, values: dict[str, str]) -> Asking:
    org = await orgs.find_org(scope)
    phone = values["phone"] or None
    return Asking(
        name=values["name"],
        email=values["email"],
        phone=phone,
        place=Property(
            name=values["line_1"],
            line_1=values["line_1"],
            city=values["city"] or None,
            region=values["region"] or None,
            postal_code=values["postal_code"] or None,
            customer_name=values["name"],
            customer_email=values["email"],
            customer_phone=phone,
            external_identifier=values["external_identifier"] or None,
        ),
        deliverable_id=org.default_deliverable_id,
        client_identifier=uuid.uuid4(),
        wallet_id=None,
        language=values["language"] or None,
    )


async def _languages(scope: OrgScope) -> dict[str, str]:
    """What homeowners are offered, the organization's first first."""
    face = await face_queries.find(scope)
    return {name: LANGUAGE_NAMES[name] for name in face.languages or LANGUAGES}


async def _form(scope: OrgScope, values: dict[str, str], *, problems: dict[str, str]) -> Page:
    org = await orgs.find_org(scope)
    text = await piece(
        scope,
        "desk/job_new.html",
        place="jobs",
        values=values,
        problems=problems,
        number_label=org.external_identifier_label,
        languages=await _languages(scope),
        number_required=org.external_identifier_required,
    )
    return html(text, status=422 if problems else 200)
