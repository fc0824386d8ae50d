"""What homeowners see of the organization, written by an admin."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.services import Services
from tests.captures.test_link import HTML, in_org
from tests.capturing import path_of
from tests.cast import Cast
from tests.web.conftest import Desk

PATH = "/settings/organization"
FORM = {
    "name": "Bluth Company",
    "customer_display_name": "Bluth Homes",
    "colour": "#8B1E3F",
    "privacy_url": "https://bluth.example/privacy",
    "terms_url": "https://bluth.example/terms?of=use",
    "support_phone": "(217) 555-0143",
    "language-es": "on",
    "first_language": "es",
}
KEPT = "customer_display_name, colour, privacy_url, terms_url, support_phone, languages"


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    """A picture with a transparent half and a secret beside its pixels."""
    made = Image.new("RGBA", size, (0, 0, 0, 0))
    made.paste((139, 30, 63, 255), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    made.convert("RGBA" if kind == "PNG" else "RGB").save(out, kind)
    return out.getvalue() + b"<script>needle</script>"


async def send(desk: Desk, content: bytes) -> httpx.Response:
    return await desk.client.post(
        f"{PATH}/logo", files={"logo": ("logo.png", content)}, headers=desk.headers
    )


async def row(pinned: Tx, cast: Cast) -> dict[str, Any]:
    async with in_org(pinned, cast.alice.org_id):
        found = await pinned.fetchrow(f"SELECT {KEPT} FROM orgs WHERE id = {cast.alice.org_id}")
    return dict(found or {})


async def test_the_door_page_carries_name_colour_links_and_language(
    alice: Desk, asked: CaptureRequest, services: Services, pinned: Tx, *, cast: Cast
) -> None:
    saved = await alice.post(PATH, FORM)
    assert saved.headers["location"] == f"{PATH}?said=saved"
    assert await row(pinned, cast) == {
        "customer_display_name": "Bluth Homes",
        "colour": "8b1e3f",
        "privacy_url": "https://bluth.example/privacy",
        "terms_url": "https://bluth.example/terms?of=use",
        "support_phone": "+12175550143",
        "languages": ["es"],
    }
    shown = (await alice.get(f"{PATH}?said=saved")).text
    assert 'value="#8b1e3f"' in shown
    assert "Saved. It shows" in shown

    link = path_of(services, asked)
    door = (await alice.client.get(link, headers={**HTML, "Accept-Language": "en-US"})).text
    assert '<html lang="es">' in door
    assert "<b>Bluth Homes</b>" in door
    assert '<link rel="stylesheet" href="/looks/8b1e3f.css">' in door
    assert 'href="https://bluth.example/privacy" rel="noopener noreferrer">Privacidad de' in door
    assert 'href="https://bluth.example/terms?of=use" rel="noopener noreferrer">Condi' in door
    assert 'href="tel:+12175550143">¿Preguntas? Llame al +12175550143' in door
    answered = await alice.client.post(f"{link}/answers", data={"answer": "call"}, headers=HTML)
    assert "Le llamarán" in answered.text

    await alice.post(PATH, FORM)
    async with in_org(pinned, cast.alice.org_id):
        events = await pinned.fetch(
            "SELECT payload, actor FROM events WHERE name = 'organization.changed'"
        )
    assert [one["actor"] for one in events] == [f"user:{cast.alice.admin_id}"]
    assert "support_phone" in str(events[0]["payload"])


async def test_colours_can_be_read_on_light_and_on_dark_pages(client: httpx.AsyncClient) -> None:
    answer = await client.get("/looks/8b1e3f.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.text == (
        ":root{--door:#8b1e3f;--door-strong:#61152c;--door-soft:#f0e2e6;--on-door:#ffffff}"
        "@media (prefers-color-scheme:dark){:root{--door:#bc7e91;--door-strong:#d3abb8;"
        "--door-soft:#2e171f;--on-door:#0f1514}}\n"
    )
    for name in ("ffee00.css", "8B1E3F.css", "8b1e3f.js", "8b1e3f", "}body{.css"):
        assert (await client.get(f"/looks/{name}")).status_code == 404


async def test_a_logo_is_rebuilt_from_its_pixels(
    alice: Desk, asked: CaptureRequest, services: Services, pinned: Tx, *, cast: Cast
) -> None:
    assert (await send(alice, picture())).headers["location"] == f"{PATH}?said=logo"
    async with in_org(pinned, cast.alice.org_id):
        sha256 = await pinned.fetchval(f"SELECT logo FROM orgs WHERE id = {cast.alice.org_id}")
    address = f"/logos/{cast.alice.org_id}/{sha256}.webp"
    assert f'src="{address}"' in (await alice.get(PATH)).text
    door = await alice.client.get(path_of(services, asked), headers=HTML)
    assert f'<img class="logo" src="{address}" alt="Bluth Company">' in door.text
    served = await alice.client.get(address)
    assert served.headers["content-type"] == "image/webp"
    assert b"needle" not in served.content
    assert len(served.content) <= 10_000
    with Image.open(io.BytesIO(served.content)) as shown:
        assert shown.size == (320, 107)
        assert shown.convert("RGBA").getpixel((300, 50)) == (0, 0, 0, 0)

    elsewhere = f"/logos/{cast.charlie.org_id}/{sha256}.webp"
    assert (await alice.client.get(elsewhere)).status_code == 404
    for content, words in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is a PNG, JPEG or WebP picture"),
        (picture(size=(12, 12)), "is smaller than 16 pixels"),
        (picture("JPEG")[:900], "is damaged and cannot be opened"),
    ):
        refused = await send(alice, content)
        assert refused.status_code == 422
        assert words in refused.text
    assert (await send(alice, bytes(3 << 20))).status_code == 413
    await alice.post(f"{PATH}/logo/removal")
    assert address not in (await alice.get(PATH)).text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "  ", "has 1 to 120 characters"),
        ("customer_display_name", "x" * 121, "has 1 to 120 characters"),
        ("colour", "red", "is a colour such as #0d5a5e"),
        ("colour", "#ffee00", "is too light to be read on white: 1.1 to 1"),
        ("privacy_url", "http://bluth.example/", "begins with https://"),
        ("privacy_url", "javascript:alert(1)", "begins with https://"),
        ("terms_url", "https://user@bluth.example/", "begins with https://"),
        ("support_phone", "12", "is a phone number such as"),
        ("first_language", "tlh", "are some of en, es"),
    ],
)
async def test_what_cannot_be_shown_is_said_and_changes_nothing(
    alice: Desk, pinned: Tx, cast: Cast, *, field: str, value: str, words: str
) -> None:
    before = await row(pinned, cast)
    answer = await alice.post(PATH, FORM | {field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Bluth Homes" in answer.text or field == "customer_display_name"
    assert await row(pinned, cast) == before


async def test_only_admins_change_it(bob: Desk, charlie: Desk, pinned: Tx, cast: Cast) -> None:
    before = await row(pinned, cast)
    assert PATH not in (await bob.get("/settings")).text
    assert (await bob.get(PATH)).status_code == 403
    assert (await bob.post(PATH, FORM)).status_code == 403
    assert (await send(bob, picture())).status_code == 403
    assert (await bob.post(f"{PATH}/logo/removal")).status_code == 403
    assert (await charlie.post(PATH, FORM)).status_code == 303
    assert await row(pinned, cast) == before


JOBS = {"time_zone": "America/Denver", "external_identifier_label": "Claim  Number"}
NEW_JOB = {"name": "Maeby", "email": "maeby@example.com", "line_1": "7 Sudden Valley"}


async def test_time_zone_and_the_number_of_jobs(
    alice: Desk, bob: Desk, charlie: Desk, pinned: Tx, *, cast: Cast
) -> None:
    rule = {"external_identifier_required": "on"}
    saved = await alice.post(f"{PATH}/jobs", JOBS | rule)
    assert saved.headers["location"] == f"{PATH}?said=jobs#jobs"
    kept = "SELECT time_zone, external_identifier_label, external_identifier_required FROM orgs"
    async with in_org(pinned, cast.alice.org_id):
        assert tuple(await pinned.fetchrow(kept) or ()) == ("America/Denver", "Claim Number", True)
    shown = (await alice.get(PATH)).text
    assert "<option selected>America/Denver</option>" in shown
    assert 'value="Claim Number"' in shown
    refused = await bob.post("/jobs/new", NEW_JOB)
    assert refused.status_code == 422
    assert "Your organization asks for a Claim Number" in refused.text
    assert "Claim Number <span" not in refused.text
    assert (
        await bob.post("/jobs/new", NEW_JOB | {"external_identifier": "C-1"})
    ).status_code == 303
    assert (await charlie.post("/jobs/new", NEW_JOB)).status_code == 303

    assert (await alice.post(f"{PATH}/jobs", JOBS)).status_code == 303
    assert (await bob.post("/jobs/new", NEW_JOB)).status_code == 303
    async with in_org(pinned, cast.alice.org_id):
        events = "SELECT payload ->> 'changed' FROM events WHERE name = 'organization.changed'"
        assert [row[0] for row in await pinned.fetch(events + " ORDER BY id")] == [
            '["external_identifier_label", "external_identifier_required", "time_zone"]',
            '["external_identifier_required"]',
        ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"time_zone": "America/Sudden_Valley"}, "Time zone is one of the list."),
        ({"time_zone": "../../etc/passwd"}, "Time zone is one of the list."),
        ({"external_identifier_label": " "}, "Jobs are numbered by has 1 to 40 characters."),
        ({"external_identifier_label": "x" * 41}, "Jobs are numbered by has 1 to 40 characters."),
    ],
)
async def test_a_wrong_zone_or_label_is_said_and_nothing_is_kept(
    alice: Desk, bob: Desk, change: dict[str, str], words: str
) -> None:
    refused = await alice.post(f"{PATH}/jobs", JOBS | change)
    assert refused.status_code == 422
    assert words in refused.text
    assert "America/New_York" in (await alice.get("/settings")).text
    assert (await bob.post(f"{PATH}/jobs", JOBS)).status_code == 403
