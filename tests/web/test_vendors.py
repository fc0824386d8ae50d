"""Connect a vendor."""

import html
import json
import re

import httpx

from tests.cast import Cast
from tests.faults.posting import accepted, encoded
from tests.web.conftest import Desk


async def test_the_shown_command_posts_a_lead(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    text = (await alice.get("/sources")).text
    assert '<dd class="mono">123456</dd>' in text
    assert str(cast.alice.referrer) in text
    command = html.unescape(re.findall(r'tabindex="0"[^>]*>(curl.*?)</pre>', text, re.DOTALL)[0])
    url = re.search(r"POST '([^']+)'", command)
    body = re.search(r"-d '(.*)'$", command, re.DOTALL)
    assert url
    assert body
    answer = await client.post(url[1], json=json.loads(body[1]))
    assert answer.json()["success"] is True
    assert "Test Lead" in (await alice.get("/inbox")).text


async def test_adds_a_vendor_and_a_case_type(alice: Desk) -> None:
    for kind, name in (("sources", "Northfield Claims"), ("case-types", "Siding")):
        answer = await alice.post("/sources", {"kind": kind, "name": name})
        assert answer.headers["location"] == f"/sources?said={kind}"
        assert name in (await alice.get("/sources")).text


async def test_ids_that_vendors_send_already_are_taken_as_they_are(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    referrer, guid = "{ABCDEF01-2345-6789-ABCD-EF0123456789}", "00112233445566778899aabbccddeeff"
    for kind, own in (("sources", referrer), ("case-types", guid)):
        answer = await alice.post("/sources", {"kind": kind, "name": "Old", "guid": own})
        assert answer.status_code == 303
    text = (await alice.get("/sources")).text
    assert "abcdef01-2345-6789-abcd-ef0123456789" in text
    assert "00112233-4455-6677-8899-aabbccddeeff" in text
    await accepted(client, encoded(cast.alice, Referrer=referrer, Type=guid))
    assert "Old" in (await alice.get("/inbox")).text


async def test_an_id_that_is_none_or_in_use_is_refused_and_kept_in_the_form(
    cast: Cast, alice: Desk, charlie: Desk
) -> None:
    for kind, guid, sentence in (
        ("sources", "abc", "This is no GUID."),
        ("case-types", "abc", "This is no GUID."),
        (
            "sources",
            str(cast.alice.referrer),
            "A vendor here has this Referrer already.",
        ),
        ("case-types", str(cast.alice.case_type), "A case type here has this GUID already."),
    ):
        answer = await alice.post("/sources", {"kind": kind, "name": "Again", "guid": guid})
        assert answer.status_code == 422
        assert f'role="alert">{sentence}' in answer.text
        assert f'value="{guid}"' in answer.text
        assert 'value="Again"' in answer.text
    # What another organization has says nothing here.
    form = {"kind": "sources", "name": "Mine", "guid": str(cast.alice.referrer)}
    assert (await charlie.post("/sources", form)).status_code == 303


async def test_a_name_is_needed(alice: Desk) -> None:
    for form in (
        {"kind": "sources", "name": " "},
        {"kind": "case-types", "name": "x" * 81},
        {"kind": "nothing", "name": "x"},
        {},
    ):
        answer = await alice.post("/sources", form)
        assert answer.status_code == 422


async def test_the_referrer_is_a_secret_of_admins(
    cast: Cast, bob: Desk, amy: Desk, charlie: Desk
) -> None:
    for desk in (bob, amy):
        assert (await desk.get("/sources")).status_code == 403
        assert (await desk.post("/sources", {"kind": "sources", "name": "x"})).status_code == 403
    assert str(cast.alice.referrer) not in (await charlie.get("/sources")).text
