"""`/api/v1/jobs` and `/api/v2/jobs`: create, update, list, show, reassign, archive."""

import uuid
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.jobs import places
from doorstep.kit.db import Role
from tests.cast import STAGE, Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

V1 = "/api/v1/jobs"
V2 = "/api/v2/jobs"
WANTED = {
    "name": "Main House",
    "customer_name": "Lucille Bluth",
    "customer_email": "lucille@example.com",
    "customer_phone": "5558675309",
    "location_line_1": "4312 Meadow Drive",
    "location_city": "Santa Maria",
    "location_region": "CA",
    "location_postal_code": "93455",
    "external_identifier": "8675309",
    "deliverable_id": "2",
}
MISSING = {"error": "There is nothing here.", "code": "not_found"}


async def made(client: httpx.AsyncClient, troupe: Troupe, **job: Any) -> dict[str, Any]:
    body = {"current_user_id": str(troupe.admin_id), "job": WANTED | job}
    answer = await client.post(V1, json=body, headers=troupe.bearer)
    assert answer.status_code == 201, answer.text
    assert list(answer.json()) == ["job"]
    found: dict[str, Any] = answer.json()["job"]
    return found


async def test_create_answers_the_wrapped_object(client: httpx.AsyncClient, cast: Cast) -> None:
    job = await made(client, cast.alice)

    expected = {
        "id": job["id"],
        "org_id": cast.alice.org_id,
        "org_name": "Bluth Company",
        "user_id": cast.alice.admin_id,
        "user_name": "alice@123456.example",
        "name": "Main House",
        "external_identifier": "8675309",
        "external_identifier_label": "Lead Number",
        "location_line_1": "4312 Meadow Drive",
        "location_line_2": None,
        "location_city": "Santa Maria",
        "location_region": "CA",
        "location_postal_code": "93455",
        "location_country": "US",
        "location_lat": None,
        "location_lon": None,
        "machete_blob": {
            "geometrySrc": None,
            "OptInFeature": {"designProUrl": f"http://127.0.0.1:8000/3d/{job['id']}"},
            "MeasurementsFeature": {"useMetricSystem": False},
        },
        "location": {
            "line_1": "4312 Meadow Drive",
            "line_2": None,
            "city": "Santa Maria",
            "region": "CA",
            "postal_code": "93455",
            "country": "US",
        },
        "customer_name": "Lucille Bluth",
        "customer_email": "lucille@example.com",
        "customer_phone": "5558675309",
        "customer_first_name": None,
        "state": "uploading",
        "completed_at": None,
        "archived": False,
        "example": False,
        "deliverable_id": 2,
        "wallet": {
            "id": cast.alice.wallet_id,
            "org": {"customer_display_name": "Bluth Company"},
        },
        "pending_capture_request": None,
        "capture_request": None,
        "job_shares": [],
    }
    assert {name: job[name] for name in expected} == expected
    assert uuid.UUID(job["client_identifier"]).version == 4
    (model,) = job["models"]
    assert (model["job_id"], model["state"], model["failure_reason"]) == (
        job["id"],
        "uploading",
        None,
    )
    assert (model["wireframe_front"], model["pro_measurements"]) == ({}, None)
    assert len(job) == 67


