"""`/api/desk/sources` and `/api/desk/case-types`: vendors, their rules, and what they post about."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar import delete, get, patch, post, put
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from doorstep.api.desk.answers import Made, Name, problems
from doorstep.leads import queries as leads
from doorstep.leads import referrers, sources, vendors
from doorstep.leads.model import Rules
from doorstep.leads.referrers import OVERLAP_DAYS, OVERLAP_DAYS_MAX
from doorstep.leads.sources import Source
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.services import Services

TAG = ["Sources"]
HOUR = timedelta(hours=1)
HOURS_MAX = sources.REPEAT_WINDOW_MAX / HOUR


class SourceRules(msgspec.Struct, kw_only=True):
    """How a vendor is answered and what it may send.

    `repeat_hours` is for how long the same post is the same lead: null for 24 hours with an
    ID and ten minutes without, 0 for never.
    """

    success_key: str
    statuses: bool
    repeat_hours: float | None
    testing: bool
    strict: bool
    networks: list[str]
    posts_per_second_max: int


class SourceChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The rules to change; what is left out stays."""

    success_key: str | UnsetType = UNSET
    statuses: bool | UnsetType = UNSET
    repeat_hours: Annotated[float, msgspec.Meta(ge=0, le=HOURS_MAX)] | UnsetType | None = UNSET
    testing: bool | UnsetType = UNSET
    strict: bool | UnsetType = UNSET
    networks: list[str] | UnsetType = UNSET
    posts_per_second_max: int | UnsetType = UNSET


class SourceFacts(msgspec.Struct, kw_only=True):
    """A vendor's entrance; `referrer` is its secret."""

    id: uuid.UUID
    name: str
    referrer: uuid.UUID
    disabled: bool
    signed: bool
    rules: SourceRules


class FormerReferrer(msgspec.Struct, kw_only=True):
    """A Referrer that another took the place of; posts with it are taken until `ends_at`."""

    referrer: uuid.UUID
    replaced_at: datetime
    ends_at: datetime
    ended: bool
    last_used_at: datetime | None


class FormerReferrers(msgspec.Struct, kw_only=True):
    """What a vendor posted with before, the last one first; the newest 20."""

    former: list[FormerReferrer]


class NewReferrer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A Referrer of the caller's own, or empty for a new one; the old one works so long too."""

    referrer: str = ""
    overlap_days: Annotated[int, msgspec.Meta(ge=0, le=OVERLAP_DAYS_MAX)] = OVERLAP_DAYS


class SourceLine(msgspec.Struct, kw_only=True):
    """A vendor as lists have it."""

    id: uuid.UUID
    name: str
    disabled_at: datetime | None


class SourceList(msgspec.Struct, kw_only=True):
    """Every vendor by name; at most 500."""

    sources: list[SourceLine]


