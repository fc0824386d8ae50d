"""What homeowners see of an organization, and the rules of what may be put there."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import phonenumbers

from doorstep.events.actions import record
from doorstep.kit.errors import Invalid
from doorstep.orgs import colours, face_queries, queries
from doorstep.orgs.model import Face, OrgScope, Right

NAME_CHARACTERS_MAX = 120
URL_CHARACTERS_MAX = 500
DEFAULT_REGION = "US"
TOO_LIGHT = (
    "is too light to be read on white: {found:.1f} to 1, and "
    f"{colours.CONTRAST_MIN} is needed; "
    "#{nearest} is the nearest that is"
)

Values = dict[str, str | list[str] | None]
Faults = dict[str, list[str]]


async def change(scope: OrgScope, *, values: Mapping[str, object], spoken: Sequence[str]) -> Face:
    """Write what is named in `values`; Invalid with every fault. `spoken` are the languages."""
    scope.require(Right.ADMINISTER)
    faults: Faults = {}
    checked = _checked(values, spoken=spoken, faults=faults)
    if faults:
        raise Invalid(fields=faults)
    before = await face_queries.find(scope)
    changed = {name: value for name, value in checked.items() if getattr(before, name) != value}
    if changed:
        await queries.update_org(scope, values=changed)
        await record(scope, "organization.changed", changed=sorted(changed))
    return await face_queries.find(scope)


async def set_logo(scope: OrgScope, *, sha256: str | None) -> None:
    """The picture that is stored under this hash, or none."""
    scope.require(Right.ADMINISTER)
    await queries.update_org(scope, values={"logo": sha256})
    await record(scope, "organization.changed", changed=["logo"])


def _checked(values: Mapping[str, object], *, spoken: Sequence[str], faults: Faults) -> Values:
    checked: Values = {}
    for name, value in values.items():
        if name == "languages":
            checked[name] = _languages(value, spoken=spoken, faults=faults)
            continue
        text = " ".join(str(value or "").split())
        if name in ("name", "customer_display_name"):
            checked[name] = _name(name, text, faults=faults)
        elif name in ("privacy_url", "terms_url"):
            checked[name] = _url(name, text, faults=faults)
        else:
            checked[name] = (_colour if name == "colour" else _phone)(text, faults)
    return checked


def _name(field: str, text: str, *, faults: Faults) -> str:
    if not 0 < len(text) <= NAME_CHARACTERS_MAX:
        faults[field] = [f"has 1 to {NAME_CHARACTERS_MAX} characters"]
    return text


def _url(field: str, text: str, *, faults: Faults) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        is_page = parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        is_page = False
    if not is_page or len(text) > URL_CHARACTERS_MAX or " " in text:
        faults[field] = ["is an address that begins with https://"]
    return text


def _colour(text: str, faults: Faults) -> str | None:
    if not text:
        return None
    colour = colours.read_colour(text)
    if colour is None:
        faults["colour"] = ["is a colour such as #0d5a5e"]
    elif not colours.is_readable(colour):
        found = colours.contrast(colour, colours.LIGHT_PAPER)
        nearest = colours.nearest_readable(colour)
        faults["colour"] = [TOO_LIGHT.format(found=found, nearest=nearest)]
    return colour


def _phone(text: str, faults: Faults) -> str | None:
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        faults["support_phone"] = ["is a phone number such as (217) 555-0143"]
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _languages(value: object, *, spoken: Sequence[str], faults: Faults) -> list[str]:
    wanted = list(dict.fromkeys(map(str, value if isinstance(value, list) else [])))
    if not set(wanted) <= set(spoken):
        faults["languages"] = [f"are some of {', '.join(spoken)}"]
    return wanted
