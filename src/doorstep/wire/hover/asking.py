"""From the parameters of a create call to what is asked, or every fault at once."""

import uuid

from email_validator import EmailNotValidError, validate_email

from doorstep.captures.model import SIGNUP_TYPES, Asking
from doorstep.captures.rehearsals import OUTCOMES
from doorstep.jobs.model import DELIVERABLES, Property
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import Org
from doorstep.wire.hover.encoding import Tree, branch, flag, text, whole

TEXT_CHARACTERS_MAX = 255
BLANK = "can't be blank"

Faults = dict[str, list[str]]


def read_asking(tree: Tree, *, org: Org) -> Asking:
    """What a create call asks for; Invalid naming every field that is wrong."""
    request = branch(tree, "capture_request")
    job = branch(request, "job_attributes") if request.get("job_attributes") else {}
    faults: Faults = {}
    named = client_identifier(job, faults)
    asking = Asking(
        name=needed(request, "capturing_user_name", faults=faults),
        email=_email(needed(request, "capturing_user_email", faults=faults), faults),
        phone=short(request, "capturing_user_phone", faults=faults),
        place=_place(request, job, org=org, faults=faults),
        deliverable_id=deliverable(job, org=org, faults=faults),
        client_identifier=named or uuid.uuid4(),
        may_be_repetition=named is not None,
        wallet_id=wallet(tree, request=request, job=job),
        signup_type=_signup_type(request, faults),
        claim_number=short(request, "claim_number", faults=faults),
        inspection_workflow_id=whole(request, "inspection_workflow_id"),
        requires_reconstruction_capture=flag(
            request, "requires_reconstruction_capture", default=True
        ),
        suppress_text_messages=flag(request, "suppress_text_messages", default=False),
        test_state=test_state(job, faults),
    )
    if faults:
        raise Invalid(fields=faults)
    return asking


def _place(request: Tree, job: Tree, *, org: Org, faults: Faults) -> Property:
    line_1 = needed(job, "location_line_1", faults=faults)
    external = short(job, "external_identifier", faults=faults)
    if org.external_identifier_required and external is None:
        faults["external_identifier"] = [BLANK]
    return Property(
        name=short(job, "name", faults=faults) or line_1,
        line_1=line_1,
        line_2=short(job, "location_line_2", faults=faults),
        city=short(job, "location_city", faults=faults),
        region=short(job, "location_region", faults=faults)
        or short(job, "location_state", faults=faults),
        postal_code=short(job, "location_postal_code", faults=faults),
        country=short(job, "location_country", faults=faults) or "US",
        customer_name=text(request, "capturing_user_name"),
        customer_email=text(request, "capturing_user_email"),
        customer_phone=text(request, "capturing_user_phone"),
        external_identifier=external,
    )


def short(tree: Tree, key: str, *, faults: Faults) -> str | None:
    """One line of text of at most 255 characters; else a fault."""
    value = text(tree, key)
    if value is not None and len(value) > TEXT_CHARACTERS_MAX:
        faults[key] = [f"is too long (maximum is {TEXT_CHARACTERS_MAX} characters)"]
    elif value is not None and any(mark in value for mark in "\r\n"):
        faults[key] = ["must be on one line"]
    return value


def needed(tree: Tree, key: str, *, faults: Faults) -> str:
    """As `short`, and a fault when there is none."""
    value = short(tree, key, faults=faults)
    if value is None:
        faults[key] = [BLANK]
    return value or ""


def _email(value: str, faults: Faults) -> str:
    if value:
        try:
            validate_email(value, check_deliverability=False)
        except EmailNotValidError:
            faults.setdefault("capturing_user_email", ["is invalid"])
    return value


def deliverable(job: Tree, *, org: Org, faults: Faults) -> int:
    """What is ordered, the organization's default when nothing is said."""
    value = whole(job, "deliverable_id")
    if value is None:
        return org.default_deliverable_id
    if value not in DELIVERABLES:
        faults["deliverable_id"] = [f"must be one of {', '.join(map(str, DELIVERABLES))}"]
    return value


def client_identifier(job: Tree, faults: Faults) -> uuid.UUID | None:
    """The client's own key, if it sends one."""
    value = text(job, "client_identifier")
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        faults["client_identifier"] = ["must be a UUID"]
        return None


def wallet(tree: Tree, *, request: Tree, job: Tree) -> int | None:
    """What pays, from any of the places where clients say it."""
    old = tree.get("job")
    for place in (request, job, old if isinstance(old, dict) else {}):
        found = whole(place, "wallet_id")
        if found is not None:
            return found
    return None


def test_state(job: Tree, faults: Faults) -> str | None:
    """How the job is to end, when it is only a test."""
    value = text(job, "test_state")
    if value not in (None, "no", *OUTCOMES):
        faults["test_state"] = ["must be complete or failed"]
    return None if value == "no" else value


def _signup_type(request: Tree, faults: Faults) -> str:
    value = text(request, "signup_type") or "homeowner"
    if value not in SIGNUP_TYPES:
        faults["signup_type"] = ["must be homeowner or pro"]
    return value
