"""The record of a capture, on the job's page and in the API: who, when, with what, from where."""

from io import BytesIO

import httpx
import pytest
from PIL import Image

from doorstep.captures.devices import browser_of, device_of
from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.services import Services
from tests.capturing import Phone, path_of, photo
from tests.cast import Cast
from tests.photos.test_checks import run_checks
from tests.pinned import PinnedDatabase
from tests.web.conftest import desk_of

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
PIXEL = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.6723.58 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "device", "browser"),
    [
        (IPHONE, "iPhone", "Safari 18"),
        (PIXEL, "Pixel 9", "Chrome 130"),
        (PIXEL.replace("Pixel 9", "K"), "Android", "Chrome 130"),
        (IPHONE.replace("Version/18.1", "CriOS/131.0.6778.73"), "iPhone", "Chrome 131"),
        (PIXEL + " EdgA/130.0.0.0", "Pixel 9", "Edge 130"),
        (PIXEL.replace("Chrome", "SamsungBrowser/27.0 Chrome"), "Pixel 9", "Samsung Internet 27"),
        (IPHONE.replace("Version/18.1 ", "") + " [FBAN/FBIOS;FBAV/1]", "iPhone", "Facebook"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:132.0) Firefox/132.0", "Windows", "Firefox 132"),
        ("<script>alert(1)</script>", None, None),
        ("", None, None),
    ],
)
def test_devices_and_browsers_have_names(
    user_agent: str, device: str | None, browser: str | None
) -> None:
    assert (device_of(user_agent), browser_of(user_agent)) == (device, browser)


async def test_two_phones_are_on_record_with_all_that_they_sent(
    client: httpx.AsyncClient,
    services: Services,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
    request_of_alice: CaptureRequest,
) -> None:
    phones = []
    for user_agent in (IPHONE, PIXEL, "a scanner that sends nothing"):
        client.headers["user-agent"] = user_agent
        phones.append(Phone(client, path_of(services, request_of_alice)))
        await phones[-1].start()
    first, second = phones[:2]
    sent = [photo(n, width=1600, height=1200) for n in (1, 2, 3)]
    for content, spot in zip(sent, ("front", "front", "left"), strict=True):
        await first.upload(content, spot=spot)
    out = BytesIO()
    Image.new("RGB", (1600, 1200), "grey").save(out, "JPEG")
    await second.upload(out.getvalue())
    await run_checks(services, db, pinned, cast)
    await second.finish(*sent, skipped={"back": "dog", "back-left": "fence"})

    answer = await client.get(f"/api/v3/jobs/{request_of_alice.job_id}", headers=cast.alice.bearer)
    [capture] = answer.json()["captures"]
    assert capture["device"] == PIXEL
    one, other = capture["sessions"]
    assert one == {
        "client_identifier": one["client_identifier"],
        "device": "iPhone",
        "browser": "Safari 18",
        "opened_at": one["opened_at"],
        "finished_at": None,
        "photos": 3,
        "videos": 0,
        "rejected": 0,
        "bytes": sum(len(content) for content in sent),
        "spots": {"front": 2, "left": 1},
        "skipped_spots": {},
        "checks": {},
    }
    assert (other["device"], other["browser"]) == ("Pixel 9", "Chrome 130")
    assert (other["photos"], other["rejected"], other["checks"]) == (1, 1, {"blank": 1})
    assert other["skipped_spots"] == {"back": "dog", "back-left": "fence"}
    assert other["finished_at"] is not None

    page = (
        await desk_of(client, cast.alice, "alice").get(f"/jobs/{request_of_alice.job_id}/photos")
    ).text
    for words in (
        "iPhone, Safari 18",
        "Front 2, Left side 1",
        "Pixel 9, Chrome 130",
        "1 not usable",
        "Back (a dog), Back left corner (fence or gate)",
        "shows nothing 1",
    ):
        assert words in page, words
