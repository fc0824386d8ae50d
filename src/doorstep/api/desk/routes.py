"""Every call of the desk's API; their types describe them."""

from litestar import Router
from litestar.di import Provide

from doorstep.api.desk import (
    audit,
    calls,
    case_types,
    job_deliveries,
    job_notes,
    job_verbs,
    jobs,
    leads,
    messages,
    organization,
    outbox,
    partner_links,
    places,
    posts,
    quality,
    readiness,
    rules,
    sources,
    triage,
    vendor_pages,
    views,
    wallets,
    webhooks,
)
from doorstep.web.desk.audit import read_asked
from doorstep.web.desk.looking import read_looking
from doorstep.web.desk.portfolio_looking import read_portfolio

PATH = "/api/desk"

ROUTES = [
    Router(
        path=PATH,
        route_handlers=[
            *jobs.ROUTES,
            *job_verbs.ROUTES,
            *job_notes.ROUTES,
            *job_deliveries.ROUTES,
            *views.ROUTES,
            *leads.ROUTES,
            *triage.ROUTES,
            *calls.ROUTES,
            *posts.ROUTES,
            *sources.ROUTES,
            *case_types.ROUTES,
            *vendor_pages.ROUTES,
            *quality.ROUTES,
            *wallets.ROUTES,
            *audit.ROUTES,
            *organization.ROUTES,
            *places.ROUTES,
            *partner_links.ROUTES,
            *messages.ROUTES,
            *outbox.ROUTES,
            *rules.ROUTES,
            *webhooks.ROUTES,
            *readiness.ROUTES,
        ],
        dependencies={
            "looking": Provide(read_looking, sync_to_thread=False),
            "asked": Provide(read_asked, sync_to_thread=False),
            "portfolio": Provide(read_portfolio, sync_to_thread=False),
        },
        include_in_schema=True,
        security=[{"token": []}],
    )
]
