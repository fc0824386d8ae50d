"""Identifiers: UUIDv7 for our own rows, short public names, and secrets."""

import os
import secrets
import threading
import time
import uuid

from asyncpg.pgproto.pgproto import UUID

COUNTER_MAX = 0xFFF
RANDOM_BYTES_KEPT = 4096

_last = threading.local()
_random = threading.local()


def uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits.

    Two made by one thread in one millisecond still sort in the order they were
    made: the 12 bits after the time count up from a random start. The driver's own
    class, which rows hold as well, is made and written out ten times as fast.
    """
    now = time.time_ns() // 1_000_000
    last_ms, counter = getattr(_last, "value", (0, 0))
    if now > last_ms:
        counter = _random_number(2) & 0x7FF
    else:
        now, counter = last_ms, counter + 1
        if counter > COUNTER_MAX:
            now, counter = now + 1, 0
    _last.value = (now, counter)
    tail = _random_number(8) & 0x3FFF_FFFF_FFFF_FFFF
    whole = now << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | tail
    return UUID(whole.to_bytes(16))


def _random_number(size: int) -> int:
    """A number of so many random bytes, which the kernel is asked for by the page."""
    page, used = getattr(_random, "value", (b"", 0))
    if used + size > len(page):
        page, used = os.urandom(RANDOM_BYTES_KEPT), 0
    _random.value = (page, used + size)
    return int.from_bytes(page[used : used + size])


def _forget_random_bytes() -> None:
    _random.value = (b"", 0)


# A child that is forked must not give the same numbers as its parent.
os.register_at_fork(after_in_child=_forget_random_bytes)


def public_name() -> str:
    """Six URL-safe characters from four random bytes: a name, never a capability."""
    return secrets.token_urlsafe(4)


def secret(prefix: str = "") -> str:
    """256 random bits in 43 URL-safe characters, after a prefix that scanners know."""
    return prefix + secrets.token_urlsafe(32)
