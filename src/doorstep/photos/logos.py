"""An organization's logo: a hostile picture until it is rebuilt from its pixels.

It is stored by the hash of what was made of it. A former one stays: letters that went out
may show it.
"""

import asyncio
import hashlib
import tempfile
from pathlib import Path

from doorstep.kit.errors import Invalid, NotFound, TooLarge
from doorstep.kit.storage import Storage
from doorstep.orgs import faces
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos.checks import open_in_child
from doorstep.photos.model import MAGIC_BYTES, media_type_of

UPLOAD_BYTES_MAX = 2 << 20
TAKEN_TYPES = ("image/png", "image/jpeg", "image/webp")
SERVED_TYPE = "image/webp"
PROBLEMS = {
    "too_many_pixels": "has more than 60 megapixels",
    "too_small": "is smaller than 16 pixels",
    "unreadable": "is damaged and cannot be opened",
}


async def replace(scope: OrgScope, storage: Storage, *, content: bytes) -> str:
    """Make this picture the organization's logo; the hash under which it is served."""
    scope.require(Right.ADMINISTER)
    if len(content) > UPLOAD_BYTES_MAX:
        raise TooLarge(f"A logo may have {UPLOAD_BYTES_MAX >> 20} MB.")
    if media_type_of(content[:MAGIC_BYTES]) not in TAKEN_TYPES:
        raise Invalid(fields={"logo": ["is a PNG, JPEG or WebP picture"]})
    made = await _rebuilt(content)
    sha256 = hashlib.sha256(made).hexdigest()
    await storage.put(_key(scope.org_id, sha256), made)
    await faces.set_logo(scope, sha256=sha256)
    return sha256


async def read(storage: Storage, *, org_id: int, sha256: str) -> bytes:
    """A logo by its hash; NotFound when there is none."""
    try:
        return await storage.get(_key(org_id, sha256))
    except FileNotFoundError:
        raise NotFound from None


async def _rebuilt(content: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="doorstep-logo-") as name:
        folder = Path(name)
        source = folder / "source"
        await asyncio.to_thread(source.write_bytes, content)
        made = await open_in_child(source, folder=folder, job="logo")
        if "problem" in made:
            raise Invalid(fields={"logo": [PROBLEMS[made["problem"]]]})
        return await asyncio.to_thread((folder / "logo.webp").read_bytes)


def _key(org_id: int, sha256: str) -> str:
    return f"logos/{org_id}/{sha256}.webp"
