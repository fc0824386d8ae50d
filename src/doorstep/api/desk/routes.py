"""Every call of the desk's API, and the description of all of them."""

from litestar import Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag

from doorstep import __version__
from doorstep.api.desk import leads, posts, sources
from doorstep.web.desk.looking import read_looking

PATH = "/api/desk"

ROUTES = [
    Router(
        path=PATH,
        route_handlers=[*leads.ROUTES, *posts.ROUTES, *sources.ROUTES],
        dependencies={"looking": Provide(read_looking, sync_to_thread=False)},
        include_in_schema=True,
        security=[{"token": []}],
    )
]

DESCRIPTION = OpenAPIConfig(
    title="Doorstep: the desk",
    version=__version__,
    description="Leads, posts, vendors and case types of one organization, as its pages have them.",
    path=f"{PATH}/openapi",
    render_plugins=[JsonRenderPlugin(path="openapi.json")],
    components=Components(
        security_schemes={
            "token": SecurityScheme(
                type="http",
                scheme="bearer",
                description="An access token, from OAuth (`/oauth/token`).",
            )
        }
    ),
    tags=[
        Tag(name="Leads", description="What vendors posted, as people."),
        Tag(name="Posts", description="What vendors posted, as it came."),
        Tag(name="Sources", description="The vendors, their rules, and what they post about."),
    ],
    use_handler_docstrings=True,
    operation_id_creator=lambda handler, _method, _path: handler.handler_name,
)
