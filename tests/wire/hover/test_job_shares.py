"""Links that show a job's model: who makes them, what they show, and how they end."""

import re
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Role
from doorstep.kit.ids import uuid7
from doorstep.web.services import Services
from tests.cast import STAGE, Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

PATH = "/api/v1/job_shares"


async def share(
    client: httpx.AsyncClient, troupe: Troupe, job_id: object, **more: Any
) -> httpx.Response:
    headers = troupe.bearer | more.pop("headers", {})
    body = {"current_user_id": troupe.admin_id, "job_share": {"job_id": job_id}} | more
    return await client.post(PATH, json=body, headers=headers)


async def build(db: PinnedDatabase, services: Services, troupe: Troupe, job_id: int) -> None:
    """A model in both trees."""
    build_id = uuid7()
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "INSERT INTO builds (org_id, id, job_id, state) VALUES ($1, $2, $3, 'complete')",
            troupe.org_id,
            build_id,
            job_id,
        )
        await scope.tx.execute(
            "UPDATE models SET build_id = $1 WHERE job_id = $2", build_id, job_id
        )
        for tree, content in (("home", b"unit box"), ("org", b"4.2 metres")):
            await services.storage.put(f"{build_id}/{tree}", content)
            await scope.tx.execute(
                "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
                "VALUES ($1, $2, $3, 'model.glb', $4, $5, 'model/gltf-binary')",
                troupe.org_id,
                build_id,
                tree,
                f"{build_id}/{tree}",
                len(content),
            )


