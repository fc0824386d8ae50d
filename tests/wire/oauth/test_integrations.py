"""`/integrations`: credentials are made, changed and ended by an admin."""

import re

import httpx
import pytest

from tests.cast import Cast
from tests.wire.oauth.conftest import BACK, Program

PATH = "/integrations"


async def test_the_secret_is_shown_once(client: httpx.AsyncClient, cast: Cast) -> None:
    headers = cast.alice.cookie("alice")
    made = await client.post(
        PATH,
        data={"name": "Sync", "redirect_uris": f"{BACK}\r\nhttp://localhost:3000/back"},
        headers=headers,
    )
    listed = await client.get(PATH, headers=headers)

    secrets = re.findall(r"dst_cs_[\w-]{43}", made.text)
    assert made.status_code == 200
    assert len(set(secrets)) == 1
    assert "dst_cs_" not in listed.text
    assert "http://localhost:3000/back" in listed.text
    assert re.search(r"dst_ci_[\w-]{20}", listed.text)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "redirect_uris": BACK}, "The name can&#39;t be blank."),
        ({"name": "x", "redirect_uris": "http://crm.example/"}, "must be https"),
        ({"name": "x", "redirect_uris": "http://localhost.evil.example/"}, "must be https"),
        ({"name": "x", "redirect_uris": "javascript:alert(1)"}, "must be https"),
        ({"name": "x", "redirect_uris": "https://a;b/"}, "holds characters that no address has"),
        ({"name": "x", "redirect_uris": "https://u@crm.example/"}, "must name a host"),
        ({"name": "x", "redirect_uris": "https://crm.example/#x"}, "must name a host"),
        ({"name": "x", "redirect_uris": " ".join([BACK] * 11)}, "are more than 10"),
    ],
)
async def test_what_is_wrong_is_said(
    client: httpx.AsyncClient, cast: Cast, form: dict[str, str], words: str
) -> None:
    headers = cast.alice.cookie("alice")
    answer = await client.post(PATH, data=form, headers=headers)
    listed = await client.get(PATH, headers=headers)

    assert answer.status_code == 422
    assert words in answer.text
    assert "dst_ci_" not in listed.text


async def test_only_an_admin(client: httpx.AsyncClient, program: Program) -> None:
    headers = program.troupe.cookie("bob")
    path = f"{PATH}/{program.client_id}"
    answers = [
        await client.get(PATH, headers=headers),
        await client.post(PATH, data={"name": "x", "redirect_uris": BACK}, headers=headers),
        await client.post(f"{path}/redirect-uris", data={"redirect_uris": ""}, headers=headers),
        await client.post(f"{path}/revocation", headers=headers),
    ]
    assert {answer.status_code for answer in answers} == {403}


async def test_another_organizations_integration_is_not_there(
    client: httpx.AsyncClient, program: Program, cast: Cast
) -> None:
    headers = cast.charlie.cookie("charlie")
    for name in (program.client_id, "nobody"):
        path = f"{PATH}/{name}"
        uris = await client.post(
            f"{path}/redirect-uris", data={"redirect_uris": BACK}, headers=headers
        )
        ended = await client.post(f"{path}/revocation", headers=headers)
        assert (uris.status_code, ended.status_code) == (404, 404)
    assert program.client_id not in (await client.get(PATH, headers=headers)).text


async def test_revoking_ends_every_token(client: httpx.AsyncClient, program: Program) -> None:
    pair = await program.connected()
    path = f"{PATH}/{program.client_id}/revocation"
    ended = await client.post(path, headers=program.troupe.cookie("alice"))
    again = await client.post(path, headers=program.troupe.cookie("alice"))

    assert (ended.status_code, again.status_code) == (303, 404)
    assert await program.status_of(pair["access_token"]) == 401
    assert (await program.refresh(pair["refresh_token"])).json()["error"] == "invalid_client"
