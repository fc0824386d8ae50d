"""Known lengths of a house: what people measured, and where it begins and ends in the photos."""

import re
import uuid
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.response import Redirect

from doorstep.builds import actions as builds
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos import measures
from doorstep.photos import queries as photos
from doorstep.photos.measures import PHOTOS_PER_MEASURE_MAX, Ends
from doorstep.web.desk.forms import Form
from doorstep.web.desk.job_queries import member_names
from doorstep.web.desk.screens import Page, Query, html, piece, row_id, screen, see

METRES_PER_FOOT = 0.3048
INCHES_PER_FOOT = 12
KIND_TEXTS = {
    "front_door": "Front door, its width",
    "garage_door": "Garage door, its width",
    "window": "A window, its width",
    "wall": "A wall, from corner to corner",
}
BUILT = (JobState.COMPLETE, JobState.FAILED)

_metric = re.compile(r"(\d+(?:[.,]\d+)?)\s*m?")
_feet = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*(?:ft|feet|foot|'))?\s*(?:(\d+(?:\.\d+)?)\s*(?:in|inch|inches|\"))?"
)


class _Marked(msgspec.Struct):
    photo: uuid.UUID
    a: tuple[float, float]
    b: tuple[float, float]


_Marks = Annotated[list[_Marked], msgspec.Meta(max_length=PHOTOS_PER_MEASURE_MAX)]


@get("/jobs/{job_id:int}/lengths")
async def lengths(page: OrgScope, *, job_id: int, said: Query = "") -> Page:
    """What is known, and a form for one more."""
    page.require(Right.READ)
    shown = await _shown(page, row_id(job_id))
    return await screen(page, "desk/lengths.html", place="jobs", said=said, **shown)


@post("/jobs/{job_id:int}/lengths", status_code=200)
async def add(page: OrgScope, *, job_id: int, form: Form) -> Page | Redirect:
    """Keep a length, and build again with it if that is wanted; the form with what is wrong."""
    page.require(Right.INVITE)
    try:
        await measures.add_by_member(
            page,
            job_id=row_id(job_id),
            kind=form.get("kind", ""),
            metres=metres_in(form.get("length", "")),
            ends=_ends_in(form.get("ends", "")),
        )
    except Invalid as invalid:
        problems = {name: f"{' '.join(lines)}." for name, lines in invalid.fields.items()}
        again = {"problems": problems or {"length": invalid.text}, "values": form}
        shown = await _shown(page, row_id(job_id)) | again
        return html(
            await piece(page, "desk/lengths.html", place="jobs", said="", **shown), status=422
        )
    if form.get("build") == "yes":
        await builds.order_again(page, job_id=job_id)
        return see(f"/jobs/{job_id}?said=building")
    return see(f"/jobs/{job_id}/lengths?said=added")


@post("/jobs/{job_id:int}/lengths/{measure_id:uuid}/removal")
async def remove(page: OrgScope, *, job_id: int, measure_id: uuid.UUID) -> Redirect:
    """Forget a length."""
    await measures.remove(page, job_id=row_id(job_id), measure_id=measure_id)
    return see(f"/jobs/{job_id}/lengths?said=removed")


def metres_in(text: str) -> float:
    """Metres of `1.07 m`, `1.07`, `3 ft 6 in` or `3'6"`; Invalid for anything else."""
    typed = text.strip().lower()[:40]
    if metric := _metric.fullmatch(typed):
        return float(metric[1].replace(",", "."))
    feet = _feet.fullmatch(typed)
    if not typed or feet is None:
        raise Invalid(fields={"metres": ["is typed as 3 ft 6 in, or as 1.07 m"]})
    whole, inches = float(feet[1] or 0), float(feet[2] or 0)
    return (whole + inches / INCHES_PER_FOOT) * METRES_PER_FOOT


def length_text(metres: float) -> str:
    """A length in both systems: `3 ft 6 in (1.067 m)`."""
    inches = round(metres / METRES_PER_FOOT * INCHES_PER_FOOT, 1)
    feet, rest = divmod(inches, INCHES_PER_FOOT)
    return f"{feet:.0f} ft {rest:g} in ({metres:.3f} m)"


def _ends_in(text: str) -> list[Ends]:
    try:
        marked = msgspec.json.decode(text or "[]", type=_Marks)
    except msgspec.DecodeError as error:
        raise Invalid(fields={"ends": ["cannot be read; mark them again"]}) from error
    return [Ends(photo_id=one.photo, a=one.a, b=one.b) for one in marked]


async def _shown(scope: OrgScope, job_id: int) -> dict[str, object]:
    job = await jobs.find(scope, job_id=job_id)
    return {
        "job": job,
        "known": await measures.of_job(scope, job_id=job_id),
        "kinds": KIND_TEXTS,
        "length_text": length_text,
        "photos": [
            one
            for one in await photos.list_of_job(scope, job_id=job_id)
            if one.display_key is not None
        ],
        "members": await member_names(scope),
        "can_build": job.state in BUILT,
        "problems": {},
        "values": {},
    }
