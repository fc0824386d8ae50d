"""S05 for partners' links: a guesser learns nothing and is slowed down, and the right link opens."""

import httpx

from doorstep.auth.scopes import open_scope
from doorstep.jobs import partner_links
from doorstep.web.app import Dispatcher
from doorstep.web.services import Services
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.faults.test_f17_rates import of
from tests.pinned import PinnedDatabase
from tests.reliability.test_s05_links import ELSEWHERE, HOUSEHOLD, NEIGHBOUR, WRONG_MAX, told_in


async def test_s05_wrong_partner_links_are_all_alike_and_slowed_down(
    app: Dispatcher, db: PinnedDatabase, cast: Cast, services: Services
) -> None:
    made = await ask(db, cast.alice)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        link = await partner_links.make(
            scope, job_id=made.job_id, recipient="x", note="", shows=["model"], days=7
        )
    right = services.links.partner(link).removeprefix(services.settings.base_url)
    end = "A" if right[-1] != "A" else "B"
    wrong = [
        right[:-1] + end,  # a name that exists, a wrong secret
        "/partner/" + "0" * 34,  # a name that does not
        right[:-1],
        right[:-1] + end + "/model.glb",
        "/partner/" + "~" * 400,
    ]
    async with of(app, HOUSEHOLD) as guesser, of(app, NEIGHBOUR) as person:
        answers = [await guesser.get(wrong[n % len(wrong)]) for n in range(WRONG_MAX)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({told_in(answer) for answer in answers}) == 1
        for path in wrong:
            slowed: httpx.Response = await guesser.get(path)
            assert slowed.status_code == 429
            assert 0 < int(slowed.headers["retry-after"]) <= 60
        assert (await person.get(right)).status_code == 200
        figures = (await person.get("/metrics")).text
    async with of(app, ELSEWHERE) as other:
        assert (await other.get(wrong[0])).status_code == 404
    [line] = [one for one in figures.splitlines() if "wrong_partner_links_total" in one]
    assert int(line.split()[1]) >= WRONG_MAX
