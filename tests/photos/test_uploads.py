"""The tus door: /capture/uploads."""

import hashlib

import httpx
import pytest

from doorstep.kit.db import Tx
from doorstep.kit.errors import Conflict
from doorstep.kit.tasks import Retry
from doorstep.photos import model, uploads
from doorstep.photos.tasks import HANDLERS
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import PIECE, TUS, Phone, ask, checksum, path_of, photo
from tests.cast import Cast
from tests.pinned import PinnedDatabase


async def test_a_file_arrives_in_pieces_and_becomes_a_photo(
    phone: Phone, pinned: Tx, cast: Cast, services: Services
) -> None:
    content = photo()
    location = await phone.upload(content, kind="photo", spot="back-left", sequence="7")
    assert (await phone.offset(location)).headers["upload-offset"] == str(len(content))
    sha256 = hashlib.sha256(content).hexdigest()
    async with in_org(pinned, cast.alice.org_id):
        row = await pinned.fetchrow("SELECT * FROM photos")
        assert await pinned.fetchval("SELECT count(*) FROM upload_pieces") == 0
    assert row is not None
    assert row["sha256"].hex() == sha256
    assert row["spot"] == "back-left"
    assert row["media_type"] == "image/jpeg"
    assert row["state"] == "stored"
    assert await services.storage.get(f"originals/{cast.alice.org_id}/{sha256}") == content
    shown = (await phone.state())["photos"]
    assert [one["sha256"] for one in shown] == [sha256]  # type: ignore[attr-defined]


