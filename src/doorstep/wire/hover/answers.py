"""`Idempotency-Key`: the same call again gets the same answer, and does nothing again.

The key's row and the work commit together: a call that died left neither, and one that
is refused keeps no answer.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import msgspec
from litestar import Response

from doorstep.kit.errors import BadRequest, Conflict, Invalid
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover import answer_queries as queries
from doorstep.wire.hover.encoding import AnyRequest, Tree

KEY_CHARACTERS_MAX = 255
REPLAYED = {"Idempotent-Replayed": "true"}

Body = dict[str, Any] | None
Work = Callable[[], Awaitable[Body]]


def as_it_is(body: Body) -> Body:
    """What is kept is what is answered."""
    return body


async def once(
    request: AnyRequest,
    scope: OrgScope,
    *,
    tree: Tree,
    status: int,
    work: Work,
    reveal: Callable[[Body], Body] = as_it_is,
) -> Response[bytes]:
    """Answer what `work` gives; with a key, what it gave the first time.

    `reveal` puts secrets into the answer that must not be kept. Invalid when the key
    belongs to another call, Conflict while that call is under way.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return _answer(reveal(await work()), status=status)
    if not 0 < len(key) <= KEY_CHARACTERS_MAX or not key.isprintable() or not key.isascii():
        raise BadRequest(f"Idempotency-Key must be 1 to {KEY_CHARACTERS_MAX} printable characters.")
    name = {
        "client": scope.actor.id,
        "route": f"{request.method} {request.url.path.rstrip('/')}",
        "key": key,
    }
    kept = await _kept(scope, name, fingerprint=_fingerprint(tree))
    if kept is not None:
        body = msgspec.json.decode(kept["body"]) if kept["body"] else None
        return _answer(reveal(body), status=kept["status"], headers=REPLAYED)
    made = await work()
    await queries.keep(scope, **name, status=status, body=_encoded(made))
    return _answer(reveal(made), status=status)


async def _kept(
    scope: OrgScope, name: dict[str, str], *, fingerprint: bytes
) -> asyncpg.Record | None:
    try:
        if await queries.begin(scope, **name, fingerprint=fingerprint):
            return None
    except asyncpg.LockNotAvailableError:
        raise Conflict(
            "A call with this Idempotency-Key is under way.",
            code="in_progress",
            headers={"Retry-After": "1"},
        ) from None
    kept = await queries.find(scope, **name)
    assert kept is not None
    if kept["fingerprint"] != fingerprint:
        raise Invalid("This Idempotency-Key was used for another call.", code="key_reused")
    return kept


def _fingerprint(tree: Tree) -> bytes:
    return hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode()).digest()


def _encoded(body: Body) -> bytes:
    return b"" if body is None else msgspec.json.encode(body)


def _answer(body: Body, *, status: int, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(
        _encoded(body), status_code=status, headers=headers, media_type="application/json"
    )
