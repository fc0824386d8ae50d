"""The description of the whole API: complete, documented, and true under random calls."""

import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from doorstep.api.description.calls import OPT
from doorstep.web.app import Dispatcher

PATH = "/openapi.json"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

PAGES = {
    "POST /oauth/authorize": "the form of the consent page",
    "GET /integrations": "a page of the desk",
    "POST /integrations": "a form of that page",
    "POST /integrations/{client_id}/redirect-uris": "a form of that page",
    "POST /integrations/{client_id}/revocation": "a form of that page",
    "GET /again/{identifier}": "the page that sends a link again",
    "GET /3d/{job_id}": "the published address of a job's page",
    "GET /wr/jobs/{job_id}": "the same, older",
    "POST /again/{identifier}": "its form",
    "GET /c/{token}": "the homeowner's first page",
    "POST /c/{token}/answers": "its other buttons",
    "GET /unsubscribe/{token}": "the page at the end of a reminder",
    "POST /unsubscribe/{token}": "its button, which mail programs press too",
    "GET /c/{token}/erasure": "what would be deleted, as a page",
    "POST /c/{token}/erasure": "its button",
    "GET /capture/erasure": "the same by the session",
    "POST /capture/erasure": "its button",
    "GET /shared/{token}": "a shared model, as a page",
    "GET /shared/{token}/model.glb": "its file",
    "GET /capture/sheet.pdf": "the sheet of markers to print",
    "GET /capture": "the homeowner's camera",
    "GET /capture/worker.js": "its service worker",
    "GET /capture/house": "the homeowner's model, as a page",
    "GET /looks/{name}": "the colours of an organization, for its pages",
    "GET /logos/{org_id}/{name}": "its logo",
    "GET /reference": "the description, as a page",
    "GET /reference/{slug}": "one chapter of it",
    "GET /static/{file_path}": "what pages are made of",
    "HEAD /static/{file_path}": "what pages are made of",
}
PAGES_ALONE = ("doorstep.web.desk.", "doorstep.web.vendor.", "doorstep.web.partner")
"""Whatever a browser is served from there is a page, a piece of one, or its form."""


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    """The description, as anybody gets it."""
    answer = await client.get(PATH)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def is_page(handler: HTTPRouteHandler) -> bool:
    return handler.fn.__module__.startswith(PAGES_ALONE)


async def test_every_route_is_described_or_a_page(
    app: Dispatcher, document: dict[str, Any]
) -> None:
    described = {re.sub(r"{\w+}", "{}", call) for call in operations(document)}
    raw = {path: door.described for path, door in app.app.state.hot.items()}
    found = {f"{told.method.upper()} {told.at or path}" for path, told in raw.items()}
    pages: set[str] = set()
    for route in app.app.routes:
        assert isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items():
            own_options = method == "OPTIONS" and OPT not in handler.opt
            if is_page(handler) or own_options:
                continue
            call = f"{method} {route.path_format}"
            (pages if call in PAGES else found).add(call)

    aliases = {
        f"{call.partition(' ')[0]} {alias}"
        for call, operation in operations(document).items()
        for alias in operation.get("x-also-at", ())
    }
    known = described | {re.sub(r"{\w+}", "{}", alias) for alias in aliases}
    left = {
        call
        for call in (re.sub(r"{\w+}", "{}", call) for call in found)
        if not {call, call.removesuffix(".json")} & known
    }
    assert sorted(left) == []
    assert sorted(pages) == sorted(PAGES)


async def test_operations_have_names_of_their_own_and_a_chapter(document: dict[str, Any]) -> None:
    every = operations(document).values()
    names = [one["operationId"] for one in every]
    chapters = {tag["name"] for tag in document["tags"]}

    assert document["openapi"].startswith("3.1")
    assert len(names) == len(set(names)) >= 70
    assert {tag for one in every for tag in one["tags"]} == chapters


@pytest.mark.slow
async def test_examples_fit_their_own_schemas(document: dict[str, Any]) -> None:
    wrong = []
    for call, operation in operations(document).items():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (one for body in bodies for one in body.get("content", {}).values()):
            if "example" in content:
                schema = {**content["schema"], "components": document["components"]}
                validator = jsonschema_rs.validator_for(schema)
                wrong += [
                    f"{call}: {error.instance_path}: {error.message}"
                    for error in validator.iter_errors(content["example"])
                ]
    assert wrong == []


async def test_a_form_nests_with_brackets(document: dict[str, Any]) -> None:
    create = document["paths"]["/api/v2/capture_requests"]["post"]
    content = create["requestBody"]["content"]
    form = document["components"]["schemas"]["NewCaptureRequestForm"]

    assert list(content) == [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ]
    assert form["required"] == [
        "capture_request[capturing_user_name]",
        "capture_request[capturing_user_email]",
        "capture_request[job_attributes][location_line_1]",
    ]
    assert create["responses"]["201"]["content"]["application/json"]["example"]["state"] == "new"


async def test_every_call_of_the_desk_is_in_its_reference(document: dict[str, Any]) -> None:
    text = (REFERENCE / "desk-api.md").read_text("utf-8")
    calls = [f"`{call}`" for call in operations(document) if " /api/desk/" in call]

    assert len(calls) >= 13
    assert [call for call in calls if call not in text] == []


async def test_the_old_address_of_the_desks_part_is_gone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/desk/openapi/openapi.json")).status_code == 404
    assert (await client.get("/schema")).status_code == 404
