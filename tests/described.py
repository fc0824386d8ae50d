"""Every answer that a test gets is held against the description of its call."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
from litestar import Litestar

from doorstep.api.description.routes import description_of

NEVER_DESCRIBED = {405, 500}
"""Another method, and our own fault."""


class Described:
    """The description of the product, with objects closed: a key that it lacks is a fault."""

    def __init__(self, app: Litestar) -> None:
        """The application has started."""
        document: Any = closed(description_of(app))
        self._components = document["components"]
        addresses = [
            (address, methods)
            for path, methods in document["paths"].items()
            for address in (
                path,
                *(also for one in methods.values() for also in one.get("x-also-at", ())),
            )
        ]
        # Words before names in braces, as the product's own routes.
        addresses.sort(key=lambda one: "{" in one[0])
        self._calls = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", one)), methods) for one, methods in addresses
        ]
        self._validator = cache(self._made_validator)

    def problems(self, answer: httpx.Response) -> Iterator[str]:
        """What the description does not say of this answer; nothing for what is no call."""
        request = answer.request
        operation = self._operation(request.url.path.removesuffix("/"), request.method.lower())
        if operation is None or answer.status_code in NEVER_DESCRIBED or is_for_people(answer):
            return
        described = operation["responses"].get(str(answer.status_code))
        if described is None:
            yield f"no {answer.status_code}"
            return
        for name, header in described.get("headers", {}).items():
            if header["required"] and name not in answer.headers:
                yield f"no {name}"
        if not answer.content:
            return
        kind = answer.headers.get("content-type", "").replace(" ", "")
        for known in described.get("content", {}):
            if known.replace(" ", "") == kind or known == kind.partition(";")[0]:
                if kind.startswith("application/json"):
                    key = (operation["operationId"], str(answer.status_code), known)
                    for error in self._validator(key).iter_errors(answer.json()):
                        yield f"{list(error.instance_path)}: {error.message[:300]}"
                return
        yield f"no {kind}"

    def _operation(self, path: str, method: str) -> Any:
        spellings = (path, path.removesuffix(".json"))
        for pattern, methods in self._calls:
            if method in methods and any(pattern.fullmatch(one) for one in spellings):
                return methods[method]
        return None

    def _made_validator(self, key: tuple[str, str, str]) -> Any:
        name, status, kind = key
        operation = next(
            one
            for _, methods in self._calls
            for one in methods.values()
            if one["operationId"] == name
        )
        schema = operation["responses"][status]["content"][kind]["schema"]
        return jsonschema_rs.validator_for({**schema, "components": self._named_by(schema)})

    def _named_by(self, schema: Any) -> dict[str, dict[str, Any]]:
        """The components that it refers to, and those refer to: all of them take 7 ms to read."""
        found: dict[str, dict[str, Any]] = {}
        waiting = [*references(schema)]
        while waiting:
            _, _, kind, name = waiting.pop().split("/")
            if name not in found.setdefault(kind, {}):
                found[kind][name] = self._components[kind][name]
                waiting += references(found[kind][name])
        return found


def references(node: Any) -> Iterator[str]:
    """Every `#/components/kind/name` in it."""
    if isinstance(node, list):
        for one in node:
            yield from references(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)


def is_for_people(answer: httpx.Response) -> bool:
    """Whether a browser asked and got the page of a failure."""
    kind = answer.headers.get("content-type", "")
    asked = answer.request.headers.get("accept", "")
    return answer.is_error and kind.startswith("text/html") and "text/html" in asked


def closed(node: Any) -> Any:
    """The same document, in which objects with named fields have no others."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: closed(value) for key, value in node.items()}
    if isinstance(made.get("properties"), dict) and "type" in made:
        made.setdefault("additionalProperties", False)
    return made
