"""The rules of a source, as its vendor meets them."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.errors import Invalid
from doorstep.kit.signing import Signer
from doorstep.leads import sources
from doorstep.leads.model import Rules
from doorstep.web.services import Services
from tests.cast import STAGE, Cast
from tests.faults.posting import R2, R4, accepted, encoded, lead, rows, send
from tests.pinned import PinnedDatabase


async def ruled(db: PinnedDatabase, cast: Cast, **changes: Any) -> sources.Source:
    (row,) = await rows(db, cast.alice, "SELECT id FROM sources")
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        source = await sources.find(scope, source_id=row["id"])
        await sources.change(scope, source_id=source.id, rules=replace(source.rules, **changes))
        return await sources.find(scope, source_id=source.id)


async def test_the_defaults_are_the_documented_wires(cast: Cast, db: PinnedDatabase) -> None:
    assert (await ruled(db, cast)).rules == Rules(
        success_key="IntakeID",
        statuses=False,
        repeat_window=None,
        testing=False,
        strict=False,
        networks=(),
        signature_salt=None,
        posts_per_second_max=200,
    )


@pytest.mark.parametrize(
    ("key", "keys"),
    [("IntakeId", ["IntakeId"]), ("both", ["IntakeID", "IntakeId"]), ("IntakeID", ["IntakeID"])],
)
async def test_the_success_key(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, key: str, keys: list[str]
) -> None:
    await ruled(db, cast, success_key=key)

    answer = await send(client, encoded(cast.alice))

    assert list(answer.json()) == ["success", *keys]
    assert len({answer.json()[one] for one in keys}) == 1


async def test_statuses_for_who_wants_them(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await ruled(db, cast, statuses=True)

    made = await send(client, encoded(cast.alice))
    broken = await send(client, encoded(cast.alice)[:-1])
    missing = await send(client, encoded(cast.alice, First=""))

    assert (made.status_code, made.json()["success"]) == (201, True)
    assert (broken.status_code, broken.text) == (400, R2)
    assert missing.status_code == 422
    assert missing.json() == {"success": False, "error": "Please provide First"}


async def test_the_window_of_repeats(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await ruled(db, cast, repeat_window=timedelta(hours=1))
    first = await accepted(client, encoded(cast.alice))
    (key,) = await rows(db, cast.alice, "SELECT expires_at - now() AS left FROM lead_keys")

    assert key["left"] == timedelta(hours=1)
    assert await accepted(client, encoded(cast.alice)) == first


async def test_no_window_makes_a_lead_of_each_post(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await ruled(db, cast, repeat_window=timedelta(0))

    made = {await accepted(client, encoded(cast.alice)) for _ in range(3)}

    assert len(made) == 3


async def test_a_source_under_test_marks_its_leads(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await ruled(db, cast, testing=True)

    lead_id = await accepted(client, encoded(cast.alice))

    assert (await lead(db, cast.alice, lead_id))["tags"] == ["test"]
    events = await rows(db, cast.alice, "SELECT payload FROM events WHERE lead_id IS NOT NULL")
    assert events[0]["payload"]["test"] is True


async def test_a_strict_source_refuses_what_is_too_long(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await ruled(db, cast, strict=True)

    answer = await send(client, encoded(cast.alice, First="x" * 51))

    assert answer.json() == {"success": False, "error": "First is longer than 50 characters"}
    assert await rows(db, cast.alice, "SELECT id FROM leads") == []


@pytest.mark.parametrize(("network", "known"), [("127.0.0.0/8", "known"), ("10.0.0.0/8", "")])
async def test_only_the_sources_networks_may_post(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, network: str, known: str
) -> None:
    await ruled(db, cast, networks=(ip_network(network),))

    answer = await send(client, encoded(cast.alice))

    assert answer.json()["success"] is bool(known)
    if not known:
        assert answer.text == R4
        (post,) = await rows(db, cast.alice, "SELECT outcome FROM lead_posts")
        assert post["outcome"] == "network"


async def test_a_signed_source(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    (row,) = await rows(db, cast.alice, "SELECT id FROM sources")
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        secret = await sources.sign(scope, source_id=row["id"], signer=services.signer)
    body = encoded(cast.alice)
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    unsigned = await send(client, body)
    wrong = await send(client, body + b" ", x_doorstep_signature=f"sha256={mac}")
    signed = await send(client, body, x_doorstep_signature=f"sha256={mac}")

    assert (unsigned.text, wrong.text) == (R4, R4)
    assert signed.json()["success"] is True
    posts = await rows(db, cast.alice, "SELECT outcome, headers FROM lead_posts ORDER BY id")
    assert [post["outcome"] for post in posts] == ["signature", "signature", "accepted"]
    assert not any("x-doorstep-signature" in post["headers"] for post in posts)


def test_the_secret_of_a_signature_is_made_from_the_servers_key() -> None:
    one, other = Signer("k" * 32), Signer("l" * 32)

    assert sources.signature_secret(one, b"salt") == sources.signature_secret(one, b"salt")
    assert sources.signature_secret(one, b"salt") != sources.signature_secret(other, b"salt")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"success_key": "id"}, "success_key"),
        ({"repeat_window": timedelta(days=91)}, "repeat_window"),
        ({"posts_per_second_max": 0}, "posts_per_second_max"),
        ({"networks": (ip_network("10.0.0.0/8"),) * 51}, "networks"),
    ],
)
async def test_rules_that_make_no_sense(
    cast: Cast, db: PinnedDatabase, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        await ruled(db, cast, **change)

    assert list(raised.value.fields) == [field]


def test_networks_as_typed() -> None:
    assert sources.parse_networks("10.0.0.0/8, 192.0.2.7 2001:db8::/32") == (
        ip_network("10.0.0.0/8"),
        ip_network("192.0.2.7/32"),
        ip_network("2001:db8::/32"),
    )
    with pytest.raises(Invalid):
        sources.parse_networks("10.0.0.0/8, nowhere")
