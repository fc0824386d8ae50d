"""`/api/desk/wallets` and `/prices`."""

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.orgs import wallets
from doorstep.orgs.money import Kind
from tests.api.desk.calls import NOT_FOUND, Integration
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase


async def test_wallets_prices_and_the_book(
    crm: Integration, stranger: Integration, cast: Cast, db: PinnedDatabase
) -> None:
    assert await crm.send("PUT", "/prices/3", {"cents": 3500}) == (204, None)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await wallets.adjust(
            scope, wallet_id=cast.alice.wallet_id, kind=Kind.ADDED, cents=5000, note="Cheque 17"
        )
    made = await ask(db, cast.alice)

    assert await crm.get("/wallets") == (
        200,
        {
            "wallets": [
                {
                    "id": cast.alice.wallet_id,
                    "name": "Bluth Company",
                    "available_cents": 1500,
                    "held_cents": 3500,
                }
            ],
            "prices": [
                {"deliverable_id": 2, "name": "Roof only", "cents": 0},
                {"deliverable_id": 3, "name": "Complete", "cents": 3500},
                {"deliverable_id": 5, "name": "Living area plus", "cents": 0},
                {"deliverable_id": 6, "name": "Living area", "cents": 0},
                {"deliverable_id": 7, "name": "Capture only", "cents": 0},
                {"deliverable_id": 8, "name": "Interiors", "cents": 0},
            ],
        },
    )
    status, first = await crm.get("/wallets/entries", limit=1)
    (held,) = first["entries"]
    assert status == 200
    assert held == {
        "id": held["id"],
        "wallet_id": cast.alice.wallet_id,
        "kind": "held",
        "cents": 3500,
        "job_id": made.job_id,
        "deliverable_id": 3,
        "note": "",
        "actor": "test:cast",
        "created_at": held["created_at"],
    }
    _, second = await crm.get("/wallets/entries", before=first["next"])
    assert [(one["kind"], one["note"]) for one in second["entries"]] == [("added", "Cheque 17")]
    assert second["next"] is None
    assert (await stranger.get("/wallets/entries"))[1]["entries"] == []
    assert (await stranger.get("/wallets"))[1]["wallets"][0]["name"] == "Sitwell Housing"


@pytest.mark.parametrize("deliverable", [1, 7, 99])
async def test_what_has_no_price(crm: Integration, deliverable: int) -> None:
    assert await crm.send("PUT", f"/prices/{deliverable}", {"cents": 1}) == NOT_FOUND


@pytest.mark.parametrize("body", [{"cents": -1}, {"cents": 10**12}, {"cents": 1.5}, {}, {"x": 1}])
async def test_bad_input(crm: Integration, body: dict[str, object]) -> None:
    status, answer = await crm.send("PUT", "/prices/3", body)
    assert (status, answer["code"]) in {(400, "bad_request"), (422, "invalid")}
    assert (await crm.get("/wallets"))[1]["prices"][1]["cents"] == 0
