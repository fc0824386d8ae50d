"""F01 to F09: what arrives is not what the wire describes."""

import json
import resource
from typing import Any

import httpx
import pytest

from doorstep.kit.settings import Settings
from doorstep.leads.alerts import WATCH
from doorstep.worker.main import handlers
from tests.cast import Cast
from tests.faults.posting import (
    R2,
    R3,
    R4,
    R5,
    R6,
    accepted,
    encoded,
    lead,
    rows,
    send,
    values,
)
from tests.pinned import PinnedDatabase

POSTS = "SELECT outcome, error, body, source_id FROM lead_posts ORDER BY id"


@pytest.mark.parametrize(
    "body",
    [
        b"{'First': 'a'}",
        b'{"First": "a",}',
        b"",
        b"<html><body>form</body></html>",
        b"\xff\xfe\x00",
    ],
)
async def test_f01_a_body_that_is_no_json_is_kept(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, body: bytes
) -> None:
    answer = await send(client, body)

    assert (answer.status_code, answer.text) == (200, R2)
    (post,) = await rows(db, None, POSTS)
    assert (post["outcome"], post["body"]) == ("syntax", body)


async def test_f01_a_broken_post_is_shown_to_the_organization_that_it_names(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = encoded(cast.alice).replace(b'"', b"'")

    assert (await send(client, body)).text == R2
    (post,) = await rows(db, cast.alice, POSTS)
    assert (post["outcome"], post["body"]) == ("syntax", body)
    assert post["source_id"] is not None
    assert await rows(db, cast.charlie, POSTS) == []


async def test_f01_three_in_a_row_are_told(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, settings: Settings
) -> None:
    for _ in range(3):
        await send(client, encoded(cast.alice).replace(b'"', b"'"))

    await handlers(settings, db)[WATCH]({})

    told = await rows(db, cast.alice, "SELECT name FROM events WHERE name LIKE 'source.%'")
    assert told == [{"name": "source.refusing"}]


async def test_f02_a_byte_order_mark_is_no_fault(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    lead_id = await accepted(client, b"\xef\xbb\xbf" + encoded(cast.alice))

    assert (await lead(db, cast.alice, lead_id))["warnings"] == []


@pytest.mark.parametrize(
    ("charset", "python"),
    [("utf-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("iso-8859-1", "latin-1")],
)
async def test_f02_a_declared_charset_is_read(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, charset: str, python: str
) -> None:
    body = json.dumps(values(cast.alice, First="Zoë"), ensure_ascii=False).encode(python)

    lead_id = await accepted(client, body, content_type=f"application/json; charset={charset}")

    found = await lead(db, cast.alice, lead_id)
    assert found["first_name"] == "Zoë"
    assert found["warnings"][0].startswith("Read as ")


@pytest.mark.parametrize("declared", ["", "; charset=utf-8", "; charset=klingon", "; charset=hex"])
async def test_f02_bytes_of_no_known_charset_are_refused_and_kept(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, declared: str
) -> None:
    body = json.dumps(values(cast.alice, First="Zoë"), ensure_ascii=False).encode("latin-1")

    answer = await send(client, body, content_type="application/json" + declared)

    assert answer.text == R2
    (post,) = await rows(db, cast.alice, POSTS)
    assert post["body"] == body


@pytest.mark.parametrize("colon", [b":", b" :", b"\n:"])
async def test_f03_the_last_of_two_keys_counts_and_is_flagged(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, colon: bytes
) -> None:
    body = encoded(cast.alice).replace(b'"First":', b'"First"' + colon + b'"Joan","First":')

    lead_id = await accepted(client, body)

    found = await lead(db, cast.alice, lead_id)
    assert found["first_name"] == "John"
    assert found["warnings"] == ["First came more than once; the last one counts"]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
async def test_f03_what_is_no_number_is_no_json(
    client: httpx.AsyncClient, cast: Cast, number: bytes
) -> None:
    body = encoded(cast.alice, Zip="x").replace(b'"x"', number)

    assert (await send(client, body)).text == R2


@pytest.mark.parametrize(("depth", "text"), [(5000, R2), (21, R2)])
async def test_f03_deep_nesting_is_refused(
    client: httpx.AsyncClient, cast: Cast, depth: int, text: str
) -> None:
    body = encoded(cast.alice)[:-1] + b',"Own":' + b"[" * depth + b"]" * depth + b"}"

    assert (await send(client, body)).text == text


async def test_f03_an_own_key_may_hold_a_list(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, Own=["a", {"b": 1}]))

    assert (await lead(db, cast.alice, lead_id))["extra"] == {"Own": '["a", {"b": "1"}]'}


async def test_f03_ten_megabytes_are_cut_off_without_being_held(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = encoded(cast.alice, Details="x" * 10_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answer = await client.post("/api/captorraapi/create", content=_pieces(body))

    assert (answer.status_code, answer.text) == (413, R2)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    (post,) = await rows(db, cast.alice, POSTS)
    assert len(post["body"]) == 262_144


async def _pieces(body: bytes) -> Any:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


async def test_f04_what_cannot_be_stored_is_removed_and_flagged(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = encoded(cast.alice).replace(b"John", b"Jo\\u0000hn\\ud800")

    lead_id = await accepted(client, body)

    found = await lead(db, cast.alice, lead_id)
    assert found["first_name"] == "John"
    assert found["warnings"] == ["First held a character that no text can hold"]


@pytest.mark.parametrize(
    ("wrong", "right", "text"),
    [("captorraid", "CaptorraId", R5), ("first", "First", R6), ("FIRST", "First", R6)],
)
async def test_f05_other_spellings_are_missing_keys(
    client: httpx.AsyncClient, cast: Cast, wrong: str, right: str, text: str
) -> None:
    body = encoded(cast.alice).replace(f'"{right}"'.encode(), f'"{wrong}"'.encode())

    assert (await send(client, body)).text == text


async def test_f05_the_printed_misprints_are_aliases(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    body = encoded(cast.alice, Country="Bucks").replace(b"CaptorraId", b"Captorrald")

    lead_id = await accepted(client, body)

    assert (await lead(db, cast.alice, lead_id))["county"] == "Bucks"


async def test_f05_a_country_under_country_is_no_county(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, Country="USA"))

    found = await lead(db, cast.alice, lead_id)
    assert (found["county"], found["extra"]) == (None, {"Country": "USA"})


@pytest.mark.parametrize(
    ("key", "column", "limit"), [("First", "first_name", 50), ("Details", "details", 4000)]
)
async def test_f06_a_long_value_is_cut_between_characters_and_kept_whole(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, key: str, column: str, limit: int
) -> None:
    text = "é" * limit + "🏠"

    lead_id = await accepted(client, encoded(cast.alice, **{key: text}))

    found = await lead(db, cast.alice, lead_id)
    assert found[column] == "é" * limit
    assert found["warnings"] == [f"{key} has {limit + 1} characters; {limit} fit"]
    (post,) = await rows(db, cast.alice, POSTS)
    assert json.loads(post["body"])[key] == text


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("Pennsylvania", "PA"),
        ("  new   york ", "NY"),
        ("PA", "PA"),
        ("Ontario", "On"),
        ("N/A", None),
    ],
)
async def test_f06_states_become_two_letters(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, value: str, stored: str | None
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, State=value))

    assert (await lead(db, cast.alice, lead_id))["region"] == stored


@pytest.mark.parametrize(
    ("value", "stored"),
    [(5555555555, "5555555555"), (True, "true"), (1.5, "1.5"), (None, None), ("n/a", None)],
)
async def test_f07_scalars_are_text_and_null_is_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, value: object, stored: str | None
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, Primary=value))

    assert (await lead(db, cast.alice, lead_id))["primary_phone"] == stored


@pytest.mark.parametrize("value", [["PA"], {"a": "b"}, [], {}])
async def test_f07_lists_and_objects_are_a_syntax_error(
    client: httpx.AsyncClient, cast: Cast, value: object
) -> None:
    assert (await send(client, encoded(cast.alice, State=value))).text == R2


@pytest.mark.parametrize("form", ["{{{}}}", "({})", "urn:uuid:{}", " {} "])
async def test_f08_every_documented_form_of_a_guid(
    client: httpx.AsyncClient, cast: Cast, form: str
) -> None:
    guid = str(cast.alice.referrer)

    await accepted(client, encoded(cast.alice, Referrer=form.format(guid.upper())))
    await accepted(client, encoded(cast.alice, Referrer=form.format(guid.replace("-", ""))))


async def test_f08_35_characters_are_no_guid(client: httpx.AsyncClient, cast: Cast) -> None:
    guid = str(cast.alice.referrer)

    assert (await send(client, encoded(cast.alice, Referrer=guid[:-1]))).text == R3
    assert (await send(client, encoded(cast.alice, Type="{" + guid + ")"))).text == R3


async def test_f09_foreign_unknown_and_disabled_are_one_answer(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, pinned: Any
) -> None:
    await pinned.execute("SET LOCAL ROLE doorstep_app")
    await pinned.execute(f"SET LOCAL app.org = '{cast.alice.org_id}'")
    await pinned.execute("UPDATE sources SET disabled_at = now()")
    await pinned.execute("RESET ROLE")

    foreign = await send(client, encoded(cast.alice, Referrer=str(cast.charlie.referrer)))
    unknown = await send(client, encoded(cast.alice, CaptorraId="999999"))
    disabled = await send(client, encoded(cast.alice))

    assert {foreign.text, unknown.text, disabled.text} == {R4}
    assert len(await rows(db, cast.alice, POSTS)) == 2
    assert len(await rows(db, None, POSTS)) == 1
    assert await rows(db, cast.charlie, POSTS) == []
