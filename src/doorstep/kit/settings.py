"""Settings from environment variables, read once, dying loudly on a bad value.

`DOORSTEP_X` is the value; `DOORSTEP_X_FILE` names a file that holds it.
Every setting is listed in `docs/reference/settings.md`; a test says so.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

PREFIX = "DOORSTEP_"
SECRET_KEY_BYTES_MIN = 32

ADDRESS = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
LOCAL_CHARACTERS_MAX = 13
"""What comes before the @ is followed by 51 characters, and 64 are allowed."""

if TYPE_CHECKING:
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network
else:
    # The web framework looks into the types of what it injects, and understands no union
    # of two classes.
    Network = ipaddress.IPv4Network


class BadSetting(SystemExit):
    """A setting has a value that cannot work; the process must not start."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one process of Doorstep needs to know about its surroundings."""

    database_url: str
    storage_url: str
    base_url: str
    secret_key: str
    data: Path
    owner_url: str = ""
    storage_reserve_mb: int = 512
    backups: str = ""
    smtp_url: str = ""
    mail_from: str = "Doorstep <doorstep@localhost>"
    bounce_address: str = ""
    bounce_mailbox: str = ""
    sms_url: str = ""
    sms_from: str = ""
    sms_secret: str = ""
    recipient_messages_per_day: int = 3
    org_messages_per_day: int = 2000
    egress_allow: tuple[Network, ...] = ()
    api_calls_per_minute: int = 120
    stranger_posts_per_second: int = 20
    calls_per_second: int = 100
    pg_bin: str = ""
    build_threads: int = 2
    build_memory_mb: int = 12_288
    build_seconds_max: int = 3600
    build_preset: str = "normal"
    log_level: str = "INFO"
    crash: str = ""

    @property
    def https(self) -> bool:
        """Whether people reach us over TLS, which decides the cookies' flags."""
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises BadSetting naming the variable."""
    read = _Reader(os.environ if environ is None else environ)
    data = Path(read.text("DATA", "doorstep-data")).absolute()
    secret_key = read.text("SECRET_KEY", "")
    if len(secret_key) < SECRET_KEY_BYTES_MIN:
        raise BadSetting(
            f"DOORSTEP_SECRET_KEY must have at least {SECRET_KEY_BYTES_MIN} characters; "
            "`doorstep up` makes one in the data folder"
        )
    return Settings(
        data=data,
        secret_key=secret_key,
        database_url=read.url("DATABASE_URL", ("postgresql", "postgres")),
        storage_url=read.text("STORAGE_URL", (data / "files").as_uri()),
        storage_reserve_mb=read.number("STORAGE_RESERVE_MB", Settings.storage_reserve_mb),
        backups=read.text("BACKUPS", ""),
        base_url=read.url("BASE_URL", ("http", "https")).rstrip("/"),
        owner_url=read.url("OWNER_URL", ("postgresql", "postgres"), default=""),
        smtp_url=read.url("SMTP_URL", ("smtp", "smtps"), default=""),
        mail_from=read.text("MAIL_FROM", Settings.mail_from),
        bounce_address=read.address("BOUNCE_ADDRESS"),
        bounce_mailbox=read.url("BOUNCE_MAILBOX", ("imap", "imaps"), default=""),
        sms_url=read.url("SMS_URL", ("http", "https", "twilio"), default=""),
        sms_from=read.text("SMS_FROM", ""),
        sms_secret=read.text("SMS_SECRET", ""),
        recipient_messages_per_day=read.number(
            "RECIPIENT_MESSAGES_PER_DAY", Settings.recipient_messages_per_day
        ),
        org_messages_per_day=read.number("ORG_MESSAGES_PER_DAY", Settings.org_messages_per_day),
        egress_allow=read.networks("EGRESS_ALLOW"),
        stranger_posts_per_second=read.number(
            "STRANGER_POSTS_PER_SECOND", Settings.stranger_posts_per_second, at_most=10_000
        ),
        calls_per_second=read.number("CALLS_PER_SECOND", Settings.calls_per_second, at_most=10_000),
        api_calls_per_minute=read.number(
            "API_CALLS_PER_MINUTE", Settings.api_calls_per_minute, at_most=6000
        ),
        pg_bin=read.text("PG_BIN", ""),
        build_threads=read.number("BUILD_THREADS", Settings.build_threads, at_most=64),
        build_memory_mb=read.number("BUILD_MEMORY_MB", Settings.build_memory_mb),
        build_seconds_max=read.number("BUILD_SECONDS_MAX", Settings.build_seconds_max),
        build_preset=read.choice("BUILD_PRESET", ("normal", "fast"), default="normal"),
        log_level=read.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
        crash=read.text("CRASH", ""),
    )


def names() -> list[str]:
    """Every environment variable that `from_environment` reads."""
    return [PREFIX + field.name.upper() for field in fields(Settings)]


@dataclass(frozen=True)
class _Reader:
    environ: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        path = self.environ.get(f"{PREFIX}{name}_FILE", "")
        if not path:
            return self.environ.get(PREFIX + name, default)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{PREFIX}{name}_FILE: {error}") from error

    def url(self, name: str, schemes: tuple[str, ...], *, default: str | None = None) -> str:
        value = self.text(name, default or "")
        if not value and default is not None:
            return value
        if urlsplit(value).scheme not in schemes:
            raise BadSetting(f"{PREFIX}{name} must be a URL with scheme {' or '.join(schemes)}")
        return value

    def address(self, name: str) -> str:
        value = self.text(name, "")
        local, _, domain = value.rpartition("@")
        if value and not (ADDRESS.fullmatch(value) and len(local) <= LOCAL_CHARACTERS_MAX):
            raise BadSetting(
                f"{PREFIX}{name} must be an address like bounces@example.com, with at most "
                f"{LOCAL_CHARACTERS_MAX} characters before the @"
            )
        return f"{local}@{domain}" if value else ""

    def number(self, name: str, default: int, *, at_most: int = 1_000_000) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or not 1 <= int(value) <= at_most:
            raise BadSetting(f"{PREFIX}{name} must be a whole number from 1 to {at_most}")
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...], *, default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise BadSetting(f"{PREFIX}{name} must be one of {', '.join(choices)}")
        return value

    def networks(self, name: str) -> tuple[Network, ...]:
        try:
            return tuple(
                ipaddress.ip_network(part.strip())
                for part in self.text(name, "").split(",")
                if part.strip()
            )
        except ValueError as error:
            raise BadSetting(f"{PREFIX}{name}: {error}") from error
