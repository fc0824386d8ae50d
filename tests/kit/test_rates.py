"""What was too much is added up and told."""

import time

from doorstep.kit.rates import WINDOW_SECONDS, Tally


async def test_a_process_that_stops_tells_at_once_what_it_turned_away() -> None:
    told: list[tuple[str, int]] = []

    async def tell(key: str, number: int) -> None:
        told.append((key, number))

    tally = Tally(tell, rest="others")
    for key in ("a", "b", "a"):
        tally.add(key)
    began = time.monotonic()
    await tally.close()

    assert told == [("a", 2), ("b", 1)]
    assert time.monotonic() - began < WINDOW_SECONDS / 2
