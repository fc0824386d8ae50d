"""`/api/v2/images`: the photos of a job, upright, as copies made from their pixels."""

from typing import Any

from litestar import Response, get

from doorstep.api.description.calls import call
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos import actions as photos
from doorstep.photos.model import Size
from doorstep.web.services import Services
from doorstep.wire.hover.acting import acting_user_if_named
from doorstep.wire.hover.declared import files as declared
from doorstep.wire.hover.encoding import AnyRequest, nest, text
from doorstep.wire.hover.numbers import numeric

TAG = "Measurements"
PATH = "/api/v2/images/{image_id:str}"
VERSIONS = {"medium": Size.DISPLAY, "large": Size.DISPLAY, "thumbnail": Size.THUMBNAIL}
KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


@get(
    [PATH + "/image.jpg", PATH + "/rotated_image.jpg"],
    opt=call(TAG, query=declared.WantedImage, media_type="image/jpeg"),
)
async def image(
    request: AnyRequest, *, services: Services, image_id: str, api: OrgScope
) -> Response[bytes]:
    """One photo. The original, with its place and device, is never given out."""
    api.require(Right.READ)
    tree = nest(request.query_params.multi_items())
    await acting_user_if_named(api, tree)
    content = await photos.open_numbered(
        api, services.storage, number=numeric(image_id), size=_size(tree)
    )
    return Response(content, media_type="image/jpeg", headers=KEPT)


def _size(tree: dict[str, Any]) -> Size:
    version = text(tree, "version") or "medium"
    if version not in VERSIONS:
        raise Invalid(fields={"version": [f"must be one of {', '.join(VERSIONS)}"]})
    return VERSIONS[version]


ROUTES = [image]
