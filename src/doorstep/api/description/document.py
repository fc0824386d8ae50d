"""The OpenAPI document: what typed handlers say by their signatures, and what others declare."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from doorstep import __version__
from doorstep.api.description.calls import (
    FORM,
    HEADER_WORDS,
    JSON,
    MULTIPART,
    OPT,
    PATH_PARAMETERS,
    WORDS,
    Call,
    Reply,
)
from doorstep.api.description.intro import INFO, SECURITY, TAGS
from doorstep.api.description.shapes import Schema, Shapes, without
from doorstep.api.description.typed import typed_document

FIRST_REFUSAL = 400
IN_BRACES = re.compile(r"{(\w+)}")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A call with its address."""

    path: str
    method: str
    operation_id: str
    summary: str
    status: int
    also_at: tuple[str, ...]
    call: Call


def document(app: Litestar) -> dict[str, Any]:
    """The whole document of an application that has started."""
    found = [*declared(app), *raw(app)]
    kinds = [kind for one in found for kind in kinds_of(one.call)]
    shapes = Shapes(kinds)
    paths: dict[str, dict[str, Any]] = {}
    forms: dict[str, Schema] = {}
    templates: dict[str, str] = {}
    for one in found:
        # Two addresses that differ in a name in braces only are one address to OpenAPI.
        shown = templates.setdefault(IN_BRACES.sub("{}", one.path), one.path)
        made = Operation(one, shapes, forms=forms).made(shown)
        paths.setdefault(shown, {})[one.method] = made
    typed = typed_document()
    both = shapes.components.keys() & typed["components"]["schemas"].keys()
    assert both <= {"Problem"}, f"two shapes of one name: {sorted(both)}"
    for path, methods in typed["paths"].items():
        paths.setdefault(path, {}).update(methods)
    read_as_parameters = {
        shapes.schema(kind)["$ref"].rpartition("/")[2]
        for one in found
        for kind in (one.call.query, one.call.headers)
        if kind
    }
    return {
        "openapi": "3.1.0",
        "info": {**INFO, "version": __version__},
        "servers": [{"url": "/"}],
        "tags": TAGS,
        "paths": paths,
        "components": {
            "schemas": {
                **without(shapes.components, *read_as_parameters),
                **forms,
                **typed["components"]["schemas"],
            },
            "securitySchemes": SECURITY,
        },
    }


