"""The whole story on one machine: from a posted lead to a house that spins.

Everything is real: the four processes, PostgreSQL, an SMTP conversation, a browser of a
phone's size, photos of a house of known size, the engine, a signed webhook.
"""

import json
import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urljoin

import httpx
import numpy as np
import pytest
import trimesh
from numpy.typing import NDArray
from playwright._impl._api_structures import Cookie
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import phone_context
from tests.cli.running import Running, up
from tests.fakes.receiver import Receiver
from tests.fakes.smtp import SmtpRecorder
from tests.houses.album import Order, write_album
from tests.processes import until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

BUILD_SECONDS_MAX = 900
PHOTOS = 36
TOLD = [
    "lead.received",
    "job.created",
    "capture_request.created",
    "capture_request.connected",
    "capture_request.completed",
    "build.started",
    "build.completed",
]


@pytest.fixture
def mail() -> Iterator[SmtpRecorder]:
    """The homeowner's and the requester's mail server."""
    with SmtpRecorder() as recorder:
        yield recorder


@pytest.fixture
def crm() -> Iterator[Receiver]:
    """The organization's CRM."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos of a gabled house, taken on a walk round it."""
    folder = tmp_path_factory.mktemp("house")
    write_album(folder, Order(photos=PHOTOS))
    return folder / "images"


@pytest.fixture
def doorstep(tmp_path: Path, mail: SmtpRecorder, crm: Receiver) -> Iterator[Running]:
    """The product as an operator starts it."""
    extra = {
        "DOORSTEP_SMTP_URL": mail.url,
        "DOORSTEP_EGRESS_ALLOW": "127.0.0.0/8",
        "DOORSTEP_BUILD_PRESET": "fast",
    }
    with up(tmp_path / "data", extra=extra) as running:
        yield running


async def test_from_a_lead_to_a_house_that_spins(
    doorstep: Running, mail: SmtpRecorder, crm: Receiver, browser: Browser, house: Path
) -> None:
    secret = register_webhook(doorstep, crm)
    post_lead(doorstep)
    desk = await sign_in(doorstep, browser)
    await ask_for_photos(desk)

    link = invitation_link(doorstep, mail)
    scan(link)
    phone = await capture(browser, link, sorted(house.glob("*.jpg")))

    await desk.goto(doorstep.url("/jobs"))
    await desk.get_by_role("link", name="123 Main St.").first.click()
    await expect(desk.locator(".viewer")).to_be_visible(timeout=BUILD_SECONDS_MAX * 1000)
    look_at_the_model(await desk.context.cookies(), desk.url)
    await see_it_as_the_homeowner(phone)
    await see_nothing_as_a_stranger(browser, link)

    until(lambda: len(mail.to("ada@harbor.example")) == 3, 30)
    subjects = [letter.message["subject"] for letter in mail.to("ada@harbor.example")]
    assert subjects[1:] == [
        "The photos of 123 Main St. are in",
        "The model of 123 Main St. is ready",
    ]
    until(lambda: "build.completed" in {one.type for one in crm.verified(secret=secret)}, 30)
    told = [one.type for one in crm.distinct(secret=secret).values()]
    assert [name for name in TOLD if name not in told] == []


def register_webhook(doorstep: Running, crm: Receiver) -> str:
    """The secret of the CRM's endpoint."""
    answer = httpx.post(
        doorstep.url("/api/v2/webhooks"),
        json={"webhook": {"url": crm.url, "content_type": "json"}},
        headers=bearer(doorstep),
    )
    assert answer.status_code == 201, answer.text
    secret: str = answer.json()["hmac_secret"]
    return secret


def post_lead(doorstep: Running) -> None:
    """As the vendor does."""
    org = doorstep.facts["organizations"][0]
    lead = {
        "CaptorraId": org["captorra_id"],
        "Referrer": org["referrer"],
        "Type": org["case_types"][0]["guid"],
        "First": "Lucille",
        "Last": "Bluth",
        "Email": "lucille@example.com",
        "Address": "123 Main St.",
        "City": "Philadelphia",
        "State": "PA",
        "Zip": "19146",
    }
    answer = httpx.post(doorstep.url("/api/captorraapi/create"), json=lead)
    assert re.fullmatch(r'\{"success":true,"IntakeID":"[0-9a-f-]{36}"\}', answer.text)


