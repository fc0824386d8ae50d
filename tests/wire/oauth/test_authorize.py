"""`/oauth/authorize`: who may consent, where the answer goes, and where it never goes."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.wire.oauth.conftest import Program

PATH = "/oauth/authorize"
HTML = {"accept": "text/html"}


async def test_the_page_names_the_integration_and_what_it_gets(
    client: httpx.AsyncClient, program: Program
) -> None:
    answer = await client.get(
        PATH, params=program.asking(), headers=program.troupe.cookie("alice") | HTML
    )

    assert answer.status_code == 200
    assert "Connect Roofer&#39;s CRM?" in answer.text
    assert "all of <strong>Bluth Company</strong>" in answer.text
    assert "crm.example" in answer.text
    assert "form-action 'self' https://crm.example;" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


async def test_allow_goes_back_with_a_code_and_the_state(program: Program) -> None:
    answer = await program.http.post(
        PATH,
        data=program.asking(decision="allow"),
        headers=program.troupe.cookie("alice"),
    )

    location = answer.headers["location"]
    assert answer.status_code == 302
    assert location.startswith("https://crm.example/back?tenant=7&code=dst_co_")
    assert location.endswith("&state=s+t%261")


async def test_deny_goes_back_with_the_refusal(program: Program) -> None:
    assert await program.consent(decision="deny") == {
        "tenant": "7",
        "error": "access_denied",
        "state": "s t&1",
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "x" * 43}, "invalid_request"),
    ],
)
async def test_a_wrong_question_goes_back_as_an_error(
    client: httpx.AsyncClient, program: Program, change: dict[str, str], error: str
) -> None:
    headers = program.troupe.cookie("alice")
    asked = await client.get(PATH, params=program.asking(**change), headers=headers)

    assert asked.status_code == 302
    assert asked.headers["location"] == (
        f"https://crm.example/back?tenant=7&error={error}&state=s+t%261"
    )
    assert (await program.consent(**change))["error"] == error


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "nobody"},
        {"client_id": "client-123456"},
        {"redirect_uri": "https://crm.example/back"},
        {"redirect_uri": "https://evil.example/back?tenant=7"},
        {"redirect_uri": ""},
    ],
)
async def test_nothing_is_sent_to_an_address_that_is_not_registered(
    client: httpx.AsyncClient, program: Program, change: dict[str, str]
) -> None:
    headers = program.troupe.cookie("alice")
    asked = await client.get(PATH, params=program.asking(**change), headers=headers)
    sent = await client.post(PATH, data=program.asking(decision="allow", **change), headers=headers)

    assert (asked.status_code, sent.status_code) == (404, 404)
    assert "location" not in asked.headers
    assert "location" not in sent.headers


async def test_a_name_with_a_nul_is_not_there(client: httpx.AsyncClient, program: Program) -> None:
    headers = program.troupe.cookie("alice")
    asked = await client.get(PATH, params=program.asking(client_id="a\0b"), headers=headers)
    ended = await client.post("/integrations/a%00b/revocation", headers=headers)
    assert (asked.status_code, ended.status_code) == (404, 404)


async def test_an_integration_of_another_organization_is_not_there(
    client: httpx.AsyncClient, cast: Cast, program: Program
) -> None:
    headers = cast.charlie.cookie("charlie")
    foreign = await client.get(PATH, params=program.asking(), headers=headers)
    missing = await client.get(PATH, params=program.asking(client_id="nobody"), headers=headers)

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.text == missing.text


@pytest.mark.parametrize("who", ["bob", "amy"])
async def test_only_an_admin_may_consent(
    client: httpx.AsyncClient, program: Program, who: str
) -> None:
    headers = program.troupe.cookie(who)
    asked = await client.get(PATH, params=program.asking(), headers=headers)
    sent = await client.post(PATH, data=program.asking(decision="allow"), headers=headers)

    assert (asked.status_code, sent.status_code) == (403, 403)
    assert "location" not in sent.headers


async def test_who_is_signed_out_is_asked_in_and_comes_back(
    client: httpx.AsyncClient, program: Program
) -> None:
    answer = await client.get(PATH, params=program.asking(), headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Foauth%2Fauthorize%3F")


async def test_another_sites_form_is_refused(program: Program) -> None:
    foreign: dict[str, Any] = {"sec-fetch-site": "cross-site"}
    answer = await program.http.post(
        PATH,
        data=program.asking(decision="allow"),
        headers=program.troupe.cookie("alice") | foreign,
    )
    assert answer.status_code == 403
    assert "location" not in answer.headers
