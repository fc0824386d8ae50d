"""What is done to many jobs at once from the portfolio, how it is told, and taken back."""

import uuid
from dataclasses import dataclass

from litestar import post
from litestar.response import Redirect

from doorstep.captures import batches
from doorstep.captures.batch_queries import Item, JobBatch
from doorstep.kit.errors import BadRequest, NotFound
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import DIGITS_MAX, Form, Picked, number_in
from doorstep.web.desk.portfolio_looking import checked_address
from doorstep.web.desk.screens import see
from doorstep.web.desk.words import plural

DONE_TEXTS = {"archive": "archived", "unarchive": "put back", "reassign": "given to {name}"}
ALREADY_TEXTS = {"archive": "archived", "unarchive": "in the lists", "reassign": "with {name}"}
UNDONE_TEXTS = {
    "archive": "put back",
    "unarchive": "archived again",
    "reassign": "given back to whoever had them",
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was done, in sentences; `undo` is where it is taken back, `left` are jobs to look at."""

    sentences: list[str]
    undo: str | None
    left: list[int]


@post("/jobs/batches")
async def run(page: OrgScope, *, form: Form, picked: Picked) -> Redirect:
    """Do it to the jobs that were picked."""
    address = checked_address(form.get("address", ""))
    if not picked:
        return see(f"/jobs?{address}&said=nothing" if address else "/jobs?said=nothing")
    made = await batches.run(
        page,
        verb=form.get("verb", ""),
        job_ids=[_job_id(one) for one in picked],
        user_id=number_in(form, "user"),
    )
    return _back(address, made)


@post("/jobs/batches/{batch_id:uuid}/undo")
async def undo(page: OrgScope, *, batch_id: uuid.UUID, form: Form) -> Redirect:
    """Take it back where nobody has changed it since."""
    address = checked_address(form.get("address", ""))
    return _back(address, await batches.undo(page, batch_id=batch_id))


async def told_of(scope: OrgScope, text: str) -> Told | None:
    """What became of the batch of an address; None without one."""
    if not text:
        return None
    try:
        batch_id = uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error
    batch = await batches.find(scope, batch_id=batch_id)
    names = {one.id: one.name for one in await orgs.list_members(scope)}
    name = names.get(batch.user_id or 0, "a former member")
    if batch.undone is not None:
        left = _with(batch.undone, batches.CHANGED)
        return Told(sentences=_undone(batch, batch.undone), undo=None, left=left)
    done = _with(batch.items, batches.DONE)
    return Told(
        sentences=_done(batch, name=name),
        undo=f"/jobs/batches/{batch.id}/undo" if done else None,
        left=_with(batch.items, batches.ALREADY),
    )


def _done(batch: JobBatch, *, name: str) -> list[str]:
    done, already, absent = (
        _with(batch.items, outcome)
        for outcome in (batches.DONE, batches.ALREADY, batches.NOT_THERE)
    )
    did = DONE_TEXTS[batch.verb].format(name=name)
    said = [f"{plural(len(done), 'job is', many='jobs are')} {did}."]
    if already:
        was = ALREADY_TEXTS[batch.verb].format(name=name)
        said.append(f"{plural(len(already), 'was', many='were')} {was} already.")
    return said + _absent(absent)


def _absent(absent: list[int]) -> list[str]:
    return [f"{plural(len(absent), 'is', many='are')} not there."] if absent else []


def _undone(batch: JobBatch, undone: list[Item]) -> list[str]:
    back, changed, absent = (
        _with(undone, outcome) for outcome in (batches.DONE, batches.CHANGED, batches.NOT_THERE)
    )
    words = plural(len(back), "job is", many="jobs are")
    said = [f"Taken back: {words} {UNDONE_TEXTS[batch.verb]}."]
    if changed:
        text = plural(
            len(changed), "was changed since and stays", many="were changed since and stay"
        )
        said.append(f"{text} as it is." if len(changed) == 1 else f"{text} as they are.")
    return said + _absent(absent)


def _with(items: list[Item], outcome: str) -> list[int]:
    return [item["job_id"] for item in items if item["outcome"] == outcome]


def _back(address: str, batch: JobBatch) -> Redirect:
    return see(f"/jobs?{address}&batch={batch.id}" if address else f"/jobs?batch={batch.id}")


def _job_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 * DIGITS_MAX):
        raise BadRequest("The form could not be read.")
    return int(text)
