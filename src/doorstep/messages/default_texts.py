"""The usual words of every kind of message that an organization may rewrite."""

from doorstep.messages.homeowner_texts import HOMEOWNER_KINDS
from doorstep.messages.member_texts import MEMBER_KINDS

KINDS = HOMEOWNER_KINDS | MEMBER_KINDS

FOOTNOTES = {
    "en": "Open it on your phone. The photos go to {org} and nobody else. If this is not your "
    "house, you can say so on the page.",
    "es": "Ábralo en su teléfono. Las fotos van a {org} y a nadie más. Si no es su casa, puede "
    "decirlo en la página.",
}
OPT_OUTS = {
    "en": "Reply STOP to opt out",
    "es": "Responda STOP para no recibir más",
}
