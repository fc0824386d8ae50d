"""`/api/desk/message-rules` and `/message-texts`: when homeowners are reminded, and all words."""

import msgspec
from litestar import delete, get, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.messages import previews, rules, texts
from doorstep.messages.default_texts import KINDS
from doorstep.messages.rules import Rules
from doorstep.messages.text_model import LANGUAGES, Text
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.services import Services

TAG = ["Messages"]


class MessageRules(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Days after the invitation, and hours of the property's own day."""

    remind_days: list[int]
    from_hour: int
    until_hour: int


class Words(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The words of a message; `{name}` stands for a variable, and links are refused."""

    subject: str
    body: str
    sms: str = ""


class TextLine(msgspec.Struct, kw_only=True):
    """One kind in one language; `own` where the organization wrote it."""

    kind: str
    language: str
    own: bool
    variables: list[str]
    subject: str
    body: str
    sms: str


class TextList(msgspec.Struct, kw_only=True):
    """Every kind in every language."""

    texts: list[TextLine]


class Rewritten(msgspec.Struct, kw_only=True):
    """The message with values of nobody; `sms_segments` with a link as long as real ones."""

    subject: str
    text: str
    html: str
    sms: str
    sms_segments: int


@get("/message-rules", tags=TAG, responses=problems())
async def show_rules(api: OrgScope) -> MessageRules:
    """When homeowners are reminded."""
    api.require(Right.READ)
    return _shown(await rules.find(api))


@put("/message-rules", tags=TAG, responses=problems(422))
async def change_rules(api: OrgScope, *, data: JSONBody[MessageRules]) -> MessageRules:
    """Remind homeowners so from now on; requests that are there keep their days."""
    wanted = Rules(
        remind_days=tuple(data.remind_days), from_hour=data.from_hour, until_hour=data.until_hour
    )
    await rules.change(api, rules=wanted)
    return _shown(await rules.find(api))


@get("/message-texts", tags=TAG, responses=problems())
async def list_texts(api: OrgScope) -> TextList:
    """Every kind of message in every language, as it is now."""
    api.require(Right.READ)
    return TextList(
        texts=[
            await _line(api, kind=kind, language=language)
            for kind in KINDS
            for language in LANGUAGES
        ]
    )


@put("/message-texts/{kind:str}/{language:str}", tags=TAG, responses=problems(404, 422))
async def rewrite_text(
    api: OrgScope, *, kind: str, language: str, data: JSONBody[Words], services: Services
) -> Rewritten:
    """Use these words from now on; the answer shows what they come to."""
    text = Text(subject=data.subject, body=data.body, sms=data.sms)
    await texts.rewrite(api, kind=kind, language=language, text=text)
    found = await previews.preview(
        api, kind=kind, language=language, text=text, base_url=services.settings.base_url
    )
    return Rewritten(
        subject=found.subject,
        text=found.text,
        html=found.html,
        sms=found.sms,
        sms_segments=found.size.segments if found.sms else 0,
    )


@delete("/message-texts/{kind:str}/{language:str}", tags=TAG, responses=problems(404))
async def reset_text(api: OrgScope, *, kind: str, language: str) -> None:
    """Use the usual words again."""
    await texts.reset(api, kind=kind, language=language)


async def _line(scope: OrgScope, *, kind: str, language: str) -> TextLine:
    text, own = await texts.find(scope, kind=kind, language=language)
    return TextLine(
        kind=kind,
        language=language,
        own=own,
        variables=list(KINDS[kind].variables),
        subject=text.subject,
        body=text.body,
        sms=text.sms,
    )


def _shown(found: Rules) -> MessageRules:
    return MessageRules(
        remind_days=list(found.remind_days),
        from_hour=found.from_hour,
        until_hour=found.until_hour,
    )


ROUTES = [show_rules, change_rules, list_texts, rewrite_text, reset_text]
