"""`/oauth/token` and `/oauth/revoke`: pairs, rotation, the lost reply, and the end of a family."""

import base64
import hashlib
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from doorstep.auth import actions as auth
from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Role
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.wire.oauth.conftest import BACK, Program

GRANT_REFUSED = {
    "error": "invalid_grant",
    "error_description": "The code or token is unknown, used, expired or of another integration.",
}
CLIENT_REFUSED = {
    "error": "invalid_client",
    "error_description": "Client id and secret do not belong together.",
}


async def later(db: PinnedDatabase, program: Program, *, by: timedelta) -> None:
    """Let time pass for every code and token."""
    async with db.transaction(Role.APP, org_id=program.troupe.org_id) as tx:
        await tx.execute("UPDATE oauth_codes SET expires_at = expires_at - $1::interval", by)
        await tx.execute(
            "UPDATE api_tokens SET expires_at = expires_at - $1::interval, "
            "used_at = used_at - $1::interval",
            by,
        )


async def test_a_code_becomes_the_documented_pair(program: Program, cast: Cast) -> None:
    answer = await program.exchange((await program.consent())["code"])

    pair = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert pair == {
        "access_token": pair["access_token"],
        "token_type": "Bearer",
        "expires_in": 7200,
        "refresh_token": pair["refresh_token"],
        "scope": "all",
        "created_at": pair["created_at"],
        "owner_id": cast.alice.org_id,
        "owner_type": "orgs",
    }
    assert abs(pair["created_at"] - time.time()) < 60
    assert len(pair["access_token"].removeprefix("dst_at_")) == 43
    assert await program.status_of(pair["access_token"]) == 200


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/token/"])
async def test_a_form_and_a_trailing_slash_are_the_same(program: Program, path: str) -> None:
    code = (await program.consent())["code"]
    answer = await program.http.post(
        path,
        data=program.secrets
        | {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK},
    )
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"


async def test_the_client_may_name_itself_by_basic(program: Program) -> None:
    code = (await program.consent())["code"]
    answer = await program.http.post(
        "/oauth/token",
        json={"grant_type": "authorization_code", "code": code, "redirect_uri": BACK},
        auth=(program.client_id, program.client_secret),
    )
    assert answer.status_code == 200


async def test_only_hashes_are_stored(program: Program, db: PinnedDatabase) -> None:
    code = (await program.consent())["code"]
    pair = (await program.exchange(code)).json()
    async with db.transaction(Role.APP, org_id=program.troupe.org_id) as tx:
        rows = [dict(row) for row in await tx.fetch("SELECT * FROM api_tokens")]
        rows += [dict(row) for row in await tx.fetch("SELECT * FROM oauth_codes")]
        rows += [dict(row) for row in await tx.fetch("SELECT * FROM api_clients")]
        rows += [dict(row) for row in await tx.fetch("SELECT * FROM events")]
    stored = repr(rows)
    for secret in (code, pair["access_token"], pair["refresh_token"], program.client_secret):
        assert secret not in stored
    assert any(
        row.get("secret_hash") == hashlib.sha256(pair["refresh_token"].encode()).digest()
        for row in rows
    )


async def test_a_code_is_good_once_and_its_second_use_ends_the_tokens(program: Program) -> None:
    code = (await program.consent())["code"]
    pair = (await program.exchange(code)).json()

    again = await program.exchange(code)

    assert (again.status_code, again.json()) == (400, GRANT_REFUSED)
    assert await program.status_of(pair["access_token"]) == 401
    assert (await program.refresh(pair["refresh_token"])).json() == GRANT_REFUSED


async def test_a_code_lives_ten_minutes(program: Program, db: PinnedDatabase) -> None:
    early, late = (await program.consent())["code"], (await program.consent())["code"]
    await later(db, program, by=timedelta(minutes=9, seconds=50))
    assert (await program.exchange(early)).status_code == 200
    await later(db, program, by=timedelta(seconds=11))
    assert (await program.exchange(late)).json() == GRANT_REFUSED


async def test_a_code_is_bound_to_address_and_client(
    program: Program, cast: Cast, db: PinnedDatabase
) -> None:
    code = (await program.consent())["code"]
    elsewhere = await program.exchange(code, redirect_uri="https://crm.example/back")
    stranger = await program.exchange(code, client_id="client-654321")

    assert (elsewhere.status_code, elsewhere.json()) == (400, GRANT_REFUSED)
    assert (stranger.status_code, stranger.json()) == (401, CLIENT_REFUSED)
    assert (await program.exchange(code)).status_code == 200


async def test_proof_key(program: Program) -> None:
    verifier = "v" * 50
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    code = (await program.consent(**asked))["code"]

    assert (await program.exchange(code)).json() == GRANT_REFUSED
    assert (await program.exchange(code, code_verifier="w" * 50)).json() == GRANT_REFUSED
    assert (await program.exchange(code, code_verifier=verifier)).status_code == 200
    plain = (await program.consent())["code"]
    assert (await program.exchange(plain, code_verifier=verifier)).json() == GRANT_REFUSED


