"""`/api/v1/job_shares`: links that show a job's model to somebody without an account."""

import uuid
from datetime import UTC, datetime
from typing import Any

from litestar import Response, delete, get, post, route

from doorstep.api.description.calls import call
from doorstep.jobs import actions as jobs
from doorstep.jobs import share_queries, shares
from doorstep.jobs.shares import Share, token_of
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Forbidden, Invalid
from doorstep.orgs.model import ROLE_RIGHTS, OrgScope, Right
from doorstep.web.services import Services
from doorstep.wire.hover.acting import acting_user, acting_user_if_named
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.asking import BLANK
from doorstep.wire.hover.declared import job_access as declared
from doorstep.wire.hover.encoding import (
    AnyRequest,
    Tree,
    branch,
    flag,
    nest,
    read_tree,
    text,
    whole,
)
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.paging import pagination_v1, read_page

TAG = "Job shares"
PATH = "/api/v1/job_shares"
SHARES_MAX = 100
ONE = PATH + "/{share_id:str}"


@post(
    [PATH, PATH + ".json"],
    status_code=201,
    opt=call(TAG, body=declared.NewShare, answer=declared.WrappedShare, once=True, fails=(404,)),
)
async def create(request: AnyRequest, *, api: OrgScope, services: Services) -> Response[bytes]:
    """A new link, in the acting user's name."""
    tree = await read_tree(request)

    async def work() -> dict[str, Any]:
        job_id = whole(branch(tree, "job_share"), "job_id")
        if job_id is None:
            raise Invalid(fields={"job_id": [BLANK]})
        await jobs.find(api, job_id=job_id)
        member = await acting_user(api, tree)
        if Right.INVITE not in ROLE_RIGHTS[member.role]:
            raise Forbidden("The acting user's role does not share jobs.")
        made = await shares.share(api, services.signer, job_id=job_id, user_id=member.id)
        # The salt is kept and not the token, which it makes again with the server key.
        return shape(made, token=made.salt.hex, url="")

    def reveal(body: dict[str, Any] | None) -> dict[str, Any]:
        assert body is not None
        salt = uuid.UUID(body["token"])
        token, url = token_of(services.signer, salt), services.links.share(salt)
        return {"job_share": body | {"token": token, "url": url}}

    return await once(request, api, tree=tree, status=201, work=work, reveal=reveal)


@get([PATH, PATH + ".json"], opt=call(TAG, query=declared.ListShares, answer=declared.ShareList))
async def index(request: AnyRequest, *, api: OrgScope, services: Services) -> dict[str, Any]:
    """The links newest first, of one job when it is named."""
    tree = nest(request.query_params.multi_items())
    await acting_user_if_named(api, tree)
    page, per = read_page(tree)
    rows, total = await share_queries.page(
        api, job_id=whole(tree, "job_id"), start=(page - 1) * per, rows_max=per
    )
    return {
        "job_shares": [_shown(Share(**row), services) for row in rows],
        "meta": {"pagination": pagination_v1(page=page, per=per, total=total)},
    }


@get(ONE, opt=call(TAG, answer=declared.WrappedShare))
async def show(share_id: str, *, api: OrgScope, services: Services) -> dict[str, Any]:
    """One link."""
    found = await shares.find(api, share_id=numeric(share_id))
    return {"job_share": _shown(found, services)}


@route(
    ONE,
    http_method=["PATCH", "PUT"],
    status_code=200,
    opt=call(TAG, body=declared.ShareUpdate, answer=declared.WrappedShare, fails=(410,)),
)
async def update(
    request: AnyRequest, *, share_id: str, api: OrgScope, services: Services
) -> dict[str, Any]:
    """Let it end at another time, or at once with `expired`."""
    number = numeric(share_id)
    found = await shares.find(api, share_id=number)
    wanted = branch(await read_tree(request), "job_share")
    if flag(wanted, "expired", default=False):
        await shares.revoke(api, share_id=number)
        found = await shares.find(api, share_id=number)
    elif (until := _until(wanted)) is not None:
        found = await shares.prolong(api, share_id=number, until=until)
    return {"job_share": _shown(found, services)}


@delete(ONE, status_code=204, opt=call(TAG))
async def remove(share_id: str, api: OrgScope) -> None:
    """End it at once and for good."""
    await shares.revoke(api, share_id=numeric(share_id))


async def every_share(scope: OrgScope, *, job_id: int, services: Services) -> list[dict[str, Any]]:
    """The links of a job as the job's own object shows them, newest first; at most 100."""
    rows, _ = await share_queries.page(scope, job_id=job_id, start=0, rows_max=SHARES_MAX)
    return [_shown(Share(**row), services) for row in rows]


def shape(share: Share, *, token: str, url: str) -> dict[str, Any]:
    """The documented object; what Doorstep does not make is null."""
    return {
        "id": share.id,
        "job_id": share.job_id,
        "user_id": share.user_id,
        "recipient_id": None,
        "token": token,
        "external_service": None,
        "external_identifier": None,
        "expired": share.expired,
        "expires_at": iso_millis(share.expires_at),
        "url": url,
        "image_url": None,
        "video_url": None,
        "open_graph_url": None,
        "street_address": share.street_address,
        "state": None,
    }


def _shown(share: Share, services: Services) -> dict[str, Any]:
    token = token_of(services.signer, share.salt)
    return shape(share, token=token, url=services.links.share(share.salt))


def _until(wanted: Tree) -> datetime | None:
    moment = text(wanted, "expires_at")
    if moment is None:
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        raise Invalid(fields={"expires_at": ["must be a time like 2027-01-31T12:00:00Z"]}) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


ROUTES = [create, index, show, update, remove]