async def test_what_is_round_a_job(client: httpx.AsyncClient, cast: Cast) -> None:
    job = await made(client, cast.alice)
    org = {
        "id": cast.alice.org_id,
        "name": "Bluth Company",
        "customer_display_name": "Bluth Company",
    }
    (tree,), (assigned,) = job["orgs"], job["job_assignments"]
    assert tree == org | {
        "parent_id": None,
        "kind": "dealer",
        "sort_order": None,
        "ancestral_name": "Bluth Company",
        "model_price": None,
        "updated_at": tree["updated_at"],
        "ordering_email": None,
    }
    assert (assigned["assigned_by"], assigned["org"]) == (None, org)
    assert assigned["user"] == {
        "id": job["user_id"],
        "first_name": assigned["user"]["first_name"],
        "last_name": "",
        "email": job["user_name"],
        "time_zone": "America/New_York",
        "aasm_state": "activated",
        "sign_in_count": None,
        "preferred_identifier": None,
        "require_job_approval": False,
    }
    whole = await client.get(f"/api/v1/orgs/{cast.alice.org_id}", headers=cast.alice.bearer)
    assert job["through_org"] == whole.json()["org"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"job": WANTED}, {"current_user_email": ["or current_user_id must be given"]}),
        ({"current_user_email": "alice@123456.example"}, {"job": ["is missing or not an object"]}),
        (
            {"current_user_email": "alice@123456.example", "job": {"deliverable_id": 99}},
            {"name": ["can't be blank"], "deliverable_id": ["must be one of 2, 3, 5, 6, 7, 8"]},
        ),
        (
            {"current_user_email": "alice@123456.example", "job": WANTED | {"wallet_id": 999_999}},
            {"wallet_id": ["is not one of your wallets"]},
        ),
        (
            {"current_user_email": "alice@123456.example", "job": WANTED | {"test_state": "x"}},
            {"test_state": ["must be complete or failed"]},
        ),
    ],
)
async def test_create_names_what_is_wrong(
    client: httpx.AsyncClient, cast: Cast, body: dict[str, Any], errors: dict[str, Any]
) -> None:
    answer = await client.post(V1, json=body, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_update_changes_what_it_names_and_nothing_else(
    client: httpx.AsyncClient, cast: Cast, method: str
) -> None:
    before = await made(client, cast.alice)
    answer = await client.request(
        method,
        f"{V1}/{before['id']}",
        params={"current_user_email": "bob@123456.example"},
        data={
            "job[name]": "Guest House",
            "job[external_identifier]": "",
            "job[location_line_2]": "Rear",
            "job[deliverable_id]": "3",
            "job[state]": "complete",
        },
        headers=cast.alice.bearer,
    )

    after = answer.json()["job"]
    assert answer.status_code == 200
    changed = {name for name in before if before[name] != after[name]}
    assert changed - {"updated_at"} == {
        "name",
        "external_identifier",
        "location_line_2",
        "location",
    }
    assert (after["name"], after["external_identifier"]) == ("Guest House", None)
    assert (after["location"]["line_2"], after["deliverable_id"]) == ("Rear", 2)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"job": {"name": "x"}}, {"current_user_email": ["or current_user_id must be given"]}),
        ({"job": {"name": " "}, "who": 1}, {"name": ["can't be blank"]}),
        ({"job": {"name": "x" * 256}, "who": 1},
         {"name": ["is too long (maximum is 255 characters)"]}),
        ({"name": "x", "who": 1}, {"job": ["is missing or not an object"]}),
    ],
)  # fmt: skip
async def test_update_names_what_is_wrong(
    client: httpx.AsyncClient, cast: Cast, body: dict[str, Any], errors: dict[str, Any]
) -> None:
    job = await made(client, cast.alice)
    if body.pop("who", None):
        body |= {"current_user_id": cast.alice.admin_id}
    answer = await client.patch(f"{V1}/{job['id']}", json=body, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


async def test_the_older_show_is_flat(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await ask(client, cast.alice)
    answer = await client.get(f"{V2}/{asked['pending_job_id']}.json", headers=cast.alice.bearer)

    job = answer.json()
    assert answer.status_code == 200
    assert (job["id"], job["state"]) == (asked["pending_job_id"], "uploading")
    assert (job["test_state"], job["type"], job["captured_user_id"]) == ("no", "Job", None)
    assert job["pending_capture_request"] == {
        "id": asked["id"],
        "identifier": asked["identifier"],
        "state": "new",
    }
    assert {job[name] for name in ("uploaded_at", "archived_at", "org_place_id")} == {None}


async def test_the_older_list(client: httpx.AsyncClient, cast: Cast) -> None:
    first = await made(client, cast.alice)
    second = await made(client, cast.alice, deliverable_id=3, name="Barn")
    await made(client, cast.charlie)

    async def listed(**params: str) -> Any:
        answer = await client.get(V2, params=params, headers=cast.alice.bearer)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["results"]]

    page = await client.get(V2, params={"per": "1", "page": "2"}, headers=cast.alice.bearer)
    assert page.json()["pagination"] == {"current_page": 2, "total_pages": 2, "total": 2}
    assert isinstance(page.json()["meta"]["request_received_at"], int)
    (row,) = page.json()["results"]
    assert row["id"] == first["id"]
    assert list(row) == [
        *("archived", "name", "customer_notes", "deliverable_id", "location_line_1"),
        *("location_line_2", "location_city", "location_region", "location_postal_code"),
        *("location_country", "location_lat", "location_lon", "id", "client_identifier"),
        *("roof_estimate_access_level", "estimated_hours_to_completion", "approved", "example"),
        *("property_type", "updated_at", "completed_at", "approved_at", "created_at", "org_id"),
        *("user_id", "search_rank", "has_money_shot", "state", "via_job_share"),
        *("via_org_job_accesses", "via_job_assignments"),
    ]
    assert await listed(**{"states[]": "needs_photos"}) == [second["id"], first["id"]]
    assert await listed(**{"states[]": "complete"}) == []
    assert await listed(**{"states[]": "needs_approval"}) == []
    assert await listed(**{"deliverable_ids[]": "3"}) == [second["id"]]
    assert await listed(search="bArN") == [second["id"]]
    several = await client.get(
        f"{V2}?states[]=failed&states[]=needs_photos", headers=cast.alice.bearer
    )
    assert len(several.json()["results"]) == 2
    odd = await client.get(V2, params={"states[]": "x"}, headers=cast.alice.bearer)
    assert odd.status_code == 422


@pytest.mark.parametrize("by", ["id", "identifier", "parameter"])
async def test_reassign_gives_the_job_and_its_request_to_another(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, by: str
) -> None:
    asked = await ask(client, cast.alice)
    job_id, identifier = asked["pending_job_id"], asked["identifier"]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        bob = await tx.fetchval("SELECT id FROM users WHERE name = 'Bob'")
    path = identifier if by == "identifier" else job_id
    body = {"user_id": str(bob)} | ({"identifier": identifier} if by == "parameter" else {})

    answer = await client.post(f"{V2}/{path}/reassign", json=body, headers=cast.alice.bearer)

    assert (answer.status_code, answer.content) == (204, b"")
    job = (await client.get(f"{V2}/{job_id}", headers=cast.alice.bearer)).json()
    details = await client.get(
        f"/api/v2/capture_requests/{asked['id']}/details", headers=cast.alice.bearer
    )
    assert (job["user_id"], job["user_name"]) == (bob, "bob@123456.example")
    assert details.json()["requesting_user_id"] == bob
    assert details.json()["requesting_user"]["name"] == "Bob"


@pytest.mark.parametrize("user", ["", "x", "999999999", "charlie"])
async def test_reassign_only_to_a_member(client: httpx.AsyncClient, cast: Cast, user: str) -> None:
    asked = await ask(client, cast.alice)
    user_id = cast.charlie.admin_id if user == "charlie" else user
    answer = await client.post(
        f"{V2}/{asked['pending_job_id']}/reassign",
        json={"user_id": user_id},
        headers=cast.alice.bearer,
    )
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["user_id"]


async def test_archive_and_back(client: httpx.AsyncClient, cast: Cast) -> None:
    job = await made(client, cast.alice)

    async def listed(archived: str) -> list[int]:
        answer = await client.get(V2, params={"archived": archived}, headers=cast.alice.bearer)
        return [one["id"] for one in answer.json()["results"]]

    for _ in range(2):
        gone = await client.put(f"{V2}/{job['id']}/archive", headers=cast.alice.bearer)
        assert (gone.status_code, gone.content) == (204, b"")
    assert (await listed("false"), await listed("true")) == ([], [job["id"]])
    back = await client.put(f"{V2}/{job['id']}/unarchive", headers=cast.alice.bearer)
    assert (back.status_code, await listed("false")) == (204, [job["id"]])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/api/v1/jobs/{}", {"job": {"name": "x"}}),
        ("GET", "/api/v2/jobs/{}", None),
        ("GET", "/api/v3/jobs/{}", None),
        ("POST", "/api/v2/jobs/{}/reassign", {"user_id": 1}),
        ("PUT", "/api/v2/jobs/{}/archive", None),
        ("PUT", "/api/v2/jobs/{}/unarchive", None),
        ("PATCH", "/api/v2/jobs/{}/set_test_state.json", {"state": "complete"}),
    ],
)
async def test_another_organizations_job_is_not_there(
    client: httpx.AsyncClient, cast: Cast, method: str, path: str, body: Any
) -> None:
    theirs = await ask(client, cast.charlie)
    acting = {"current_user_id": cast.alice.admin_id}
    answers = [
        await client.request(
            method, path.format(one), params=acting, json=body, headers=cast.alice.bearer
        )
        for one in (theirs["pending_job_id"], 999_999_999, "x", "-1", "9" * 30)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert [answer.json() for answer in answers] == [MISSING] * 5
    assert len({frozenset(answer.headers) for answer in answers}) == 1
    stranger = await client.request(method, path.format(theirs["pending_job_id"]), json=body)
    assert stranger.status_code == 401


async def test_reassign_by_a_foreign_name(client: httpx.AsyncClient, cast: Cast) -> None:
    theirs = await ask(client, cast.charlie)
    answer = await client.post(
        f"{V2}/{theirs['identifier']}/reassign",
        json={"user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )
    assert (answer.status_code, answer.json()) == (404, MISSING)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("states[][x]=1&states[]=failed", 400),
        ("states[]=failed&states[][x]=1", 400),
        ("states=failed&states[]=failed", 400),
        ("states[x]=failed", 422),
        ("states=failed,complete", 200),
        ("[]=x", 200),
        ("page=%00", 200),
        ("search=%00%00%00a", 422),
    ],
)
async def test_odd_queries_are_answered(
    client: httpx.AsyncClient, cast: Cast, query: str, status: int
) -> None:
    answer = await client.get(f"{V2}?{query}", headers=cast.alice.bearer)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "path", ["/api/v2/jobs/%00/reassign", "/api/v2/capture_requests/%00/resend"]
)
async def test_odd_names_are_not_there(client: httpx.AsyncClient, cast: Cast, path: str) -> None:
    answer = await client.post(path, json={"user_id": 1}, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()) == (404, MISSING)


async def test_the_place_of_the_house_is_told_once_somebody_wrote_it_down(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    job = await made(client, cast.alice)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await places.put(scope, job_id=job["id"], latitude=33.6189, longitude=-0.00001)

    flat = (await client.get(f"{V2}/{job['id']}", headers=cast.alice.bearer)).json()
    row = (await client.get(V2, headers=cast.alice.bearer)).json()["results"][0]
    new = await client.get(f"/api/v3/jobs/{job['id']}", headers=cast.alice.bearer)

    for shown in (flat, row):
        assert (shown["location_lat"], shown["location_lon"]) == ("33.6189", "-0.00001")
    address = new.json()["address"]
    assert (address["latitude"], address["longitude"]) == ("33.6189", "-0.00001")


@pytest.mark.parametrize("path", ["/3d/{}", "/wr/jobs/{}"])
async def test_the_published_pages_lead_to_the_desk(client: httpx.AsyncClient, path: str) -> None:
    known = await client.get(path.format(7))
    odd = await client.get(path.format("x"))

    assert (known.status_code, known.headers["location"]) == (302, "/jobs/7")
    assert odd.status_code == 404
