"""What only a socket shows: versions of HTTP, pieces, silence."""

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from doorstep.wire.captorra.vectors import Ids, example, plugin_values
from tests.serving import LEADS, Served

R1 = rb'\{"success":true,"IntakeID":"[0-9a-f-]{36}"\}'


def body_of(ids: Ids) -> bytes:
    return json.dumps(example(ids)).encode()


def test_http_1_0_is_answered_with_a_length_and_a_close(served: Served, ids: Ids) -> None:
    body = json.dumps(plugin_values(ids)).encode()
    head = (
        f"POST {LEADS} HTTP/1.0\r\nHost: leads.example\r\nUser-Agent: WordPress/6.4\r\n"
        "Accept: */*\r\n0: Content-Type: application/json\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    answer = served.raw(head.encode() + body)

    head_of, _, text = answer.partition(b"\r\n\r\n")
    lines = head_of.lower().split(b"\r\n")
    assert lines[0] in (b"http/1.1 200 ok", b"http/1.0 200 ok")
    assert b"content-length: 66" in lines
    assert b"content-type: application/json; charset=utf-8" in lines
    assert b"connection: close" in lines
    assert not any(line.startswith(b"transfer-encoding") for line in lines)
    assert re.fullmatch(R1, text)


def test_a_chunked_body_is_put_together(served: Served, ids: Ids) -> None:
    body = body_of(ids)
    pieces = [body[:10], body[10:200], body[200:]]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    head = f"POST {LEADS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()

    answer = served.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)

    assert re.fullmatch(R1, answer.partition(b"\r\n\r\n")[2])


