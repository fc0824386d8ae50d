"""`/api/desk/jobs` and `/views`: the portfolio for programs."""

from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.capturing import ask
from tests.cast import Cast
from tests.pinned import PinnedDatabase


async def test_the_portfolio(
    crm: Integration, stranger: Integration, cast: Cast, db: PinnedDatabase
) -> None:
    first = await ask(db, cast.alice)
    second = await ask(db, cast.alice, email="buster@example.com")
    status, page = await crm.get("/jobs", shelf="invited", sort="oldest", limit=1)
    (line,) = page["jobs"]
    assert status == 200
    assert line == {
        "id": first.job_id,
        "shelf": "invited",
        "state": "uploading",
        "name": line["name"],
        "address": "1 Balboa Ave, Newport Beach",
        "customer_name": None,
        "customer_phone": line["customer_phone"],
        "external_identifier": None,
        "deliverable_id": 3,
        "user_id": cast.alice.admin_id,
        "request_state": "new",
        "connected_at": None,
        "photos_done_at": None,
        "photos": 0,
        "done": None,
        "created_at": line["created_at"],
        "updated_at": line["updated_at"],
    }
    _, rest = await crm.get("/jobs", shelf="invited", sort="oldest", after=page["next"])
    assert ([one["id"] for one in rest["jobs"]], rest["next"]) == ([second.job_id], None)
    assert (await stranger.get("/jobs"))[1] == {"jobs": [], "next": None}
    assert await crm.get("/jobs", shelf="nonsense") == NOT_FOUND


async def test_what_is_done_to_many(
    crm: Integration, stranger: Integration, cast: Cast, db: PinnedDatabase
) -> None:
    first = await ask(db, cast.alice)
    await ask(db, cast.alice, email="buster@example.com")
    body = {"verb": "archive", "job_ids": [first.job_id, 999_999_999]}
    status, batch = await crm.send("POST", "/jobs/batches", body)
    assert (status, batch["verb"], batch["undone"], batch["actor"]) == (
        201,
        "archive",
        None,
        "integration:client-123456",
    )
    assert batch["items"] == [
        {"job_id": first.job_id, "outcome": "done", "from_user_id": None},
        {"job_id": 999_999_999, "outcome": "not_found", "from_user_id": None},
    ]
    _, counted = await crm.get("/jobs/shelves")
    assert {one["name"]: one["jobs"] for one in counted["shelves"] if one["jobs"]} == {
        "Sent invites": 1,
        "Archived": 1,
    }
    path = f"/jobs/batches/{batch['id']}"
    assert await crm.get(path) == (200, batch)
    assert await stranger.get(path) == NOT_FOUND
    assert await stranger.send("POST", f"{path}/undo") == NOT_FOUND
    _, undone = await crm.send("POST", f"{path}/undo")
    assert [(one["job_id"], one["outcome"]) for one in undone["undone"]] == [(first.job_id, "done")]
    assert (await crm.send("POST", f"{path}/undo"))[0] == 409
    for wrong in (
        {"verb": "archive", "job_ids": []},
        {"verb": "burn", "job_ids": [1]},
        {"verb": "reassign", "job_ids": [1]},
        {"verb": "archive", "job_ids": list(range(1, 102))},
    ):
        assert (await crm.send("POST", "/jobs/batches", wrong))[0] == 422


async def test_shared_views(crm: Integration, stranger: Integration, cast: Cast) -> None:
    body = {"name": "Stuck", "address": "sort=waiting&look=table", "user_id": cast.alice.admin_id}
    status, made = await crm.send("POST", "/views", body)
    assert status == 201
    assert await crm.get("/views") == (200, {"views": [{"id": made["id"], **body}]})
    assert await stranger.get("/views") == (200, {"views": []})
    assert await stranger.send("DELETE", f"/views/{made['id']}") == NOT_FOUND
    assert await crm.send("DELETE", f"/views/{NOBODY}") == NOT_FOUND
    assert (await crm.send("POST", "/views", body | {"address": "shelf=no"}))[0] == 422
    assert (await crm.send("POST", "/views", body | {"user_id": 999_999}))[0] == 422
    assert await crm.send("DELETE", f"/views/{made['id']}") == (204, None)
    assert await crm.get("/views") == (200, {"views": []})
