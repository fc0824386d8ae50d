"""Wallets, users and the organization."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast


async def test_wallets(client: httpx.AsyncClient, cast: Cast) -> None:
    answer = await client.get("/api/v2/wallets", headers=cast.alice.bearer)
    assert answer.json() == {
        "pagination": {"current_page": 1, "total_pages": 1, "total": 1},
        "results": [
            {
                "id": cast.alice.wallet_id,
                "preferred": False,
                "shared": False,
                "allowed_good_types": ["Job"],
                "org": {
                    "name": "Bluth Company",
                    "customer_display_name": "Bluth Company",
                    "invoiced": False,
                },
                "external_identifier_patterns": [],
                "external_identifier_strict_validation": False,
            }
        ],
    }


async def test_users(client: httpx.AsyncClient, cast: Cast) -> None:
    async def listed(**params: str) -> Any:
        answer = await client.get("/api/v2/users", params=params, headers=cast.alice.bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert await listed(per="1") == {
        "pagination": {"current_page": 1, "total_pages": 3, "total": 3},
        "results": [
            {
                "id": cast.alice.admin_id,
                "first_name": "Alice",
                "last_name": "",
                "email": "alice@123456.example",
                "acl_template": "admin",
                "aasm_state": "activated",
                "require_job_approval": False,
            }
        ],
    }
    names = {
        query: [one["first_name"] for one in (await listed(**{query.split("=")[0]:
                query.split("=")[1]}))["results"]]
        for query in ("search=BOB@", f"search={cast.alice.admin_id}", "admin=true",
                      "state=invited", "search=charlie", "page=2")
    }  # fmt: skip
    assert list(names.values()) == [["Bob"], ["Alice"], ["Alice"], [], [], []]


async def test_profile(client: httpx.AsyncClient, cast: Cast) -> None:
    path = "/api/v2/users/profile"
    answer = await client.get(
        path, params={"current_user_id": cast.alice.admin_id}, headers=cast.alice.bearer
    )
    nobody = await client.get(path, headers=cast.alice.bearer)
    foreign = await client.get(
        path, params={"current_user_id": cast.charlie.admin_id}, headers=cast.alice.bearer
    )
    assert answer.json() == {
        "id": cast.alice.admin_id,
        "first_name": "Alice",
        "last_name": "",
        "email": "alice@123456.example",
        "time_zone": "America/New_York",
        "upload_secret": None,
        "orgs": [
            {
                "id": cast.alice.org_id,
                "name": "Bluth Company",
                "example_jobs_cloned": False,
                "feature_access": {},
                "preferences": {
                    "external_identifier_label": "Lead Number",
                    "external_identifier_required": False,
                    "deliverable_id": 3,
                },
                "plan": None,
            }
        ],
    }
    assert (nobody.status_code, foreign.status_code) == (422, 422)


async def test_update_and_show(client: httpx.AsyncClient, cast: Cast) -> None:
    path = f"/api/v1/orgs/{cast.alice.org_id}"
    body = {
        "org": {
            "customer_display_name": "The Bluths",
            "preferences_attributes": {
                "external_identifier_label": "Claim Number",
                "external_identifier_required": "true",
                "deliverable_id": "7",
                "open_identifier_links": True,
                "default_acl_template": "pro_plus",
                "ordering_email": "orders@bluth.example",
                "preferred_siding_waste_factor": 10,
                "preferred_roofing_waste_factor": "15",
                "include_pro_user_name_in_invite_messages": True,
                "invite_by_text": False,
            },
        }
    }
    changed = await client.patch(path, json=body, headers=cast.alice.bearer)
    shown = await client.get(path, headers=cast.alice.bearer)
    every = await client.get("/api/v1/orgs", headers=cast.alice.bearer)

    assert (changed.status_code, changed.content) == (204, b"")
    assert every.json() == {"orgs": [shown.json()["org"]]}
    org = shown.json()["org"]
    assert (org["id"], org["name"], org["customer_display_name"]) == (
        cast.alice.org_id,
        "Bluth Company",
        "The Bluths",
    )
    assert org["deliverable_id"] == 7
    preferences = org["preferences"]
    assert preferences["updated_at"] >= preferences["created_at"]
    assert {name: preferences[name] for name in preferences if not name.endswith("ed_at")} == {
        "id": cast.alice.org_id,
        "org_id": cast.alice.org_id,
        "default_acl_template": "pro_plus",
        "ordering_email": "orders@bluth.example",
        "preferred_siding_waste_factor": 10,
        "preferred_roofing_waste_factor": 15,
        "external_identifier_strict_validation": False,
        "include_pro_user_name_in_invite_messages": True,
        "require_job_approval": False,
        "invite_by_email": True,
        "invite_by_text": False,
        "external_identifier_label": "Claim Number",
        "external_identifier_required": True,
        "deliverable_id": 7,
        "open_identifier_links": True,
    }
    theirs = await client.get("/api/v1/orgs", headers=cast.charlie.bearer)
    assert theirs.json()["orgs"][0]["customer_display_name"] == "Sitwell Housing"


@pytest.mark.parametrize(
    ("org", "errors"),
    [
        ({"name": " "}, {"name": ["can't be blank"]}),
        ({"preferences_attributes": 7}, {"preferences_attributes": ["is missing or not an object"]}),
        ({"preferences_attributes": {"deliverable_id": 4}}, {"deliverable_id": ["is not a deliverable"]}),
        ({"preferences_attributes": {"preferred_siding_waste_factor": 101}},
         {"preferred_siding_waste_factor": ["must be between 0 and 100"]}),
        ({"preferences_attributes": {"default_acl_template": "king"}},
         {"default_acl_template": [("must be one of admin, manager, member, approver, job_manager, "
                                   "pro_plus, pro, lite")]}),
        ({"preferences_attributes": {"external_identifier_required": "x"}},
         {"external_identifier_required": ["must be true or false"]}),
    ],
)  # fmt: skip
async def test_update_refuses(
    client: httpx.AsyncClient, cast: Cast, org: dict[str, Any], errors: dict[str, Any]
) -> None:
    path = f"/api/v1/orgs/{cast.alice.org_id}"
    answer = await client.patch(path, json={"org": org}, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_another_organization_is_not_there(
    client: httpx.AsyncClient, cast: Cast, method: str
) -> None:
    answers = [
        await client.request(
            method, f"/api/v1/orgs/{one}", json={"org": {"name": "x"}}, headers=cast.alice.bearer
        )
        for one in (cast.charlie.org_id, 999_999_999, "x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("path", ["/api/v2/wallets", "/api/v2/users", "/api/v1/orgs"])
async def test_without_a_token(client: httpx.AsyncClient, cast: Cast, path: str) -> None:
    assert (await client.get(path)).status_code == 401
