"""F49, R15: the disk is full, or does not take what it is given."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from doorstep.kit.settings import Settings
from doorstep.kit.storage import Storage
from doorstep.web.app import Dispatcher
from doorstep.web.services import Services
from tests.captures.conftest import link, phone, request_of_alice
from tests.capturing import Phone, checksum, photo
from tests.cast import Cast
from tests.faults.posting import accepted, encoded

__all__ = ["link", "phone", "request_of_alice"]

MORE_THAN_ANY_DISK_MB = 1 << 40


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, storage_reserve_mb=MORE_THAN_ANY_DISK_MB)


@pytest.fixture
def make_room(app: Dispatcher, services: Services) -> Callable[[], None]:
    """Somebody has cleared the disk; the process is the same."""

    def make() -> None:
        storage = Storage(services.settings.storage_url)
        app.app.state.services = replace(services, storage=storage)

    return make


def stored(settings: Settings) -> list[Path]:
    """Every file in the store."""
    root = Path(settings.storage_url.removeprefix("file://"))
    return [path for path in root.rglob("*") if path.is_file()]


async def test_f49_r15_a_full_disk_refuses_pieces_and_nothing_else(
    phone: Phone,
    client: httpx.AsyncClient,
    cast: Cast,
    settings: Settings,
    make_room: Callable[[], None],
) -> None:
    content = photo(1)
    location = (await phone.create(len(content))).headers["location"]
    answer = await phone.send(location, content, headers=checksum(content))
    assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
    assert answer.headers["retry-after"] == "60"
    assert (await phone.offset(location)).headers["upload-offset"] == "0"
    assert stored(settings) == []
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.text.splitlines()[1][:6]) == (200, "files:")
    assert "doorstep_files_room_bytes 0\n" in (await client.get("/metrics")).text
    await accepted(client, encoded(cast.alice))

    make_room()
    answer = await phone.send(location, content, headers=checksum(content))
    assert answer.status_code == 204
    await phone.has(content)
    assert (await client.get("/readyz")).text == "ready\n"


async def test_f49_a_piece_that_was_not_flushed_is_sent_again(
    phone: Phone,
    settings: Settings,
    make_room: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a failed flush the system forgets the bytes and calls the next flush a success."""
    make_room()
    content = photo(2)
    location = (await phone.create(len(content))).headers["location"]
    monkeypatch.setattr(os, "fsync", _fails)
    answer = await phone.send(location, content, headers=checksum(content))
    assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
    assert (await phone.offset(location)).headers["upload-offset"] == "0"
    assert stored(settings) == []
    monkeypatch.undo()
    answer = await phone.send(location, content, headers=checksum(content))
    assert answer.status_code == 204
    await phone.has(content)


def _fails(descriptor: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO), str(descriptor))


def _full_for_originals(descriptor: int) -> None:
    if "originals" in Path(f"/proc/self/fd/{descriptor}").readlink().parts:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_f49_no_room_for_the_whole_loses_no_piece(
    phone: Phone, make_room: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pieces fit and the photo made of them does not: it is made later, not sent again."""
    make_room()
    content = photo(3)
    told = {"sha256": "9f" * 32}
    location = (await phone.create(len(content), **told)).headers["location"]
    await phone.send(location, content[:1000])
    monkeypatch.setattr(os, "fsync", _full_for_originals)
    answer = await phone.send(location, content[1000:], offset=1000)
    monkeypatch.undo()
    assert answer.status_code == 204
    await phone.has()
    assert (await phone.create(len(content), **told)).headers["location"] == location
    # An empty piece at the end, as a phone sends one that never heard the answer.
    assert (await phone.send(location, b"", offset=len(content))).status_code == 204
    await phone.has(content)
