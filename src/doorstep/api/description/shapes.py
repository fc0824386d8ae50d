"""From declared structs to the schemas of the document: as JSON, as a form, as an example."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

REF = "#/components/schemas/"

Schema = dict[str, Any]


class Shapes:
    """The schemas of all the types that calls name, and what is made of them."""

    def __init__(self, types: Iterable[Any]) -> None:
        """Each type once, in the order in which calls name them."""
        kinds = list(dict.fromkeys(types))
        made, self.components = msgspec.json.schema_components(kinds, ref_template=REF + "{name}")
        self._of: dict[Any, Schema] = dict(zip(kinds, made, strict=True))

    def schema(self, kind: Any) -> Schema:
        """How the document refers to this type."""
        return self._of[kind]

    def resolved(self, schema: Schema) -> Schema:
        """The schema behind a reference."""
        ref = schema.get("$ref")
        if ref is None:
            return schema
        found: Schema = self.components[ref.removeprefix(REF)]
        return found

    def fields(self, kind: Any) -> Iterable[tuple[str, Schema, bool]]:
        """(name, schema, whether it must be there) of a struct's fields."""
        whole = self.resolved(self.schema(kind))
        needed = whole.get("required", [])
        for name, schema in whole["properties"].items():
            yield name, schema, name in needed

    def form(self, kind: Any) -> Schema:
        """The same tree with bracketed names, as forms send it."""
        properties: dict[str, Schema] = {}
        needed: list[str] = []
        self._flatten(self.schema(kind), head="", properties=properties, needed=needed)
        return {"type": "object", "properties": properties, "required": needed}

    def example(self, schema: Schema) -> Any:
        """A value that fits: what fields must be there, and those that have an example."""
        schema = self.resolved(schema)
        for key in ("examples", "enum"):
            if schema.get(key):
                return schema[key][0]
        if "const" in schema:
            return schema["const"]
        if "anyOf" in schema:
            known = [one for one in schema["anyOf"] if self._is_told(one)]
            if not known and {"type": "null"} in schema["anyOf"]:
                return None
            return self.example([*known, *schema["anyOf"]][0])
        if "properties" in schema:
            return self._object_example(schema)
        if schema.get("type") == "array":
            return [self.example(schema["items"])] if "items" in schema else []
        if schema.get("format") == "uuid":
            return "0eb6edb9-b425-4797-8161-18aebf225707"
        return {"string": "text", "integer": 1, "number": 1, "boolean": False, "object": {}}.get(
            schema.get("type", "")
        )

    def _object_example(self, schema: Schema) -> dict[str, Any]:
        needed = schema.get("required", [])
        return {
            name: self.example(below)
            for name, below in schema["properties"].items()
            if name in needed or self._is_told(below)
        }

    def _is_told(self, schema: Schema) -> bool:
        schema = self.resolved(schema)
        below = [*schema.get("anyOf", []), *schema.get("properties", {}).values()]
        return "examples" in schema or any(self._is_told(one) for one in below)

    def _flatten(
        self, schema: Schema, *, head: str, properties: dict[str, Schema], needed: list[str]
    ) -> None:
        whole = self.resolved(schema)
        for name, below in whole["properties"].items():
            full = f"{head}[{name}]" if head else name
            inner = self._object_of(below)
            if name in whole.get("required", []) and inner is None:
                needed.append(full)
            if inner is not None:
                sink = needed if name in whole.get("required", []) else []
                self._flatten(inner, head=full, properties=properties, needed=sink)
            else:
                properties[full] = below

    def _object_of(self, schema: Schema) -> Schema | None:
        found = [schema, *schema.get("anyOf", [])]
        return next((one for one in found if "properties" in self.resolved(one)), None)


def without(mapping: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """A copy that lacks these keys."""
    return {key: value for key, value in mapping.items() if key not in keys}
