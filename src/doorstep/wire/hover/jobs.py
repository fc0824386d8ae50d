"""`/api/v1/jobs` and `/api/v2/jobs`: create, update, list, show, reassign, archive, test."""

import time
from typing import Any

import asyncpg
from litestar import Response, get, post, put, route

from doorstep.api.description.calls import call
from doorstep.captures import ownership, rehearsals
from doorstep.captures import queries as requests
from doorstep.jobs import actions, changes
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover import job_list_queries, job_queries, job_shapes
from doorstep.wire.hover.acting import acting_in_org, acting_user, acting_user_if_named
from doorstep.wire.hover.addresses import Addresses
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.declared import jobs as declared
from doorstep.wire.hover.encoding import (
    AnyRequest,
    Tree,
    branch,
    flag,
    many,
    nest,
    read_tree,
    text,
    whole,
)
from doorstep.wire.hover.job_fields import changed_fields, read_job, wallet_of
from doorstep.wire.hover.job_filter import Filter
from doorstep.wire.hover.job_shares import every_share
from doorstep.wire.hover.numbers import is_name, numeric, numeric_or_none
from doorstep.wire.hover.organizations import whole_org
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.shapes import pagination
from doorstep.wire.hover.states import FILTER_STATES

TAG = "Jobs"
V1 = "/api/v1/jobs"
V2 = "/api/v2/jobs"
JOB = "/{job_id:str}"
SEARCH_CHARACTERS_MIN = 3


@post(
    [V1, V1 + ".json"],
    status_code=201,
    opt=call(TAG, body=declared.NewJob, answer=declared.WrappedJob, once=True),
)
async def create(request: AnyRequest, *, services: Services, api: OrgScope) -> Response[bytes]:
    """A draft job, without asking anybody for photos."""
    tree = await read_tree(request)

    async def draft() -> dict[str, Any]:
        org, member = await acting_in_org(api, tree)
        wanted = read_job(tree, org=org)
        job_id = await actions.draft(
            api,
            place=wanted.place,
            user_id=member.id,
            wallet_id=await wallet_of(api, wanted),
            deliverable_id=wanted.deliverable_id,
            client_identifier=wanted.client_identifier,
            test_state=wanted.test_state,
        )
        if wanted.test_state is not None:
            await rehearsals.rehearse(api, job_id=job_id, outcome=wanted.test_state)
        return {"job": await show_v1(api, job_id=job_id, services=services)}

    return await once(request, api, tree=tree, status=201, work=draft)


