"""A number's proof: the part of the house, drawn over the photos from which it was measured."""

import html
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Role
from doorstep.web.services import Services
from tests.capturing import photo
from tests.cast import Cast
from tests.measuring import GABLE, OPENINGS, WITHOUT_SCALE, publish_pictured
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

# Three photos of 640 by 480. The ridge of the gable is E-6; E-9 and E-10 are its rakes on the
# right, over the wall SI-2, whose own base and corners nobody has drawn.
EVIDENCE: dict[str, Any] = {
    "version": 1,
    "proofs": {
        "E-6": [
            {"photo": "0001.jpg", "a": [160, 120], "b": [480, 120]},
            {"photo": "0002.jpg", "a": [10, 20], "b": [40, 20]},
        ],
        "E-7": [{"photo": "0002.jpg", "a": [100, 300], "b": [500, 310]}],
        "E-2": [{"photo": "0000.jpg", "a": [40, 400], "b": [40, 200]}],
        "E-3": [
            {"photo": "0002.jpg", "a": [600, 400], "b": [600, 200]},
            {"photo": "0000.jpg", "a": [300, 400], "b": [300, 200]},
        ],
        "W-1": [
            {"photo": "0001.jpg", "a": [280, 180], "b": [360, 180],
             "corners": [[280, 240], [360, 240], [360, 180], [280, 180]]},
        ],
        "D-1": [{"photo": "0777.jpg", "a": [1, 2], "b": [3, 4]}],
    },
}  # fmt: skip
MEASURED = GABLE | {"openings": OPENINGS}
NAMES = ("0000.jpg", "0001.jpg", "0002.jpg")

Put = Callable[..., Awaitable[list[str]]]


@pytest.fixture
async def put(db: PinnedDatabase, services: Services, cast: Cast, asked: CaptureRequest) -> Put:
    """Publish a record and its evidence for a house of three photos; the photos' ids."""

    async def published(
        record: dict[str, Any] = MEASURED, *, evidence: Any = EVIDENCE
    ) -> list[str]:
        return await publish_pictured(
            db,
            services,
            cast.alice,
            job_id=asked.job_id,
            files={
                "measurements.json": json.dumps(record).encode(),
                "evidence.json": json.dumps(evidence).encode(),
            },
            pictures=dict.fromkeys(NAMES, photo()),
        )

    return published


def pictures(page: str) -> list[str]:
    """What is drawn, picture by picture, without the white space."""
    return [
        re.sub(r"\s+", " ", one)
        for one in re.findall(r"<svg class=\"proof.*?</svg>", page, re.DOTALL)
    ]


def words(page: str) -> str:
    """The text of the page's main part."""
    main = page.split("<main", 1)[-1].split("</main>", maxsplit=1)[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))).strip()


async def test_an_edge_is_drawn_in_two_photos(put: Put, amy: Desk, asked: CaptureRequest) -> None:
    ids = await put()
    answer = await amy.get(f"/jobs/{asked.job_id}/measurements/E-6")

    assert answer.status_code == 200
    text = words(answer.text)
    assert "Ridge E-6 Length 40.0 ± 0.2 ft 12.19 ± 0.05 m" in text
    assert "The scale comes from the printed sheet in the photos." in text
    first, second = pictures(answer.text)
    # 320 pixels and what is free beside them; the other is so short that its surroundings show.
    assert 'viewBox="48.0 0.0 544.0 408.0"' in first
    assert f'<image href="/photos/{ids[1]}/display" width="640" height="480"' in first
    assert 'd="M160.0 120.0 L480.0 120.0"' in first
    assert 'viewBox="0.0 0.0 140.8 105.6"' in second
    assert f'<image href="/photos/{ids[2]}/display"' in second
    assert 'aria-label="Photo 3, with Ridge E-6 drawn over it"' in second
    assert f'href="/jobs/{asked.job_id}/measurements/E-5" rel="prev"' in answer.text
    assert f'href="/jobs/{asked.job_id}/measurements/E-7" rel="next"' in answer.text
    for photo_id in ids:
        shown = await amy.get(f"/photos/{photo_id}/display")
        assert shown.headers["content-type"] == "image/jpeg"


async def test_an_opening_is_drawn_by_its_four_corners(
    put: Put, amy: Desk, asked: CaptureRequest
) -> None:
    await put()
    answer = await amy.get(f"/jobs/{asked.job_id}/measurements/W-1")

    assert "Window W-1 Window in SI-1 Width 48.0 ± 1.3 in 122 ± 4 cm" in words(answer.text)
    assert "Area 17 ± 2 sq ft 1.6 ± 0.2 m²" in words(answer.text)
    (only,) = pictures(answer.text)
    assert 'd="M280.0 240.0 L360.0 240.0 L360.0 180.0 L280.0 180.0 Z"' in only
    assert "<circle" not in only


async def test_a_wall_and_a_slope_are_drawn_by_their_edges(
    put: Put, amy: Desk, asked: CaptureRequest
) -> None:
    ids = await put()
    wall = await amy.get(f"/jobs/{asked.job_id}/measurements/SI-2")
    slope = await amy.get(f"/jobs/{asked.job_id}/measurements/RF-1")

    assert "Wall SI-2 Right Width 30.0 ± 0.1 ft" in words(wall.text)
    both, one = pictures(wall.text)
    assert f"/photos/{ids[0]}/display" in both
    assert 'd="M40.0 400.0 L40.0 200.0"' in both
    assert 'd="M300.0 400.0 L300.0 200.0"' in both
    assert re.findall(r'font-size="[\d.]+">([^<]+)<', both) == ["E-2", "E-3"]
    assert f"/photos/{ids[2]}/display" in one
    assert "Roof RF-1 Front Pitch 33.7 ± 0.3° 8.0/12 Area 721 ± 15 sq ft" in words(slope.text)
    assert [re.findall(r'font-size="[\d.]+">([^<]+)<', each) for each in pictures(slope.text)] == [
        ["E-6", "E-7"],
        ["E-6"],
    ]


