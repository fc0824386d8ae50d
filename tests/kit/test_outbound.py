"""The egress guard: where a POST may go, and how much of an answer may come back."""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from doorstep.kit.errors import TransportError
from doorstep.kit.outbound import Answer, Egress, Refused, resolve_by_system
from doorstep.kit.targets import Address
from tests.certificates import signed_by_itself
from tests.fakes.receiver import Receiver, Reply

EGRESS = Egress()
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)

REFUSED = [
    ("http://93.184.216.34/", "not_https"),
    ("https://93.184.216.34:22/", "port_not_allowed"),
    ("https://93.184.216.34:8080/", "port_not_allowed"),
    ("ftp://93.184.216.34/", "bad_url"),
    ("file:///etc/passwd", "bad_url"),
    ("gopher://127.0.0.1:6379/_INFO", "bad_url"),
    ("//127.0.0.1/", "bad_url"),
    ("https://", "bad_url"),
    ("https:///path", "bad_url"),
    ("https://user@93.184.216.34/", "bad_url"),
    ("https://user:pass@93.184.216.34/", "bad_url"),
    ("https://93.184.216.34\\@127.0.0.1/", "bad_url"),
    ("https://93.184.216.34 .example/", "bad_url"),
    ("https://127.0.0.1\t/", "bad_url"),
    ("https://127.0.0.1\r\nHost: evil/", "bad_url"),
    ("https://127%2e0%2e0%2e1/", "bad_url"),
    ("https://[fe80::1%25eth0]/", "bad_url"),
    ("https://93.184.216.34:/", "bad_url"),
    ("https://93.184.216.34:0/", "bad_url"),
    ("https://93.184.216.34:99999/", "bad_url"),
    ("https://127.1/", "bad_url"),
    ("https://2130706433/", "bad_url"),
    ("https://0x7f000001/", "bad_url"),
    ("https://0x7f.0.0.1/", "bad_url"),
    ("https://0177.0.0.1/", "bad_url"),
    ("https://127.0.0.1.2/", "bad_url"),
    ("https://-dash.example/", "bad_url"),
    ("https://" + "a" * 2000 + ".example/", "bad_url"),
    ("https://127.0.0.1/", "private_address"),
    ("https://127.0.0.1./", "private_address"),
    ("https://１２７.0.0.1/", "private_address"),  # noqa: RUF001  the wide digits are the point
    ("https://①②⑦.⓪.⓪.①/", "private_address"),
    ("https://0.0.0.0/", "private_address"),
    ("https://10.0.0.1/", "private_address"),
    ("https://100.64.0.1/", "private_address"),
    ("https://169.254.169.254/latest/meta-data/", "private_address"),
    ("https://172.16.0.1/", "private_address"),
    ("https://172.31.255.255/", "private_address"),
    ("https://192.0.0.170/", "private_address"),
    ("https://192.0.2.1/", "private_address"),
    ("https://192.88.99.1/", "private_address"),
    ("https://192.168.1.1/", "private_address"),
    ("https://198.18.0.1/", "private_address"),
    ("https://198.51.100.7/", "private_address"),
    ("https://203.0.113.7/", "private_address"),
    ("https://224.0.0.1/", "private_address"),
    ("https://255.255.255.255/", "private_address"),
    ("https://[::]/", "private_address"),
    ("https://[::1]/", "private_address"),
    ("https://[::127.0.0.1]/", "private_address"),
    ("https://[::ffff:127.0.0.1]/", "private_address"),
    ("https://[::ffff:7f00:1]/", "private_address"),
    ("https://[64:ff9b::7f00:1]/", "private_address"),
    ("https://[64:ff9b:1::1]/", "private_address"),
    ("https://[100::1]/", "private_address"),
    ("https://[2001::1]/", "private_address"),
    ("https://[2001:db8::1]/", "private_address"),
    ("https://[2002:7f00:1::]/", "private_address"),
    ("https://[3fff::1]/", "private_address"),
    ("https://[4000::1]/", "private_address"),
    ("https://[fc00::1]/", "private_address"),
    ("https://[fe80::1]/", "private_address"),
    ("https://[fec0::1]/", "private_address"),
    ("https://[ff02::1]/", "private_address"),
]


