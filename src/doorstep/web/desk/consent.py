"""A lead's consent to texts: a person's note, the evidence as a file, and the rule for all."""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import NotFound
from doorstep.leads import consent, consent_queries
from doorstep.leads.consent import Consent, Note
from doorstep.leads.proofs import JORNAYA, TRUSTEDFORM
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.job_queries import member_names
from doorstep.web.desk.screens import see

GIVEN = {"yes": True, "no": False}


@post("/leads/{lead_id:uuid}/consents")
async def note(page: OrgScope, *, lead_id: uuid.UUID, form: Form) -> Redirect:
    """Note that the person agreed to texts, or wants none."""
    given = GIVEN.get(form.get("given", ""), False)
    await consent.note(
        page, lead_id=lead_id, given=given, how=form.get("how", ""), text=form.get("note", "")
    )
    return see(f"/leads/{lead_id}?said=consent#consent")


@get("/leads/{lead_id:uuid}/consent.json")
async def evidence(page: OrgScope, *, lead_id: uuid.UUID) -> Response[bytes]:
    """Everything that shows whether this person agreed, with the post as it came."""
    page.require(Right.INVITE)
    row = await consent_queries.evidence(page, lead_id=lead_id)
    if row is None:
        raise NotFound
    found = await consent.find(page, lead_id=lead_id)
    members = await member_names(page)
    return Response(
        msgspec.json.format(msgspec.json.encode(_evidence(dict(row), found, members=members))),
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="consent-{lead_id}.json"',
            "Cache-Control": "no-store",
        },
    )


@post("/settings/texts")
async def rule(page: OrgScope, form: Form) -> Redirect:
    """Whether texts that go out by themselves need proof of consent."""
    page.require(Right.ADMINISTER)
    needed = form.get("texts_need_consent") == "yes"
    await orgs.update_org(page, values={"texts_need_consent": needed})
    return see("/settings?said=texts")


async def shown(scope: OrgScope, *, lead_id: uuid.UUID) -> dict[str, object]:
    """What the page of a lead tells of its consent."""
    found = await consent.find(scope, lead_id=lead_id)
    needed = await orgs.texts_need_consent(scope)
    return {
        "consent": found,
        "consent_how": consent.HOW,
        "text_warning": _warning(found, needed=needed),
    }


async def warning(scope: OrgScope, *, lead_id: uuid.UUID | None) -> str:
    """What somebody should think of who is about to text a lead's person; empty for nothing."""
    if lead_id is None:
        return ""
    return str((await shown(scope, lead_id=lead_id))["text_warning"])


def cells(row: Mapping[str, Any]) -> dict[str, str]:
    """The three columns of consent of an exported lead, as far as its own columns hold it."""
    found = consent.of_lead(row, noted=row["consent_noted"])
    state = "withdrawn" if found.withdrawn else "proven" if found.proven else "none"
    by_kind = {
        kind: " ".join(one.value for one in found.proofs if one.kind == kind)
        for kind in (TRUSTEDFORM, JORNAYA)
    }
    return {"consent": state, **by_kind}


def _warning(found: Consent, *, needed: bool) -> str:
    if found.withdrawn:
        return "This person wants no texts: none is sent. E-mail goes as usual."
    if found.proven:
        return ""
    alone = (
        "Texts that would go out by themselves are held back; e-mail goes as usual."
        if needed
        else "Texts go out all the same, as your organization has set it."
    )
    return (
        f"Nothing proves that this person agreed to texts. {alone} "
        "A text that you send yourself goes out: be sure that they agreed."
    )


def _evidence(
    facts: dict[str, Any], found: Consent, *, members: dict[str, str]
) -> dict[str, object]:
    body: bytes = facts["body"] or b""
    person = ("first_name", "last_name", "primary_phone", "secondary_phone", "email")
    return {
        "lead_id": str(facts["id"]),
        "received_at": iso_millis(facts["received_at"]),
        "source": facts["source"],
        "vendor_lead_id": facts["vendor_lead_id"],
        "person": {name: facts[name] for name in person},
        "proven": found.proven,
        "withdrawn": found.withdrawn,
        "proofs": [asdict(one) for one in found.proofs],
        "told": asdict(found.told),
        "notes": [_note(one, members=members) for one in found.notes],
        "post": {
            "received_at": iso_millis(facts["posted_at"]) if facts["posted_at"] else None,
            "from": facts["peer"],
            "headers": facts["headers"],
            "body_base64": base64.b64encode(body).decode(),
            "body_sha256": hashlib.sha256(body).hexdigest(),
        },
    }


def _note(one: Note, *, members: dict[str, str]) -> dict[str, object]:
    return {
        "given": one.given,
        "how": one.how,
        "note": one.note,
        "by": members.get(one.actor.removeprefix("user:"), one.actor),
        "recorded_at": iso_millis(one.recorded_at),
    }
