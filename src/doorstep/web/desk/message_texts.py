"""The words of each kind of message: shown, rewritten with a preview, and put back."""

from typing import Annotated

from litestar import get, post
from litestar.params import PathParameter
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.messages import previews, texts
from doorstep.messages.default_texts import KINDS
from doorstep.messages.text_model import LANGUAGE_NAMES, Text
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.outbox import LETTER_HEADERS
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see
from doorstep.web.services import Services

PATH = "/settings/messages/{kind:str}/{language:str}"

Word = Annotated[str, PathParameter()]


@get(PATH)
async def editor(
    page: OrgScope, *, services: Services, kind: Word, language: Word, said: Query = ""
) -> Page:
    """The words in a form, beside what they come to."""
    page.require(Right.ADMINISTER)
    text, own = await texts.find(page, kind=kind, language=language)
    shown = await _shown(page, services, kind=kind, language=language, text=text)
    return await screen(
        page, "desk/message_text.html", place="settings", said=said, own=own, **shown
    )


@post(PATH, status_code=200)
async def save(
    page: OrgScope, *, services: Services, kind: Word, language: Word, form: Form
) -> Page | Redirect:
    """Use the words; the page again with what is wrong."""
    text = _typed(form)
    try:
        await texts.rewrite(page, kind=kind, language=language, text=text)
    except Invalid as error:
        shown = await _shown(page, services, kind=kind, language=language, text=text)
        more = {"said": "", "own": True}
        body = await piece(page, "desk/message_text.html", place="settings", **shown | more)
        return html(body, status=error.status)
    return see(f"/settings/messages/{kind}/{language}?said=saved")


@post(PATH + "/preview", status_code=200)
async def preview(
    page: OrgScope, *, services: Services, kind: Word, language: Word, form: Form
) -> Page:
    """What the words in the form come to, as they are typed."""
    page.require(Right.ADMINISTER)
    shown = await _shown(page, services, kind=kind, language=language, text=_typed(form))
    return html(await piece(page, "desk/message_preview.html", **shown))


@post(PATH + "/reset")
async def reset(page: OrgScope, *, kind: Word, language: Word) -> Redirect:
    """Use the usual words again."""
    await texts.reset(page, kind=kind, language=language)
    return see(f"/settings/messages/{kind}/{language}?said=reset")


@get(PATH + "/letter")
async def letter(page: OrgScope, *, services: Services, kind: Word, language: Word) -> Page:
    """The e-mail as it is now, for a frame that can do nothing."""
    page.require(Right.ADMINISTER)
    text, _ = await texts.find(page, kind=kind, language=language)
    base_url = services.settings.base_url
    found = await previews.preview(page, kind=kind, language=language, text=text, base_url=base_url)
    answer = html(found.html)
    answer.headers.update(LETTER_HEADERS)
    return answer


def _typed(form: Form) -> Text:
    """A form's lines end in another way than ours."""
    parts = {name: form.get(name, "").replace("\r\n", "\n") for name in ("subject", "body", "sms")}
    return Text(**{name: value.strip() for name, value in parts.items()})


async def _shown(
    scope: OrgScope, services: Services, *, kind: str, language: str, text: Text
) -> dict[str, object]:
    found = await previews.preview(
        scope, kind=kind, language=language, text=text, base_url=services.settings.base_url
    )
    return {
        "kind": kind,
        "language": language,
        "languages": LANGUAGE_NAMES,
        "known": KINDS[kind],
        "has_sms": bool(KINDS[kind].texts[language].sms),
        "text": text,
        "found": found,
        "faults": texts.faults(text, kind=kind, language=language),
        "action": KINDS[kind].action[language],
    }


async def listed(scope: OrgScope) -> dict[str, object]:
    """Every kind with its languages, for the page of all messages."""
    return {
        "kinds": KINDS,
        "languages": LANGUAGE_NAMES,
        "own": await texts.list_own(scope),
    }
