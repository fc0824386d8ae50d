"""Jinja2 with escaping on, and the few filters that pages share."""

import json
from functools import cache
from importlib.resources import files

import jinja2

from doorstep.kit.clock import iso_millis
from doorstep.web.desk import lead_words, story, words

HERE = files("doorstep.web")


@cache
def environment() -> jinja2.Environment:
    """The one template environment; a missing variable is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("doorstep.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["iso"] = iso_millis
    made.filters.update(words.FILTERS | lead_words.FILTERS | story.FILTERS)
    made.globals["asset"] = asset
    return made


def render(name: str, **values: object) -> str:
    """The template as HTML."""
    return environment().get_template(name).render(**values)


@cache
def _manifest() -> dict[str, str]:
    path = HERE / "static" / "built" / "manifest.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def asset(name: str) -> str:
    """The address of a built asset, with its content's hash."""
    return f"/static/built/{name}?v={_manifest()[name]}"
