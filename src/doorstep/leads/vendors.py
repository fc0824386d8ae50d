"""Open a vendor's entrance or a case type, with a GUID that is in use already, and close it."""

import uuid

from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.leads import referrer_queries, vendor_queries
from doorstep.leads.reading import parse_guid
from doorstep.orgs.model import OrgScope, Right

NAME_CHARACTERS_MAX = 80


async def add_source(scope: OrgScope, *, name: str, referrer: str = "") -> uuid.UUID:
    """A new source; with the Referrer that its vendor sends already, or a new one. Its id."""
    scope.require(Right.ADMINISTER)
    source_id = uuid7()
    guid = guid_in(referrer) or uuid.uuid4()
    await referrer_queries.lock(scope)
    if await vendor_queries.taken_referrers(scope, among=[guid]):
        raise Invalid(fields={"guid": ["A vendor here has this Referrer already."]})
    await vendor_queries.insert_source(
        scope, source_id=source_id, name=name_in(name), referrer=guid
    )
    return source_id


async def add_case_type(scope: OrgScope, *, name: str, guid: str = "") -> uuid.UUID:
    """A new case type; with the GUID that vendors send already, or a new one. Its id."""
    scope.require(Right.ADMINISTER)
    case_type_id = uuid7()
    own = guid_in(guid) or uuid.uuid4()
    if not await vendor_queries.insert_case_type(
        scope, case_type_id=case_type_id, name=name_in(name), guid=own
    ):
        raise Invalid(fields={"guid": ["A case type here has this GUID already."]})
    return case_type_id


async def switch_off(scope: OrgScope, *, source_id: uuid.UUID) -> None:
    """Answer this source's posts from now on as if there were no such Referrer."""
    await _switch(scope, source_id=source_id, on=False)


async def switch_on(scope: OrgScope, *, source_id: uuid.UUID) -> None:
    """Take this source's posts again."""
    await _switch(scope, source_id=source_id, on=True)


async def rename_source(scope: OrgScope, *, source_id: uuid.UUID, name: str) -> None:
    """Call a source something else; its leads go with it."""
    scope.require(Right.ADMINISTER)
    if not await vendor_queries.rename_source(scope, source_id=source_id, name=name_in(name)):
        raise NotFound


async def rename_case_type(scope: OrgScope, *, case_type_id: uuid.UUID, name: str) -> None:
    """Call a case type something else; its leads go with it."""
    scope.require(Right.ADMINISTER)
    if not await vendor_queries.rename_case_type(
        scope, case_type_id=case_type_id, name=name_in(name)
    ):
        raise NotFound


async def switch_case_type(scope: OrgScope, *, case_type_id: uuid.UUID, on: bool) -> None:
    """Take posts about this case type, or answer them as if it did not exist."""
    scope.require(Right.ADMINISTER)
    if await vendor_queries.switch_case_type(scope, case_type_id=case_type_id, on=on):
        return
    if await vendor_queries.has_case_type(scope, case_type_id=case_type_id):
        raise Conflict(
            "This case type is switched on." if on else "This case type is switched off."
        )
    raise NotFound


async def _switch(scope: OrgScope, *, source_id: uuid.UUID, on: bool) -> None:
    scope.require(Right.ADMINISTER)
    if await vendor_queries.switch_source(scope, source_id=source_id, on=on):
        return
    if await vendor_queries.has_source(scope, source_id=source_id):
        raise Conflict("This vendor is switched on." if on else "This vendor is switched off.")
    raise NotFound


def name_in(text: str) -> str:
    """The name that was typed; Invalid for none, or for one that is too long."""
    name = text.strip()
    if not 0 < len(name) <= NAME_CHARACTERS_MAX:
        problem = f"Give it a name of at most {NAME_CHARACTERS_MAX} characters."
        raise Invalid(fields={"name": [problem]})
    return name


def guid_in(text: str) -> uuid.UUID | None:
    """The GUID that was typed, in any of its forms; None for nothing, Invalid for what is none."""
    if not text.strip():
        return None
    try:
        return parse_guid(text)
    except ValueError as error:
        raise Invalid(fields={"guid": ["This is no GUID."]}) from error
