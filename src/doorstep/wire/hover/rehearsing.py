"""Test jobs: a draft that goes through every state, and a new job of several structures."""

import json
from typing import Any

from litestar import Response, patch, post

from doorstep.api.description.calls import Reply, call
from doorstep.api.desk.answers import Problem
from doorstep.builds import queries as builds
from doorstep.builds.model import BuildState
from doorstep.captures import rehearsals
from doorstep.jobs import actions
from doorstep.kit.errors import Conflict, Invalid
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover.acting import acting_user, acting_user_if_named
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.declared import job_access as declared
from doorstep.wire.hover.declared.jobs import SetTestState
from doorstep.wire.hover.encoding import AnyRequest, Tree, read_tree, text
from doorstep.wire.hover.jobs import TAG
from doorstep.wire.hover.numbers import numeric

ONE = "/api/v2/jobs/{job_id:str}/set_test_state"
SEVERAL = "/api/v3/jobs/test_job"
PRESET = "multi-structure-exterior"


@patch(
    [ONE, ONE + ".json"],
    status_code=200,
    opt=call(TAG, body=SetTestState, fails=(409,)),
)
async def set_test_state(request: AnyRequest, *, job_id: str, api: OrgScope) -> Response[bytes]:
    """Let a draft go through every state to `complete` or `failed`, with its events."""
    tree = await read_tree(request)
    number = numeric(job_id)
    await actions.find(api, job_id=number)
    await acting_user(api, tree)
    build = await builds.latest_of_job(api, job_id=number)
    if build is not None and build.state in (BuildState.QUEUED, BuildState.RUNNING):
        raise Conflict("A model is being built of this job's photos.")
    await rehearsals.rehearse(api, job_id=number, outcome=text(tree, "state") or "")
    return Response(b"")


@post(
    [SEVERAL, SEVERAL + ".json"],
    status_code=200,
    opt=call(
        TAG,
        body=declared.TestJob,
        answer=declared.Success,
        once=True,
        replies={422: Reply(description="Not so.", shape=(declared.TestJobRefused, Problem))},
    ),
)
async def test_job(request: AnyRequest, api: OrgScope) -> Response[bytes]:
    """A job of three structures that goes through every state, with its events."""
    tree = await read_tree(request)
    fault = _fault(tree)
    if fault is not None:
        body = json.dumps({"error": {"job": fault}}, separators=(",", ":")).encode()
        return Response(body, status_code=Invalid.status, media_type="application/json")

    async def work() -> dict[str, Any]:
        member = await acting_user_if_named(api, tree)
        await rehearsals.rehearse_structures(
            api,
            user_id=member.id if member else await _somebody(api),
            outcome=text(tree, "state") or "complete",
            failed_models=int(text(tree, "failed_models_count") or 0),
        )
        return {"success": True}

    return await once(request, api, tree=tree, status=200, work=work)


def _fault(tree: Tree) -> str | None:
    """The first thing that is wrong, in the published words where they are known."""
    preset, state = text(tree, "job_preset"), text(tree, "state") or "complete"
    failed = text(tree, "failed_models_count") or "0"
    counts = [str(count) for count in range(rehearsals.FAILED_MODELS_MAX + 1)]
    for name, value, allowed in (
        ("job_preset", preset, [PRESET]),
        ("state", state, list(rehearsals.OUTCOMES)),
        ("failed_models_count", failed, counts),
    ):
        if value not in allowed:
            return f"Invalid {name}: {(value or '')[:80]}. Allowed: {', '.join(allowed)}"
    return None


async def _somebody(scope: OrgScope) -> int:
    """Whose job it is when nobody is named: the first admin's."""
    rows, _ = await orgs.page_members(
        scope, search=None, role="admin", invited=None, start=0, rows_max=1
    )
    if not rows:
        raise Invalid(fields={"current_user_email": ["or current_user_id must be given"]})
    return rows[0].id


ROUTES = [set_test_state, test_job]
