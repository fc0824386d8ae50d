"""The homeowner's pages speak each language wholly; a new one is one file beside the others."""

import re
import string
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.capture_pages import LANGUAGES, WORDS, words
from tests.captures.test_link import HTML, in_org
from tests.capturing import Phone, photo
from tests.cast import Cast

SPANISH = {**HTML, "Accept-Language": "es-MX,en;q=0.5"}
# Neither Spanish nor names; each is in the English pages many times.
ENGLISH = {
    *("the", "and", "your", "you", "this", "that", "with", "from", "for", "are", "not", "it"),
    *("photo", "photos", "take", "link", "house", "back", "open", "here", "model", "delete"),
    *("front", "right", "left", "corner", "side", "camera", "close", "stop", "why", "about"),
}
ENDINGS = {
    "deleted": "state = 'deleted'",
    "expired": "state = 'connected', expires_at = now()",
}
SAME = {"app.spot_label", "measure.kept", "measure.sheet_a4", "structures.count"}
"""Sentences without a word in them."""


def flat(tree: dict[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, f"{start}{key}.")
        else:
            yield start + key, value


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_language_has_every_sentence() -> None:
    assert {path.name for path in WORDS.iterdir()} == {f"{name}.json" for name in LANGUAGES}
    assert LANGUAGES[:2] == ("en", "es")
    english = dict(flat(words("en")))
    for language in LANGUAGES[1:]:
        theirs = dict(flat(words(language)))
        assert set(theirs) == set(english)
        for key, sentence in english.items():
            assert places(theirs[key]) == places(sentence), key
            assert theirs[key].strip(), key
        assert {key for key in english if theirs[key] == english[key]} <= SAME


def english_in(page: httpx.Response) -> set[str]:
    """English words of a page: its text, its labels, and the sentences of its script."""
    assert '<html lang="es">' in page.text
    text = re.sub(r"<style.*?</style>|<!--.*?-->", " ", page.text, flags=re.DOTALL)
    said = " ".join(re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', text))
    told = re.search(r'<script type="application/json" id="words">(.*?)</script>', text, re.DOTALL)
    sentences = re.findall(r':\s*"([^"]*)"', told[1]) if told else []
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", text, flags=re.DOTALL)
    found = re.findall(r"[a-z]+", f"{body} {said} {' '.join(sentences)}".lower())
    return ENGLISH & set(found)


async def test_no_english_is_left_on_spanish_pages(
    client: httpx.AsyncClient,
    link: str,
    request_of_alice: CaptureRequest,
    *,
    pinned: Tx,
    cast: Cast,
) -> None:
    phone = Phone(client, link)
    pages = {"door": await client.get(link, headers=SPANISH)}
    for answer in ("tomorrow", "call", "not_mine"):
        told = {"answer": answer}
        pages[answer] = await client.post(f"{link}/answers", data=told, headers=SPANISH)
    pages["erase"] = await client.get(f"{link}/erasure", headers=SPANISH)
    pages["unknown"] = await client.get(link[:-1], headers=SPANISH)
    pages["again"] = await client.get(f"/again/{request_of_alice.identifier}", headers=SPANISH)
    pages["sent"] = await client.post(f"/again/{request_of_alice.identifier}", headers=SPANISH)
    pages["nobody"] = await client.get("/capture", headers=SPANISH)
    await phone.start()
    pages["capture"] = await client.get("/capture", headers={**phone.cookie, **SPANISH})
    await phone.upload(photo(1), kind="photo")
    await phone.finish(photo(1))
    pages["complete"] = await client.get(link, headers=SPANISH)
    for state, change in ENDINGS.items():
        async with in_org(pinned, cast.alice.org_id):
            await pinned.execute(f"UPDATE capture_requests SET {change}")
        pages[state] = await client.get(link, headers=SPANISH)
    pages["done"] = await client.post(f"{link}/erasure", headers=SPANISH)
    pages["erased"] = await client.get(link, headers=SPANISH)
    ended = [pages[name].status_code for name in ("complete", *ENDINGS, "erased")]
    assert ended == [410, 410, 410, 410]
    assert {name: found for name, page in pages.items() if (found := english_in(page))} == {}


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("", "en"), ("fr-CA", "en"), ("es", "es"), ("xx;q=0.1, ES-us", "es"), ("en-GB, es", "en")],
)
async def test_the_phone_chooses_the_language(
    client: httpx.AsyncClient, link: str, *, asked: str, spoken: str
) -> None:
    page = await client.get(link, headers={**HTML, "Accept-Language": asked})
    assert f'<html lang="{spoken}">' in page.text
