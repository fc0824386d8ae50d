"""One lead: facts beside the post."""

import uuid

import httpx

from tests.cast import Cast
from tests.web.conftest import Desk, post_lead


async def test_shows_the_facts_and_the_post(alice: Desk, lead_id: uuid.UUID) -> None:
    text = (await alice.get(f"/leads/{lead_id}")).text
    assert "<h1>Lucille Bluth</h1>" in text
    assert '<a href="mailto:lucille@example.com">lucille@example.com</a>' in text
    assert "<dd>1 Balboa Towers, Newport Beach, CA 92661</dd>" in text
    assert "BL-7" in text
    assert "The lead arrived" in text
    assert "<dt>First</dt><dd>Lucille</dd>" in text


async def test_what_a_vendor_sends_is_text_and_never_markup(
    alice: Desk, lead_id: uuid.UUID
) -> None:
    for view in ("", "?view=raw"):
        text = (await alice.get(f"/leads/{lead_id}{view}")).text
        assert "Hail &lt;b&gt;last&lt;/b&gt; Tuesday" in text
        assert "<b>last</b>" not in text


async def test_warnings_and_extra_keys_are_shown(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    lead_id = await post_lead(client, cast.alice, Zip="9" * 25, Roof_Age="12 years")
    text = (await alice.get(f"/leads/{lead_id}")).text
    assert "Zip has 25 characters; 20 fit" in text
    assert "<dt>Roof_Age</dt><dd>12 years</dd>" in text


async def test_an_address_that_is_no_id_is_not_found(alice: Desk) -> None:
    assert (await alice.get("/leads/7")).status_code == 404
    assert (await alice.get("/leads/x")).status_code == 404


async def test_the_post_is_decoded_key_by_key_and_kept_raw(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    body = (
        b'{"CaptorraId":"%s","Referrer":"%s","First":"Ren\\u00e9","Last":"Smith","Empty":"",'
        b'"Details":"One\\r\\nTwo","Roof":{"age":12},"First":"Andr\\u00e9"}'
        % (cast.alice.captorra_id.encode(), str(cast.alice.referrer).encode())
    )
    lead_id = (await client.post("/api/captorraapi/create", content=body)).json()["IntakeID"]

    page = (await alice.get(f"/leads/{lead_id}")).text
    decoded = page.split('aria-label="How the post is shown"')[1]
    assert "<dt>First</dt><dd>René</dd>" in decoded
    assert "<dt>First</dt><dd>André</dd>" in decoded
    assert "<dt>Details</dt><dd>One\r\nTwo</dd>" in decoded
    assert '<dt>Empty</dt><dd><span class="quiet">empty</span></dd>' in decoded
    assert "&#34;age&#34;: &#34;12&#34;" in decoded
    raw = (await alice.get(f"/leads/{lead_id}?view=raw")).text
    assert "Ren\\u00e9" in raw
    assert "One\\r\\nTwo" in raw


async def test_a_post_in_another_charset_is_decoded_as_declared(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    text = f'{{"CaptorraId":"{cast.alice.captorra_id}","Referrer":"{cast.alice.referrer}"'
    body = (text + ',"First":"René","Last":"Smith"}').encode("cp1252")
    headers = {"content-type": "application/json; charset=windows-1252"}
    answer = await client.post("/api/captorraapi/create", content=body, headers=headers)
    lead_id = answer.json()["IntakeID"]
    page = (await alice.get(f"/leads/{lead_id}")).text
    assert "<dt>First</dt><dd>René</dd>" in page.split('aria-label="How the post is shown"')[1]
    assert "Ren\\xe9" in (await alice.get(f"/leads/{lead_id}?view=raw")).text
