"""Ask for photos, look a request up, withdraw it."""

import uuid
from collections.abc import Sequence

from doorstep.captures import expiry, invitations, queries, reminding
from doorstep.captures.model import Asking, CaptureRequest, Ground, new_request
from doorstep.events.actions import Changes, record
from doorstep.jobs import actions as jobs
from doorstep.jobs import queries as job_rows
from doorstep.jobs.model import Draft, Property
from doorstep.kit import crash
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.leads.model import Lead
from doorstep.messages import actions as messages
from doorstep.orgs import queries as orgs
from doorstep.orgs import wallets
from doorstep.orgs.model import OrgScope, Right


async def ask(scope: OrgScope, *, asking: Asking, requesting_user_id: int) -> CaptureRequest:
    """Make the request, its draft job, invitation, reminders and event: all or nothing."""
    scope.require(Right.INVITE)
    ground = await queries.find_ground(
        scope,
        requesting_user_id=requesting_user_id,
        wallet_id=asking.wallet_id,
        deliverable_id=asking.deliverable_id,
        language=asking.language,
    )
    assert ground is not None, requesting_user_id
    if asking.wallet_id is not None and ground.wallet_id is None:
        raise Invalid(fields={"wallet_id": ["is not one of your wallets"]})
    request = new_request(
        asking, ground, org_id=scope.org_id, requesting_user_id=requesting_user_id
    )
    changes = Changes(scope)
    jobs.add_draft(changes, scope, draft=_draft(asking, ground, user_id=requesting_user_id))
    changes.write(*queries.inserting(scope, request=request, remind_days=ground.remind_days))
    await invitations.add_invitation(
        changes, scope, request=request, words=ground.invitation, zones=asking.zones
    )
    changes.enqueue(reminding.tasks(scope, request_id=request.id, days=ground.remind_days))
    changes.record(
        "capture_request.created",
        capture_request_id=request.id,
        job_id=request.job_id,
        lead_id=asking.lead_id,
        identifier=request.identifier,
    )
    await changes.apply()
    if ground.cents and asking.test_state is None:
        await wallets.hold(
            scope,
            wallet_id=request.wallet_id,
            job_id=request.job_id,
            deliverable_id=request.deliverable_id,
        )
    crash.point("capture_request.before_commit")
    return request


async def ask_for_photos(
    scope: OrgScope,
    *,
    lead: Lead,
    requesting_user_id: int,
    language: str | None = None,
    zones: Sequence[str] | None = None,
) -> CaptureRequest:
    """Ask the person of a lead; Conflict when that was done, Invalid without an e-mail address.

    With `zones` the messages leave in their hours only: no person asks, but a rule.
    """
    if await queries.find_open_of_lead(scope, lead_id=lead.id) is not None:
        raise Conflict("The homeowner was asked for photos already.")
    if not lead.email:
        raise Invalid(fields={"email": ["the lead has no e-mail address"]})
    org = await orgs.find_org(scope)
    asking = Asking(
        name=lead.name,
        email=lead.email,
        phone=lead.primary_phone or lead.secondary_phone,
        place=Property(
            name=lead.address or lead.name,
            line_1=lead.address,
            city=lead.city,
            region=lead.region,
            postal_code=lead.postal_code,
            customer_name=lead.name,
            customer_email=lead.email,
            customer_phone=lead.primary_phone or lead.secondary_phone,
            external_identifier=lead.vendor_lead_id,
        ),
        deliverable_id=org.default_deliverable_id,
        client_identifier=uuid.uuid4(),
        wallet_id=None,
        lead_id=lead.id,
        language=language,
        zones=zones,
    )
    return await ask(scope, asking=asking, requesting_user_id=requesting_user_id)


async def find(scope: OrgScope, *, request_id: int) -> CaptureRequest:
    """The request; NotFound when it is not there or not this organization's."""
    found = await queries.find(scope, request_id=request_id)
    if found is None:
        raise NotFound
    return found


async def withdraw(scope: OrgScope, *, request_id: int) -> None:
    """Delete a request before its photos; Invalid after, as the wire has it."""
    scope.require(Right.INVITE)
    request = await find(scope, request_id=request_id)
    if not await queries.delete(scope, request_id=request_id):
        problem = f"is {request.state}; only one whose photos never came can be deleted"
        raise Invalid(fields={"state": [problem]})
    await reminding.cancel(scope, request_id=request_id)
    await messages.cancel(scope, subject_ref=invitations.subject_ref(request_id))
    await job_rows.archive(scope, job_id=request.job_id)
    await wallets.release(scope, job_id=request.job_id)
    await record(
        scope, "capture_request.deleted", capture_request_id=request_id, job_id=request.job_id
    )


async def invite_again(scope: OrgScope, *, request_id: int) -> CaptureRequest:
    """Send the invitation again on demand; Conflict when the request is not open.

    A link that has ended lives for another 14 days, and what its end freed is set aside again:
    Invalid when the wallet is short.
    """
    scope.require(Right.INVITE)
    request = await find(scope, request_id=request_id)
    await expiry.renew(scope, request=request)
    await invitations.invite(scope, request=request)
    return request


def _draft(asking: Asking, ground: Ground, *, user_id: int) -> Draft:
    return Draft(
        job_id=ground.job_id,
        model_id=ground.model_id,
        place=asking.place,
        user_id=user_id,
        wallet_id=ground.wallet_id,
        deliverable_id=asking.deliverable_id,
        client_identifier=asking.client_identifier,
    )