def test_a_client_that_waits_for_a_hundred_is_told_to_go_on(served: Served, ids: Ids) -> None:
    body = body_of(ids)
    head = (
        f"POST {LEADS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert re.fullmatch(R1, answer.partition(b"\r\n\r\n")[2])


def test_one_connection_takes_many_posts(served: Served, ids: Ids) -> None:
    posts = b""
    for last in (False, False, True):
        body = body_of(ids)
        close = "Connection: close\r\n" if last else ""
        head = f"POST {LEADS} HTTP/1.1\r\nHost: x\r\n{close}Content-Length: {len(body)}\r\n\r\n"
        posts += head.encode() + body

    answer = served.raw(posts)

    assert len(set(re.findall(R1, answer))) == 3


def head_of(body: bytes, *lines: str) -> bytes:
    more = "".join(f"{line}\r\n" for line in lines)
    return f"POST {LEADS} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode()


@pytest.fixture
def known(served: Served, ids: Ids) -> None:
    """The source has just posted: what it posts whole now takes the short way."""
    body = body_of(ids)
    assert b'"success":true' in served.raw(head_of(body, "Connection: close") + body)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("pause", [0, 0.05], ids=["whole", "in two pieces"])
def test_a_post_is_answered_alike_however_it_comes(served: Served, ids: Ids, pause: float) -> None:
    body = body_of(ids)
    sent = head_of(body, "Connection: close") + body
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(sent[: -9 if pause else None])
        time.sleep(pause)
        connection.sendall(sent[-9:] if pause else b"")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    head, _, text = answer.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert [lines[0], *(line for line in lines[1:] if not line.startswith(b"date: "))] == [
        b"HTTP/1.1 200 OK",
        b"content-type: application/json; charset=utf-8",
        b"content-length: 66",
        b"connection: close",
    ]
    assert re.fullmatch(R1, text)


@pytest.mark.usefixtures("known")
def test_posts_of_every_kind_follow_each_other_on_one_connection(served: Served, ids: Ids) -> None:
    """Good, refused, good again with another spelling of the path, and one with GET."""
    good = head_of(body_of(ids)) + body_of(ids)
    bad = head_of(b"{") + b"{"
    other = good.replace(LEADS.encode(), LEADS.upper().encode() + b"/?a=1")
    last = f"GET {LEADS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()

    answer = served.raw(good + bad + other + good + last)

    kinds = re.findall(rb'HTTP/1.1 \d+|"IntakeID"|"error":"[^"]*"|"Message"', answer)
    assert kinds == [
        *(b"HTTP/1.1 200", b'"IntakeID"'),
        *(b"HTTP/1.1 200", b'"error":"JSON syntax error"'),
        *(b"HTTP/1.1 200", b'"IntakeID"') * 2,
        *(b"HTTP/1.1 405", b'"Message"'),
    ]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("pieces", [1, 2])
async def test_a_trusted_proxys_client_is_the_peer(served: Served, ids: Ids, pieces: int) -> None:
    body = body_of(ids)
    head = head_of(body, "Connection: close", f"X-Forwarded-For: 203.0.113.{pieces}, 127.0.0.1")
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(head + body if pieces == 1 else head)
        if pieces > 1:
            time.sleep(0.05)
            connection.sendall(body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert b'"success":true' in answer
    found = await served.fetch(
        "SELECT count(*) FROM lead_posts WHERE peer = $1", f"203.0.113.{pieces}"
    )
    assert [tuple(row) for row in found] == [(1,)]


@pytest.mark.usefixtures("known")
async def test_a_big_post_and_one_that_is_too_big(served: Served, ids: Ids) -> None:
    answers = {}
    for size in (60_000, 100_000, 300_000):
        body = json.dumps({**example(ids), "Details": "x" * size, "ID": str(size)}).encode()
        answer = served.raw(head_of(body, "Connection: close") + body)
        answers[size] = (answer[:12], b'"success":true' in answer)

    assert answers == {
        60_000: (b"HTTP/1.1 200", True),
        100_000: (b"HTTP/1.1 200", True),
        300_000: (b"HTTP/1.1 413", False),
    }
    rows = await served.fetch(
        "SELECT octet_length(body) > 60000 AS whole FROM lead_posts p JOIN leads l "
        "ON l.post_id = p.id WHERE l.vendor_lead_id IN ('60000', '100000')"
    )
    assert [row["whole"] for row in rows] == [True, True]


@pytest.mark.usefixtures("known")
async def test_texts_arrive_letter_for_letter(served: Served, ids: Ids) -> None:
    """Empty, blank and control characters, quotes and backslashes, beyond the BMP."""
    odd = "\x1f a\\'\"\t{,}NULL \x1e\x7f\U0001f3e0 "
    values = {**example(ids), "Details": odd, "City": "NULL", "County": "", "ID": odd[:30]}
    body = json.dumps(values, ensure_ascii=False).encode()

    assert b'"success":true' in served.raw(head_of(body, "Connection: close") + body)

    found = await served.fetch(
        "SELECT details, city, county, referring_keyword FROM leads WHERE vendor_lead_id = $1",
        odd[:30],
    )
    assert [tuple(row) for row in found] == [(odd, "NULL", None, None)]


@pytest.mark.slow
def test_an_idle_connection_is_closed(served: Served, ids: Ids) -> None:
    body = body_of(ids)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(head_of(body) + body)
        assert b'"success":true' in connection.recv(65536)
        began = time.monotonic()
        assert connection.recv(65536) == b""

    assert 4 < time.monotonic() - began < 12


def test_a_body_that_stops_half_way_makes_no_lead(served: Served, ids: Ids) -> None:
    body = body_of(ids)
    head = f"POST {LEADS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(head.encode() + body[:100])
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert b"success" not in answer.replace(b'"success":false', b"")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /api/captorraapi/create\r\n\r\n",
        b"POST /api/captorraapi/create HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ],
    ids=["tls", "no version", "no number"],
)
def test_garbage_gets_no_500(served: Served, sent: bytes) -> None:
    answer = served.raw(sent)

    assert re.match(rb"HTTP/1.1 (200|400) |$", answer), answer


@pytest.mark.slow
def test_slow_clients_are_cut_off(served: Served, ids: Ids) -> None:
    """Nothing at all, half a head, a head in drops, half a body, a body in drops."""
    body = body_of(ids)
    head = f"POST {LEADS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    starts = {b"": b"", head[:40]: b"", b"POST ": b"x", head + body[:9]: b"", head + b"{": b" "}

    def seconds_until_closed(start: bytes, drop: bytes) -> float:
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", served.port), timeout=2) as connection:
            connection.sendall(start)
            while time.monotonic() - began < 60:
                try:
                    if connection.recv(65536) == b"":
                        break
                except TimeoutError:
                    connection.sendall(drop)
                except OSError:
                    break
        return time.monotonic() - began

    with ThreadPoolExecutor() as threads:
        taken = list(threads.map(seconds_until_closed, starts.keys(), starts.values()))

    assert max(taken) < 35, taken
    assert min(taken) > 15, taken
