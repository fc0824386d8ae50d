"""An organization's colour and logo, as files that browsers keep; neither is a secret.

The colour is in the address, so nothing is looked up, and no page needs an inline style.
"""

import re

from litestar import Response, get

from doorstep.kit.errors import NotFound
from doorstep.orgs.colours import HEX, Shades, dark_shades, is_readable, light_shades
from doorstep.orgs.model import Face
from doorstep.photos import logos
from doorstep.web.services import Services

SHA256 = re.compile("[0-9a-f]{64}")
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def colour_address(face: Face) -> str | None:
    """Where the organization's colours are; None for the product's own."""
    return f"/looks/{face.colour}.css" if face.colour else None


def logo_address(face: Face) -> str | None:
    """Where the logo is."""
    return f"/logos/{face.org_id}/{face.logo}.webp" if face.logo else None


@get("/looks/{name:str}")
async def colours(name: str) -> Response[str]:
    """The shades of one colour, for light and for dark pages."""
    colour, _, kind = name.partition(".")
    if kind != "css" or not HEX.fullmatch(colour) or not is_readable(colour):
        raise NotFound
    light, dark = _root(light_shades(colour)), _root(dark_shades(colour))
    text = f"{light}@media (prefers-color-scheme:dark){{{dark}}}\n"
    return Response(text, media_type="text/css", headers=HEADERS)


@get("/logos/{org_id:int}/{name:str}")
async def logo(services: Services, *, org_id: int, name: str) -> Response[bytes]:
    """A logo by the hash of its bytes."""
    sha256, _, kind = name.partition(".")
    if kind != "webp" or not SHA256.fullmatch(sha256):
        raise NotFound
    content = await logos.read(services.storage, org_id=org_id, sha256=sha256)
    return Response(content, media_type=logos.SERVED_TYPE, headers=HEADERS)


def _root(shades: Shades) -> str:
    return (
        f":root{{--door:#{shades.door};--door-strong:#{shades.strong};"
        f"--door-soft:#{shades.soft};--on-door:#{shades.on}}}"
    )


ROUTES = [colours, logo]
