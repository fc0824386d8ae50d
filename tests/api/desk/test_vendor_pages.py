"""What vendors see and hear, arranged by a program."""

import dataclasses
from typing import Any

import httpx
import pytest

from doorstep.web.app import Dispatcher
from doorstep.web.services import Services
from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.api.desk.test_sources import first_source
from tests.webhooks.conftest import LOOPBACK

POSTBACK = {"url": "http://127.0.0.1:9/heard", "events": ["signed"], "template": ""}


@pytest.fixture
def near(app: Dispatcher, services: Services) -> None:
    """Webhooks may go to this machine."""
    settings = dataclasses.replace(services.settings, egress_allow=LOOPBACK)
    app.app.state.services = dataclasses.replace(services, settings=settings)


async def test_a_vendor_gets_a_link_and_loses_it(
    crm: Integration, client: httpx.AsyncClient
) -> None:
    path = f"/sources/{await first_source(crm)}/page"
    nothing: dict[str, object] = {
        "link": None,
        "made_at": None,
        "shows_status": False,
        "hidden_case_types": [],
        "words": {},
    }
    assert await crm.get(path) == (200, nothing)

    status, view = await crm.send("POST", path)

    assert status == 201
    assert (await client.get(view["link"])).status_code == 200
    assert await crm.send("DELETE", path) == (204, None)
    assert (await client.get(view["link"])).status_code == 404
    assert await crm.send("DELETE", path) == (
        409,
        {"error": "This vendor has no link.", "code": "wrong_state"},
    )


async def test_what_it_sees_and_in_which_words_is_chosen(crm: Integration) -> None:
    source = f"/sources/{await first_source(crm)}"
    kind = (await crm.get("/case-types"))[1]["case_types"][0]["id"]

    await crm.send("PUT", f"{source}/page", {"shows_status": True, "hidden_case_types": [kind]})
    status, view = await crm.send("PUT", f"{source}/words", {"words": {"signed": "SOLD"}})

    assert status == 200
    assert (view["shows_status"], view["hidden_case_types"]) == (True, [kind])
    assert view["words"] == {"signed": "SOLD"}
    bad = await crm.send("PUT", f"{source}/words", {"words": {"won": "SOLD"}})
    assert bad == (422, {"errors": {"won": ["is no status"]}, "code": "invalid"})


@pytest.mark.usefixtures("near")
async def test_a_postback_is_set_and_removed(crm: Integration) -> None:
    path = f"/sources/{await first_source(crm)}/postback"
    assert await crm.get(path) == NOT_FOUND

    status, made = await crm.send("PUT", path, POSTBACK)

    assert (status, made["url"], made["events"]) == (200, POSTBACK["url"], ["signed"])
    assert made["secret"].startswith("whsec_")
    assert await crm.get(path) == (200, made)
    assert await crm.send("DELETE", path) == (204, None)
    assert await crm.get(path) == NOT_FOUND


@pytest.mark.parametrize(
    ("change", "field"),
    [({"events": []}, "events"), ({"template": "{"}, "template"), ({"url": "ftp://x"}, "url")],
)
async def test_a_postback_that_cannot_be_is_named(
    crm: Integration, change: dict[str, Any], field: str
) -> None:
    path = f"/sources/{await first_source(crm)}/postback"

    status, answer = await crm.send("PUT", path, POSTBACK | change)

    assert (status, list(answer["errors"])) == (422, [field])
    assert await crm.get(path) == NOT_FOUND


async def test_another_organizations_vendor_is_not_there(
    crm: Integration, stranger: Integration
) -> None:
    for ours in (await first_source(crm), NOBODY):
        path = f"/sources/{ours}"
        for part in ("page", "postback"):
            assert await stranger.get(f"{path}/{part}") == NOT_FOUND
            assert await stranger.send("DELETE", f"{path}/{part}") == NOT_FOUND
        assert await stranger.send("POST", f"{path}/page") == NOT_FOUND
        choice = {"shows_status": True, "hidden_case_types": []}
        assert await stranger.send("PUT", f"{path}/page", choice) == NOT_FOUND
        assert await stranger.send("PUT", f"{path}/words", {"words": {}}) == NOT_FOUND
        assert await stranger.send("PUT", f"{path}/postback", POSTBACK) == NOT_FOUND
