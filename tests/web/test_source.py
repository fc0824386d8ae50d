"""The rules of one source, set by hand, as its vendor then meets them."""

import hashlib
import hmac
import html
import re
import uuid
from datetime import timedelta
from ipaddress import ip_network

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import R4, accepted, encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NO_SOURCE = "01890000-0000-7000-8000-000000000000"
RULES = {
    "success_key": "IntakeID",
    "statuses": "no",
    "repeat_hours": "",
    "strict": "no",
    "testing": "no",
    "posts_per_second_max": "200",
    "networks": "",
}
VERBS = ("", "/signature", "/signature/removal", "/disable", "/enable")


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """The source of Alice's organization."""
    (row,) = await rows(db, cast.alice, "SELECT id FROM sources")
    found: uuid.UUID = row["id"]
    return found


async def test_the_page_shows_the_rules_as_they_are(
    cast: Cast, alice: Desk, source_id: uuid.UUID
) -> None:
    assert f'<a href="/sources/{source_id}">Bright Leads</a>' in (await alice.get("/sources")).text
    text = (await alice.get(f"/sources/{source_id}")).text
    assert "<h1>Bright Leads</h1>" in text
    assert f'value="{cast.alice.referrer}"' in text
    assert '<option value="IntakeID" selected>' in text
    assert '<option value="yes" selected>' not in text
    assert (
        'name="posts_per_second_max" inputmode="numeric" maxlength="12" required value="200"'
        in text
    )


async def test_rules_are_saved_and_the_vendor_meets_them(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    form = RULES | {
        "success_key": "both",
        "statuses": "yes",
        "repeat_hours": "1.5",
        "strict": "yes",
        "testing": "yes",
        "posts_per_second_max": "50",
        "networks": "127.0.0.0/8\n2001:db8::/32",
    }

    answer = await alice.post(f"/sources/{source_id}", form)

    assert answer.headers["location"] == f"/sources/{source_id}?said=changed"
    (row,) = await rows(db, cast.alice, "SELECT * FROM sources")
    assert (row["success_key"], row["statuses"], row["strict"]) == ("both", True, True)
    assert (row["testing"], row["posts_per_second_max"]) == (True, 50)
    assert row["repeat_window"] == timedelta(minutes=90)
    assert row["networks"] == [ip_network("127.0.0.0/8"), ip_network("2001:db8::/32")]
    text = (await alice.get(answer.headers["location"])).text
    assert "Saved." in text
    assert 'maxlength="12" value="1.5"' in text
    assert "127.0.0.0/8\n2001:db8::/32</textarea>" in text
    assert "Under test" in text

    posted = await send(client, encoded(cast.alice))
    assert posted.status_code == 201
    assert list(posted.json()) == ["success", "IntakeID", "IntakeId"]
    assert '<span class="pill wait">Test</span>' in (await alice.get("/inbox")).text


async def test_zero_hours_is_never_and_empty_is_as_usual(
    cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    for text, window in (("0", timedelta(0)), ("", None)):
        await alice.post(f"/sources/{source_id}", RULES | {"repeat_hours": text})
        (row,) = await rows(db, cast.alice, "SELECT repeat_window FROM sources")
        assert row["repeat_window"] == window
        page = (await alice.get(f"/sources/{source_id}")).text
        assert f'maxlength="12" value="{text}"' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("success_key", "id", "This is one of IntakeID, IntakeId, both"),
        ("repeat_hours", "x", "This is no number of hours"),
        ("repeat_hours", "nan", "This is no number of hours"),
        ("repeat_hours", "1e300", "This is no number of hours"),
        ("repeat_hours", "-1", "This is at most 90 days"),
        ("repeat_hours", "2161", "This is at most 90 days"),
        ("posts_per_second_max", "0", "This is a number from 1 to 10000"),
        ("posts_per_second_max", "1.5", "This is no whole number"),
        ("networks", "nowhere", "'nowhere' does not appear to be an IPv4 or IPv6 network"),
        ("networks", "10.0.0.0/8 " * 51, "These are at most 50"),
    ],
)
async def test_what_makes_no_sense_is_said_and_kept_in_the_form(
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    source_id: uuid.UUID,
    field: str,
    value: str,
    sentence: str,
) -> None:
    answer = await alice.post(f"/sources/{source_id}", RULES | {field: value, "testing": "yes"})

    assert answer.status_code == 422
    problem = re.search(rf'id="{field}-problem" role="alert">([^<]*)<', answer.text)
    assert problem
    assert html.unescape(problem[1]) == f"{sentence}."
    (row,) = await rows(db, cast.alice, "SELECT testing FROM sources")
    assert row["testing"] is False


async def test_signed_posts_are_asked_for_and_not_any_more(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, source_id: uuid.UUID
) -> None:
    assert "Not asked for." in (await alice.get(f"/sources/{source_id}")).text
    signed = await alice.post(f"/sources/{source_id}/signature")
    page = (await alice.get(signed.headers["location"])).text
    secret = re.search(r'aria-label="Secret of the signature" value="([0-9a-f]{64})"', page)
    assert secret
    body = encoded(cast.alice)
    mac = hmac.new(secret[1].encode(), body, hashlib.sha256).hexdigest()
    assert (await send(client, body)).text == R4
    await accepted(client, body, x_doorstep_signature=f"sha256={mac}")
    # Other rules may change meanwhile; the secret stays.
    await alice.post(f"/sources/{source_id}", RULES)
    assert secret[1] in (await alice.get(f"/sources/{source_id}")).text

    await alice.post(f"/sources/{source_id}/signature/removal")
    assert secret[1] not in (await alice.get(f"/sources/{source_id}")).text


async def test_a_vendor_that_is_switched_off_is_refused_and_its_post_kept(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, source_id: uuid.UUID
) -> None:
    answer = await alice.post(f"/sources/{source_id}/disable")
    assert (
        "Switched off. Its posts are refused" in (await alice.get(answer.headers["location"])).text
    )
    assert (await send(client, encoded(cast.alice))).text == R4
    assert "Referrer/Type GUID does not exist." in (await alice.get("/posts")).text
    again = await alice.post(f"/sources/{source_id}/disable")
    assert again.status_code == 409
    assert "This vendor is switched off." in again.text

    await alice.post(f"/sources/{source_id}/enable")
    await accepted(client, encoded(cast.alice))
    assert (await alice.post(f"/sources/{source_id}/enable")).status_code == 409


async def test_only_admins_see_and_change_it(bob: Desk, amy: Desk, source_id: uuid.UUID) -> None:
    for desk in (bob, amy):
        assert (await desk.get(f"/sources/{source_id}")).status_code == 403
        for verb in VERBS:
            answer = await desk.post(f"/sources/{source_id}{verb}", RULES)
            assert answer.status_code == 403


async def test_another_organizations_source_is_not_there(
    cast: Cast, db: PinnedDatabase, charlie: Desk, source_id: uuid.UUID
) -> None:
    theirs, nothing = [await charlie.get(f"/sources/{one}") for one in (source_id, NO_SOURCE)]
    assert theirs.status_code == 404
    assert theirs.text == nothing.text
    for verb in VERBS:
        theirs, nothing = [
            await charlie.post(f"/sources/{one}{verb}", RULES | {"testing": "yes"})
            for one in (source_id, NO_SOURCE)
        ]
        assert theirs.status_code == 404
        assert theirs.text == nothing.text
    (row,) = await rows(db, cast.alice, "SELECT testing, disabled_at FROM sources")
    assert (row["testing"], row["disabled_at"]) == (False, None)
