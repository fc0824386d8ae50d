"""The built scripts and styles, packed on the way and kept by browsers.

A page asks for each by its content's hash, so a browser never needs to ask again. The
3D viewer is 1 MB, which packing brings to 0.3.
"""

from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.static_files import create_static_files_router

from doorstep.web.templates import HERE

KEPT_SECONDS = 365 * 24 * 3600
PACKED_BYTES_MIN = 1000

ASSETS = create_static_files_router(
    path="/static",
    directories=[str(HERE / "static")],
    cache_control=CacheControlHeader(max_age=KEPT_SECONDS, public=True, immutable=True),
    middleware=[
        DefineMiddleware(
            CompressionMiddleware,
            config=CompressionConfig(backend="gzip", minimum_size=PACKED_BYTES_MIN),
        )
    ],
)
