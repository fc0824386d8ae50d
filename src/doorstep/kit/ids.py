"""Identifiers: UUIDv7 for our own rows, short public names, and secrets."""

import os
import secrets
import threading
import time
import uuid

COUNTER_MAX = 0xFFF

_last = threading.local()


def uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits.

    Two made by one thread in one millisecond still sort in the order they were
    made: the 12 bits after the time count up from a random start.
    """
    now = time.time_ns() // 1_000_000
    last_ms, counter = getattr(_last, "value", (0, 0))
    if now > last_ms:
        counter = int.from_bytes(os.urandom(2)) & 0x7FF
    else:
        now, counter = last_ms, counter + 1
        if counter > COUNTER_MAX:
            now, counter = now + 1, 0
    _last.value = (now, counter)
    tail = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=now << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | tail)


def public_name() -> str:
    """Six URL-safe characters from four random bytes: a name, never a capability."""
    return secrets.token_urlsafe(4)


def secret(prefix: str = "") -> str:
    """256 random bits in 43 URL-safe characters, after a prefix that scanners know."""
    return prefix + secrets.token_urlsafe(32)
