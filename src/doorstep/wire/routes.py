"""Every route of the published wire but the raw door of the leads."""

from litestar.types import ControllerRouterHandler

from doorstep.wire.hover import capture_requests, webhooks
from doorstep.wire.oauth import authorize, integrations, tokens

ROUTES: list[ControllerRouterHandler] = [
    *authorize.ROUTES,
    *tokens.ROUTES,
    *integrations.ROUTES,
    *capture_requests.ROUTES,
    *webhooks.ROUTES,
]
