"""How a message would look, with values as they come."""

from dataclasses import dataclass

from doorstep.kit.errors import NotFound
from doorstep.messages import texts
from doorstep.messages.default_texts import KINDS
from doorstep.messages.model import LINK
from doorstep.messages.segments import Size, size_of
from doorstep.messages.text_model import LANGUAGES, Text
from doorstep.messages.texts import Composed, Frame
from doorstep.orgs import face_queries
from doorstep.orgs.model import OrgScope

SAMPLE_LINK = "/c/AbCdEf0123456789abcdefABCDEF"
"""As long as a real one."""

SAMPLES = {
    "en": {"spots": "Back, Left side", "note": "The gate is open.", "reason": "Too few photos."},
    "es": {
        "spots": "Atrás, Lado izquierdo",
        "note": "La puerta está abierta.",
        "reason": "Faltan fotos.",
    },
}
USUAL = {
    "name": "Maria Lopez",
    "address": "12 Elm Street",
    "place": "12 Elm Street",
    "job": "12 Elm Street",
    "source": "Bright Leads",
    "refusals": "3",
    "since": "2026-03-05 10:00 UTC",
    "phone": "+14025550123",
    "host": "crm.example.com",
    "error": "http_500",
}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A message with the values of nobody, and the size of its text message."""

    subject: str
    text: str
    html: str
    sms: str
    size: Size


async def preview(
    scope: OrgScope, *, kind: str, language: str, text: Text, base_url: str
) -> Preview:
    """These words as their reader would see them; NotFound for a kind that there is not."""
    if kind not in KINDS or language not in LANGUAGES:
        raise NotFound
    face = await face_queries.find(scope)
    frame = Frame(org=face.customer_display_name, colour=face.colour, language=language)
    values = USUAL | SAMPLES[language] | {"asker": face.customer_display_name}
    made = texts.fill(text, kind=kind, frame=frame, values=values)
    return _with_link(made, link=base_url + SAMPLE_LINK)


def _with_link(made: Composed, *, link: str) -> Preview:
    sms = made.sms.replace(LINK, link)
    return Preview(
        subject=made.subject,
        text=made.text.replace(LINK, link),
        html=made.html.replace(LINK, link),
        sms=sms,
        size=size_of(sms),
    )
