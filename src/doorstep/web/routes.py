"""Every route of the product, in one list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from doorstep.api import health, mail_hooks, sms_hooks, twilio_hooks
from doorstep.api.description.routes import ROUTES as DESCRIPTION_ROUTES
from doorstep.api.desk.routes import ROUTES as DESK_API_ROUTES
from doorstep.leads.intake import Intake
from doorstep.web.assets import ASSETS
from doorstep.web.capture import ROUTES as CAPTURE_ROUTES
from doorstep.web.desk.routes import ROUTES as DESK_ROUTES
from doorstep.web.looks import ROUTES as LOOK_ROUTES
from doorstep.web.partner import ROUTES as PARTNER_ROUTES
from doorstep.web.reference import ROUTES as REFERENCE_ROUTES
from doorstep.web.shared import ROUTES as SHARED_ROUTES
from doorstep.web.unsubscribe import ROUTES as UNSUBSCRIBE_ROUTES
from doorstep.web.vendor.routes import ROUTES as VENDOR_ROUTES
from doorstep.wire.captorra.calls import PATH as CALL_PATH
from doorstep.wire.captorra.calls import CallDoor
from doorstep.wire.captorra.door import PATH as LEAD_PATH
from doorstep.wire.captorra.door import Door
from doorstep.wire.captorra.other_doors import ROUTES as OTHER_DOORS
from doorstep.wire.captorra.short_way import ShortWay
from doorstep.wire.captorra.statuses import PATH as STATUS_PATH
from doorstep.wire.captorra.statuses import StatusDoor
from doorstep.wire.routes import ROUTES as WIRE_ROUTES

ROUTES: list[ControllerRouterHandler] = [
    *health.ROUTES,
    *DESCRIPTION_ROUTES,
    *REFERENCE_ROUTES,
    *WIRE_ROUTES,
    *OTHER_DOORS,
    *sms_hooks.ROUTES,
    *twilio_hooks.ROUTES,
    *mail_hooks.ROUTES,
    *UNSUBSCRIBE_ROUTES,
    *DESK_ROUTES,
    *DESK_API_ROUTES,
    *CAPTURE_ROUTES,
    *VENDOR_ROUTES,
    *SHARED_ROUTES,
    *PARTNER_ROUTES,
    *LOOK_ROUTES,
    ASSETS,
]


@asynccontextmanager
async def hot_routes(state: State) -> AsyncIterator[None]:
    """Put the raw handlers into `state.hot` and drain their batches at shutdown."""
    settings = state.services.settings
    intake = Intake(state.services.db, strangers_per_second_max=settings.stranger_posts_per_second)
    calls = CallDoor(state.services.db, per_second_max=settings.calls_per_second)
    state.hot[LEAD_PATH] = door = Door(intake, signer=state.services.signer)
    state.short_ways[LEAD_PATH.encode()] = ShortWay(intake, door=door)
    state.hot[CALL_PATH] = calls
    state.hot[STATUS_PATH] = StatusDoor(state.services.db)
    try:
        yield
    finally:
        await calls.close()
        await intake.close()
