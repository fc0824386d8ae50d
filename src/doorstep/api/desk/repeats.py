"""`Idempotency-Key` at the desk's API: the same call again makes nothing again."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.params import HeaderParameter

from doorstep.orgs.model import OrgScope
from doorstep.wire.hover.answers import once

AnyRequest = Request[object, object, State]

Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        min_length=1,
        max_length=255,
        description="The same call with the same key makes nothing again for a week, and is "
        "answered with what the first one made.",
    ),
]


async def made_once(
    request: AnyRequest,
    scope: OrgScope,
    *,
    asked: msgspec.Struct,
    make: Callable[[], Awaitable[object]],
) -> str:
    """The id of what `make` makes; with a key, of what the same call made the first time."""

    async def work() -> dict[str, object]:
        return {"id": str(await make())}

    answer = await once(request, scope, tree=msgspec.to_builtins(asked), status=201, work=work)
    found: dict[str, str] = msgspec.json.decode(answer.content)
    return found["id"]
