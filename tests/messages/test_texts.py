"""The words of messages: filled in, framed, counted, and never a way in for somebody else's."""

import pytest

from doorstep.messages import texts
from doorstep.messages.default_texts import KINDS
from doorstep.messages.segments import fitted, size_of
from doorstep.messages.text_model import LANGUAGES, Text
from doorstep.messages.texts import Frame

LINK = "https://photos.bluth.example/c/AbCdEf0123456789012345678901"
VALUES = {
    "asker": "Bluth Company",
    "name": "Lucille Bluth",
    "address": "1 Balboa Ave",
    "place": "1 Balboa Ave",
    "job": "1 Balboa Ave",
    "spots": "Back, Left side",
    "note": "The gate is open.",
    "reason": "Only 3 of 9 photos hang together.",
    "source": "Bright Leads",
    "refusals": "3",
    "since": "2026-03-05 10:00 UTC",
    "phone": "+14025550123",
    "host": "crm.example.com",
    "error": "http_500",
}

HOSTILE = [
    "Your bank: http://x.example/a",
    "see HTTPS://EVIL.EXAMPLE",
    "www.evil.example now",
    "evil.example/pay",
    "evil\u3002example",
    "a@evil.example",
    "\u202egnp.elpmaxe\u202c",
    "Lu\u200bcille\u2066",
    "Lucille\r\nBcc: gob@example.com",
    "{{7*7}}{link}{name}",
    "{link}",
    "<a href='http://x'>x</a><script>alert(1)</script>",
    "x" * 4000,
    "=?utf-8?q?=0D=0ABcc:_gob=40example.com?=",
]


def filled(values: dict[str, str], *, text: Text | None = None, kind: str = "invitation",
           language: str = "en") -> texts.Composed:  # fmt: skip
    words = text or KINDS[kind].texts[language]
    frame = Frame(org="Bluth Company", colour="aa3300", language=language)
    return texts.fill(words, kind=kind, frame=frame, values=VALUES | values)


def test_an_invitation() -> None:
    made = filled({})
    assert made.subject == "Bluth Company would like photos of your house"
    assert made.text == (
        "Hello Lucille Bluth,\n\n"
        "Bluth Company asks you for photos of the outside of your house, to measure it without "
        "a visit. It takes about 8 minutes with your phone, and you need no app and no account."
        "\n\nThe house: 1 Balboa Ave\n\nTake the photos:\n{link}\n\n"
        "Open it on your phone. The photos go to Bluth Company and nobody else. If this is not "
        "your house, you can say so on the page.\n"
    )
    assert '<html lang="en">' in made.html
    assert "background:#aa3300;color:#fff" in made.html
    assert made.html.count('href="{link}"') == 1
    assert "The house" not in filled({"address": ""}).text
    spanish = filled({}, language="es")
    assert spanish.subject == "Bluth Company le pide fotos de su casa"
    assert "Hola Lucille Bluth:" in spanish.text
    assert '<html lang="es">' in spanish.html


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_is_only_a_value(hostile: str, language: str) -> None:
    for name in ("name", "asker", "address", "note", "spots"):
        made = filled({name: hostile}, kind="more_photos", language=language)
        clean = filled({name: "Q"}, kind="more_photos", language=language)
        every = made.subject + made.text + made.sms
        for bad in ("http", "www", "evil.", ".example", "{{", "\r", "\u202e", "\u2066", "\u200b"):
            assert bad not in every.lower().replace("lucille bcc", "")
        assert "\n" not in made.subject + made.sms
        assert made.text.count("{link}") == made.sms.count("{link}") == 1
        assert made.text.count("\n") == clean.text.count("\n")
        assert made.html.count("<") == clean.html.count("<")
        assert made.html.count("{link}") == clean.html.count("{link}")
        assert len(made.sms) < 400


def test_an_administrator_knows_the_host_again() -> None:
    made = filled({"host": "crm.example.com\r\nBcc: x"}, kind="webhook_disabled")
    assert made.subject == "Webhooks to crm.example.com Bcc: x are switched off"
    spanish = filled({}, kind="webhook_failing", language="es")
    assert spanish.text.startswith(
        "Desde 2026-03-05 10:00 UTC el destino crm.example.com no aceptó ningún envío."
    )


def test_the_usual_words_are_good_and_fit_one_segment_each() -> None:
    for kind, known in KINDS.items():
        assert sorted(known.texts) == sorted(LANGUAGES)
        for language, text in known.texts.items():
            assert texts.faults(text, kind=kind, language=language) == {}, (kind, language)
            made = filled({}, kind=kind, language=language)
            assert "{" not in (made.subject + made.text + made.sms).replace("{link}", "")
            if known.to_homeowner:
                size = size_of(made.sms.replace("{link}", LINK))
                assert (size.segments, size.wide) == (1, False), made.sms
                assert "STOP" in made.sms


@pytest.mark.parametrize(
    ("part", "words", "said"),
    [
        ("subject", "", "is missing"),
        ("subject", "Photos\nBcc: x", "is one line"),
        ("subject", "Photos\r\nBcc: x", "holds characters that are no text"),
        ("subject", "x" * 151, "has at most 150 characters"),
        ("body", "See https://evil.example", "holds something like a link"),
        ("body", "See evil.example", "holds something like a link"),
        ("body", "\u202eHello", "holds characters that are no text"),
        ("body", "Hello {nmae}", "may hold {org}, {asker}, {name}, {address}, and no other"),
        ("body", "Hello {link}", "may hold"),
        ("body", "Hello {{name}}", "may hold"),
        ("body", "Hello {NAME}", "may hold"),
        ("sms", "{org}: photos please", "needs {link}"),
        ("sms", "Photos please: {link}", "needs {org}"),
        ("sms", "{org} {link} " + "x" * 400, "has at most 400 characters"),
    ],
)
def test_words_that_are_refused(part: str, words: str, said: str) -> None:
    good = {"subject": "Photos", "body": "Please", "sms": "{org}: {link}"}
    found = texts.faults(Text(**good | {part: words}), kind="invitation", language="en")
    assert list(found) == [part]
    assert said in " ".join(found[part])


def test_a_text_always_says_how_to_end_it() -> None:
    text = Text(subject="Photos", body="Please", sms="{org}: {link}")
    assert filled({}, text=text).sms == "Bluth Company: {link} Reply STOP to opt out"
    spanish = filled({}, text=text, language="es")
    assert spanish.sms == "Bluth Company: {link} Responda STOP para no recibir mas"


@pytest.mark.parametrize(
    ("text", "segments", "units", "wide"),
    [
        ("", 1, 0, False),
        ("x" * 160, 1, 160, False),
        ("x" * 161, 2, 161, False),
        ("x" * 306, 2, 306, False),
        ("x" * 307, 3, 307, False),
        ("€" * 80, 1, 160, False),
        ("€" * 81, 2, 162, False),
        ("ñ¿é" * 50, 1, 150, False),
        ("á" * 70, 1, 70, True),
        ("á" * 71, 2, 71, True),
        ("🏠" * 35, 1, 70, True),
        ("🏠" * 36, 2, 72, True),
    ],
)
def test_segments(text: str, segments: int, units: int, *, wide: bool) -> None:
    found = size_of(text)
    assert (found.segments, found.units, found.wide) == (segments, units, wide)


def test_signs_are_fitted_and_words_are_not_changed() -> None:
    assert fitted("\u201cMaría\u2019s\u201d \u2013 casa\u2026") == '"Maria\'s" - casa...'
    assert fitted("Łucja 日本") == "Łucja 日本"