async def sign_in(doorstep: Running, browser: Browser) -> Page:
    """The desk, after the one-time link."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = await context.new_page()
    await page.goto(doorstep.facts["admin_link"])
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(doorstep.url("/inbox"))
    return page


async def ask_for_photos(desk: Page) -> None:
    """One click on the lead."""
    await desk.get_by_role("button", name="Ask for photos from Lucille Bluth").click()
    await expect(desk.get_by_role("link", name="Open the job of Lucille Bluth")).to_be_visible()


def invitation_link(doorstep: Running, mail: SmtpRecorder) -> str:
    """What the homeowner taps."""
    until(lambda: bool(mail.to("lucille@example.com")), 30)
    letter = mail.to("lucille@example.com")[0]
    assert letter.message["subject"] == "Harbor Roofing would like photos of your house"
    found = re.search(r"http\S+/c/\S+", letter.part("plain"))
    assert found is not None
    assert found[0] in letter.part("html")
    assert found[0].startswith(doorstep.facts["base_url"] + "/c/")
    return found[0]


def scan(link: str) -> None:
    """A mail scanner opens the link; the homeowner's session later must be the first."""
    for method in ("GET", "HEAD", "OPTIONS"):
        httpx.request(method, link)


async def capture(browser: Browser, link: str, photos: list[Path]) -> Page:
    """The walk round the house, as a phone sends it; the page that it ends on."""
    assert len(photos) == PHOTOS
    context = await phone_context(browser)
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Got it").click()
    await page.locator("summary", has_text="Other ways").click()
    await page.locator("#library-input").set_input_files(photos)
    await expect(page.locator("#safe")).to_have_text(f"{PHOTOS} safe", timeout=180_000)
    await page.get_by_role("button", name="I am done").click()
    await page.get_by_role("button", name=re.compile("^Send")).click()
    await expect(page.get_by_role("heading", name="All safe")).to_be_visible(timeout=60_000)
    return page


def look_at_the_model(cookies: Sequence[Cookie], job_url: str) -> None:
    """A house: wider than high, up is up, and painted from the photos.

    The model is flat faces under pictures, or the dense one where faces were not found.
    """
    jar = {one["name"]: one["value"] for one in cookies}
    model = httpx.get(f"{job_url}/files/model.glb", cookies=jar)
    dense = httpx.get(f"{job_url}/files/dense.glb", cookies=jar)
    for answer in (model, dense):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "model/gltf-binary"
        assert len(answer.content) <= 8_000_000
        scene = trimesh.load_scene(trimesh.util.wrap_as_stream(answer.content), file_type="glb")
        width, height, depth = scene.extents
        assert max(width, depth) > height > 0.2 * max(width, depth)
    assert sum(len(mesh.faces) for mesh in scene.geometry.values()) >= 10_000
    assert colours(dense.content).std(axis=0).max() > 20
    told = json.loads(model.content[20 : 20 + struct.unpack_from("<I", model.content, 12)[0]])
    assert "images" in told or "COLOR_0" in told["meshes"][0]["primitives"][0]["attributes"]


def colours(glb: bytes) -> NDArray[np.uint8]:
    """The colour of every vertex, rows of red, green, blue."""
    (length,) = struct.unpack_from("<I", glb, 12)
    told = json.loads(glb[20 : 20 + length])
    number = told["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"]
    accessor = told["accessors"][number]
    view = told["bufferViews"][accessor["bufferView"]]
    start = 28 + length + view["byteOffset"]
    rows = np.frombuffer(glb, np.uint8, view["byteLength"], start)
    return rows.reshape(accessor["count"], view["byteStride"])[:, :3]


async def see_it_as_the_homeowner(phone: Page) -> None:
    """The same link shows the house; its file is a unit box that says nothing of its size."""
    await phone.reload()
    await phone.get_by_role("link", name="See the model").click()
    await expect(phone.locator("model-viewer")).to_be_visible()
    answer = await phone.request.get(address_of(phone))
    content = await answer.body()
    scene = trimesh.load_scene(trimesh.util.wrap_as_stream(content), file_type="glb")
    assert answer.status == 200
    # Positions are normalised 16-bit integers, which this reader takes as they are.
    assert max(scene.extents) / 32_767 == pytest.approx(1.0, abs=1e-3)


async def see_nothing_as_a_stranger(browser: Browser, link: str) -> None:
    """A phone that took no photos sees neither model nor address."""
    context = await phone_context(browser)
    page = await context.new_page()
    answer = await page.goto(link)
    text = await page.content()
    model = await page.request.get(address_of(page))
    assert answer is not None
    assert answer.status == 410
    assert "123 Main St." not in text
    assert model.status == 401
    await context.close()


def address_of(page: Page) -> str:
    """The homeowner's model on the page's own server."""
    return urljoin(page.url, "/capture/house/model.glb")


def bearer(doorstep: Running) -> dict[str, str]:
    """The sample integration."""
    return {"authorization": f"Bearer {doorstep.facts['organizations'][0]['access_token']}"}
