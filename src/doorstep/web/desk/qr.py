"""A link as a picture that a phone's camera reads."""

import io

import segno
from litestar import Response


def qr_code(link: str) -> Response[bytes]:
    """The link as an SVG of black on white, kept nowhere: the link is a secret."""
    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="svg", scale=4, border=2, xmldecl=False)
    return Response(
        picture.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )
