"""A browser's form, field by field; text only, read without guessing types."""

from urllib.parse import parse_qsl

from doorstep.kit.errors import BadRequest
from doorstep.web.desk.screens import AnyRequest

FIELDS_MAX = 100
FIELD_CHARACTERS_MAX = 20_000
DIGITS_MAX = 9

PICKED = "picked"

Form = dict[str, str]
Picked = list[str]
"""What was ticked on a list of rows: the values of the form's fields `picked`."""


async def read_form(request: AnyRequest) -> Form:
    """The fields of the request's form; BadRequest when it is none of ours."""
    return dict(await _read_pairs(request))


async def read_picked(request: AnyRequest) -> Picked:
    """Every value of the field that may stand in a form many times."""
    return [value for name, value in await _read_pairs(request) if name == PICKED]


async def _read_pairs(request: AnyRequest) -> list[tuple[str, str]]:
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise BadRequest("The form could not be read.") from error
    if any("\0" in value or len(value) > FIELD_CHARACTERS_MAX for _, value in pairs):
        raise BadRequest("The form holds characters that no field takes.")
    return pairs


def number_in(form: Form, name: str) -> int | None:
    """A whole number in a field of the page's own; None without one."""
    text = form.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
        raise BadRequest("The form could not be read.")
    return int(text)
