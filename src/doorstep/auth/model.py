"""Credentials: how long they live and what they look like."""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from doorstep.kit.errors import Invalid

ACCESS_TOKEN_LIFE = timedelta(hours=2)
SESSION_LIFE = timedelta(days=14)
SIGN_IN_LINK_LIFE = timedelta(hours=24)
INVITATION_LIFE = timedelta(days=7)
CODE_LIFE = timedelta(minutes=10)
LOST_REPLY_GRACE = timedelta(seconds=30)

ACCESS_TOKEN_PREFIX = "dst_at_"  # noqa: S105  a prefix for secret scanners, not a secret
REFRESH_TOKEN_PREFIX = "dst_rt_"  # noqa: S105
CLIENT_SECRET_PREFIX = "dst_cs_"  # noqa: S105
SESSION_PREFIX = "dst_se_"
CODE_PREFIX = "dst_co_"

PASSWORD_CHARACTERS_MIN = 10
PASSWORD_CHARACTERS_MAX = 200

REDIRECT_URIS_MAX = 10
REDIRECT_URI_CHARACTERS_MAX = 500
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True, kw_only=True)
class Client:
    """An integration of an organization."""

    client_id: str
    name: str
    redirect_uris: list[str]
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code or a refresh token stands for."""

    family: uuid.UUID
    redirect_uri: str
    challenge: str | None


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A fresh pair, and when it was made."""

    org_id: int
    access: str
    refresh: str
    created_at: datetime


def checked_redirect_uri(text: str) -> str:
    """The address as it will be compared; Invalid when no answer may be sent there."""
    if not 0 < len(text) <= REDIRECT_URI_CHARACTERS_MAX or not text.isascii():
        raise Invalid(fields={"redirect_uris": ["is not an address"]})
    if not text.isprintable() or any(mark in text for mark in " ;,'\"<>\\"):
        raise Invalid(fields={"redirect_uris": ["holds characters that no address has"]})
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise Invalid(fields={"redirect_uris": ["is not an address"]}) from error
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise Invalid(fields={"redirect_uris": ["must be https"]})
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise Invalid(fields={"redirect_uris": ["must name a host, no user and no fragment"]})
    return text


def origin_of(redirect_uri: str) -> str:
    """Scheme, host and port of a checked address."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}"


def challenge_of(verifier: str) -> str:
    """What a verifier's S256 challenge must be (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _is_loopback(netloc: str) -> bool:
    return any(netloc == host or netloc.startswith(f"{host}:") for host in LOOPBACK)