async def test_the_documented_object(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    job = await ask(client, cast.alice)
    answer = await share(client, cast.alice, job["pending_job_id"])
    made = answer.json()["job_share"]
    assert answer.status_code == 201
    assert re.fullmatch(r"[\w-]{20}", made["token"])
    assert made == {
        "id": made["id"],
        "job_id": job["pending_job_id"],
        "user_id": cast.alice.admin_id,
        "recipient_id": None,
        "token": made["token"],
        "external_service": None,
        "external_identifier": None,
        "expired": False,
        "expires_at": made["expires_at"],
        "url": f"http://127.0.0.1:8000/shared/{made['token']}",
        "image_url": None,
        "video_url": None,
        "open_graph_url": None,
        "street_address": job["job_attributes"]["location_line_1"],
        "state": None,
    }
    listed = await client.get(PATH, headers=cast.alice.bearer)
    shown = await client.get(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    job_now = await client.get(f"/api/v2/jobs/{made['job_id']}", headers=cast.alice.bearer)
    assert listed.json() == {
        "job_shares": [made],
        "meta": {
            "pagination": {
                "total": 1,
                "total_count": 1,
                "current_page": 1,
                "next_page": None,
                "prev_page": None,
                "total_pages": 1,
            }
        },
    }
    assert shown.json() == {"job_share": made}
    assert job_now.json()["shared"] is True
    described = await client.patch(
        f"/api/v1/jobs/{made['job_id']}",
        json={"current_user_id": cast.alice.admin_id, "job": {"name": "Shared"}},
        headers=cast.alice.bearer,
    )
    assert described.json()["job"]["job_shares"] == job_now.json()["job_shares"] == [made]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        stored = await tx.fetchval("SELECT job_shares::text FROM job_shares")
    assert made["token"] not in stored


async def test_whoever_has_it_sees_the_model_and_no_measure(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    path = (await share(client, cast.alice, job_id)).json()["job_share"]["url"][21:]
    soon = await client.get(path)
    assert (soon.status_code, "not built yet" in soon.text) == (200, True)
    assert (await client.get(f"{path}/model.glb")).status_code == 404

    await build(db, services, cast.alice, job_id)
    page = await client.get(path)
    model = await client.get(f"{path}/model.glb")
    assert f'src="{path}/model.glb"' in page.text
    assert "Balboa" not in page.text
    assert "Bluth" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert (model.status_code, model.content) == (200, b"unit box")
    for other in ("measurements.json", "report.json", "dense.glb"):
        assert (await client.get(f"{path}/{other}")).status_code == 404


@pytest.mark.parametrize("way", ["delete", "update", "time"])
async def test_an_ended_link_shows_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services, way: str
) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    await build(db, services, cast.alice, job_id)
    made = (await share(client, cast.alice, job_id)).json()["job_share"]
    one = f"{PATH}/{made['id']}"
    if way == "delete":
        answers = [await client.delete(one, headers=cast.alice.bearer) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 204]
    elif way == "update":
        body = {"job_share": {"expired": True}}
        answer = await client.patch(one, json=body, headers=cast.alice.bearer)
        assert answer.json()["job_share"]["expired"] is True
        again = {"job_share": {"expires_at": "2099-01-01T00:00:00Z"}}
        answer = await client.patch(one, json=again, headers=cast.alice.bearer)
        assert answer.status_code == 410
    else:
        async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
            await scope.tx.execute("UPDATE job_shares SET expires_at = now()")
    for path in (made["url"][21:], f"{made['url'][21:]}/model.glb"):
        assert (await client.get(path)).status_code == 410
    shown = await client.get(one, headers=cast.alice.bearer)
    assert shown.json()["job_share"]["expired"] is True


async def test_another_end(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    one = f"{PATH}/{(await share(client, cast.alice, job_id)).json()['job_share']['id']}"
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        soon = await tx.fetchval("SELECT to_char(now() + '9 days', 'YYYY-MM-DD\"T\"00:00:00\"Z\"')")
    answer = await client.put(
        one, json={"job_share": {"expires_at": soon}}, headers=cast.alice.bearer
    )
    assert answer.json()["job_share"]["expires_at"] == f"{soon[:-1]}.000Z"
    for wrong in ("2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "soon"):
        answer = await client.put(
            one, json={"job_share": {"expires_at": wrong}}, headers=cast.alice.bearer
        )
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["expires_at"])


async def test_who_may_not_and_what_is_wrong(client: httpx.AsyncClient, cast: Cast) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    amy = {"current_user_id": None, "current_user_email": "amy@123456.example"}
    assert (await share(client, cast.alice, job_id, **amy)).status_code == 403
    assert (await share(client, cast.alice, job_id, current_user_id=None)).status_code == 422
    assert (await share(client, cast.alice, None)).json()["errors"] == {
        "job_id": ["can't be blank"]
    }
    assert (await share(client, cast.alice, job_id, job_share=7)).status_code == 422
    assert (await share(client, cast.charlie, job_id)).status_code == 404


async def test_anothers_share_is_not_there(client: httpx.AsyncClient, cast: Cast) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    made = (await share(client, cast.alice, job_id)).json()["job_share"]
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        answers = [
            await client.request(
                method,
                f"{PATH}/{number}",
                json={"job_share": {"expired": True}},
                headers=cast.charlie.bearer,
            )
            for number in (made["id"], 999_999_999)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    listed = await client.get(PATH, headers=cast.charlie.bearer)
    assert listed.json()["job_shares"] == []
    assert (await client.get(made["url"][21:])).status_code == 200


@pytest.mark.parametrize("token", ["x", "a" * 20, "é" * 20, "%00"])
async def test_a_wrong_token_is_not_there(
    client: httpx.AsyncClient, cast: Cast, token: str
) -> None:
    assert (await client.get(f"/shared/{token}")).status_code == 404


async def test_once(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    key = {"Idempotency-Key": "k"}
    first = await share(client, cast.alice, job_id, headers=key)
    again = await share(client, cast.alice, job_id, headers=key)
    assert again.headers["idempotent-replayed"] == "true"
    assert first.content == again.content
    token = first.json()["job_share"]["token"]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM job_shares") == 1
        assert token not in await tx.fetchval("SELECT convert_from(body, 'UTF8') FROM api_answers")
