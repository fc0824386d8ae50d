"""What lies outside, asked for real: a mail server, a certificate, a provider, folders, the engine."""

import os
import ssl
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from doorstep.kit.outbound import Egress
from doorstep.kit.settings import Settings
from doorstep.readiness import asking
from doorstep.readiness.facts import Outside
from doorstep.readiness.keeping import Keeper
from doorstep.web.services import services_on
from tests.asked import FINE
from tests.certificates import signed_by_itself
from tests.fakes.http import HttpServer, Reply
from tests.fakes.smtp import SmtpRecorder
from tests.pinned import PinnedDatabase

SENDER = "Doorstep <post@doorstep.example>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost, for two days, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    return signed_by_itself(folder, host="localhost", names="DNS:localhost")


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """What a server with this certificate offers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))


@pytest.mark.usefixtures("trusted")
async def test_a_mail_server_is_talked_to_and_gets_no_letter(
    settings: Settings, tls: ssl.SSLContext
) -> None:
    settings = replace(settings, mail_from=SENDER)
    with SmtpRecorder(tls=tls, login=("bob", "hunter2")) as recorder:
        url = f"smtp://bob:%s@localhost:{recorder.port}?starttls=require"
        good = await asking.ask_mail(replace(settings, smtp_url=url % "hunter2"))
        wrong = await asking.ask_mail(replace(settings, smtp_url=url % "wrong"))
    assert (good.configured, good.problem, good.bounces) == (True, None, False)
    assert good.sender_domain == "doorstep.example"
    assert wrong.problem == "smtp_535"
    assert recorder.letters == []
    gone = await asking.ask_mail(replace(settings, smtp_url=url % "x"))
    assert gone.problem == "smtp_connect"
    assert not (await asking.ask_mail(settings)).configured
    no_sender = replace(settings, smtp_url=recorder.url, mail_from="nobody")
    assert (await asking.ask_mail(no_sender)).sender_domain == ""


async def test_the_public_address_shows_its_certificate_and_its_clock(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpServer(tls=tls) as server:
        server.reply = Reply(headers={"Date": "Mon, 02 Mar 2026 12:00:00 GMT"})
        url = f"https://localhost:{server.port}"
        stranger = await asking.ask_https(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        known = await asking.ask_https(url)
    assert (stranger.problem, stranger.days_left) == ("certificate", None)
    assert (known.problem, known.days_left, known.loopback) == (None, 1, True)
    assert (await asking.ask_https(url)).problem == "unreachable"
    plain = await asking.ask_https("http://doorstep.example")
    assert (plain.scheme, plain.problem, plain.loopback) == ("http", None, False)


async def test_a_provider_is_asked_for_its_account(settings: Settings) -> None:
    with HttpServer() as provider:
        place = f"twilio://AC1:hunter2@127.0.0.1:{provider.port}"
        twilio = replace(settings, sms_url=place, sms_from="+12175550100")
        provider.replies.append(Reply(status=200, body=b"{}"))
        provider.replies.append(Reply(status=401, body=b"{}"))
        provider.replies.append(Reply(status=500, body=b"{}"))
        told = [await asking.ask_sms(twilio) for _ in range(3)]
        generic = await asking.ask_sms(replace(settings, sms_url=provider.url, sms_secret="s"))
    assert [one.problem for one in told] == [None, "credentials", "unreachable"]
    assert {one.path for one in provider.requests} == {"/2010-04-01/Accounts/AC1.json"}
    assert {one.method for one in provider.requests} == {"GET"}
    assert (told[0].kind, told[0].sender, told[0].secret) == ("twilio", True, True)
    assert (generic.kind, generic.secret, generic.sender, generic.problem) == (
        *("generic", True, False, None),
    )
    gone = await asking.ask_sms(replace(settings, sms_url=provider.url))
    assert (gone.problem, gone.secret) == ("unreachable", False)
    assert (await asking.ask_sms(settings)).kind == "none"


async def test_endpoints_are_reached_through_the_guard_alone() -> None:
    with HttpServer() as receiver:
        urls = [receiver.url, f"http://127.0.0.1:{receiver.port}/other"]
        guarded = await asking.ask_endpoints(Egress(), urls=urls)
        allowed = await asking.ask_endpoints(Egress(allow=(ip_network("127.0.0.0/8"),)), urls=urls)
    assert guarded.problems == (("127.0.0.1", "private_address"),)
    assert (allowed.tried, allowed.problems) == (1, ())
    assert receiver.requests == []
    gone = await asking.ask_endpoints(Egress(allow=(ip_network("127.0.0.0/8"),)), urls=urls)
    assert gone.problems == (("127.0.0.1", "connect"),)


async def test_the_newest_backup(tmp_path: Path) -> None:
    assert not (await asking.ask_backups("")).told
    assert (await asking.ask_backups(str(tmp_path / "none"))).problem == "unreadable"
    assert (await asking.ask_backups(str(tmp_path))).problem == "empty"
    (tmp_path / ".hidden").write_bytes(b"x")
    old, new = tmp_path / "1.dump", tmp_path / "2"
    old.write_bytes(bytes(900))
    (new / "base").mkdir(parents=True)
    (new / "base" / "a").write_bytes(bytes(70))
    (new / "b").write_bytes(bytes(7))
    now = time.time()
    os.utime(old, (now - 90_000, now - 90_000))
    os.utime(new, (now - 7_200, now - 7_200))
    found = await asking.ask_backups(str(tmp_path))
    assert (found.size, found.size_before) == (77, 900)
    assert found.age is not None
    assert timedelta(hours=2) <= found.age < timedelta(hours=3)


async def test_folders(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    there = await asking.ask_disk(settings)
    assert [(one.name, one.writable) for one in there.places] == [
        ("the data", True),
        ("photos and models", True),
    ]
    assert there.places[0].total > there.places[0].free > 0
    assert there.reserve == 512 << 20
    assert list(tmp_path.iterdir()) == [tmp_path / "files"]
    gone = await asking.ask_disk(replace(settings, data=tmp_path / "none", storage_url="s3://x"))
    assert [(one.name, one.writable) for one in gone.places] == [("the data", False)]


async def test_what_was_asked_is_kept_and_nobody_waits_for_it() -> None:
    asked: list[Sequence[str]] = []

    async def ask(urls: Sequence[str]) -> Outside:
        asked.append(urls)
        return FINE

    keeper = Keeper(ask=ask)
    assert keeper.look(1, urls=["a"]) is None
    assert keeper.look(1, urls=["a"], again=True) is None
    await keeper.settle()
    assert keeper.look(1, urls=["b"]) is FINE
    assert keeper.look(1, urls=["b"], again=True) is FINE
    assert keeper.look(2, urls=["c"]) is None
    await keeper.settle()
    assert asked == [["a"], ["c"]]


@pytest.mark.slow
async def test_the_engine_runs_in_a_child_of_the_web_process(
    settings: Settings, db: PinnedDatabase
) -> None:
    keeper = services_on(settings, db).keeper
    assert keeper.look(1, urls=[]) is None
    await keeper.settle()
    found = keeper.look(1, urls=[])
    assert found is not None
    assert found.engine.problem is None
    assert found.engine.version.startswith("pycolmap ")
    assert (found.https.scheme, found.https.loopback) == ("http", True)
    assert (found.mail.configured, found.sms.kind, found.backups.told) == (False, "none", False)
    await keeper.stop()
    assert keeper.look(1, urls=[]) is None
    await keeper.stop()
