"""S05: whoever guesses links learns nothing, is slowed down, and locks nobody else out."""

import httpx

from doorstep.web.app import Dispatcher
from tests.captures.conftest import link, request_of_alice
from tests.faults.test_f17_rates import of

__all__ = ["link", "request_of_alice"]

HTML = {"Accept": "text/html"}
# Both are a /64 of one customer; the third is another's.
HOUSEHOLD, NEIGHBOUR, ELSEWHERE = "2001:db8:5::1", "2001:db8:5::2", "2001:db8:6::1"
WRONG_MAX = 60


def guesses(link: str) -> list[str]:
    """Links that are wrong in every way that a guesser can be wrong."""
    end = "A" if link[-1] != "A" else "B"
    return [
        link[:-1] + end,  # a name that exists, a wrong secret
        "/c/" + "0" * 28,  # a name that does not
        link[:9],  # the name alone
        link[:-1],
        "/c/" + "~" * 400,
    ]


async def test_s05_wrong_links_are_all_alike_and_slowed_down(app: Dispatcher, link: str) -> None:
    async with of(app, HOUSEHOLD) as guesser, of(app, NEIGHBOUR) as person:
        wrong = guesses(link)
        answers = [await guesser.get(wrong[n % len(wrong)]) for n in range(WRONG_MAX)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({told_in(answer) for answer in answers}) == 1

        for path in wrong:
            for method in ("GET", "POST"):
                answer = await guesser.request(method, path)
                assert answer.status_code == 429
                assert 0 < int(answer.headers["retry-after"]) <= 60
        answer = await guesser.post(wrong[0] + "/answers", content="answer=call")
        assert answer.status_code == 429

        # The same address, the right link: the guesser's neighbour goes in.
        assert (await person.get(link, headers=HTML)).status_code == 200
        assert (await person.post(link, headers=HTML)).status_code == 303
        mistyped = await person.get(wrong[0], headers={**HTML, "Accept-Language": "es"})
        assert mistyped.status_code == 429
        assert mistyped.headers["retry-after"]
        assert "Espere un minuto" in mistyped.text
        figures = (await person.get("/metrics")).text
    async with of(app, ELSEWHERE) as other:
        assert (await other.get(wrong[0])).status_code == 404
    [line] = [one for one in figures.splitlines() if "wrong_capture_links_total" in one]
    assert int(line.split()[1]) >= WRONG_MAX


def told_in(answer: httpx.Response) -> tuple[tuple[str, str], ...]:
    """The headers that do not differ from answer to answer."""
    return tuple(pair for pair in answer.headers.items() if pair[0] != "x-request-id")
