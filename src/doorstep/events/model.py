"""The names of everything that can happen, and what a reader of an event gets."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from doorstep.kit.db import Tx

EVENTS = {
    "lead.received": "A vendor's post became a lead.",
    "lead.duplicate_suspected": "A new lead looks like others that are there.",
    "lead.disposed": "Somebody decided what became of a lead, or took that back.",
    "lead.merged": "A lead was found to be another one again, which is kept for both.",
    "lead.unmerged": "A merge was undone: the lead stands for itself again.",
    "lead.parted": "Somebody said that two leads are two people, or took that back.",
    "lead.consent_noted": "Somebody noted whether a lead's person agrees to texts.",
    "capture_request.created": "A homeowner was asked for photos.",
    "capture_request.connected": "The link was opened and accepted.",
    "capture_request.answered": "On the door page the homeowner asked to be reminded or called, or said it is not theirs.",
    "capture_request.link_asked": "Somebody whose link did not work asked for it again.",
    "capture_request.looked_at": "The photos were compared; the payload says where neighbours do not overlap.",
    "capture_request.completed": "All photos are in and safe.",
    "capture_request.reopened": "A finished capture was opened again for more photos.",
    "capture_request.erased": "The homeowner had photos, model and contact deleted; numbers and the job's row stay.",
    "capture_request.deleted": "The request was withdrawn before the photos.",
    "photo.lost": "A stored photo is not what the phone sent: the disk lost it. It is put aside and no model is built of it.",
    "job.created": "A draft job exists, with its first model.",
    "job.reassigned": "The job, and the request that it came from, belong to another member.",
    "job.archived": "Somebody took the job out of the lists.",
    "job.unarchived": "Somebody put an archived job back into the lists.",
    "job.noted": "A member wrote, changed or took away a note of a job; the payload says which.",
    "job.approved": "Somebody let a job go on that waited for approval.",
    "job.shared": "A member made a link that shows the job's model to others.",
    "job.unshared": "A member ended such a link.",
    "partner_link.made": "A member made a link that shows chosen parts of a job to a partner.",
    "partner_link.opened": "A partner opened such a link for the first time.",
    "partner_link.revoked": "A member ended such a link before its time.",
    "job.deliverable_changed": "Something else is to be made of the job's photos.",
    "job.state_changed": "The job went from one state to the next.",
    "model.created": "A job has one more structure.",
    "model.state_changed": "A structure of the job is there, or has failed.",
    "wallet.held": "A job's price was set aside in its wallet.",
    "wallet.charged": "What was set aside for a job was charged: the job is complete.",
    "wallet.released": "What was set aside for a job is free again: no model, or its link has ended.",
    "wallet.adjusted": "An admin added funds to a wallet by hand, or took some out.",
    "price.changed": "An admin set what a deliverable costs.",
    "build.started": "A builder took the job up.",
    "build.completed": "The model is there.",
    "build.failed": "The photos did not make a model; the reason is in the event.",
    "message.sent": "The mail server or the provider accepted a message.",
    "message.failed": "A message will not be sent; the reason is in the event.",
    "lead.photos_planned": "A rule is about to ask a lead's person for photos.",
    "lead.photos_unplanned": "Somebody undid what a rule was about to do.",
    "rule.changed": "An admin made, switched or removed a rule; the payload says which.",
    "message_text.changed": "An admin rewrote a message, or took the usual words again.",
    "message_rules.changed": "An admin set when homeowners are reminded, and at which hours.",
    "webhook_endpoint.created": "Somebody registered a URL.",
    "webhook_endpoint.disabled": "A URL failed for too long and is switched off.",
    "webhook_endpoint.test": "Somebody asked for a test delivery.",
    "integration.created": "An admin made credentials for an integration.",
    "integration.authorized": "An admin let an integration act for the organization.",
    "integration.revoked": "An admin ended an integration and every token of it.",
    "integration.token_reused": "A used refresh token came again; its family of tokens has ended.",
    "lead.cost_recorded": "What a lead cost was entered or corrected; the payload says what it was before.",
    "source.cost_recorded": "What a vendor cost in a month was entered or corrected.",
    "source.referrer_rotated": "A vendor got a new Referrer; the payload says when the old one ends.",
    "source.referrer_ended": "An admin ended a vendor's former Referrer before its time.",
    "source.refusing": "The last three posts of a vendor were refused.",
    "source.silent": "A busy vendor posts nothing any more.",
    "source.recovered": "What a vendor's alert told of is over; the payload says which.",
    "vendor_page.made": "An admin gave a vendor a link to its page; an older one ended.",
    "vendor_page.revoked": "An admin ended the link to a vendor's page.",
    "retention.changed": "An admin set how long old data is kept, or switched its erasing on or off.",
    "retention.erased": "Old data was erased, as the organization had set; the payload says which and how much.",
    "keep.changed": "An admin keeps a job or a lead for good, or no longer.",
    "organization.changed": "An admin changed the organization's name, looks, links or languages.",
    "user.signed_in": "A member signed in.",
    "user.invited": "An admin added a member, or let one come back.",
    "user.role_changed": "An admin gave a member another role.",
    "user.deactivated": "An admin ended a member's access.",
}


class AnyOrgScope(Protocol):
    """What an event needs of the scope that records it."""

    @property
    def tx(self) -> Tx: ...  # noqa: D102
    @property
    def org_id(self) -> int: ...  # noqa: D102
    @property
    def actor(self) -> object: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened; it never changes."""

    id: uuid.UUID
    org_id: int
    name: str
    lead_id: uuid.UUID | None
    capture_request_id: int | None
    job_id: int | None
    actor: str
    payload: dict[str, Any]
    occurred_at: datetime
