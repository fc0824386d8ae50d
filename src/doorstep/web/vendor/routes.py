"""Every route of the vendors' pages, in one list."""

from litestar import Router
from litestar.di import Provide

from doorstep.leads.vendor_pages import PATH
from doorstep.web.desk.forms import read_form
from doorstep.web.vendor import connecting, dry_running, posting
from doorstep.web.vendor.visits import visit

ROUTES = [
    Router(
        path=f"{PATH}/{{token:str}}",
        route_handlers=[*connecting.ROUTES, *dry_running.ROUTES, *posting.ROUTES],
        dependencies={"form": Provide(read_form), "visit": Provide(visit)},
    )
]
