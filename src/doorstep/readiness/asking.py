"""Asks what lies outside: servers, folders, the engine. Each question has its own time limit.

Only what the operator or an organization has entered is asked: the public address, the mail
server, the provider, endpoints (through the egress guard). Nobody else hears of us.
"""

import asyncio
import email.utils
import os
import ssl
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import httpx

from doorstep.kit.errors import CannotStart, TransportError
from doorstep.kit.mail import SmtpTransport
from doorstep.kit.outbound import Egress
from doorstep.kit.settings import Settings
from doorstep.kit.twilio import SCHEME, TwilioSms
from doorstep.messages.tasks import mail_transport
from doorstep.readiness import folders
from doorstep.readiness.facts import Backups, Disk, Engine, Https, Mail, Outside, Reach, Sms

SECONDS_MAX = 5.0
ENGINE_SECONDS_MAX = 60.0
"""On a machine that builds a house, loading the libraries takes a while."""
HEAD_BYTES_MAX = 8 << 10
DAY_SECONDS = 86_400
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
REFUSED = frozenset({401, 403, 404})
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")

Found = TypeVar("Found")

# A folder on a network that hangs must not stop the other folders of this process.
_looks = ThreadPoolExecutor(4, thread_name_prefix="readiness")


async def ask(settings: Settings, urls: Sequence[str]) -> Outside:
    """Everything at once; what takes too long is a problem like any other."""
    egress = Egress(allow=settings.egress_allow, seconds_max=SECONDS_MAX)
    async with asyncio.TaskGroup() as every:
        https = every.create_task(ask_https(settings.base_url))
        mail = every.create_task(ask_mail(settings))
        sms = every.create_task(ask_sms(settings))
        reach = every.create_task(ask_endpoints(egress, urls=urls))
        backups = every.create_task(ask_backups(settings.backups))
        disk = every.create_task(ask_disk(settings))
        engine = every.create_task(ask_engine(threads=settings.build_threads))
    return Outside(
        https=https.result(),
        mail=mail.result(),
        sms=sms.result(),
        reach=reach.result(),
        backups=backups.result(),
        disk=disk.result(),
        engine=engine.result(),
    )


async def ask_https(url: str) -> Https:
    """The public address by TLS: its certificate, and the `Date` of its answer."""
    place = urlsplit(url)
    host = place.hostname or ""
    found = Https(scheme=place.scheme, host=host, loopback=host in LOOPBACK)
    if place.scheme != "https":
        return found
    try:
        async with asyncio.timeout(SECONDS_MAX):
            days_left, skew = await _certificate(host, place.port or 443)
    except ssl.SSLError:
        return replace(found, problem="certificate")
    except (OSError, TimeoutError, ValueError):
        return replace(found, problem="unreachable")
    return replace(found, days_left=days_left, skew=skew)


