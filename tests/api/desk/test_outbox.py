"""`/api/desk/messages`: read, and resolve what nobody knows the end of."""

from doorstep.auth.scopes import open_scope
from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase


async def test_the_outbox_and_its_unknown_messages(
    crm: Integration, stranger: Integration, cast: Cast, db: PinnedDatabase
) -> None:
    first, second = await ask(db, cast.alice), await ask(db, cast.alice)
    assert first.id != second.id
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE messages SET state = 'unknown', problem = 'smtp_no_answer' "
            "WHERE subject_ref = $1",
            f"capture_request:{first.id}",
        )
    status, page = await crm.get("/messages", limit=1)
    assert (status, page["messages"][0]["state"], page["messages"][0]["kind"]) == (
        200, "queued", "invitation",
    )  # fmt: skip
    _, rest = await crm.get("/messages", before=page["next"])
    (unknown,) = rest["messages"]
    assert (await crm.get("/messages", needs_hand="true"))[1] == {
        "messages": [unknown], "next": None,
    }  # fmt: skip
    path = f"/messages/{unknown['id']}"
    status, facts = await crm.get(path)
    assert status == 200
    assert {name: facts[name] for name in unknown} == unknown
    assert facts["link"].startswith(f"http://127.0.0.1:8000/c/{first.identifier}")
    assert facts["link"] in facts["text"]
    assert (facts["segments"], facts["tries"], facts["provider_id"]) == (None, [], None)

    status, copy = await crm.send("POST", f"{path}/copies")
    assert status == 201
    assert await crm.send("POST", f"{path}/sent") == (204, None)
    assert (await crm.send("POST", f"{path}/sent"))[0] == 409
    assert (await crm.get("/messages", needs_hand="true"))[1]["messages"] == []
    states = "SELECT id, state, problem FROM messages ORDER BY id"
    found = {str(row["id"]): row for row in await rows(db, cast.alice, states)}
    assert found[unknown["id"]]["state"] == "sent"
    assert found[unknown["id"]]["problem"] == "by_hand"
    assert found[copy["id"]]["state"] == "queued"

    assert (await stranger.get("/messages"))[1] == {"messages": [], "next": None}
    assert await stranger.get(path) == NOT_FOUND
    for verb in ("sent", "copies"):
        assert await stranger.send("POST", f"{path}/{verb}") == NOT_FOUND
        assert await crm.send("POST", f"/messages/{NOBODY}/{verb}") == NOT_FOUND
