"""Bodies as existing clients send them: JSON, urlencoded or multipart with bracket nesting.

`a[b][c]=x` is the tree `{"a": {"b": {"c": "x"}}}`. The query's values stand beside
the body's; where both name a key, the body wins.
"""

from codecs import BOM_UTF8
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.datastructures import State, UploadFile

from doorstep.kit.errors import BadRequest, Invalid

PARTS_MAX = 200
DEPTH_MAX = 6
DIGITS_MAX = 18

Tree = dict[str, Any]
AnyRequest = Request[object, object, State]


async def read_tree(request: AnyRequest) -> Tree:
    """The parameters of a request, query and body together; BadRequest when unreadable."""
    query = nest(request.query_params.multi_items())
    return {**query, **await read_body(request)}


async def read_body(request: AnyRequest) -> Tree:
    """The parameters of the body alone; BadRequest when unreadable."""
    kind, _ = request.content_type
    if kind == "multipart/form-data":
        form = await request.form()
        return nest((key, value) for key, value in form.multi_items())
    raw = (await request.body()).removeprefix(BOM_UTF8)
    looks_json = raw.lstrip()[:1] in (b"{", b"[")
    return _json(raw) if kind == "application/json" or looks_json else _form(raw)


def nest(pairs: Iterable[tuple[str, Any]]) -> Tree:
    """Bracketed names as a tree, `name[]` as a list; BadRequest beyond 200 names or 6 levels."""
    tree: Tree = {}
    for number, (name, value) in enumerate(pairs):
        if number >= PARTS_MAX:
            raise BadRequest(f"More than {PARTS_MAX} parameters.")
        if isinstance(value, UploadFile):
            raise BadRequest("Files are not taken here.")
        head, *rest = name.replace("]", "").split("[")
        if len(rest) >= DEPTH_MAX:
            raise BadRequest(f"More than {DEPTH_MAX} levels of nesting.")
        _set(tree, [head, *rest], value=value)
    return tree


def branch(tree: Tree, key: str) -> Tree:
    """The object under `key`, or Invalid: flat bodies are refused."""
    found = tree.get(key)
    if not isinstance(found, dict):
        raise Invalid(fields={key: ["is missing or not an object"]})
    return found


def text(tree: Tree, key: str) -> str | None:
    """The value as text, None for absent, null and blank; Invalid for an object or a list."""
    value = tree.get(key)
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise Invalid(fields={key: ["must be text"]})
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        # Some languages know one kind of number: 3 leaves them as 3.0.
        value = int(value)
    return str(value).replace("\x00", "").strip() or None


def whole(tree: Tree, key: str) -> int | None:
    """The value as a whole number that fits 63 bits, also when sent as text."""
    value = text(tree, key)
    if value is None:
        return None
    bare = value.removeprefix("-")
    if not bare.isascii() or not bare.isdecimal() or len(bare) > DIGITS_MAX:
        raise Invalid(fields={key: ["must be a whole number"]})
    return int(value)


def many(tree: Tree, key: str) -> list[str]:
    """The values of a list: `key[]=a` or `key[0]=a` repeated, a JSON list, or one with commas."""
    value = tree.get(key)
    if isinstance(value, dict) and value.keys() == {""}:
        value = value[""]
    elif isinstance(value, dict) and all(map(str.isdecimal, value)):
        value = list(value.values())
    if isinstance(value, list):
        return [found for one in value if (found := text({key: one}, key))]
    return [one.strip() for one in (text(tree, key) or "").split(",") if one.strip()]


def flag(tree: Tree, key: str, *, default: bool) -> bool:
    """The value as a truth, also when sent as text."""
    value = text(tree, key)
    if value is None:
        return default
    if value.lower() in ("true", "1", "yes", "on"):
        return True
    if value.lower() in ("false", "0", "no", "off"):
        return False
    raise Invalid(fields={key: ["must be true or false"]})


def _set(tree: Tree, path: list[str], *, value: Any) -> None:
    for key in path[:-1]:
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            raise BadRequest(f"{key} is both a value and an object.")
        tree = below
    if path[-1] or len(path) == 1:
        # The order of a query's names is not kept: either order must end the same.
        if isinstance(tree.get(path[-1]), dict):
            raise BadRequest(f"{path[-1]} is both a value and an object.")
        tree[path[-1]] = value
        return
    several = tree.setdefault("", [])
    if not isinstance(several, list):
        raise BadRequest("A list holds both values and objects.")
    several.append(value)


def _json(raw: bytes) -> Tree:
    if not raw.strip():
        return {}
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.")
    return found


def _form(raw: bytes) -> Tree:
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=PARTS_MAX)
    except ValueError as error:
        raise BadRequest("The form is not readable.") from error
    return nest(pairs)