async def _certificate(host: str, port: int) -> tuple[int, timedelta | None]:
    reader, writer = await asyncio.open_connection(
        host, port, ssl=ssl.create_default_context(), limit=HEAD_BYTES_MAX
    )
    try:
        certificate = writer.get_extra_info("peercert")
        ends = ssl.cert_time_to_seconds(certificate["notAfter"])
        writer.write(
            f"HEAD /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            return _days(ends), _skew(_date_of(head))
        return _days(ends), None
    finally:
        writer.close()


def _days(ends: float) -> int:
    return max(0, int((ends - datetime.now(UTC).timestamp()) // DAY_SECONDS))


def _date_of(head: bytes) -> str | None:
    lines = head.decode("latin-1").split("\r\n")
    named = (line.partition(":") for line in lines)
    return next((text.strip() for name, _, text in named if name.lower() == "date"), None)


def _skew(date: str | None) -> timedelta | None:
    """Their clock less ours, by a `Date` header."""
    if not date:
        return None
    try:
        told = email.utils.parsedate_to_datetime(date)
    except ValueError:
        return None
    return told.replace(tzinfo=told.tzinfo or UTC) - datetime.now(UTC)


async def ask_mail(settings: Settings) -> Mail:
    """The mail server, up to the login and a NOOP."""
    try:
        transport = mail_transport(settings)
    except CannotStart:
        return Mail(configured=True, sender_domain="", bounces=False)
    bounces = bool(settings.bounce_address and settings.bounce_mailbox)
    if transport is None:
        return Mail(configured=False, sender_domain="", bounces=bounces)
    server = SmtpTransport(settings.smtp_url, sender=settings.mail_from, seconds_max=SECONDS_MAX)
    problem = None
    try:
        await server.greet()
    except TransportError as error:
        problem = error.code
    return Mail(configured=True, sender_domain=server.domain, bounces=bounces, problem=problem)


async def ask_sms(settings: Settings) -> Sms:
    """The provider's account, or with the generic contract whether it can be reached."""
    sender = bool(settings.sms_from)
    if not settings.sms_url:
        return Sms(kind="none", sender=sender, secret=False)
    if settings.sms_url.startswith(f"{SCHEME}:"):
        return await _ask_twilio(settings)
    place = urlsplit(settings.sms_url)
    port = place.port or (443 if place.scheme == "https" else 80)
    problem = await _connects(place.hostname or "", port)
    secret = bool(settings.sms_secret)
    return Sms(kind="generic", sender=sender, secret=secret, problem=problem)


async def _ask_twilio(settings: Settings) -> Sms:
    provider = TwilioSms(
        settings.sms_url,
        sender=settings.sms_from,
        base_url=settings.base_url,
        seconds_max=SECONDS_MAX,
    )
    problem, skew = None, None
    try:
        async with asyncio.timeout(SECONDS_MAX):
            answer = await provider.show_account()
        skew = _skew(answer.headers.get("date"))
        if not answer.is_success:
            problem = "credentials" if answer.status_code in REFUSED else "unreachable"
    except (httpx.HTTPError, TimeoutError):
        problem = "unreachable"
    # The account's token signs what comes back.
    sender = bool(settings.sms_from)
    return Sms(kind="twilio", sender=sender, secret=True, problem=problem, skew=skew)


async def _connects(host: str, port: int) -> str | None:
    try:
        async with asyncio.timeout(SECONDS_MAX):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError, UnicodeError):
        return "unreachable"
    writer.close()
    return None


async def ask_endpoints(egress: Egress, *, urls: Sequence[str]) -> Reach:
    """Whether each host of these URLs can be reached; the guard holds here too."""
    hosts = {urlsplit(url).hostname or "": url for url in urls}
    codes = await asyncio.gather(*(_reach(egress, url) for url in hosts.values()))
    problems = tuple((host, code) for host, code in zip(hosts, codes, strict=True) if code)
    return Reach(tried=len(hosts), problems=problems)


async def _reach(egress: Egress, url: str) -> str | None:
    try:
        async with asyncio.timeout(SECONDS_MAX):
            await egress.reach(url)
    except TransportError as error:
        return error.code
    except TimeoutError:
        return "timeout"
    return None


async def ask_backups(folder: str) -> Backups:
    """The newest thing in the folder."""
    if not folder:
        return Backups(told=False)
    try:
        return await _in_a_thread(partial(folders.newest, Path(folder)))
    except (OSError, TimeoutError):
        return Backups(told=True, problem="unreadable")


async def ask_disk(settings: Settings) -> Disk:
    """The data folder, and the files' where they lie on a disk."""
    names = {"the data": settings.data}
    files = urlsplit(settings.storage_url)
    if files.scheme == "file":
        names["photos and models"] = Path(unquote(files.path))
    places = []
    for name, path in names.items():
        try:
            places.append(await _in_a_thread(partial(folders.place, name, path)))
        except (OSError, TimeoutError):
            places.append(folders.lost(name))
    return Disk(places=tuple(places), reserve=settings.storage_reserve_mb << 20)


async def _in_a_thread(look: Callable[[], Found]) -> Found:
    async with asyncio.timeout(SECONDS_MAX):
        return await asyncio.get_running_loop().run_in_executor(_looks, look)


async def ask_engine(*, threads: int) -> Engine:
    """The engine's libraries, in a child that may die of them."""
    version, problem = "", None
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "doorstep.reconstruction.trial"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
    )
    try:
        async with asyncio.timeout(ENGINE_SECONDS_MAX):
            said, _ = await child.communicate()
        version = said.decode("utf-8", "replace").strip()
        problem = None if child.returncode == 0 else "failed"
    except TimeoutError:
        problem = "timeout"
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return Engine(
        version=version,
        problem=problem,
        cores=len(os.sched_getaffinity(0)),
        threads=threads,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    )
