"""A member shares a job with a partner: what is shown, to whom, how long, and what is written down."""

import html
import io
import json
import re
import uuid
import zipfile
from dataclasses import replace
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import partner_links
from doorstep.web.services import Services
from tests.capturing import ask, path_of
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.test_job import bring_to, put_build
from tests.web.test_measurements import DONE, METRIC, put_record

FORM = {
    "recipient": "Acme  Insurance",
    "note": "Hail of May 3 <b>",
    "days": "30",
    **{f"shows-{part}": "yes" for part in ("address", "model", "measurements", "photos", "files")},
}
PERSONAL = ("Gob", "gob@example.com", "BL-77")
CHROME = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"}


def without(*parts: str) -> dict[str, str]:
    return {
        name: value for name, value in FORM.items() if name not in {f"shows-{p}" for p in parts}
    }


@pytest.fixture
async def built(
    db: PinnedDatabase, services: Services, cast: Cast, asked: CaptureRequest
) -> CaptureRequest:
    """A complete job with model, record and one photo of each fate."""
    await bring_to(db, cast, job_id=asked.job_id, states=DONE)
    build_id = await put_build(db, services, cast, job_id=asked.job_id, state="complete")
    await put_record(
        db, services, org_id=cast.alice.org_id, build_id=build_id,
        content=json.dumps(METRIC).encode(),
    )  # fmt: skip
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await services.storage.put(f"{build_id}/home", b"unit box")
        await scope.tx.execute(
            "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
            "VALUES ($1, $2, 'home', 'model.glb', $3, 8, 'model/gltf-binary')",
            scope.org_id,
            build_id,
            f"{build_id}/home",
        )
        await scope.tx.execute(
            "UPDATE jobs SET external_identifier = 'BL-77', customer_name = 'Gob Bluth', "
            "name = 'Gob at home' WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.job_id,
        )
        await services.storage.put("thumb", b"small")
        await services.storage.put("display", b"large")
        for number, (state, spot) in enumerate(
            (("stored", "front"), ("stored", "back"), ("rejected", "left"))
        ):
            await scope.tx.execute(
                "INSERT INTO photos (org_id, id, job_id, capture_request_id, kind, spot, sequence, "
                "sha256, bytes, media_type, original_key, state, display_key, thumbnail_key) VALUES "
                "($1, $2, $3, $4, 'photo', $5, $6, $7, 9, 'image/jpeg', 'o', $8, 'display', 'thumb')",
                scope.org_id,
                uuid.UUID(int=number + 1),
                asked.job_id,
                asked.id,
                spot,
                number,
                bytes([number]) * 32,
                state,
            )
    return asked


async def make(desk: Desk, job_id: int, form: dict[str, str]) -> str:
    """The path of a new link."""
    answer = await desk.post(f"/jobs/{job_id}/partner-links", form)
    assert answer.headers["location"] == f"/jobs/{job_id}/sharing?said=shared", answer.text
    text = (await desk.get(f"/jobs/{job_id}/sharing")).text
    path: str = re.findall(r'value="http://127\.0\.0\.1:8000(/partner/[\w-]{34})"', text)[0]
    return path


async def expired(db: PinnedDatabase, cast: Cast, services: Services, *, job_id: int) -> str:
    """The path of a link of the same job whose time is over."""
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        [link] = await partner_links.of_job(scope, job_id=job_id)
        link_id = await scope.tx.fetchval(
            "INSERT INTO partner_links (org_id, id, job_id, name, recipient, note, shows, actor, "
            "expires_at) SELECT org_id, gen_random_uuid(), job_id, 'anothername-', recipient, "
            "note, shows, actor, now() FROM partner_links WHERE org_id = $1 RETURNING id",
            scope.org_id,
        )
    url = services.links.partner(replace(link, id=link_id, name="anothername-"))
    return url.removeprefix("http://127.0.0.1:8000")


