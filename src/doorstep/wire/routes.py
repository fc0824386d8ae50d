"""Every route of the published wire but the raw door of the leads."""

from litestar.types import ControllerRouterHandler

from doorstep.wire.hover import (
    capture_requests,
    deliverable_changes,
    images,
    instant_design,
    job_access,
    job_shares,
    jobs,
    jobs_v3,
    measurements,
    members,
    models_3d,
    organizations,
    papers,
    rehearsing,
    request_links,
    web_pages,
    webhooks,
    wireframes,
)
from doorstep.wire.oauth import authorize, integrations, tokens

ROUTES: list[ControllerRouterHandler] = [
    *authorize.ROUTES,
    *tokens.ROUTES,
    *integrations.ROUTES,
    *capture_requests.ROUTES,
    *request_links.ROUTES,
    *jobs.ROUTES,
    *jobs_v3.ROUTES,
    *measurements.ROUTES,
    *models_3d.ROUTES,
    *papers.ROUTES,
    *wireframes.ROUTES,
    *images.ROUTES,
    *instant_design.ROUTES,
    *web_pages.ROUTES,
    *job_access.ROUTES,
    *job_shares.ROUTES,
    *rehearsing.ROUTES,
    *deliverable_changes.ROUTES,
    *organizations.ROUTES,
    *members.ROUTES,
    *webhooks.ROUTES,
]
