"""The measurement files of a model or of its job: JSON in its published versions."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from litestar import Response, get

from doorstep.api.description.calls import Reply, call
from doorstep.builds import published
from doorstep.builds.drawings.views import names_of
from doorstep.builds.measured.full import Subject, full, sketch
from doorstep.builds.measured.roof_lines import roof_lines
from doorstep.builds.measured.summarized import summarized
from doorstep.builds.published import Published
from doorstep.captures.model import HOUSE
from doorstep.jobs import actions as jobs
from doorstep.jobs import queries as job_rows
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover import job_queries
from doorstep.wire.hover.acting import acting_user_if_named
from doorstep.wire.hover.declared import files as declared
from doorstep.wire.hover.declared.measurements import EVERY
from doorstep.wire.hover.encoding import AnyRequest, nest, text
from doorstep.wire.hover.jobs import addresses_of
from doorstep.wire.hover.numbers import numeric

OF_MODEL = "/api/v3/models/{model_id:str}/artifacts/measurements.json"
OF_JOB = "/{job_id:str}/measurements.json"
DEFAULT = "summarized_json"
DELIVERABLES = {
    "summarized_json": (2, 3),
    "full_json": (2, 3, 8),
    "sketch_json": (5, 6),
    "roof_lines": (2, 3),
    "paint_measurements": (3,),
    "record": (2, 3, 5, 6, 8),
}
"""Which orders have which version; `record` is ours."""

Shape = dict[str, Any]


class Structure(NamedTuple):
    """What of a job is wanted: the house, unless a model of something else is named."""

    job_id: int
    model_id: int | None = None
    name: str = HOUSE


CALL = call(
    "Measurements",
    query=declared.WantedMeasurements,
    replies={200: Reply(description="In the version that is wanted.", shape=EVERY)},
)


@get(OF_MODEL, opt=CALL)
async def of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> Response[Shape]:
    """The measurements of one model."""
    of = await structure_of_model(api, model_id)
    return await _answer(request, api, services=services, of=of)


@get(["/api/v2/jobs" + OF_JOB, "/api/v1/jobs" + OF_JOB], opt=CALL)
async def of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> Response[Shape]:
    """The same by the job, older."""
    return await _answer(request, api, services=services, of=Structure(numeric(job_id)))


async def structure_of_model(scope: OrgScope, model_id: str) -> Structure:
    """What a model is of; NotFound when there is no such model here, or it failed."""
    model = await job_queries.find_model(scope, model_id=numeric(model_id))
    if model is None:
        raise NotFound
    if model["state"] == "failed":
        raise NotFound("This model failed; nothing was made of it.")
    return Structure(model["job_id"], model["id"], model["structure"])


async def ready(
    request: AnyRequest, scope: OrgScope, *, services: Services, of: Structure
) -> Published:
    """The measurements of a structure for whoever the call acts for; NotFound until then."""
    job = await jobs.find(scope, job_id=of.job_id)
    await acting_user_if_named(scope, nest(request.query_params.multi_items()))
    return await published.measured(scope, services.storage, job=job, structure=of.name)


def marked(found: Published) -> dict[str, str]:
    """Headers that say when these are not the measurements of any real house."""
    return {"Doorstep-Sample": "true"} if found.record.sample else {}


async def _answer(
    request: AnyRequest, scope: OrgScope, *, services: Services, of: Structure
) -> Response[Shape]:
    found = await ready(request, scope, services=services, of=of)
    version = text(nest(request.query_params.multi_items()), "version") or DEFAULT
    if version not in DELIVERABLES:
        raise Invalid(fields={"version": [f"must be one of {', '.join(DELIVERABLES)}"]})
    if found.job.deliverable_id not in DELIVERABLES[version]:
        raise NotFound(f"A job with deliverable {found.job.deliverable_id} has no {version}.")
    if version not in SHAPES:
        raise NotFound(f"Doorstep makes no {version}.")
    subject = await _subject(scope, found, services=services, of=of)
    return Response(SHAPES[version](found, subject), headers=marked(found))


async def _subject(
    scope: OrgScope, found: Published, *, services: Services, of: Structure
) -> Subject:
    addresses = await addresses_of(scope, job_ids=[found.job.id], services=services)
    model_id = of.model_id or await job_rows.model_id(scope, job_id=found.job.id)
    return Subject(
        job_id=found.job.id,
        address=found.job.address,
        external_identifier=found.job.external_identifier or "",
        artifacts=addresses.artifacts(model_id),
        pictures=names_of(found.record, deliverable_id=found.job.deliverable_id),
        captured_images=addresses.pictures(model_id),
    )


SHAPES: dict[str, Callable[[Published, Subject], Shape]] = {
    "summarized_json": lambda found, _: summarized(found.record),
    "full_json": lambda found, subject: full(found.record, of=subject),
    "sketch_json": lambda found, subject: sketch(found.record, of=subject),
    "roof_lines": lambda found, _: roof_lines(found.record),
    "record": lambda found, _: json.loads(found.content),
}

ROUTES = [of_model, of_job]