async def test_a_partner_sees_what_was_chosen_and_nothing_of_the_homeowner(
    client: httpx.AsyncClient, bob: Desk, built: CaptureRequest
) -> None:
    path = await make(bob, built.job_id, FORM)
    page = await client.get(path)
    text = html.unescape(re.sub(r"\s+", " ", page.text))
    assert page.status_code == 200
    for words in (
        "1 Balboa Ave", "For Acme Insurance", "40.0 ± 0.2 ft", "Hail of May 3 <b>", "Bluth Company",
        'alt="Front, photo"', 'alt="Back, photo"', f'src="{path}/model.glb"',
    ):  # fmt: skip
        assert words in text, words
    assert "<b>" not in page.text
    assert 'alt="Left side' not in text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert page.headers["cache-control"] == "no-store"
    assert "'none'" in page.headers["content-security-policy"]
    assert "<form" not in text
    assert "set-cookie" not in page.headers

    assert (await client.get(f"{path}/model.glb")).content == b"glTF and more"
    shot = await client.get(f"{path}/photos/{uuid.UUID(int=1)}/display")
    assert (shot.content, shot.headers["content-type"]) == (b"large", "image/jpeg")
    assert (await client.get(f"{path}/measurements.json")).json() == METRIC
    report = await client.get(f"{path}/measurements.pdf")
    assert report.content.startswith(b"%PDF")
    sheet = await client.get(f"{path}/measurements.xlsx")
    assert sheet.content.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(sheet.content)) as parts:
        cells = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "1 Balboa Ave" in cells
    for secret in PERSONAL:
        assert secret not in page.text
        assert secret not in cells


@pytest.mark.parametrize(
    ("left_out", "gone", "words"),
    [
        ("address", (), "1 Balboa"),
        ("model", ("model.glb",), "<model-viewer"),
        ("photos", (f"photos/{uuid.UUID(int=1)}/display",), 'alt="Front'),
        ("files", ("measurements.pdf", "measurements.json", "measurements.xlsx"), "(PDF)"),
        ("measurements", ("measurements.pdf", "measurements.json"), "40.0"),
    ],
)
async def test_what_was_not_chosen_is_not_there(
    client: httpx.AsyncClient, bob: Desk, built: CaptureRequest, left_out: str,
    gone: tuple[str, ...], words: str,
) -> None:  # fmt: skip
    path = await make(bob, built.job_id, without(left_out))
    assert words not in (await client.get(path)).text
    for part in gone:
        assert (await client.get(f"{path}/{part}")).status_code == 404


async def test_without_measurements_the_model_has_no_size(
    client: httpx.AsyncClient, bob: Desk, built: CaptureRequest
) -> None:
    path = await make(bob, built.job_id, without("measurements"))
    assert (await client.get(f"{path}/model.glb")).content == b"unit box"


async def test_another_jobs_photo_is_not_under_the_link(
    client: httpx.AsyncClient, db: PinnedDatabase, cast: Cast, bob: Desk, built: CaptureRequest
) -> None:
    assert built.state == "new"
    other = await ask(db, cast.alice, email="buster@example.com")
    path = await make(bob, other.job_id, FORM)
    assert (await client.get(path)).status_code == 200
    assert (await client.get(f"{path}/photos/{uuid.UUID(int=1)}/display")).status_code == 404
    assert (await client.get(f"{path}/photos/{uuid.UUID(int=1)}/original")).status_code == 404


async def test_each_opening_is_written_down_and_shown(
    client: httpx.AsyncClient, db: PinnedDatabase, cast: Cast, bob: Desk, built: CaptureRequest
) -> None:
    path = await make(bob, built.job_id, FORM)
    sharing = f"/jobs/{built.job_id}/sharing"
    assert "Not opened yet." in (await bob.get(sharing)).text
    await client.get(path, headers=CHROME)
    await client.get(path, headers=CHROME)  # the same visit
    text = (await bob.get(sharing)).text
    assert "Opened 1 time, last" in text
    assert "Windows, Chrome 130" in text
    assert "127.0.0.0/24" in text
    await client.get(path, headers={"user-agent": "curl/8"})
    assert "Opened 2 times, last" in (await bob.get(sharing)).text
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        events = await scope.tx.fetch(
            "SELECT name, actor, payload->>'to' AS to FROM events WHERE org_id = $1 "
            "AND name LIKE 'partner_link.%' ORDER BY id",
            scope.org_id,
        )
        reads = await scope.tx.fetchval(
            "SELECT count(*) FROM accesses WHERE org_id = $1 AND actor LIKE 'partner_link:%'",
            scope.org_id,
        )
    assert [(one["name"], one["actor"].partition(":")[0], one["to"]) for one in events] == [
        ("partner_link.made", "user", "Acme Insurance"),
        ("partner_link.opened", "partner_link", "Acme Insurance"),
    ]
    assert reads == 3
    timeline = (await bob.get(f"/jobs/{built.job_id}/timeline")).text
    assert "A partner opened the link" in timeline


