"""How often strangers may come: each address, each organization, all together."""

from dataclasses import dataclass

import pytest

from doorstep.kit.rates import KEYS_MAX, Rates, neighbourhood
from doorstep.leads.throttle import Strangers


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def turned_away(strangers: Strangers, visits: list[tuple[str, str]]) -> int:
    """How many of the visits (address, organization) are one too many."""
    return sum(strangers.over(peer=peer, captorra_id=org) for peer, org in visits)


def test_an_address_has_its_posts_a_second() -> None:
    clock = Clock()
    strangers = Strangers(20, clock=clock)

    assert turned_away(strangers, [("192.0.2.1", "123456")] * 25) == 5
    assert turned_away(strangers, [("192.0.2.2", "123456")] * 20) == 0
    clock.now = 0.99
    assert turned_away(strangers, [("192.0.2.1", "123456")]) == 1
    clock.now = 1.0
    assert turned_away(strangers, [("192.0.2.1", "123456")] * 25) == 5


def test_one_organizations_senders_are_not_anothers() -> None:
    strangers = Strangers(20, clock=Clock())

    flood = [(f"192.0.2.{number}", "123456") for number in range(250)]

    assert turned_away(strangers, flood) == 50
    assert turned_away(strangers, [("198.51.100.1", "654321")] * 20) == 0


def test_one_address_does_not_use_up_its_organizations_posts() -> None:
    strangers = Strangers(20, clock=Clock())

    assert turned_away(strangers, [("192.0.2.1", "123456")] * 1000) == 980
    assert turned_away(strangers, [("192.0.2.2", "123456")] * 20) == 0


def test_random_addresses_and_ids_come_up_against_the_limit_of_all_and_fill_no_memory() -> None:
    strangers = Strangers(20, clock=Clock())

    flood = [(f"2001:db8:{n >> 8:x}:{n & 255:x}::1", str(n)) for n in range(30_000)]

    assert turned_away(strangers, flood) == 29_000
    rates: Rates[str] = Rates(Clock())
    for peer, _ in flood:
        rates.count(peer)
    assert len(rates) == KEYS_MAX == 10_000


@pytest.mark.parametrize(
    ("peer", "whom"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_an_address_stands_for_its_household(peer: str, whom: str) -> None:
    assert neighbourhood(peer) == whom