async def test_a_script_gets_the_piece_that_it_puts_into_the_page(
    client: httpx.AsyncClient, put: Put, amy: Desk, asked: CaptureRequest
) -> None:
    await put()
    piece = await client.get(
        f"/jobs/{asked.job_id}/measurements/E-6", headers=amy.headers | {"hx-request": "true"}
    )
    assert piece.text.startswith('<div class="proof-head"><h3 id="proof-title" tabindex="-1">')
    assert len(pictures(piece.text)) == 2
    assert "<html" not in piece.text
    whole = (await amy.get(f"/jobs/{asked.job_id}")).text
    whole += (await amy.get(f"/jobs/{asked.job_id}/measurements")).text
    for part in ("SI-1", "RF-2", "W-1", "E-12"):
        assert f'<a href="/jobs/{asked.job_id}/measurements/{part}" data-house="{part}">' in whole


async def test_what_is_not_proved_says_so(put: Put, amy: Desk, asked: CaptureRequest) -> None:
    await put()
    for part, number in (("D-1", "110.2 ± 1.2 in"), ("E-1", "40.0 ± 0.2 ft")):
        answer = await amy.get(f"/jobs/{asked.job_id}/measurements/{part}")
        assert answer.status_code == 200
        assert number in words(answer.text)
        assert pictures(answer.text) == []
        assert "No photo can be shown for this" in words(answer.text)


async def test_without_a_scale_the_photos_are_there_and_no_number(
    put: Put, amy: Desk, asked: CaptureRequest
) -> None:
    await put(WITHOUT_SCALE)
    answer = await amy.get(f"/jobs/{asked.job_id}/measurements/E-6")
    assert len(pictures(answer.text)) == 2
    assert "No number: these photos have no scale." in words(answer.text)
    assert re.findall(r"\d (?:m|m²|ft|in|sq ft)\b", words(answer.text)) == []


@pytest.mark.parametrize(
    "evidence",
    [
        [],
        {"version": 2, "proofs": EVIDENCE["proofs"]},
        {"version": 1, "proofs": {"E-6": "x"}},
        {"version": 1, "proofs": {"E-6": [3, {"photo": "", "a": [1, 2], "b": [3, 4]}]}},
        {"version": 1, "proofs": {"E-6": [{"photo": "0001.jpg", "a": [1, 1e9], "b": [3, 4]}]}},
        {"version": 1, "proofs": {"E-6": [{"photo": "0001.jpg", "a": [1, True], "b": [3, 4]}]}},
        {"version": 1, "proofs": {"E-6": [{"photo": "0001.jpg", "corners": [[1, 2], [3, 4]]}]}},
    ],
)
async def test_evidence_that_cannot_be_read_is_none(
    put: Put, amy: Desk, asked: CaptureRequest, evidence: Any
) -> None:
    await put(evidence=evidence)
    answer = await amy.get(f"/jobs/{asked.job_id}/measurements/E-6")
    assert answer.status_code == 200
    assert pictures(answer.text) == []


async def test_what_is_not_there_is_not_found(
    put: Put, alice: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}/measurements/E-6"
    assert (await alice.get(path)).status_code == 404
    await put()
    assert (await alice.get(path)).status_code == 200
    missing = [
        await alice.get(f"/jobs/{asked.job_id}/measurements/E-99"),
        await alice.get("/jobs/999999999/measurements/E-6"),
        await charlie.get(path),
        await charlie.get("/jobs/999999999/measurements/E-6"),
    ]
    assert [one.status_code for one in missing] == [404] * 4
    assert missing[2].text == missing[3].text


async def test_who_looked_at_which_number_is_noted(
    put: Put, db: PinnedDatabase, cast: Cast, amy: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    await put()
    await amy.get(f"/jobs/{asked.job_id}/measurements/W-1")
    await amy.get(f"/jobs/{asked.job_id}/measurements/W-77")
    await charlie.get(f"/jobs/{asked.job_id}/measurements/W-1")
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        rows = await tx.fetch("SELECT kind, what, job_id FROM accesses WHERE kind = 'read'")
    assert [tuple(row) for row in rows] == [("read", "measurements of W-1", asked.job_id)]


async def test_the_photos_of_a_build_stay_its_own(
    put: Put, db: PinnedDatabase, cast: Cast, amy: Desk, asked: CaptureRequest
) -> None:
    """Another photo before all others does not move the proofs to wrong pictures."""
    ids = await put()
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        rows = await tx.fetch("SELECT name, photo_id FROM build_photos ORDER BY name")
        await tx.execute("UPDATE photos SET sequence = sequence + 1000 WHERE id = $1", rows[0][1])
    assert [(row["name"], str(row["photo_id"])) for row in rows] == list(
        zip(NAMES, ids, strict=True)
    )
    first, _ = pictures((await amy.get(f"/jobs/{asked.job_id}/measurements/E-6")).text)
    assert f"/photos/{ids[1]}/display" in first
