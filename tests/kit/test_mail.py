"""SMTP: when TLS is used, and that no failure of it ever ends in plain text."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from doorstep.kit.errors import TransportError
from doorstep.kit.mail import Mail, SmtpTransport, compose
from tests.certificates import signed_by_itself
from tests.fakes.smtp import SmtpRecorder

LETTER = Mail(
    message_id="<1@doorstep.example>",
    from_name="Bluth Company",
    to_name="Lucille Bluth",
    to_address="lucille@example.com",
    reply_to=None,
    subject="Photos",
    text="Hello\n.\n.two\n",
    html="<p>Hello</p>",
)
SENDER = "Doorstep <post@doorstep.example>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost and 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    return signed_by_itself(folder, host="localhost", names="DNS:localhost,IP:127.0.0.1")


@pytest.fixture
def offering_tls(certificate: Path) -> Iterator[SmtpRecorder]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with SmtpRecorder(tls=context, login=("bob", "p@ss:word")) as recorder:
        yield recorder


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))


async def send(url: str) -> str:
    return await SmtpTransport(url, sender=SENDER, seconds_max=20).send(LETTER)


async def test_plain_on_loopback() -> None:
    with SmtpRecorder() as recorder:
        await send(recorder.url)
    (letter,) = recorder.letters
    assert not letter.tls
    assert letter.part("plain") == "Hello\n.\n.two\n"


@pytest.mark.usefixtures("trusted")
async def test_starttls_and_login(offering_tls: SmtpRecorder) -> None:
    await send(f"smtp://bob:p%40ss%3Aword@localhost:{offering_tls.port}?starttls=require")
    (letter,) = offering_tls.letters
    assert letter.tls
    assert letter.login == b"bob"


@pytest.mark.usefixtures("trusted")
async def test_a_wrong_password_waits_for_the_operator(offering_tls: SmtpRecorder) -> None:
    with pytest.raises(TransportError) as failed:
        await send(f"smtp://bob:wrong@localhost:{offering_tls.port}?starttls=require")
    assert (failed.value.code, failed.value.permanent) == ("smtp_535", False)


async def test_no_plain_text_where_tls_is_required() -> None:
    with SmtpRecorder() as recorder:
        with pytest.raises(TransportError) as failed:
            await send(f"{recorder.url}?starttls=require")
        assert not failed.value.permanent
        assert recorder.conversations == 0
        assert recorder.letters == []


async def test_no_plain_text_after_a_broken_handshake(offering_tls: SmtpRecorder) -> None:
    with pytest.raises(TransportError) as failed:
        await send(f"smtp://bob:p%40ss%3Aword@localhost:{offering_tls.port}?starttls=require")
    assert (failed.value.code, failed.value.permanent) == ("smtp_tls", False)
    assert offering_tls.conversations == 0
    assert offering_tls.letters == []


async def test_tls_from_the_first_byte_is_not_plain() -> None:
    with SmtpRecorder() as recorder:
        with pytest.raises(TransportError):
            await send(f"smtps://127.0.0.1:{recorder.port}")
        assert recorder.letters == []


@pytest.mark.parametrize("field", ["message_id", "from_name", "to_name", "to_address", "subject"])
def test_no_header_holds_a_line_break(field: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        compose(
            replace(LETTER, **{field: "x@example.com\r\nBcc: gob@example.com"}), sender="a@b.co"
        )