async def test_it_says_what_it_can_do(client: httpx.AsyncClient) -> None:
    answer = await client.options("/capture/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert "checksum" in answer.headers["tus-extension"]
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"


async def test_f36_an_upload_resumes_where_it_was_cut(phone: Phone) -> None:
    content = photo(1)
    location = (await phone.create(len(content))).headers["location"]
    await phone.send(location, content[:1000])
    answer = await phone.offset(location)
    assert answer.status_code == 200
    assert answer.headers["upload-offset"] == "1000"
    assert answer.headers["upload-length"] == str(len(content))
    assert answer.headers["cache-control"] == "no-store"
    answer = await phone.send(location, content[1000:], offset=1000)
    assert answer.status_code == 204
    assert len((await phone.state())["photos"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("offset", [0, 999, 1001])
async def test_f37_a_wrong_offset_changes_nothing(phone: Phone, offset: int) -> None:
    content = photo(2)
    location = (await phone.create(len(content))).headers["location"]
    await phone.send(location, content[:1000])
    answer = await phone.send(location, content[1000:2000], offset=offset)
    assert answer.status_code == 409
    assert answer.headers["upload-offset"] == "1000"
    assert (await phone.offset(location)).headers["upload-offset"] == "1000"


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
async def test_f39_a_changed_piece_is_dropped(phone: Phone, algorithm: str) -> None:
    content = photo(3)
    location = (await phone.create(len(content))).headers["location"]
    told = checksum(content[:1000], algorithm)
    answer = await phone.send(location, b"!" + content[1:1000], headers=told)
    assert answer.status_code == 460
    assert (await phone.offset(location)).headers["upload-offset"] == "0"
    assert (await phone.send(location, content[:1000], headers=told)).status_code == 204


@pytest.mark.parametrize("told", ["crc32 AAAA", "sha256 not-base64!", "sha256"])
async def test_an_unknown_checksum_is_refused(phone: Phone, told: str) -> None:
    location = (await phone.create(10)).headers["location"]
    answer = await phone.send(location, b"0123456789", headers={"Upload-Checksum": told})
    assert answer.status_code in (400, 460)
    assert (await phone.offset(location)).headers["upload-offset"] == "0"


@pytest.mark.parametrize("checked", [True, False])
async def test_f37_bytes_beyond_the_length_are_refused(phone: Phone, *, checked: bool) -> None:
    location = (await phone.create(10)).headers["location"]
    body = b"0123456789A"
    answer = await phone.send(location, body, headers=checksum(body) if checked else {})
    assert answer.status_code == 413
    assert (await phone.offset(location)).headers["upload-offset"] == "0"


async def test_f37_of_two_senders_of_one_piece_one_wins(
    phone: Phone, db: PinnedDatabase, services: Services
) -> None:
    """Both read the same offset before either moves it."""
    content = photo(4)
    location = (await phone.create(len(content))).headers["location"]
    session, upload = await both(phone, db, location)
    send = {"session": session, "upload": upload}
    assert await uploads.append(db, services.storage, content=content[:500], **send) == 500
    with pytest.raises(Conflict):
        await uploads.append(db, services.storage, content=content[:700], **send)
    assert (await phone.offset(location)).headers["upload-offset"] == "500"
    await phone.send(location, content[500:], offset=500)
    shown = (await phone.state())["photos"]
    assert shown[0]["sha256"] == hashlib.sha256(content).hexdigest()  # type: ignore[index]


async def both(phone: Phone, db: PinnedDatabase, location: str) -> tuple:  # type: ignore[type-arg]
    """(session, upload) as a request would find them."""
    import uuid

    from doorstep.captures.sessions import find_session, session_scope

    session = await find_session(db, value=phone.cookie["Cookie"].partition("=")[2])
    async with session_scope(db, session) as scope:
        upload_id = uuid.UUID(location.rpartition("/")[2])
        return session, await uploads.find(scope, session, upload_id=upload_id)


async def test_f37_a_finished_upload_takes_nothing_more(phone: Phone) -> None:
    content = photo(5)
    location = await phone.upload(content)
    assert (await phone.send(location, b"more", offset=len(content))).status_code == 413
    assert (await phone.send(location, b"more", offset=0)).status_code == 409


async def test_f40_r10_the_same_bytes_twice_are_one_photo(phone: Phone) -> None:
    content = photo(6)
    await phone.upload(content, filename="a.jpg")
    await phone.upload(content, filename="a.jpg")
    await phone.upload(photo(7), filename="a.jpg")
    assert len((await phone.state())["photos"]) == 2  # type: ignore[arg-type]


async def test_a_terminated_upload_is_gone(
    phone: Phone, client: httpx.AsyncClient, services: Services
) -> None:
    location = (await phone.create(2000)).headers["location"]
    await phone.send(location, b"x" * 1000)
    answer = await client.delete(location, headers={**TUS, **phone.cookie})
    assert answer.status_code == 204
    assert (await phone.offset(location)).status_code == 410
    assert (await phone.send(location, b"x", offset=1000)).status_code == 410


async def test_an_expired_upload_is_gone(phone: Phone, pinned: Tx, cast: Cast) -> None:
    location = (await phone.create(2000)).headers["location"]
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE uploads SET expires_at = now()")
    assert (await phone.offset(location)).status_code == 410


async def test_what_nobody_continued_is_forgotten_with_its_pieces(
    phone: Phone, pinned: Tx, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    left = (await phone.create(2000)).headers["location"]
    await phone.send(left, b"x" * 1000)
    await phone.upload(photo(11))
    async with in_org(pinned, cast.alice.org_id):
        key = await pinned.fetchval("SELECT key FROM upload_pieces")
        request_id = await pinned.fetchval("SELECT capture_request_id FROM uploads LIMIT 1")
    assert await services.storage.get(key)
    payload = {"org_id": cast.alice.org_id, "capture_request_id": request_id}
    with pytest.raises(Retry):
        await HANDLERS["photos.expire"](db, payload, storage=services.storage)
    assert await services.storage.get(key)
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE uploads SET expires_at = now()")
    await HANDLERS["photos.expire"](db, payload, storage=services.storage)
    with pytest.raises(FileNotFoundError):
        await services.storage.get(key)
    assert (await phone.offset(left)).status_code == 410
    assert len((await phone.state())["photos"]) == 1  # type: ignore[arg-type]


async def test_another_requests_upload_is_not_found(
    phone: Phone,
    client: httpx.AsyncClient,
    services: Services,
    db: PinnedDatabase,
    cast: Cast,
) -> None:
    """A neighbour of the same organization, and one from elsewhere, learn the same: nothing."""
    location = (await phone.create(2000)).headers["location"]
    nowhere = "/capture/uploads/00000000-0000-7000-8000-000000000000"
    for troupe in (cast.alice, cast.charlie):
        request = await ask(db, troupe, email="other@example.com")
        other = Phone(client, path_of(services, request))
        await other.start()
        for method in ("HEAD", "PATCH", "DELETE"):
            headers = {**TUS, **PIECE, **other.cookie, "Upload-Offset": "0"}
            theirs = await client.request(method, location, headers=headers)
            nothing = await client.request(method, nowhere, headers=headers)
            assert theirs.status_code == nothing.status_code == 404
            assert theirs.content == nothing.content
    assert (await phone.offset(location)).headers["upload-offset"] == "0"


@pytest.mark.parametrize(
    ("length", "told", "status"),
    [
        ("0", {}, 400),
        ("-1", {}, 400),
        ("", {}, 400),
        ("9" * 30, {}, 400),
        (str(model.PHOTO_BYTES_MAX + 1), {}, 413),
        (str(model.VIDEO_BYTES_MAX + 1), {"kind": "video"}, 413),
        (str(model.VIDEO_BYTES_MAX), {"kind": "video"}, 201),
        ("10", {"kind": "frame"}, 400),
        ("10", {"spot": "roof"}, 400),
        ("10", {"sequence": "-1"}, 400),
        ("10", {"sha256": "x"}, 400),
        ("10", {"sequence": "99999999999999"}, 400),
        ("10", {"filename": "../../etc/passwd\x00\u202e" + "x" * 500}, 201),
    ],
)
async def test_f39_f46_what_is_announced_is_checked(
    phone: Phone, client: httpx.AsyncClient, length: str, told: dict[str, str], status: int
) -> None:
    from tests.capturing import metadata

    headers = {**TUS, **phone.cookie, "Upload-Length": length, "Upload-Metadata": metadata(**told)}
    answer = await client.post("/capture/uploads", headers=headers)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("header", ["filename !!!", "filename " + "A" * 5000, "a /w=="])
async def test_bad_metadata_is_refused(
    phone: Phone, client: httpx.AsyncClient, header: str
) -> None:
    headers = {**TUS, **phone.cookie, "Upload-Length": "10", "Upload-Metadata": header}
    assert (await client.post("/capture/uploads", headers=headers)).status_code == 400


async def test_the_protocols_own_headers_are_asked_for(
    phone: Phone, client: httpx.AsyncClient
) -> None:
    location = (await phone.create(10)).headers["location"]
    no_version = {**phone.cookie, "Upload-Length": "10"}
    assert (await client.post("/capture/uploads", headers=no_version)).status_code == 412
    wrong_type = {**TUS, **phone.cookie, "Upload-Offset": "0", "Content-Type": "text/plain"}
    assert (await client.patch(location, headers=wrong_type, content=b"x")).status_code == 415
    no_offset = {**TUS, **PIECE, **phone.cookie}
    assert (await client.patch(location, headers=no_offset, content=b"x")).status_code == 400


async def test_f47_six_open_uploads_are_enough(phone: Phone, pinned: Tx, cast: Cast) -> None:
    for _ in range(model.OPEN_UPLOADS_MAX):
        assert (await phone.create(10)).status_code == 201
    answer = await phone.create(10)
    assert answer.status_code == 429
    assert answer.headers["retry-after"]
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE uploads SET expires_at = expires_at - interval '1 hour'")
    assert (await phone.create(10)).status_code == 201


async def test_the_same_file_announced_again_is_the_same_upload(phone: Phone) -> None:
    """The phone never heard the first answer."""
    content = photo(10)
    told = {"sha256": hashlib.sha256(content).hexdigest(), "kind": "photo"}
    first = (await phone.create(len(content), **told)).headers["location"]
    await phone.send(first, content[:100])
    for _ in range(2 * model.OPEN_UPLOADS_MAX):
        assert (await phone.create(len(content), **told)).headers["location"] == first
    assert (await phone.create(len(content) + 1, **told)).headers["location"] != first
    answer = await phone.send(first, content[100:], offset=100)
    assert answer.status_code == 204
    # It is here as announced: another tab that announces it hears that nothing is left to send.
    assert (await phone.create(len(content), **told)).headers["location"] == first
    assert (await phone.offset(first)).headers["upload-offset"] == str(len(content))


async def test_f47_one_link_takes_three_gigabytes(phone: Phone, pinned: Tx, cast: Cast) -> None:
    await phone.create(10)
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute(f"UPDATE uploads SET length = {model.BYTES_PER_REQUEST_MAX - 5}")
    assert (await phone.create(10)).status_code == 413


async def test_f47_one_link_takes_two_hundred_files(phone: Phone, pinned: Tx, cast: Cast) -> None:
    location = await phone.upload(photo(8))
    assert location
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute(
            "INSERT INTO uploads (org_id, id, capture_request_id, session_id, kind, length, "
            "received, state, expires_at) SELECT org_id, gen_random_uuid(), capture_request_id, "
            "session_id, kind, 1, 1, 'stored', expires_at FROM uploads, generate_series(2, 200)"
        )
    assert (await phone.create(10)).status_code == 413


async def test_a_file_that_is_no_picture_is_kept_and_refused_by_name(phone: Phone) -> None:
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"II*\0" + b"x" * 99):
        await phone.upload(content, filename="house.jpg")
    shown = (await phone.state())["photos"]
    assert [one["problem"] for one in shown] == ["not_a_picture"] * 2  # type: ignore[attr-defined]


async def test_composing_twice_makes_one_photo(
    phone: Phone, db: PinnedDatabase, services: Services, pinned: Tx, cast: Cast
) -> None:
    """The process dies after the last piece; the task and a second one finish its work."""
    content = photo(9)
    location = (await phone.create(len(content))).headers["location"]
    session, upload = await both(phone, db, location)
    await uploads.append(db, services.storage, session=session, upload=upload, content=content)
    assert (await phone.state())["photos"] == []
    for _ in range(2):
        await uploads.compose(db, services.storage, session=session, upload=upload)
    assert len((await phone.state())["photos"]) == 1  # type: ignore[arg-type]