@route(
    V1 + JOB,
    http_method=["PATCH", "PUT"],
    status_code=200,
    opt=call(TAG, body=declared.JobUpdate, answer=declared.WrappedJob),
)
async def update(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> dict[str, Any]:
    """Change what is said of the property or its owner; never what was ordered."""
    tree = await read_tree(request)
    number = numeric(job_id)
    await actions.find(api, job_id=number)
    await acting_user(api, tree)
    await changes.describe(api, job_id=number, values=changed_fields(branch(tree, "job")))
    return {"job": await show_v1(api, job_id=number, services=services)}


@get([V2, V2 + ".json"], opt=call(TAG, query=declared.ListJobs, answer=declared.JobList))
async def index(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """The older list, newest first."""
    tree = nest(request.query_params.multi_items())
    await acting_user_if_named(api, tree)
    page, per = read_page(tree)
    wanted = Filter(
        archived=flag(tree, "archived", default=False),
        states=_states(tree),
        deliverable_ids=deliverables(tree),
        search=searched(tree),
    )
    ids, total = await job_list_queries.page_and_total(
        api, wanted, start=(page - 1) * per, rows_max=per
    )
    rows = await job_queries.list_of(api, job_ids=ids)
    return {
        "pagination": pagination(page=page, per=per, total=total),
        "results": [job_shapes.job_v2_row(row) for row in rows],
        "meta": {"request_received_at": int(time.time())},
    }


@get(V2 + JOB, opt=call(TAG, answer=declared.JobV2))
async def show(job_id: str, *, services: Services, api: OrgScope) -> dict[str, Any]:
    """The older flat object."""
    row, around = await _around(api, job_id=numeric(job_id), services=services)
    return job_shapes.job_v2(row, **around)


@post(
    [V2 + JOB + "/reassign", V2 + JOB + "/reassign.json"],
    status_code=204,
    opt=call(TAG, path={"job_id": "job_name"}, body=declared.Reassign),
)
async def reassign(request: AnyRequest, *, job_id: str, api: OrgScope) -> None:
    """Give the job to another member, by its id or by its capture request's name."""
    tree = await read_tree(request)
    job = await _job_of(api, text(tree, "identifier") or job_id)
    await acting_user_if_named(api, tree)
    user_id = whole(tree, "user_id")
    if user_id is None:
        raise Invalid(fields={"user_id": ["can't be blank"]})
    await ownership.reassign(api, job_id=job, user_id=user_id)


@put([V2 + JOB + "/archive", V2 + JOB + "/archive.json"], status_code=204, opt=call(TAG))
async def archive(job_id: str, api: OrgScope) -> None:
    """Take it out of the lists."""
    await changes.archive(api, job_id=numeric(job_id))


@put([V2 + JOB + "/unarchive", V2 + JOB + "/unarchive.json"], status_code=204, opt=call(TAG))
async def unarchive(job_id: str, api: OrgScope) -> None:
    """Put it back."""
    await changes.unarchive(api, job_id=numeric(job_id))


async def show_v1(scope: OrgScope, *, job_id: int, services: Services) -> dict[str, Any]:
    """The job as create and update answer it."""
    row, around = await _around(scope, job_id=job_id, services=services)
    return job_shapes.job_v1(row, **around)


async def addresses_of(scope: OrgScope, *, job_ids: list[int], services: Services) -> Addresses:
    """Where the files and pictures of these jobs are."""
    images = await job_queries.images(scope, job_ids=job_ids)
    return Addresses(base_url=services.settings.base_url, images=images)


async def found(scope: OrgScope, *, job_id: int) -> asyncpg.Record:
    """The job's row; NotFound when it is not there or not this organization's."""
    row = await job_queries.find(scope, job_id=job_id)
    if row is None:
        raise NotFound
    return row


def deliverables(tree: Tree) -> list[int] | None:
    """The deliverables that a list is held to."""
    wanted = many(tree, "deliverable_ids")
    if not wanted:
        return None
    ids = [whole({"deliverable_ids": one}, "deliverable_ids") for one in wanted]
    return [one for one in ids if one is not None and abs(one) < 1 << 31]


def searched(tree: Tree) -> str | None:
    """What is searched for; Invalid below three characters."""
    words = text(tree, "search")
    if words is not None and len(words) < SEARCH_CHARACTERS_MIN:
        raise Invalid(fields={"search": [f"must have {SEARCH_CHARACTERS_MIN} characters or more"]})
    return words


def _states(tree: Tree) -> list[str] | None:
    wanted = many(tree, "states")
    if not wanted:
        return None
    if any(one not in FILTER_STATES for one in wanted):
        raise Invalid(fields={"states": [f"must be of {', '.join(FILTER_STATES)}"]})
    return [state for one in wanted for state in FILTER_STATES[one]]


async def _around(
    scope: OrgScope, *, job_id: int, services: Services
) -> tuple[asyncpg.Record, dict[str, Any]]:
    """The job's row, and what its object shows besides."""
    row = await found(scope, job_id=job_id)
    models = await job_queries.models(scope, job_ids=[job_id])
    addresses = await addresses_of(scope, job_ids=[job_id], services=services)
    return row, {
        "models": models[job_id],
        "addresses": addresses,
        "shares": await every_share(scope, job_id=job_id, services=services),
        "through": await whole_org(scope),
    }


async def _job_of(scope: OrgScope, name: str) -> int:
    number = numeric_or_none(name)
    if number is not None and await job_queries.find(scope, job_id=number) is not None:
        return number
    # A name of six digits reads like a number and is none.
    request = await requests.find_by_identifier(scope, identifier=name) if is_name(name) else None
    if request is None:
        raise NotFound
    return request.job_id


ROUTES = [create, update, index, show, reassign, archive, unarchive]
