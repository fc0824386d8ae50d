"""`/api/desk/case-types`: what vendors' leads may be about."""

import uuid
from datetime import datetime

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import Made, Name, problems
from doorstep.leads import queries as leads
from doorstep.leads import vendors
from doorstep.orgs.model import OrgScope, Right

TAG = ["Sources"]


class NewCaseType(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A case type; with the GUID that vendors send already, or empty for a new one."""

    name: str
    guid: str = ""


class CaseType(msgspec.Struct, kw_only=True):
    """What leads may be about; vendors send the GUID as `Type`."""

    id: uuid.UUID
    guid: uuid.UUID
    name: str
    disabled_at: datetime | None


class CaseTypeList(msgspec.Struct, kw_only=True):
    """Every case type by name; at most 500."""

    case_types: list[CaseType]


@get("/case-types", tags=TAG, responses=problems())
async def list_case_types(api: OrgScope) -> CaseTypeList:
    """Every case type."""
    api.require(Right.READ)
    return CaseTypeList(case_types=[CaseType(**row) for row in await leads.list_case_types(api)])


@post("/case-types", tags=TAG, responses=problems(422))
async def add_case_type(api: OrgScope, *, data: JSONBody[NewCaseType]) -> Made:
    """Let vendors post about one more kind of case."""
    return Made(id=await vendors.add_case_type(api, name=data.name, guid=data.guid))


@put(
    "/case-types/{case_type_id:uuid}/name", status_code=204, tags=TAG, responses=problems(404, 422)
)
async def rename_case_type(api: OrgScope, *, case_type_id: uuid.UUID, data: JSONBody[Name]) -> None:
    """Call the case type something else."""
    await vendors.rename_case_type(api, case_type_id=case_type_id, name=data.name)


@post(
    "/case-types/{case_type_id:uuid}/disable",
    status_code=204,
    tags=TAG,
    responses=problems(404, 409),
)
async def disable_case_type(api: OrgScope, *, case_type_id: uuid.UUID) -> None:
    """Answer posts about it from now on as if there were no such Type."""
    await vendors.switch_case_type(api, case_type_id=case_type_id, on=False)


@post(
    "/case-types/{case_type_id:uuid}/enable",
    status_code=204,
    tags=TAG,
    responses=problems(404, 409),
)
async def enable_case_type(api: OrgScope, *, case_type_id: uuid.UUID) -> None:
    """Take posts about it again."""
    await vendors.switch_case_type(api, case_type_id=case_type_id, on=True)


ROUTES = [
    list_case_types,
    add_case_type,
    rename_case_type,
    disable_case_type,
    enable_case_type,
]