def declared(app: Litestar) -> Iterator[Found]:
    """The calls whose handlers carry a declaration."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            call: Call | None = handler.opt.get(OPT)
            if call is None or route.path != address_of(handler, call):
                continue
            module = handler.fn.__module__.rpartition(".")[2]
            several = len(handler.http_methods - {"OPTIONS"}) > 1
            name = f"{module}_{handler.handler_name}"
            yield Found(
                path=route.path_format,
                method=method.lower(),
                operation_id=f"{name}_{method.lower()}" if several else name,
                summary=call.summary or inspect.getdoc(handler.fn) or "",
                status=handler.status_code,
                also_at=tuple(
                    sorted(
                        address.replace(":str}", "}")
                        for address in handler.paths
                        if address != route.path
                        and address.removesuffix(".json") not in handler.paths - {address}
                    )
                ),
                call=call,
            )


def raw(app: Litestar) -> Iterator[Found]:
    """The calls that are answered before the framework."""
    for path, handler in app.state.hot.items():
        yield Found(
            path=handler.described.at or path,
            method=handler.described.method,
            operation_id=path.strip("/").replace("/", "_"),
            summary=handler.described.summary,
            status=200,
            also_at=(),
            call=handler.described,
        )


def address_of(handler: HTTPRouteHandler, call: Call) -> str:
    """The address under which a handler with several is described."""
    return call.at or min(handler.paths, key=lambda path: (path.endswith(".json"), len(path), path))


def kinds_of(call: Call) -> Iterator[Any]:
    """Every type that a call names."""
    for reply in call.replies.values():
        yield from reply.shapes
    named = (call.query, call.headers, call.body, call.answer, call.failure)
    yield from (kind for kind in named if kind not in (None, bytes))


class Operation:
    """One operation of the document."""

    def __init__(self, found: Found, shapes: Shapes, *, forms: dict[str, Schema]) -> None:
        """`forms` takes the schemas of form bodies by name."""
        self._found = found
        self._call = found.call
        self._shapes = shapes
        self._forms = forms

    def made(self, shown: str) -> dict[str, Any]:
        """The object under the path, as it is shown, and the method."""
        call, found = self._call, self._found
        summary, _, description = found.summary.partition("\n")
        operation: dict[str, Any] = {
            "operationId": found.operation_id,
            "tags": [call.tag],
            "summary": summary.strip(),
            "security": [
                *([{call.security: []}] if call.security else []),
                *([{}] if call.anonymous else []),
            ],
        }
        if found.also_at:
            operation["x-also-at"] = list(found.also_at)
        if description.strip():
            operation["description"] = description.strip()
        parameters = [*self._in_path(shown), *self._told(call.query, where="query")]
        parameters += self._told(call.headers, where="header")
        if call.once:
            parameters.append(KEY)
        if parameters:
            operation["parameters"] = parameters
        if call.body:
            operation["requestBody"] = self._body(call.body)
        operation["responses"] = self._responses()
        return operation

    def _in_path(self, shown: str) -> Iterator[dict[str, Any]]:
        names = zip(IN_BRACES.findall(shown), IN_BRACES.findall(self._found.path), strict=True)
        for name, own in names:
            known = PATH_PARAMETERS[self._call.path.get(own, own)]
            yield {"name": name, "in": "path", "required": True, **known}

    def _told(self, kind: type | None, *, where: str) -> Iterator[dict[str, Any]]:
        for name, schema, needed in self._shapes.fields(kind) if kind else ():
            told = {"name": name, "in": where, "required": needed}
            if "description" in schema:
                told["description"] = schema["description"]
            yield told | {"schema": without(schema, "description")}

    def _body(self, kind: type) -> dict[str, Any]:
        if kind is bytes:
            any_bytes: Schema = {media_type: {"schema": {}} for media_type in self._call.takes}
            return {"required": True, "content": any_bytes}
        schema = self._shapes.schema(kind)
        content: dict[str, Any] = {}
        for media_type in self._call.takes:
            if media_type in (FORM, MULTIPART) and "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2] + "Form"
                self._forms[name] = self._shapes.form(kind)
                content[media_type] = {"schema": {"$ref": f"#/components/schemas/{name}"}}
            else:
                content[media_type] = {"schema": schema}
            if media_type == JSON:
                content[media_type]["example"] = self._shapes.example(schema)
        return {"required": bool(self._needs_body(kind)), "content": content}

    def _needs_body(self, kind: type) -> Any:
        return self._shapes.resolved(self._shapes.schema(kind)).get("required", True)

    def _responses(self) -> dict[str, Any]:
        call = self._call
        usual = Reply(description="Done.", shape=call.answer, media_type=call.media_type)
        replies = {**call.replies}
        if all(status >= FIRST_REFUSAL for status in replies):
            replies[self._found.status] = usual
        for status in call.refusals(has_path="{" in self._found.path):
            replies[status] = self._refusal(status)
        return {str(status): self._response(replies[status]) for status in sorted(replies)}

    def _refusal(self, status: int) -> Reply:
        headers = {"Retry-After": "integer"} if status == 429 else {}  # noqa: PLR2004
        return Reply(description=WORDS[status], shape=self._call.failure, headers=headers)

    def _response(self, reply: Reply) -> dict[str, Any]:
        made: dict[str, Any] = {"description": reply.description}
        headers = {
            name: {
                "description": HEADER_WORDS[name],
                "required": True,
                "schema": {"type": kind},
            }
            for name, kind in reply.headers.items()
        }
        if headers:
            made["headers"] = headers
        if reply.shapes:
            several = [self._shapes.schema(shape) for shape in reply.shapes]
            schema = several[0] if len(several) == 1 else {"anyOf": several}
            made["content"] = {reply.media_type: {"schema": schema}}
            if reply.media_type == JSON:
                made["content"][JSON]["example"] = self._shapes.example(schema)
        elif reply.media_type != JSON:
            kind = {"type": "string"} if reply.media_type.startswith("text/") else {}
            made["content"] = {reply.media_type: {"schema": kind}}
        return made


KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same call with the same key gets the same answer for a week, and does "
    "nothing again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
