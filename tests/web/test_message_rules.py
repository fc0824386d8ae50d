"""/settings/messages and `/api/desk/message-rules`: the rules about messages to homeowners."""

import httpx

from tests.api.desk.calls import Integration
from tests.cast import Cast
from tests.web.conftest import Desk

PATH = "/settings/messages"
RULES = "/message-rules"


async def test_an_admin_sets_days_and_hours(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, bob: Desk
) -> None:
    crm = Integration(client=client, troupe=cast.alice)
    stranger = Integration(client=client, troupe=cast.charlie)
    shown = (await alice.get(PATH)).text
    assert 'name="day-1" type="number" min="1" max="13" value="7"' in shown

    form = {"day-0": "3", "day-1": "", "day-2": "1", "from_hour": "9", "until_hour": "18"}
    saved = await alice.post(f"{PATH}/rules", form)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PATH}?said=rules")
    wanted = {"remind_days": [1, 3], "from_hour": 9, "until_hour": 18}
    assert await crm.get(RULES) == (200, wanted)
    assert (await stranger.get(RULES))[1]["remind_days"] == [2, 7]

    wrong = await alice.post(f"{PATH}/rules", form | {"from_hour": "7", "day-2": "3"})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    assert 'max="13" value="3"' in wrong.text
    status, answer = await crm.send("PUT", RULES, wanted | {"remind_days": [0], "until_hour": 22})
    assert status == 422
    assert sorted(answer["errors"]) == ["from_hour", "remind_days"]
    assert await crm.get(RULES) == (200, wanted)
    assert await crm.send("PUT", RULES, wanted | {"remind_days": []}) == (
        200, wanted | {"remind_days": []},
    )  # fmt: skip

    for refused in (await bob.get(PATH), await bob.post(f"{PATH}/rules", form)):
        assert refused.status_code == 403
