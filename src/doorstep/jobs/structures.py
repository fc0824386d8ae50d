"""The models of a job: one for each structure, each with an end of its own."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from doorstep.events.actions import record
from doorstep.jobs import queries
from doorstep.orgs.model import OrgScope


async def add(scope: OrgScope, *, job_id: int, names: Sequence[str]) -> None:
    """More structures of a job, each told of."""
    for name in names:
        model_id = await queries.insert_model(scope, job_id=job_id, name=name)
        await record(scope, "model.created", job_id=job_id, model_id=model_id, structure=name)


async def complete(
    scope: OrgScope,
    *,
    job_id: int,
    build_id: uuid.UUID | None,
    but_newest: int = 0,
    but_named: Sequence[str] = (),
) -> None:
    """The job's models are there, but for the newest so many; their files are the build's.

    Those of `but_named` have builds of their own.
    """
    ids = await queries.model_ids(scope, job_id=job_id, but_named=but_named)
    for model_id in ids[: len(ids) - but_newest]:
        await _end(scope, job_id=job_id, model_id=model_id, state="complete", build_id=build_id)


async def fail(
    scope: OrgScope,
    *,
    job_id: int,
    failure: Mapping[str, Any],
    newest: int | None = None,
    but_named: Sequence[str] = (),
) -> None:
    """The job's models are failed, or only the `newest` so many of them."""
    ids = await queries.model_ids(scope, job_id=job_id, but_named=but_named)
    for model_id in ids if newest is None else ids[len(ids) - newest :]:
        await _end(scope, job_id=job_id, model_id=model_id, state="failed", failure=failure)


async def open_named(scope: OrgScope, *, job_id: int, name: str) -> None:
    """One more structure of this name, unless the job has it already."""
    if await queries.find_model(scope, job_id=job_id, name=name) is None:
        await add(scope, job_id=job_id, names=[name])


async def complete_named(scope: OrgScope, *, job_id: int, name: str, build_id: uuid.UUID) -> None:
    """The structure of this name is there."""
    model_id = await queries.find_model(scope, job_id=job_id, name=name)
    assert model_id is not None, name
    await _end(scope, job_id=job_id, model_id=model_id, state="complete", build_id=build_id)


async def fail_named(
    scope: OrgScope, *, job_id: int, name: str, failure: Mapping[str, Any]
) -> None:
    """The structure of this name could not be built; an earlier model of it stays."""
    model_id = await queries.find_model(scope, job_id=job_id, name=name)
    assert model_id is not None, name
    await _end(scope, job_id=job_id, model_id=model_id, state="failed", failure=failure)


async def _end(
    scope: OrgScope,
    *,
    job_id: int,
    model_id: int,
    state: str,
    build_id: uuid.UUID | None = None,
    failure: Mapping[str, Any] | None = None,
) -> None:
    await queries.end_model(
        scope, model_id=model_id, state=state, build_id=build_id, failure=failure
    )
    await record(scope, "model.state_changed", job_id=job_id, model_id=model_id, state=state)
