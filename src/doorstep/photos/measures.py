"""Lengths that a person measured at the house, and their ends in the photos.

A model made of photos alone has no size. One known length gives it one, when both of its
ends are marked in two photos or more.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doorstep.jobs import actions as jobs
from doorstep.kit.errors import Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos import measure_queries as queries

KINDS = ("front_door", "garage_door", "window", "wall")
METRES_MIN, METRES_MAX = 0.3, 60.0
PER_JOB_MAX = 10
PHOTOS_PER_MEASURE_MIN, PHOTOS_PER_MEASURE_MAX = 2, 6
APART_SHARE_MIN = 0.01
"""Ends nearer to each other than this share of the picture say nothing."""
ALIKE_SHARE = 0.02
"""Ends nearer to each other than this share of the picture are marks of one point."""
MARK_SHARE = 0.00075
"""How far a marked end is off, as a share of the picture's width: three pixels of 4,000."""

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Both ends in one photo, as shares of the upright picture's width and height."""

    photo_id: uuid.UUID
    a: Point
    b: Point


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A length that a person measured; `photos` is in how many its ends are marked."""

    id: uuid.UUID
    kind: str
    metres: float
    actor: str
    created_at: datetime
    photos: int

    @property
    def is_marked(self) -> bool:
        """Whether the engine can find it."""
        return self.photos >= PHOTOS_PER_MEASURE_MIN


async def add(
    scope: OrgScope, *, job_id: int, kind: str, metres: float, ends: Sequence[Ends]
) -> uuid.UUID:
    """Keep a measured length of a job's house; Invalid for what cannot be one."""
    _check(kind, metres, ends=ends)
    if len(await queries.list_of_job(scope, job_id=job_id)) >= PER_JOB_MAX:
        raise Invalid(f"A house has at most {PER_JOB_MAX} known lengths.")
    measure_id = uuid7()
    await queries.insert(scope, measure_id=measure_id, job_id=job_id, kind=kind, metres=metres)
    for one in ends:
        if not await queries.insert_ends(scope, measure_id=measure_id, job_id=job_id, ends=one):
            raise NotFound
    return measure_id


async def add_by_member(
    scope: OrgScope, *, job_id: int, kind: str, metres: float, ends: Sequence[Ends]
) -> uuid.UUID:
    """The same by a member, who marks the ends in the job's photos; the next build uses it."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    if len(ends) < PHOTOS_PER_MEASURE_MIN:
        raise Invalid(fields={"ends": [f"are needed in {PHOTOS_PER_MEASURE_MIN} photos or more"]})
    return await add(scope, job_id=job_id, kind=kind, metres=metres, ends=ends)


async def remove(scope: OrgScope, *, job_id: int, measure_id: uuid.UUID) -> None:
    """Forget a length; the next build is without it."""
    scope.require(Right.INVITE)
    if not await queries.delete(scope, job_id=job_id, measure_id=measure_id):
        raise NotFound


async def of_job(scope: OrgScope, *, job_id: int) -> list[Measure]:
    """What is known of a job's house, oldest first."""
    return [Measure(**row) for row in await queries.list_of_job(scope, job_id=job_id)]


async def known_lengths(
    scope: OrgScope, *, job_id: int, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Those with their ends in enough photos, as the engine reads them.

    `names` gives each original's file name in the engine's folder by its key. Of a length
    that was entered twice the later one counts: the same tape is no second witness.
    """
    listed = await queries.list_ends(scope, job_id=job_id)
    rows = [dict(row) for row in listed if row["original_key"] in names]
    again = _entered_again(rows)
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in rows:
        if row["measure_id"] in again:
            continue
        width, height = row["width"], row["height"]
        known = found.setdefault(
            row["measure_id"],
            {"name": row["kind"], "metres": row["metres"], "observations": []},
        )
        known["observations"].append(
            {
                "photo": names[row["original_key"]],
                "a": [row["ax"] * width - 0.5, row["ay"] * height - 0.5],
                "b": [row["bx"] * width - 0.5, row["by"] * height - 0.5],
                "px": MARK_SHARE * width,
            }
        )
    enough = PHOTOS_PER_MEASURE_MIN
    return [known for known in found.values() if len(known["observations"]) >= enough]


def _entered_again(rows: Sequence[Mapping[str, Any]]) -> set[uuid.UUID]:
    """The measures, in rows oldest first, of whose two ends a later one marks both in a photo."""
    return {
        old["measure_id"]
        for number, old in enumerate(rows)
        for new in rows[number + 1 :]
        if new["measure_id"] != old["measure_id"]
        and new["original_key"] == old["original_key"]
        and _is_alike(old, new)
    }


def _is_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    ends = (one["ax"], one["ay"], one["bx"], one["by"])
    there = (other["ax"], other["ay"], other["bx"], other["by"])
    return any(
        all(abs(mine - theirs) < ALIKE_SHARE for mine, theirs in zip(ends, way, strict=True))
        for way in (there, (*there[2:], *there[:2]))
    )


def _check(kind: str, metres: float, *, ends: Sequence[Ends]) -> None:
    fields: dict[str, list[str]] = {}
    if kind not in KINDS:
        fields["kind"] = [f"is one of {', '.join(KINDS)}"]
    if not METRES_MIN <= metres <= METRES_MAX:
        fields["metres"] = [f"is from {METRES_MIN} to {METRES_MAX:.0f}"]
    if len(ends) > PHOTOS_PER_MEASURE_MAX:
        fields["ends"] = [f"are in at most {PHOTOS_PER_MEASURE_MAX} photos"]
    if len({one.photo_id for one in ends}) < len(ends):
        fields["ends"] = ["name a photo twice"]
    for one in ends:
        if not all(0 <= share <= 1 for share in (*one.a, *one.b)):
            fields["ends"] = ["are shares of the picture, from 0 to 1"]
        elif max(abs(one.a[0] - one.b[0]), abs(one.a[1] - one.b[1])) < APART_SHARE_MIN:
            fields["ends"] = ["lie on each other"]
    if fields:
        raise Invalid(fields=fields)
