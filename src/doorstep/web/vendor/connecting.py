"""The vendor's first page: where to post, with which ids, which fields, and programs that do it."""

from litestar import Response, get

from doorstep.web.services import Services
from doorstep.web.vendor.examples import examples, test_values
from doorstep.web.vendor.guide import field_guide
from doorstep.web.vendor.visits import Visit
from doorstep.wire.captorra.door import PATH as LEAD_PATH


@get("/")
async def connect(visit: Visit, services: Services) -> Response[str]:
    """Everything that a client needs."""
    known = await visit.known()
    url = services.settings.base_url + LEAD_PATH
    values = test_values(
        captorra_id=known.captorra_id,
        referrer=known.referrer,
        case_type=next(iter(known.shown), None),
    )
    rules = visit.source.rules
    return visit.show(
        "connect.html",
        place="connect",
        url=url,
        known=known,
        rules=rules,
        fields=field_guide(),
        examples=examples(url, values, signed=rules.signature_salt is not None),
        dry_run_url=f"{services.settings.base_url}{visit.link}/dry-run",
    )


ROUTES = [connect]
