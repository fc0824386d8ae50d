"""What happened, as a timeline tells it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from doorstep.events.model import EVENTS as DESCRIPTIONS
from doorstep.events.model import Event
from doorstep.jobs.model import JobState
from doorstep.jobs.note_queries import Note
from doorstep.orgs.money import amount_text
from doorstep.web.desk.lead_words import DISPOSITIONS, reason_text
from doorstep.web.desk.words import (
    TONES,
    between_text,
    failure_text,
    kind_text,
    plural,
    problem_text,
    state_label,
)

MERGED_HERE = "lead.merged_here"
"""How the kept lead's timeline calls the other lead's `lead.merged`."""

# (sentence, tone) of each event; `{...}` are keys of the event's payload.
EVENTS: dict[str, tuple[str, str]] = {
    "lead.received": ("The lead arrived", "wait"),
    "lead.consent_noted": ("Consent to texts was noted", "wait"),
    "lead.photos_planned": ("A rule is about to ask for photos", "work"),
    "lead.photos_unplanned": ("What the rule was about to do was undone", "wait"),
    "lead.cost_recorded": ("The cost was entered", "wait"),
    "lead.merged": ("It was merged into another lead", "work"),
    "lead.unmerged": ("The merge was undone", "wait"),
    MERGED_HERE: ("Another lead was merged into this one", "work"),
    "capture_request.created": ("Photos were asked for", "work"),
    "capture_request.connected": ("The homeowner opened the link", "work"),
    "capture_request.completed": ("All photos are in and safe", "good"),
    "capture_request.looked_at": ("The photos overlap all the way round", "good"),
    "capture_request.reopened": ("More photos were asked for", "work"),
    "capture_request.erased": ("The homeowner deleted photos, model and contact", "bad"),
    "capture_request.deleted": ("The request was withdrawn", "bad"),
    "photo.lost": ("A stored photo was found damaged and is not used", "bad"),
    "job.created": ("The job was made", "wait"),
    "build.started": ("Building of the model began", "work"),
    "build.completed": ("The model is there", "good"),
    "build.failed": ("The model could not be built", "bad"),
    "job.approved": ("The job was approved", "good"),
    "job.archived": ("The job was archived", "wait"),
    "job.unarchived": ("The job was taken out of the archive", "wait"),
    "job.deliverable_changed": ("More was ordered of the photos", "work"),
    "job.shared": ("A link to the model was made", "wait"),
    "job.unshared": ("A link to the model was ended", "wait"),
    "partner_link.made": ("A link for a partner was made", "wait"),
    "partner_link.opened": ("A partner opened the link", "good"),
    "partner_link.revoked": ("A partner's link was ended", "wait"),
    "wallet.held": ("The price was set aside", "wait"),
    "wallet.charged": ("The price was charged", "good"),
    "wallet.released": ("The price is not charged and free again", "wait"),
    "message.sent": ("A message went out", "wait"),
    "message.failed": ("A message will not be sent", "bad"),
}


SHOWN_ELSEWHERE = (
    "job.created",
    "job.noted",
    "job.state_changed",
    "model.created",
    "model.state_changed",
)


def told(events: Sequence[Event]) -> list[Event]:
    """The events worth telling: a job's moves show in what moved it, unless a member did."""
    return [
        event for event in events if event.name not in SHOWN_ELSEWHERE or _by_member_alone(event)
    ]


def happened(events: Sequence[Event], notes: Sequence[Note]) -> list[tuple[str, Event | Note]]:
    """(kind, what) of events and notes together, newest first."""
    every: list[tuple[str, Event | Note]] = [
        *(("event", one) for one in events),
        *(("note", one) for one in notes),
    ]
    # Ids of both are made of their moment.
    return sorted(every, key=lambda one: one[1].id, reverse=True)


def audit_text(entry: Mapping[str, Any]) -> str:
    """What an entry of the audit log says, in one sentence."""
    if entry["name"] == "access.read":
        return f"Read of {entry['payload']['what']}"
    if entry["name"] == "access.write":
        return f"Request: {entry['payload']['what']}"
    return DESCRIPTIONS.get(str(entry["name"]), str(entry["name"]))