class Names:
    """A name server of the test; it counts the questions."""

    def __init__(self, **answers: list[str]) -> None:
        """One list of addresses a name; `rebind` pops one answer a question."""
        self.answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[Address]:
        self.asked.append(host)
        found = self.answers[host.partition(".")[0]]
        if host.startswith("rebind"):
            found = [found.pop(0)]
        return [ipaddress.ip_address(one) for one in found]


async def post(egress: Egress, url: str, *, body: bytes = b"{}") -> Answer:
    return await egress.post(url, headers={"Content-Type": "application/json"}, body=body)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection that this process tries to open."""
    tried: list[object] = []

    async def refuse(*_args: object, **named: object) -> None:
        tried.append(named)
        raise OSError("the test opens no connections")

    monkeypatch.setattr("anyio.connect_tcp", refuse)
    return tried


@pytest.mark.parametrize(("url", "code"), REFUSED)
async def test_refuses(url: str, code: str, dialled: list[object]) -> None:
    for verb in (post(EGRESS, url), EGRESS.check(url)):
        with pytest.raises(Refused) as refused:
            await verb
        assert refused.value.code == code
    assert dialled == []


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST"])
async def test_refuses_names_of_this_machine(name: str, dialled: list[object]) -> None:
    with pytest.raises(Refused, match="private_address"):
        await post(EGRESS, f"https://{name}/")
    assert dialled == []


@pytest.mark.parametrize(
    "answers",
    [
        ["93.184.216.34", "10.0.0.1"],
        ["93.184.216.34", "::1"],
        ["::ffff:169.254.169.254"],
        ["2606:2800:220:1::1", "fe80::1"],
    ],
)
async def test_one_forbidden_answer_refuses_the_name(
    answers: list[str], dialled: list[object]
) -> None:
    with pytest.raises(Refused, match="private_address"):
        await post(Egress(resolve=Names(mixed=answers)), "https://mixed.example/")
    assert dialled == []


async def test_dials_the_checked_address_and_asks_once(dialled: list[object]) -> None:
    names = Names(rebind=["93.184.216.34", "127.0.0.1"])
    with pytest.raises(TransportError, match="connect"):
        await post(Egress(resolve=names), "https://rebind.example/")
    assert names.asked == ["rebind.example"]
    assert [d["remote_host"] for d in dialled if isinstance(d, dict)] == ["93.184.216.34"]


async def test_posts_where_the_operator_allows() -> None:
    with Receiver() as receiver:
        receiver.reply = Reply(status=201, headers={"X-Answer": "yes"}, body=b"thanks")
        url = f"http://crm.example:{receiver.port}/hook?key=a%20b&list[]=1"
        answer = await post(Egress(allow=LOOPBACK, resolve=Names(crm=["127.0.0.1"])), url)
    assert (answer.status, answer.body, answer.headers["x-answer"]) == (201, b"thanks", "yes")
    assert receiver.requests[0].path == "/hook?key=a%20b&list[]=1"
    assert receiver.requests[0].headers["host"] == f"crm.example:{receiver.port}"
    assert receiver.requests[0].body == b"{}"


async def test_no_proxy_and_no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    egress = Egress(allow=LOOPBACK)
    with Receiver() as receiver:
        receiver.reply = Reply(headers={"Set-Cookie": "a=b"})
        await post(egress, receiver.url)
        await post(egress, receiver.url)
    assert all("cookie" not in request.headers for request in receiver.requests)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_follows_no_redirect(status: int) -> None:
    with Receiver() as inner, Receiver() as receiver:
        receiver.reply = Reply(status=status, headers={"Location": inner.url})
        answer = await post(Egress(allow=LOOPBACK), receiver.url)
    assert answer.status == status
    assert len(receiver.requests) == 1
    assert inner.requests == []


async def test_reads_64_kib_of_a_gigabyte() -> None:
    sent = 0

    def gigabyte() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1 << 14):
            sent += 1 << 16
            yield bytes(1 << 16)

    with Receiver() as receiver:
        receiver.reply = Reply(
            status=201, headers={"Content-Length": str(1 << 30)}, body=gigabyte()
        )
        answer = await post(Egress(allow=LOOPBACK), receiver.url)
    assert (answer.status, len(answer.body)) == (201, 64 << 10)
    assert sent < 32 << 20


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(delay=30), "timeout"),
        (Reply(reset=True), "cut"),
        (Reply(headers={"Content-Length": "10"}, body=iter([b"12"])), "cut"),
        (Reply(headers={"X-Long": "x" * 300_000}), "cut"),
    ],
)
async def test_answers_that_are_none(reply: Reply, code: str) -> None:
    with Receiver() as receiver:
        receiver.reply = reply
        started = time.monotonic()
        with pytest.raises(TransportError) as failed:
            await post(Egress(allow=LOOPBACK, seconds_max=0.5), receiver.url)
        assert time.monotonic() - started < 4
    assert (failed.value.code, failed.value.permanent) == (code, False)


async def test_an_answer_that_trickles_is_cut_off_in_time() -> None:
    def trickle() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.05)
            yield b"."

    with Receiver() as receiver:
        receiver.reply = Reply(headers={"Content-Length": "100"}, body=trickle())
        with pytest.raises(TransportError, match="timeout"):
            await post(Egress(allow=LOOPBACK, seconds_max=0.3), receiver.url)


async def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(TransportError, match="connect"):
            await post(Egress(allow=LOOPBACK), f"http://127.0.0.1:{free.getsockname()[1]}/")


@pytest.mark.slow
async def test_names_without_an_answer() -> None:
    async def hanging(_host: str) -> Sequence[Address]:
        await asyncio.sleep(60)
        return []

    async def unknown(_host: str) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(TransportError, match=r"^dns$"):
        await post(Egress(resolve=unknown), "https://nowhere.example/")
    started = time.monotonic()
    with pytest.raises(TransportError, match="dns_timeout"):
        await post(Egress(resolve=hanging), "https://slow.example/")
    assert time.monotonic() - started < 10
    await Egress(resolve=unknown).check("https://nowhere.example/")
    with pytest.raises(Refused, match="not_https"):
        await Egress(resolve=unknown).check("http://nowhere.example/")


async def test_the_systems_resolver() -> None:
    assert ipaddress.ip_address("127.0.0.1") in await resolve_by_system("localhost")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for crm.example, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    return signed_by_itself(folder, host="crm.example", names="DNS:crm.example")


@pytest.fixture
def receiver(certificate: Path) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with Receiver(tls=context) as receiver:
        yield receiver


async def test_the_certificate_must_say_the_urls_name(
    receiver: Receiver, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    egress = Egress(allow=LOOPBACK, resolve=Names(crm=["127.0.0.1"]), tls=trusting)
    answer = await post(egress, f"https://crm.example:{receiver.port}/hook")
    assert answer.status == 200


async def test_a_certificate_of_another_name(receiver: Receiver, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    egress = Egress(allow=LOOPBACK, resolve=Names(other=["127.0.0.1"]), tls=trusting)
    with pytest.raises(TransportError, match="tls"):
        await post(egress, f"https://other.example:{receiver.port}/hook")
    assert receiver.requests == []


async def test_a_certificate_nobody_vouches_for(receiver: Receiver) -> None:
    egress = Egress(allow=LOOPBACK, resolve=Names(crm=["127.0.0.1"]))
    with pytest.raises(TransportError, match="tls"):
        await post(egress, f"https://crm.example:{receiver.port}/hook")
    assert receiver.requests == []