async def test_each_refresh_gives_a_new_pair_and_ends_nothing_else(program: Program) -> None:
    first = await program.connected()
    second = (await program.refresh(first["refresh_token"])).json()
    third = (await program.refresh(second["refresh_token"])).json()

    tokens = {one[key] for one in (first, second, third) for key in ("access_token",)}
    assert len(tokens) == 3
    assert second["refresh_token"] not in (first["refresh_token"], third["refresh_token"])
    assert second | {"access_token": "", "refresh_token": "", "created_at": 0} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 7200,
        "refresh_token": "",
        "scope": "all",
        "created_at": 0,
        "owner_id": program.troupe.org_id,
        "owner_type": "orgs",
    }
    assert await program.status_of(third["access_token"]) == 200


async def test_a_lost_reply_is_given_again_for_thirty_seconds(
    program: Program, db: PinnedDatabase
) -> None:
    first = await program.connected()
    lost = (await program.refresh(first["refresh_token"])).json()
    await later(db, program, by=timedelta(seconds=28))

    again = (await program.refresh(first["refresh_token"])).json()

    assert again == lost
    assert await program.status_of(again["access_token"]) == 200
    assert (await program.refresh(again["refresh_token"])).status_code == 200


async def test_a_used_token_after_the_grace_ends_the_family(
    program: Program, db: PinnedDatabase
) -> None:
    first = await program.connected()
    other = await program.connected()
    second = (await program.refresh(first["refresh_token"])).json()
    await later(db, program, by=timedelta(seconds=31))

    stolen = await program.refresh(first["refresh_token"])

    assert (stolen.status_code, stolen.json()) == (400, GRANT_REFUSED)
    assert await program.status_of(first["access_token"]) == 401
    assert await program.status_of(second["access_token"]) == 401
    assert (await program.refresh(second["refresh_token"])).json() == GRANT_REFUSED
    assert await program.status_of(other["access_token"]) == 200


async def test_a_used_token_whose_reply_arrived_ends_the_family_at_once(program: Program) -> None:
    first = await program.connected()
    second = (await program.refresh(first["refresh_token"])).json()
    third = (await program.refresh(second["refresh_token"])).json()

    assert (await program.refresh(first["refresh_token"])).json() == GRANT_REFUSED
    assert await program.status_of(third["access_token"]) == 401


async def test_access_ends_after_two_hours_and_refresh_does_not(
    program: Program, db: PinnedDatabase
) -> None:
    pair = await program.connected()
    await later(db, program, by=timedelta(minutes=119))
    assert await program.status_of(pair["access_token"]) == 200
    await later(db, program, by=timedelta(minutes=2))
    assert await program.status_of(pair["access_token"]) == 401
    assert (await program.refresh(pair["refresh_token"])).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_revocation_holds_from_the_next_request(program: Program, which: str) -> None:
    pair = await program.connected()
    answer = await program.http.post("/oauth/revoke", data=program.secrets | {"token": pair[which]})
    assert (answer.status_code, answer.content) == (200, b"")
    assert await program.status_of(pair["access_token"]) == 401
    assert (await program.refresh(pair["refresh_token"])).json() == GRANT_REFUSED


async def test_a_pair_without_a_consent_ends_together(program: Program, db: PinnedDatabase) -> None:
    async with open_scope(db, org_id=program.troupe.org_id, actor=STAGE) as scope:
        access, refresh = await auth.issue_tokens(scope, client_id=program.client_id)
    assert await program.status_of(access) == 200
    await program.http.post("/oauth/revoke", json=program.secrets | {"token": refresh})
    assert await program.status_of(access) == 401


async def test_nobody_revokes_anothers_token(program: Program, cast: Cast) -> None:
    answer = await program.http.post(
        "/oauth/revoke", data=program.secrets | {"token": cast.charlie.token}
    )
    assert answer.status_code == 200
    assert await program.status_of(cast.charlie.token) == 200


async def test_a_refresh_token_opens_no_api_and_an_access_token_refreshes_nothing(
    program: Program,
) -> None:
    pair = await program.connected()
    assert await program.status_of(pair["refresh_token"]) == 401
    assert (await program.refresh(pair["access_token"])).json() == GRANT_REFUSED


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_secret": None}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code", "redirect_uri": "x", "code": "x"}, 400,
         "invalid_grant"),
    ],
)  # fmt: skip
async def test_errors_are_those_of_the_protocol(
    program: Program, body: dict[str, Any], status: int, error: str
) -> None:
    answer = await program.http.post("/oauth/token", json=program.secrets | body)
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert list(answer.json()) == ["error", "error_description"]
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert answer.headers["cache-control"] == "no-store"


async def test_an_unreadable_body_is_an_invalid_request(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/oauth/token", content=b"{", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_secrets_in_the_address_are_not_read(program: Program) -> None:
    answer = await program.http.post(
        "/oauth/token", params=program.secrets, json={"grant_type": "refresh_token"}
    )
    assert answer.json() == CLIENT_REFUSED
