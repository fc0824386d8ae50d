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
    assert "&#34;First&#34;: &#34;Lucille&#34;" in text


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
