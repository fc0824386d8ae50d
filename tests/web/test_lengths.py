"""Known lengths of a job's house: typed by a member, marked in photos, forgotten again."""

import json
import uuid

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.desk.lengths import length_text, metres_in
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone, path_of, photo
from tests.cast import Cast
from tests.photos.settled import settle
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk


@pytest.fixture
async def shots(
    client: httpx.AsyncClient,
    services: Services,
    db: PinnedDatabase,
    pinned: Tx,
    *,
    cast: Cast,
    asked: CaptureRequest,
) -> list[uuid.UUID]:
    """Two photos of the job, ready."""
    phone = Phone(client, path_of(services, asked))
    await phone.start()
    for seed in (1, 2):
        await phone.upload(photo(seed), kind="photo")
    await settle(db, cast)
    async with in_org(pinned, cast.alice.org_id):
        return [row["id"] for row in await pinned.fetch("SELECT id FROM photos ORDER BY sequence")]


def form(shots: list[uuid.UUID], **other: str) -> dict[str, str]:
    marks = [{"photo": str(one), "a": [0.25, 0.5], "b": [0.5, 0.5]} for one in shots]
    return {"kind": "wall", "length": "24 ft", "ends": json.dumps(marks)} | other


async def kept(pinned: Tx, cast: Cast) -> list[tuple[object, ...]]:
    async with in_org(pinned, cast.alice.org_id):
        rows = await pinned.fetch(
            "SELECT kind, round(metres::numeric, 3)::text AS metres, "
            "(SELECT count(*) FROM measure_ends e WHERE e.measure_id = m.id) AS photos "
            "FROM measures m"
        )
    return [tuple(row) for row in rows]


async def test_a_member_adds_a_length_and_forgets_it(
    bob: Desk, asked: CaptureRequest, shots: list[uuid.UUID], pinned: Tx, cast: Cast
) -> None:
    path = f"/jobs/{asked.job_id}/lengths"
    answer = await bob.post(path, form(shots))

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?said=added")
    assert await kept(pinned, cast) == [("wall", "7.315", 2)]
    text = (await bob.get(path)).text
    assert "24 ft 0 in (7.315 m)" in text
    assert "Marked in 2 photos" in text
    assert '<span class="quiet small">Bob, ' in text

    async with in_org(pinned, cast.alice.org_id):
        measure = await pinned.fetchval("SELECT id FROM measures")
    answer = await bob.post(f"{path}/{measure}/removal")
    assert answer.headers["location"] == f"{path}?said=removed"
    assert await kept(pinned, cast) == []
    assert (await bob.post(f"{path}/{measure}/removal")).status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"length": "tall"}, "The length is typed as 3 ft 6 in, or as 1.07 m."),
        ({"length": ""}, "The length is typed as 3 ft 6 in, or as 1.07 m."),
        ({"length": "500 m"}, "The length is from 0.3 to 60."),
        ({"kind": "moat"}, "What it is is one of front_door, garage_door, window, wall."),
        ({"ends": "["}, "The ends cannot be read; mark them again."),
        ({"ends": "[]"}, "The ends are needed in 2 photos or more."),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_kept(
    bob: Desk,
    asked: CaptureRequest,
    shots: list[uuid.UUID],
    pinned: Tx,
    *,
    cast: Cast,
    change: dict[str, str],
    told: str,
) -> None:
    answer = await bob.post(f"/jobs/{asked.job_id}/lengths", form(shots, **change))

    assert answer.status_code == 422
    assert told in " ".join(answer.text.split())
    assert await kept(pinned, cast) == []


async def test_photos_of_nobody_are_not_there(
    bob: Desk, asked: CaptureRequest, shots: list[uuid.UUID], pinned: Tx, cast: Cast
) -> None:
    answer = await bob.post(f"/jobs/{asked.job_id}/lengths", form([shots[0], uuid.UUID(int=7)]))

    assert answer.status_code == 404
    assert await kept(pinned, cast) == []


async def test_who_may_only_look_adds_nothing(
    amy: Desk, asked: CaptureRequest, shots: list[uuid.UUID], pinned: Tx, cast: Cast
) -> None:
    path = f"/jobs/{asked.job_id}/lengths"

    assert (await amy.get(path)).status_code == 200
    assert (await amy.post(path, form(shots))).status_code == 403
    assert await kept(pinned, cast) == []


async def test_another_organizations_job_is_not_there(
    charlie: Desk, asked: CaptureRequest, shots: list[uuid.UUID]
) -> None:
    path = f"/jobs/{asked.job_id}/lengths"

    assert (await charlie.get(path)).status_code == 404
    assert (await charlie.post(path, form(shots))).status_code == 404
    assert (await charlie.post(f"{path}/{uuid.UUID(int=7)}/removal")).status_code == 404


async def test_a_build_waits_for_the_photos_to_be_all_in(
    bob: Desk, asked: CaptureRequest, shots: list[uuid.UUID], pinned: Tx, cast: Cast
) -> None:
    answer = await bob.post(f"/jobs/{asked.job_id}/lengths", form(shots, build="yes"))

    assert answer.status_code == 409
    assert await kept(pinned, cast) == []


@pytest.mark.parametrize(
    ("typed", "metres"),
    [
        ("1.07 m", 1.07),
        ("1,07", 1.07),
        ("7m", 7.0),
        ("3 ft 6 in", 1.0668),
        ("3'6\"", 1.0668),
        ("36 in", 0.9144),
        (" 16 FEET ", 4.8768),
    ],
)
def test_lengths_as_people_type_them(typed: str, metres: float) -> None:
    assert metres_in(typed) == pytest.approx(metres)


def test_a_length_is_told_in_both_systems() -> None:
    assert length_text(1.0668) == "3 ft 6 in (1.067 m)"
    assert length_text(0.3047) == "1 ft 0 in (0.305 m)"
