"""How the desk says things: times, ages, sizes, states and events, in plain words."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from doorstep.captures.model import SPOT_TEXTS
from doorstep.jobs.model import LABELS, JobState
from doorstep.messages.default_texts import KINDS as MESSAGE_KINDS
from doorstep.orgs.money import amount_text, signed_text
from doorstep.photos.model import PROBLEMS as PHOTO_PROBLEMS

AMBER_MINUTES = 5
RED_MINUTES = 15
HOUR_MINUTES = 60
DAY_MINUTES = 24 * HOUR_MINUTES
MINUTE_SECONDS = 60
HOUR_SECONDS = 60 * MINUTE_SECONDS
KILO, MEGA = 1000, 1_000_000

TONES = {
    "uploading": "wait",
    "processing_upload": "work",
    "waiting_approval": "warn",
    "working": "work",
    "processing": "work",
    "paying": "work",
    "complete": "good",
    "failed": "bad",
    "cancelled": "wait",
}

STAGES = {
    "": "Waiting for a free builder",
    "fetch": "Fetching the photos",
    "select": "Choosing the sharp photos",
    "features": "Finding points in each photo",
    "matching": "Finding the same points in other photos",
    "mapping": "Working out where each photo was taken",
    "refinement": "Fitting everything together",
    "gravity": "Setting the house upright",
    "dense": "Measuring the surfaces",
    "openings": "Looking for windows and doors",
    "surface": "Building walls and roof",
    "export": "Painting the model from the photos",
}

OWN_KINDS = {"help": "Answer to HELP", "mail_test": "Test letter"}
KINDS = {kind: known.label for kind, known in MESSAGE_KINDS.items()} | OWN_KINDS

# (words, tone) of a message's state.
MESSAGE_STATES = {
    "queued": ("Waiting", "wait"),
    "sending": ("On its way", "work"),
    "sent": ("Sent", "good"),
    "delivered": ("Delivered", "good"),
    "failed": ("Failed", "bad"),
    "unknown": ("Unclear", "warn"),
    "unsendable": ("Cannot be sent", "bad"),
    "cancelled": ("Cancelled", "wait"),
    "shown": ("Send it yourself", "warn"),
}

# What became of a refused post.
OUTCOMES = {
    "syntax": "Unreadable",
    "guid_form": "No GUID",
    "guid_unknown": "Unknown GUID",
    "network": "Wrong network",
    "signature": "Wrong signature",
    "throttled": "Too many",
    "too_long": "Too long",
}

HTTP_PREFIX = "http_"
PROBLEMS = {
    "not_an_address": "This is no e-mail address.",
    "not_a_number": "This is no phone number.",
    "extension": "A number with an extension takes no text messages.",
    "region": "Text messages go to US and Canadian numbers only.",
    "no_mobile_number": "This number takes no text messages.",
    "no_consent": "Nothing proves that the person agreed to text messages, so it does not go out "
    "by itself. The e-mail does.",
    "consent_withdrawn": "Somebody noted that this person wants no text messages.",
    "recipient_budget": "This person was written to often enough today. Copy the link, or send it again tomorrow.",
    "organization_budget": "Your organization has written to as many homeowners today as it may. Send it again tomorrow.",
    "opted_out": "The person replied STOP. Only their START changes that.",
    "address_was_rejected": "The mail server of this address refused it before.",
    "bounced": "It came back: there is no such mailbox. Nothing more is sent to this address.",
    "not_delivered": "It came back: the mail server gave up trying to deliver it.",
    "complained": "The reader reported it as unwanted. Nothing more is sent to this address.",
    "skipped_late": "It could have left only a day too late, or at night, and was left out.",
    "unsubscribed": "The reader wants no more reminders by e-mail.",
    "recipient_rejected": "The mail server refused this address.",
    "smtp_connect": "The mail server could not be reached. It is tried again.",
    "smtp_timeout": "The mail server took too long. It is tried again.",
    "smtp_no_answer": "The line broke before the answer: it may have arrived, or not.",
    "sms_connect": "The text message provider could not be reached.",
    "sms_no_answer": "The provider gave no answer: it may have arrived, or not. "
    "It is not sent again by itself.",
    "sms_no_provider_id": "The provider's answer was not clear: it may have arrived, or not.",
    "by_hand": "A member marked it as sent.",
    "smtp_failed": "The mail server did not take it. It is tried again.",
    "no_mail_server": "No mail server is set up: copy the link and send it yourself.",
    "no_provider": "No text message provider is set up: copy the link and send it yourself.",
    "provider_failed": "The provider could not deliver it.",
    "accepted": "Accepted",
    "timeout": "It gave no answer in time",
    "cut": "The line broke",
    "dns": "Its name leads nowhere",
    "dns_timeout": "Its name could not be looked up",
    "private_address": "Its name leads to a private address",
    "port_not_allowed": "Its port is not one that we may call",
    "not_https": "It is not https",
    "bad_url": "It is not a URL that we can call",
    "endpoint_failing": "It waits, because the endpoint failed several times in a row",
    "not_its_turn": "It waits until what happened to the job before was sent",
    "endpoint_busy": "It waits, because many deliveries to this endpoint are under way",
    "endpoint_disabled": "The endpoint was switched off",
    "gone": "The endpoint answered that it is gone for good",
    "failing": "It failed for five days",
}

SKIPS = {
    "fence": "fence or gate",
    "dog": "a dog",
    "trees": "trees or bushes",
    "neighbour": "the neighbour's ground",
    "other": "another reason",
}
HINTS = {
    "blurred": "looks blurred",
    "dark": "very dark",
    "bright": "very bright",
    "upright": "phone held upright",
}

LEFT_ALONE = {
    "test": "a test lead",
    "duplicate": "it looks like an earlier lead",
    "merged": "it was merged into another lead",
    "asked": "it was asked already",
    "disposed": "somebody decided about it",
    "no_address": "no address",
    "no_email": "no e-mail address",
    "no_mobile_number": "no mobile number",
    "no_consent": "no proof of consent",
    "consent_withdrawn": "the person wants no texts",
    "rule_off": "the rule was switched off",
    "could_not_ask": "it could not be asked; the wallet may be empty",
}
"""Why a rule left a lead to a person."""

FILES = {
    "model.glb": "3D model (GLB)",
    "preview.jpg": "Picture of the model",
    "cameras.json": "Positions of the photos",
    "poses.json": "Positions of the photos on the model",
    "dense.glb": "All measured surfaces (GLB)",
    "measurements.json": "Measurements (JSON)",
    "evidence.json": "Where each edge lies in the photos",
    "report.json": "Report of the build",
}

CHECKS = HINTS | {
    "not_a_picture": "not a picture",
    "not_a_video": "not a video",
    "unreadable": "damaged",
    "too_many_pixels": "too large",
    "too_small": "too small",
    "blank": "shows nothing",
    "lost": "lost on our disk",
    "no_frames": "video too blurred",
}


def age_text(minutes: int) -> str:
    """An age as the inbox shows it; `age.ts` says the same."""
    if minutes < 1:
        return "just now"
    if minutes < HOUR_MINUTES:
        return f"{minutes} min"
    if minutes < 2 * DAY_MINUTES:
        return f"{minutes // HOUR_MINUTES} h"
    return f"{minutes // DAY_MINUTES} days"


def age_tone(minutes: int) -> str:
    """How urgent a lead of that age is that nobody has answered."""
    if minutes >= RED_MINUTES:
        return "bad"
    return "warn" if minutes >= AMBER_MINUTES else "good"


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Whole minutes, never negative."""
    return max(0, int((later - earlier).total_seconds() // 60))


def duration(seconds: float) -> str:
    """`45 s`, `3 min 05 s` or `2 h 10 min`."""
    whole = max(0, int(seconds))
    minutes, seconds = divmod(whole, MINUTE_SECONDS)
    if whole < MINUTE_SECONDS:
        return f"{whole} s"
    if whole < HOUR_SECONDS:
        return f"{minutes} min {seconds:02d} s"
    return f"{minutes // HOUR_MINUTES} h {minutes % HOUR_MINUTES:02d} min"


def size(count: int) -> str:
    """`812 B`, `37 kB` or `4.2 MB`."""
    if count < KILO:
        return f"{count} B"
    if count < MEGA:
        return f"{count / KILO:.0f} kB"
    return f"{count / MEGA:.1f} MB"


def plural(count: int, one: str, *, many: str | None = None) -> str:
    """`1 photo`, `3 photos`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def when(at: datetime, zone: str) -> str:
    """`Nov 22, 3:38 PM` at the organization's place."""
    local = at.astimezone(_zone(zone))
    return f"{local:%b} {local.day}, {local.hour % 12 or 12}:{local:%M %p}"


def epoch_millis(at: datetime) -> int:
    """Milliseconds since 1970, as scripts count."""
    return int(at.timestamp() * 1000)


def state_label(state: str) -> str:
    """A job's state as people read it."""
    return LABELS[JobState(state)]


def failure_text(failure: Mapping[str, Any]) -> str:
    """The organization's sentence of a failure."""
    return str(failure.get("organization") or failure.get("homeowner") or "")


def stage_text(build: Any) -> str:
    """What the builder is doing."""
    if build is None or build.state == "queued":
        return STAGES[""]
    return STAGES.get(build.stage, build.note or "Starting")


def kind_text(kind: str) -> str:
    """What a message is about."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def message_state(state: str) -> tuple[str, str]:
    """(words, tone) of a message's state."""
    return MESSAGE_STATES.get(state, (state, "wait"))


def outcome_text(outcome: str) -> str:
    """Why a post was refused, in two words."""
    return OUTCOMES.get(outcome, "Incomplete" if outcome.startswith("missing_") else "Refused")


def problem_text(code: str | None) -> str:
    """Why something did not work, in words where we have them."""
    if not code:
        return ""
    if code.startswith(HTTP_PREFIX):
        return f"It answered {code.removeprefix(HTTP_PREFIX)}"
    return PROBLEMS.get(code, code.replace("_", " ").capitalize())


def spot_text(spot: str | None) -> str:
    """Where round the house a photo was taken."""
    return SPOT_TEXTS.get(spot, spot) if spot else ""


def skip_text(reason: str) -> str:
    """Why a homeowner could not stand at a spot."""
    return SKIPS.get(reason, SKIPS["other"])


def hint_text(hint: str) -> str:
    """What is not as good as it could be in a photo."""
    return HINTS.get(hint, hint)


def photo_problem(problem: str) -> str:
    """Why a photo is not used."""
    return PHOTO_PROBLEMS.get(problem, problem.replace("_", " "))


def check_text(name: str) -> str:
    """What a check found with a photo."""
    return CHECKS.get(name, name.replace("_", " "))


def between_text(one: str | None, other: str | None) -> str:
    """Where the walk lacks pictures, by the spots that its neighbours name."""
    if one and other and one != other:
        return f"between {spot_text(one).lower()} and {spot_text(other).lower()}"
    return f"at {spot_text(one or other).lower()}" if one or other else "at no named spot"


def leave_text(reason: str) -> str:
    """Why a rule left a lead alone."""
    return LEFT_ALONE.get(reason, reason)


def file_text(name: str) -> str:
    """What a published file is."""
    return FILES.get(name, name)


@cache
def _zone(name: str) -> ZoneInfo | Any:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


FILTERS: dict[str, Callable[..., object]] = {
    "amount_text": amount_text,
    "signed_text": signed_text,
    "age_text": age_text,
    "age_tone": age_tone,
    "duration": duration,
    "size": size,
    "when": when,
    "epoch_millis": epoch_millis,
    "state_label": state_label,
    "failure_text": failure_text,
    "stage_text": stage_text,
    "spot_text": spot_text,
    "skip_text": skip_text,
    "check_text": check_text,
    "between_text": between_text,
    "kind_text": kind_text,
    "message_state": message_state,
    "problem_text": problem_text,
    "outcome_text": outcome_text,
    "file_text": file_text,
    "leave_text": leave_text,
    "hint_text": hint_text,
    "photo_problem": photo_problem,
    "count": plural,
}