def _by_member_alone(event: Event) -> bool:
    return event.name == "job.state_changed" and event.actor.startswith("user:")


def event_text(event: Event) -> str:
    """What happened, as one sentence without a full stop."""
    if event.name == "job.state_changed":
        state = str(event.payload.get("state"))
        again = "The model is being built again from the same photos"
        return again if state == JobState.PROCESSING_UPLOAD else state_label(state)
    if event.name in ("message.sent", "message.failed"):
        return _message_event(event)
    if event.name == "capture_request.looked_at" and event.payload["gaps"]:
        return f"The photos do not overlap in {plural(len(event.payload['gaps']), 'place')}"
    if event.name == "capture_request.erased" and event.payload.get("for_age"):
        return "Photos, model and contact were erased because of their age"
    if event.name.startswith("lead."):
        return _lead_event(event)
    if event.name == "job.reassigned":
        return "The job was given to another member"
    return EVENTS.get(event.name, (event.name, ""))[0]


def event_tone(event: Event) -> str:
    """The colour of the event's dot."""
    if event.name == "job.state_changed":
        return TONES[str(event.payload.get("state"))]
    if event.name == "lead.disposed" and event.payload.get("disposition"):
        return DISPOSITIONS[str(event.payload["disposition"])][1]
    if event.name == "capture_request.looked_at" and event.payload["gaps"]:
        return "warn"
    return EVENTS.get(event.name, ("", "wait"))[1]


def event_more(event: Event) -> str:
    """What else the event says: an amount, or a failure's reason, for the organization."""
    if event.name.startswith("wallet."):
        return amount_text(int(event.payload["cents"]))
    if event.name == "capture_request.looked_at":
        return ", ".join(between_text(one, other) for one, other in event.payload["gaps"])
    if event.name.startswith("partner_link."):
        return str(event.payload["to"])
    failure = event.payload.get("failure")
    if isinstance(failure, Mapping):
        return failure_text(failure)
    if event.name == "lead.disposed":
        why = [reason_text(event.payload.get("reason")), event.payload.get("note")]
        return ": ".join(str(one) for one in why if one)
    return problem_text(str(event.payload.get("reason") or event.payload.get("problem") or ""))


def actor_text(event: Event, members: Mapping[str, str]) -> str:
    """Who did it, where that is worth saying."""
    kind, _, name = event.actor.partition(":")
    if kind == "user":
        return members.get(name, "a former member")
    return {
        "integration": f"integration {name}",
        "capture_session": "the homeowner",
        "capture_link": "the homeowner",
        "partner_link": "the partner",
    }.get(kind, "")


def _lead_event(event: Event) -> str:
    payload = event.payload
    if event.name == "lead.disposed":
        after = str(payload.get("disposition") or "open")
        if payload.get("withdrawn"):
            return f"Taken back: {payload.get('previous')}. It is {after} again"
        return f"Marked as {after}"
    if event.name == "lead.duplicate_suspected":
        return f"It looks like {plural(len(payload.get('other_ids', [])), 'other lead')}"
    if event.name == "lead.parted":
        again = "It may be the same person as another lead after all"
        return again if payload.get("withdrawn") else "It is not the person of another lead"
    return EVENTS.get(event.name, (event.name, ""))[0]


def _message_event(event: Event) -> str:
    channel = {"sms": "text message", "email": "e-mail"}.get(
        str(event.payload.get("channel")), "message"
    )
    kind = kind_text(str(event.payload.get("kind") or "message"))
    if event.name == "message.failed":
        return f"{kind}: the {channel} will not be sent"
    by_hand = " by hand" if event.payload.get("by_hand") else ""
    return f"{kind}: the {channel} went out{by_hand}"


FILTERS: dict[str, Callable[..., object]] = {
    "event_text": event_text,
    "event_tone": event_tone,
    "event_more": event_more,
    "actor_text": actor_text,
    "audit_text": audit_text,
}
