"""Where a URL points, read once and strictly, and the addresses nobody may be sent to."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

URL_CHARACTERS_MAX = 2000
PORTS = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
)
ODD = re.compile(r"[\x00-\x20\x7f-\xa0\\]")

NOWHERE_V4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
    224.0.0.0/4 240.0.0.0/4
"""
NOWHERE_V6 = """
    ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20
    5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
FORBIDDEN = tuple(ipaddress.ip_network(one) for one in (NOWHERE_V4 + NOWHERE_V6).split())
# All of the public IPv6 internet lives here; the rest is not assigned.
PUBLIC_V6 = ipaddress.ip_network("2000::/3")


@dataclass(frozen=True, kw_only=True)
class Target:
    """The parts of a URL that a connection needs; `host` is lower-case ASCII."""

    scheme: str
    host: str
    port: int
    path: str
    literal: Address | None

    @property
    def authority(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """The target of an http or https URL; ValueError says what is odd in it."""
    if len(url) > URL_CHARACTERS_MAX:
        raise ValueError("too long")
    if ODD.search(url):
        raise ValueError("spaces, control characters and backslashes are not allowed")
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError("the scheme must be https")
    if "@" in parts.netloc or "%" in parts.netloc:
        raise ValueError("user names, zones and escapes are not allowed in the host")
    literal, host = _host(parts.hostname or "")
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError("the port is not a number from 1 to 65535")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return Target(scheme=parts.scheme, host=host, port=port, path=path, literal=literal)


def refusal(address: Address) -> str | None:
    """Why nobody may be sent to this address, or None."""
    judged = canonical(address)
    if any(judged in network for network in FORBIDDEN):
        return "private_address"
    if judged.version == 6 and judged not in PUBLIC_V6:  # noqa: PLR2004
        return "private_address"
    return None


def canonical(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries (`::ffff:10.0.0.1`), else the address."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def _host(raw: str) -> tuple[Address | None, str]:
    if ":" in raw:
        address = canonical(ipaddress.IPv6Address(raw))
        return address, str(address)
    host = _ascii(raw)
    if _ends_in_a_number(host):
        # `0x7f.1`, `2130706433` and `0177.0.0.1` are addresses to some resolvers and names
        # to others; only the one canonical spelling passes.
        literal = ipaddress.IPv4Address(host)
        return literal, str(literal)
    return None, host


def _ascii(raw: str) -> str:
    try:
        host = raw.lower() if raw.isascii() else idna.encode(raw, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"the host is not a name: {error}") from error
    host = host.removesuffix(".")
    if not NAME.fullmatch(host):
        raise ValueError("the host is not a name")
    return host


def _ends_in_a_number(host: str) -> bool:
    last = host.rpartition(".")[2]
    return last.isdecimal() or bool(re.fullmatch(r"0x[0-9a-f]*", last))