class NewSource(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A vendor; with the Referrer that it sends already, or empty for a new one."""

    name: str
    referrer: str = ""


class Signature(msgspec.Struct, kw_only=True):
    """What the vendor signs its posts with from now on."""

    secret: str


@get("/sources", tags=TAG, responses=problems())
async def list_sources(api: OrgScope) -> SourceList:
    """Every vendor."""
    api.require(Right.READ)
    return SourceList(
        sources=[
            SourceLine(id=row["id"], name=row["name"], disabled_at=row["disabled_at"])
            for row in await leads.list_sources(api)
        ]
    )


@post("/sources", tags=TAG, responses=problems(422))
async def add_source(api: OrgScope, *, data: JSONBody[NewSource]) -> Made:
    """Open an entrance for a vendor."""
    return Made(id=await vendors.add_source(api, name=data.name, referrer=data.referrer))


@get("/sources/{source_id:uuid}", tags=TAG, responses=problems(404))
async def show_source(api: OrgScope, *, source_id: uuid.UUID) -> SourceFacts:
    """One vendor with its rules and its secret."""
    api.require(Right.ADMINISTER)
    return _facts(await sources.find(api, source_id=source_id))


@patch("/sources/{source_id:uuid}", tags=TAG, responses=problems(404, 422))
async def change_source(
    api: OrgScope, *, source_id: uuid.UUID, data: JSONBody[SourceChange]
) -> SourceFacts:
    """Change some of a vendor's rules; every process follows within two seconds."""
    api.require(Right.ADMINISTER)
    found = await sources.find(api, source_id=source_id)
    await sources.change(api, source_id=source_id, rules=_changed(found.rules, data))
    return _facts(await sources.find(api, source_id=source_id))


@post("/sources/{source_id:uuid}/disable", status_code=204, tags=TAG, responses=problems(404, 409))
async def disable_source(api: OrgScope, *, source_id: uuid.UUID) -> None:
    """Answer the vendor's posts from now on as if there were no such Referrer."""
    await vendors.switch_off(api, source_id=source_id)


@post("/sources/{source_id:uuid}/enable", status_code=204, tags=TAG, responses=problems(404, 409))
async def enable_source(api: OrgScope, *, source_id: uuid.UUID) -> None:
    """Take the vendor's posts again."""
    await vendors.switch_on(api, source_id=source_id)


@post("/sources/{source_id:uuid}/signature", tags=TAG, responses=problems(404))
async def sign_source(api: OrgScope, *, services: Services, source_id: uuid.UUID) -> Signature:
    """Ask for signed posts with a new secret; the old one ends at once."""
    secret = await sources.sign(api, source_id=source_id, signer=services.signer)
    return Signature(secret=secret)


@post("/sources/{source_id:uuid}/referrer", tags=TAG, responses=problems(404, 422))
async def rotate_referrer(
    api: OrgScope, *, source_id: uuid.UUID, data: JSONBody[NewReferrer]
) -> SourceFacts:
    """Give the vendor another Referrer, while the old one goes on working for a time."""
    await referrers.rotate(
        api, source_id=source_id, referrer=data.referrer, overlap_days=data.overlap_days
    )
    return _facts(await sources.find(api, source_id=source_id))


@get("/sources/{source_id:uuid}/former-referrers", tags=TAG, responses=problems(404))
async def list_former_referrers(api: OrgScope, *, source_id: uuid.UUID) -> FormerReferrers:
    """What the vendor posted with before."""
    api.require(Right.ADMINISTER)
    await sources.find(api, source_id=source_id)
    rows = await referrers.former(api, source_id=source_id)
    return FormerReferrers(
        former=[msgspec.convert(row, FormerReferrer, from_attributes=True) for row in rows]
    )


@delete(
    "/sources/{source_id:uuid}/former-referrers/{referrer:uuid}",
    tags=TAG,
    responses=problems(404, 409),
)
async def end_former_referrer(api: OrgScope, *, source_id: uuid.UUID, referrer: uuid.UUID) -> None:
    """Let a former Referrer end before its time."""
    await referrers.end(api, source_id=source_id, referrer=str(referrer))


@put("/sources/{source_id:uuid}/name", status_code=204, tags=TAG, responses=problems(404, 422))
async def rename_source(api: OrgScope, *, source_id: uuid.UUID, data: JSONBody[Name]) -> None:
    """Call the vendor something else."""
    await vendors.rename_source(api, source_id=source_id, name=data.name)


def _facts(source: Source) -> SourceFacts:
    rules = source.rules
    window = rules.repeat_window
    return SourceFacts(
        id=source.id,
        name=source.name,
        referrer=source.referrer,
        disabled=source.disabled,
        signed=rules.signature_salt is not None,
        rules=SourceRules(
            success_key=rules.success_key,
            statuses=rules.statuses,
            repeat_hours=None if window is None else window / HOUR,
            testing=rules.testing,
            strict=rules.strict,
            networks=[str(network) for network in rules.networks],
            posts_per_second_max=rules.posts_per_second_max,
        ),
    )


def _changed(rules: Rules, change: SourceChange) -> Rules:
    given = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not UNSET
    }
    if "networks" in given:
        given["networks"] = sources.parse_networks(" ".join(given["networks"]))
    if "repeat_hours" in given:
        hours = given.pop("repeat_hours")
        given["repeat_window"] = None if hours is None else hours * HOUR
    return replace(rules, **given)


ROUTES = [
    rotate_referrer,
    list_former_referrers,
    end_former_referrer,
    rename_source,
    list_sources,
    add_source,
    show_source,
    change_source,
    disable_source,
    enable_source,
    sign_source,
]
