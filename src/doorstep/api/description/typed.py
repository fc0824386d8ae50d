"""The part of the document that handlers with typed bodies and answers describe themselves."""

from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from doorstep import __version__
from doorstep.api.desk.routes import ROUTES
from doorstep.web import doors


def typed_document() -> dict[str, Any]:
    """The framework's own description of those calls."""
    app = Litestar(
        route_handlers=ROUTES,
        dependencies={
            "services": Provide(doors.services, sync_to_thread=False),
            "api": Provide(doors.api_scope),
        },
        openapi_config=OpenAPIConfig(
            title="",
            version=__version__,
            use_handler_docstrings=True,
            operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        ),
        include_in_schema=False,
    )
    return app.openapi_schema.to_schema()
