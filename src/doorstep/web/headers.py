"""What every HTML answer tells the browser to refuse."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

# Nothing inline, nothing from elsewhere. `blob:` is how the 3D viewer holds textures and
# how the capture page shows a picture that is not sent yet; the viewer's decoder of packed
# meshes is WebAssembly, which this lets run without allowing eval.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; "
    "connect-src 'self' blob:; worker-src 'self' blob:; frame-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FOR_PAGES = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


async def protect(message: Message, _scope: Scope) -> None:
    """Add the headers to an answer that does not set them itself."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers.setdefault("x-content-type-options", "nosniff")
    if headers.get("content-type", "").startswith("text/html"):
        for name, value in FOR_PAGES.items():
            headers.setdefault(name, value)
