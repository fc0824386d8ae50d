"""Wallets, prices and the book on the desk."""

import re

import asyncpg
import pytest

from doorstep.kit.db import Role
from tests.capturing import ask
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

ADD = {"way": "add", "amount": "100", "note": "Cheque 17"}


def plain(text: str) -> str:
    """What a page says, without its tags."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    return words.replace("\N{MINUS SIGN}", "-")


async def test_funds_prices_and_what_they_pay_for(
    alice: Desk, cast: Cast, db: PinnedDatabase
) -> None:
    funds = f"/wallets/{cast.alice.wallet_id}/funds"
    added = await alice.post(funds, ADD | {"amount": "$1,234.5"})
    priced = await alice.post("/prices", {"price-2": "", "price-3": "35"})
    taken = await alice.post(funds, {"way": "take", "amount": "34.50", "note": "A refund"})
    assert [(one.status_code, one.headers["location"]) for one in (added, priced, taken)] == [
        (303, "/wallets?said=funds"),
        (303, "/wallets?said=prices"),
        (303, "/wallets?said=funds"),
    ]
    made = await ask(db, cast.alice)

    text = plain((await alice.get("/wallets")).text)
    assert "To spend $1,165.00 Set aside $35.00" in text
    assert re.search(rf"Set aside -35\.00 Complete, job {made.job_id}", text)
    assert "Taken out -34.50 A refund Alice" in text
    assert "Added +1,234.50 Cheque 17 Alice" in text
    assert 'name="price-3" inputmode="decimal" autocomplete="off" maxlength="15" ' in (
        page := (await alice.get("/wallets?said=prices")).text
    )
    assert re.search(r'name="price-3"[^>]*value="35\.00"', page)
    assert re.search(r'name="price-2"[^>]*value=""', page)
    assert 'name="price-7"' not in page
    assert "The price was set aside" in (await alice.get(f"/jobs/{made.job_id}/timeline")).text

    await alice.post("/prices", {"price-3": ""})
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM prices") == 0


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"amount": "ten"}, 422, "An amount is a number like 12 or 12.50, below 100 million."),
        ({"amount": "-5"}, 422, "An amount is a number like 12 or 12.50, below 100 million."),
        ({"amount": "1.005"}, 422, "An amount is a number like 12 or 12.50, below 100 million."),
        (
            {"amount": "100000000"},
            422,
            "An amount is a number like 12 or 12.50, below 100 million.",
        ),
        ({"amount": "0"}, 422, "Choose an amount above 0 and up to 99,999,999.99."),
        ({"note": " "}, 422, "Say why, in at most 200 characters."),
        ({"note": "x" * 201}, 422, "Say why, in at most 200 characters."),
        ({"way": "take"}, 409, "The wallet does not hold so much."),
    ],
)
async def test_what_is_wrong_is_said(
    alice: Desk, cast: Cast, change: dict[str, str], status: int, words: str
) -> None:
    answer = await alice.post(f"/wallets/{cast.alice.wallet_id}/funds", ADD | change)
    assert answer.status_code == status
    assert words in answer.text
    assert "To spend $0.00" in plain((await alice.get("/wallets")).text)


async def test_a_wrong_price_changes_none(alice: Desk) -> None:
    answer = await alice.post("/prices", {"price-2": "5", "price-3": "free"})
    assert answer.status_code == 422
    assert "An amount is a number like 12 or 12.50, below 100 million." in answer.text
    assert 'value="5"' in answer.text
    assert 'value="5.00"' not in (await alice.get("/wallets")).text


async def test_only_admins(cast: Cast, bob: Desk, amy: Desk) -> None:
    for desk in (bob, amy):
        answers = [
            await desk.get("/wallets"),
            await desk.post(f"/wallets/{cast.alice.wallet_id}/funds", ADD),
            await desk.post(f"/wallets/{cast.alice.wallet_id}/funds", ADD | {"amount": "x"}),
            await desk.post("/prices", {"price-3": "1"}),
            await desk.post("/prices", {"price-3": "x"}),
        ]
        assert {answer.status_code for answer in answers} == {403}
        assert "/wallets" not in (await desk.get("/settings")).text


async def test_another_organizations_wallet_is_not_there(charlie: Desk, cast: Cast) -> None:
    for wallet_id in (cast.alice.wallet_id, 999_999_999):
        answer = await charlie.post(f"/wallets/{wallet_id}/funds", ADD)
        assert answer.status_code == 404
    assert "Bluth" not in (await charlie.get("/wallets")).text


async def test_the_book_turns_its_pages(alice: Desk, cast: Cast) -> None:
    for number in range(51):
        await alice.post(f"/wallets/{cast.alice.wallet_id}/funds", ADD | {"note": f"No. {number}"})
    first = (await alice.get("/wallets")).text
    older = re.search(r'href="/wallets(\?before=[0-9a-f-]+)#book"', first)
    assert older
    assert "No. 1<" in first
    assert "No. 0<" not in first
    assert "No. 0<" in (await alice.get(f"/wallets{older[1]}")).text


async def test_the_book_cannot_be_rewritten(cast: Cast, db: PinnedDatabase) -> None:
    for statement in (
        "UPDATE wallet_entries SET cents = 1",
        "DELETE FROM wallet_entries",
        "DELETE FROM holds",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
                await tx.execute(statement)
