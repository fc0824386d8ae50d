"""The document as a person reads it: chapters of calls, fields in lines, an example in curl."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from doorstep.api.description.calls import BEARER, CAPTURE, CLIENT, FORM, JSON
from doorstep.api.description.shapes import REF, Schema

DEPTH_MAX = 6
KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
    "null": "null",
}
TRUTHS = {"true", "false"}
FORMATS = {
    "uuid": "UUID",
    "date-time": "time",
    "email": "address of e-mail",
    "uri": "URL",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field or parameter."""

    name: str
    depth: int = 0
    kind: str
    needed: bool
    where: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One status of a call."""

    status: str
    description: str
    media_type: str
    lines: list[Line]
    example: str

    @property
    def is_good(self) -> bool:
        """Whether the call did what was asked."""
        return self.status < "400"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call."""

    id: str
    method: str
    path: str
    also_at: list[str]
    summary: str
    description: str
    credential: str
    parameters: list[Line]
    takes: list[str]
    body: list[Line]
    answers: list[Answer]
    curl: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The calls of one noun."""

    name: str
    slug: str
    description: str
    operations: list[Operation] = field(default_factory=list)


def chapters(document: Mapping[str, Any], *, base_url: str) -> Iterator[Chapter]:
    """Every chapter in its order; examples call this server."""
    reader = Reader(document, base_url=base_url)
    for tag in document["tags"]:
        yield Chapter(
            name=tag["name"],
            slug=tag["name"].lower().replace(" ", "-"),
            description=tag["description"],
            operations=[
                reader.operation(path, method=method, told=told)
                for path, methods in document["paths"].items()
                for method, told in methods.items()
                if tag["name"] in told["tags"]
            ],
        )


class Reader:
    """Reads operations of one document."""

    def __init__(self, document: Mapping[str, Any], *, base_url: str) -> None:
        """`base_url` is where the examples go."""
        self._schemas = document["components"]["schemas"]
        self._base_url = base_url

    def operation(self, path: str, *, method: str, told: Mapping[str, Any]) -> Operation:
        """One call."""
        body = self._body(told)
        credentials = [name for one in told.get("security", []) for name in one]
        return Operation(
            id=told["operationId"],
            method=method.upper(),
            path=path,
            also_at=told.get("x-also-at", []),
            summary=told.get("summary", ""),
            description=told.get("description", ""),
            credential=credentials[0] if credentials else "",
            parameters=[self._parameter(one) for one in told.get("parameters", [])],
            takes=list(body),
            body=list(self._lines(next(iter(body.values()))["schema"])) if body else [],
            answers=[self._answer(*one) for one in told["responses"].items()],
            curl=self._curl(path, method=method, told=told),
        )

    def _body(self, told: Mapping[str, Any]) -> dict[str, Any]:
        content: dict[str, Any] = told.get("requestBody", {}).get("content", {})
        return content

    def _parameter(self, told: Mapping[str, Any]) -> Line:
        return Line(
            name=told["name"],
            where=told["in"],
            kind=self._kind(told["schema"]),
            needed=told.get("required", False),
            description=told.get("description", "") or self._description(told["schema"]),
        )

    def _answer(self, status: str, told: Mapping[str, Any]) -> Answer:
        every: dict[str, Any] = told.get("content", {"": {}})
        media_type, content = next(iter(every.items()))
        example = content.get("example")
        return Answer(
            status=status,
            description=told["description"],
            media_type=media_type,
            lines=list(self._lines(content.get("schema", {}))),
            example=json.dumps(example, indent=2) if example is not None else "",
        )

    def _lines(self, schema: Schema, *, depth: int = 0) -> Iterator[Line]:
        whole = self._object(schema)
        if whole is None or depth > DEPTH_MAX:
            return
        for name, below in whole["properties"].items():
            yield Line(
                name=name,
                depth=depth,
                kind=self._kind(below),
                needed=name in whole.get("required", []),
                description=self._description(below),
            )
            yield from self._lines(below, depth=depth + 1)

    def _description(self, schema: Schema) -> str:
        """What is said of it, or of one of its kinds."""
        found = [schema, *self._choices(schema)]
        return next((one["description"] for one in found if one.get("description")), "")

    def _object(self, schema: Schema) -> Schema | None:
        """The fields behind a schema: its own, of one of its kinds, or of what it lists."""
        schema = self._resolved(schema)
        if "properties" in schema:
            return schema
        for below in (*self._choices(schema), schema.get("items", {})):
            if below:
                found = self._object(below)
                if found is not None:
                    return found
        return None

    def _kind(self, schema: Schema) -> str:
        schema = self._resolved(schema)
        if self._choices(schema):
            kinds = dict.fromkeys(self._kind(one) for one in self._choices(schema))
            return " or ".join(kinds)
        if TRUTHS.issubset(schema.get("enum", ())):
            return KINDS["boolean"]
        if "enum" in schema:
            return "one of " + ", ".join(str(one) for one in schema["enum"] if one != "")
        if "const" in schema:
            return json.dumps(schema["const"])
        kind = schema.get("type", "")
        if kind == "array":
            one = schema.get("prefixItems", [schema.get("items", {})])[0]
            return f"list of {self._kind(one)}"
        return FORMATS.get(schema.get("format", ""), KINDS.get(kind, "anything"))

    def _choices(self, schema: Schema) -> list[Schema]:
        found: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or []
        return found

    def _resolved(self, schema: Any) -> Schema:
        if isinstance(schema, bool):
            return {}
        ref = schema.get("$ref", "")
        found: Schema = self._schemas[ref.removeprefix(REF)] if ref else schema
        return found

    def _curl(self, path: str, *, method: str, told: Mapping[str, Any]) -> str:
        query, lines = [], []
        for one in told.get("parameters", []):
            example = one["schema"].get("examples", [None])[0]
            if one["in"] == "path":
                shown = str(example) if example is not None else one["name"].upper()
                path = path.replace("{" + one["name"] + "}", shown)
            elif one.get("required") and one["in"] == "query":
                query.append(f"{one['name']}={example if example is not None else '...'}")
            elif one.get("required") and one["in"] == "header":
                lines.append(f"-H {shlex.quote(one['name'] + ': ' + str(example or '...'))}")
        url = self._base_url + path + ("?" + "&".join(query) if query else "")
        credentials = {name for one in told.get("security", []) for name in one}
        known = {
            BEARER: '-H "Authorization: Bearer $TOKEN"',
            CLIENT: '-u "$CLIENT_ID:$CLIENT_SECRET"',
            CAPTURE: '-b "doorstep_capture=$SESSION"',
        }
        lines = [*(text for name, text in known.items() if name in credentials), *lines]
        lines += self._curl_body(self._body(told))
        head = "curl" if method == "get" else f"curl -X {method.upper()}"
        if method == "head":
            head = "curl -I"
        return " \\\n  ".join([f"{head} {shlex.quote(url)}", *lines])

    def _curl_body(self, content: Mapping[str, Any]) -> list[str]:
        if JSON in content:
            example = content[JSON].get("example")
            if example is None:
                return [f"-H 'Content-Type: {JSON}'", "-d @body.json"]
            text = json.dumps(example, indent=2)
            return [f"-H 'Content-Type: {JSON}'", f"-d {shlex.quote(text)}"]
        if FORM in content:
            return ["-d 'CaptorraId=123456'", "-d '...'"]
        for media_type in content:
            return [f"-H 'Content-Type: {media_type}'", "--data-binary @photo.jpg"]
        return []
