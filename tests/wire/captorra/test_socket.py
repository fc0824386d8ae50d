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