@pytest.mark.parametrize("how", ["ended", "expired"])
async def test_a_link_that_has_ended_shows_nothing_at_once(
    client: httpx.AsyncClient, db: PinnedDatabase, cast: Cast, services: Services, bob: Desk,
    built: CaptureRequest, how: str,
) -> None:  # fmt: skip
    path = await make(bob, built.job_id, FORM)
    sharing = f"/jobs/{built.job_id}/sharing"
    if how == "ended":
        end = re.search(
            r'action="(/jobs/\d+/partner-links/[0-9a-f-]+/end)"', (await bob.get(sharing)).text
        )
        assert end
        answer = await bob.post(end[1])
        assert answer.headers["location"] == f"{sharing}?said=unshared"
        assert (await bob.post(end[1])).status_code == 303
    else:
        path = await expired(db, cast, services, job_id=built.job_id)
    for part in ("", "/model.glb", "/measurements.pdf", f"/photos/{uuid.UUID(int=1)}/display"):
        gone = await client.get(path + part)
        assert gone.status_code == 410
        assert "This link has ended. Ask whoever sent it for a new one." in gone.text
        assert gone.headers["referrer-policy"] == "no-referrer"
        assert "Bluth" not in gone.text
        assert "Balboa" not in gone.text
    if how == "ended":
        assert path not in (await bob.get(sharing)).text
    assert "Links that have ended" in (await bob.get(sharing)).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipient": " "}, "Who it is for has 1 to 120 characters."),
        ({"recipient": "x" * 121}, "Who it is for has 1 to 120 characters."),
        ({"note": "x" * 1001}, "The note has at most 1000 characters."),
        ({"days": "0"}, "days is from 1 to 366."),
        ({"days": "367"}, "days is from 1 to 366."),
        (
            dict.fromkeys(("shows-model", "shows-measurements", "shows-photos"), ""),
            "What it shows holds the model, the measurements or the photos.",
        ),
    ],
)
async def test_what_cannot_be_is_said(
    bob: Desk, asked: CaptureRequest, change: dict[str, str], words: str
) -> None:
    answer = await bob.post(f"/jobs/{asked.job_id}/partner-links", FORM | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "/partner/" not in (await bob.get(f"/jobs/{asked.job_id}/sharing")).text


async def test_who_may_not_share_with_partners(
    bob: Desk, amy: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}/partner-links"
    link = await make(bob, asked.job_id, FORM)
    sharing = (await bob.get(f"/jobs/{asked.job_id}/sharing")).text
    end = re.search(rf'action="({path}/[0-9a-f-]+/end)"', sharing)
    assert end
    for desk, status in ((amy, 403), (charlie, 404)):
        assert (await desk.post(path, FORM)).status_code == status
        assert (await desk.post(end[1])).status_code == status
    elsewhere = end[1].replace(f"/jobs/{asked.job_id}/", "/jobs/999999/")
    assert (await bob.post(elsewhere)).status_code == 404
    assert (await bob.client.get(link)).status_code == 200


async def test_a_job_has_so_many_links_at_most(bob: Desk, asked: CaptureRequest) -> None:
    for _ in range(20):
        await make(bob, asked.job_id, FORM)
    path = f"/jobs/{asked.job_id}/partner-links"
    full = await bob.post(path, FORM)
    assert full.status_code == 409
    assert "This job has 20 partner links that work. End one of them." in full.text
    text = (await bob.get(f"/jobs/{asked.job_id}/sharing")).text
    assert len(set(re.findall(r"/partner/[\w-]{34}", text))) == 20
    end = re.search(rf'action="({path}/[0-9a-f-]+/end)"', text)
    assert end
    await bob.post(end[1])
    await make(bob, asked.job_id, FORM)


async def test_a_homeowner_who_deletes_everything_ends_the_links(
    client: httpx.AsyncClient, services: Services, bob: Desk, asked: CaptureRequest
) -> None:
    path = await make(bob, asked.job_id, FORM)
    door = path_of(services, asked)
    erased = await client.post(f"{door}/erasure", headers={"accept": "text/html"})
    assert erased.status_code == 200, erased.text
    assert (await client.get(path)).status_code == 410


async def test_nothing_secret_is_stored(
    db: PinnedDatabase, cast: Cast, bob: Desk, asked: CaptureRequest
) -> None:
    token = (await make(bob, asked.job_id, FORM)).removeprefix("/partner/")
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        row: Any = await scope.tx.fetchrow("SELECT * FROM partner_links")
    assert row["name"] == token[:12]
    assert token[12:] not in str(dict(row))
    assert row["shows"] == ["address", "model", "measurements", "photos", "files"]
    assert (row["recipient"], row["note"]) == ("Acme Insurance", "Hail of May 3 <b>")
