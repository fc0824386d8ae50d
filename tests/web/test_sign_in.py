"""The way in and out."""

import re

import argon2
import httpx
import pytest

from doorstep.auth import actions as auth
from doorstep.auth import queries as credentials
from doorstep.auth.scopes import open_scope
from doorstep.kit.errors import TooMany
from doorstep.web.desk import sign_in
from doorstep.web.desk.throttle import PAIR_TRIES_MAX, Throttle
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

PAGE = {"accept": "text/html"}
PASSWORD = "her? on the stair car"


@pytest.fixture(autouse=True)
def throttle(monkeypatch: pytest.MonkeyPatch) -> Throttle:
    """A throttle that no other test has used."""
    made = Throttle()
    monkeypatch.setattr(sign_in, "throttle", made)
    return made


@pytest.fixture
async def link(db: PinnedDatabase, cast: Cast) -> str:
    """The path of a one-time link of Alice's."""
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        secret = await auth.make_sign_in_link(scope, user_id=cast.alice.admin_id)
    return f"/sign-in/link/{secret}"


@pytest.fixture(scope="module")
def password_hash() -> str:
    """The password as the database keeps it; made once, for it is meant to cost."""
    return argon2.PasswordHasher().hash(PASSWORD)


@pytest.fixture
async def password(db: PinnedDatabase, cast: Cast, password_hash: str) -> str:
    """Alice's password."""
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await credentials.set_password_hash(
            scope, user_id=cast.alice.admin_id, password_hash=password_hash
        )
    return PASSWORD


async def sign_in_with(client: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await client.post("/sign-in", data=form, headers=PAGE)


async def test_opening_the_link_changes_nothing(client: httpx.AsyncClient, link: str) -> None:
    for _ in range(3):
        answer = await client.get(link, headers=PAGE)
        assert answer.status_code == 200
        assert f'<form class="form" method="post" action="{link}">' in answer.text
        assert "set-cookie" not in answer.headers


async def test_the_link_signs_in_once_and_asks_for_a_password(
    client: httpx.AsyncClient, link: str
) -> None:
    answer = await client.post(link, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    cookie = answer.headers["set-cookie"]
    assert re.match(r"doorstep_session=dst_se_[\w-]{43};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie

    welcome = await client.get("/welcome", headers=PAGE)
    assert "You are in. Choose a password" in welcome.text

    again = await client.post(link, headers=PAGE)
    assert again.status_code == 410
    assert "This sign-in link was used already or is too old." in again.text


async def test_a_password_is_typed_twice_and_long_enough(
    client: httpx.AsyncClient, alice: Desk
) -> None:
    differ = await alice.post("/password", {"password": PASSWORD, "again": "something else"})
    assert "The two are not the same." in differ.text
    short = await alice.post("/password", {"password": "short", "again": "short"})
    assert "Take 10 to 200 characters." in short.text

    done = await alice.post("/password", {"password": PASSWORD, "again": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/inbox?said=password")
    signed_in = await sign_in_with(client, email="alice@123456.example", password=PASSWORD)
    assert signed_in.status_code == 303
    assert (await client.get("/welcome", headers=PAGE)).headers["location"] == "/inbox"


async def test_signing_in_leads_to_the_page_that_was_asked_for(
    client: httpx.AsyncClient, password: str
) -> None:
    asked = await client.get("/jobs?state=failed", headers=PAGE)
    assert asked.headers["location"] == "/sign-in?next=%2Fjobs%3Fstate%3Dfailed"
    form = await client.get(asked.headers["location"], headers=PAGE)
    assert '<input type="hidden" name="next" value="/jobs?state=failed">' in form.text
    answer = await sign_in_with(
        client, email="Alice@123456.example", password=password, next="/jobs?state=failed"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/jobs?state=failed")


@pytest.mark.parametrize(
    "goal", ["https://evil.example/", "//evil.example", "/\\evil.example", "jobs", "/\r\nX: y"]
)
async def test_next_never_leads_elsewhere(
    client: httpx.AsyncClient, password: str, goal: str
) -> None:
    answer = await sign_in_with(client, email="alice@123456.example", password=password, next=goal)
    assert answer.headers["location"] == "/inbox"


async def test_wrong_and_unknown_read_the_same(client: httpx.AsyncClient, password: str) -> None:
    wrong = await sign_in_with(client, email="alice@123456.example", password=password + "!")
    unknown = await sign_in_with(client, email="nobody@123456.example", password=password)
    assert wrong.status_code == unknown.status_code == 401
    assert "Address and password do not belong together." in wrong.text
    assert wrong.text.replace("alice@", "nobody@") == unknown.text
    assert "set-cookie" not in wrong.headers


def test_an_unknown_address_costs_what_a_known_one_does() -> None:
    assert not auth._hasher.check_needs_rehash(auth._NOBODY)


async def test_guessing_is_slowed(
    client: httpx.AsyncClient, password: str, throttle: Throttle
) -> None:
    for _ in range(PAIR_TRIES_MAX - 1):
        throttle.note_wrong(email="alice@123456.example", peer="127.0.0.1")
    wrong = await sign_in_with(client, email="Alice@123456.example", password="wrong password")
    assert wrong.status_code == 401
    answer = await sign_in_with(client, email="alice@123456.example", password=password)
    assert answer.status_code == 429
    assert "Too many wrong passwords. Try again in" in answer.text


def test_the_throttle_forgets_after_a_quarter_of_an_hour() -> None:
    now = 0.0
    throttle = Throttle(lambda: now)
    for _ in range(PAIR_TRIES_MAX):
        throttle.note_wrong(email="a@b.example", peer="192.0.2.1")
    with pytest.raises(TooMany):
        throttle.refuse_guessing(email="A@b.example", peer="192.0.2.1")
    throttle.refuse_guessing(email="a@b.example", peer="192.0.2.2")
    throttle.refuse_guessing(email="c@b.example", peer="192.0.2.1")
    now = 15 * 60 + 1
    throttle.refuse_guessing(email="a@b.example", peer="192.0.2.1")


async def test_another_sites_form_is_refused(client: httpx.AsyncClient, link: str) -> None:
    headers = PAGE | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = await client.post(link, headers=headers)
    assert answer.status_code == 403
    assert (await client.post(link, headers=PAGE)).status_code == 303


async def test_signing_out_ends_the_session(alice: Desk) -> None:
    assert (await alice.get("/inbox")).status_code == 200
    answer = await alice.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert (await alice.get("/inbox")).headers["location"] == "/sign-in?next=%2Finbox"
