"""Where a webhook may be sent: to public addresses, and to those that an operator allows.

A URL comes from a contract, which anybody who may publish can write. So that it cannot make the
service reach into its own network, the host is resolved once, every address found is judged, and
one of those that were judged is dialled: nothing is looked up again in between.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from notifications.errors import DeliveryFailed

_Address: TypeAlias = IPv4Address | IPv6Address
_Network: TypeAlias = IPv4Network | IPv6Network

_LONGEST: Final = 2000
_PORTS: Final = {"https": 443, "http": 80}
_HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a last label that makes a host an IPv4 address

# IANA's registries of special-purpose addresses; written out, since what ``ipaddress`` calls
# global differs between releases of Python.
_NOT_PUBLIC_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services, as seen from within
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_6: Final = IPv6Network("2000::/3")  # all else is private, link-local, multicast, a tunnel
_NOT_PUBLIC_6: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What an operator allows beside public addresses.

    Attributes:
        hosts: Names that may resolve to anything.
        networks: Addresses that may be dialled.
        http: Whether a webhook may go without TLS.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()
    http: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A URL in parts. ``host`` is ASCII, without brackets; ``path`` has the query behind it."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """Host and port, as the ``Host`` header has it: the port only where it is not the usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _PORTS["https" if self.secure else "http"]
        return host if self.port == usual else f"{host}:{self.port}"


def read_allowed(text: str, *, http: bool = False) -> Allowed:
    """Read hosts and networks, parted by commas, such as ``hooks.intern, 10.1.0.0/16``.

    Raises:
        ValueError: an entry is neither.
    """
    hosts: set[str] = set()
    networks: list[_Network] = []
    for entry in filter(None, (word.strip().lower() for word in text.split(","))):
        if (network := _network(entry)) is not None:
            networks.append(network)
        elif _HOST.fullmatch(entry) and not _is_number(entry):
            hosts.add(entry.rstrip("."))
        else:
            raise ValueError(f"{entry!r} is no host and no network such as 10.1.0.0/16")
    return Allowed(hosts=frozenset(hosts), networks=tuple(networks), http=http)


def _network(text: str) -> _Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def read_place(url: str, allowed: Allowed) -> Place:
    """Take a URL apart, strictly.

    Raises:
        DeliveryFailed: for good: it is none, or none that a webhook may be sent to.
    """
    if len(url) > _LONGEST or not _is_visible(url):
        raise _refused("the URL must be visible ASCII, without spaces, quotes and backslashes")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as cause:
        raise _refused(f"this is no URL: {cause}") from cause
    _require_plain(parts, port, allowed)
    return Place(
        secure=parts.scheme == "https",
        host=_host(host, bracketed="[" in parts.netloc),
        port=port or _PORTS[parts.scheme],
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def _is_visible(url: str) -> bool:
    return url.isascii() and url.isprintable() and not set(url) & set(' \\"<>')


def _require_plain(parts: SplitResult, port: int | None, allowed: Allowed) -> None:
    """Refuse what a webhook's URL has no use for."""
    if parts.scheme not in _PORTS:
        raise _refused("the URL must begin with https://")
    if parts.scheme == "http" and not allowed.http:
        raise DeliveryFailed(
            "a webhook is sent over https only",
            permanent=True,
            advice="Give the receiver TLS, or set ASSAY_WEBHOOK_HTTP=true to allow http.",
        )
    if "@" in parts.netloc:
        raise _refused("the URL must hold no user or password")
    if port == 0:
        raise _refused("the URL has the port 0")


def _host(host: str, *, bracketed: bool) -> str:
    """Return the host as it is looked up; spellings that only a lax reader takes are refused."""
    if bracketed:
        try:
            return str(IPv6Address(host if "%" not in host else ""))
        except AddressValueError as cause:
            raise _refused(f"[{host}] is no IPv6 address, or has a zone") from cause
    if not _HOST.fullmatch(host):
        raise _refused(f"{host!r} is no host; write letters outside ASCII in their xn-- form")
    if not _is_number(host):
        return host.rstrip(".")
    try:
        return str(IPv4Address(host))
    except AddressValueError as cause:
        raise _refused(f"{host!r} is no IPv4 address of four decimal numbers") from cause


def _is_number(host: str) -> bool:
    """Whether any reader would take ``host`` for an IPv4 address: its last label is a number."""
    return _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None


def require_public(host: str, addresses: Sequence[str], allowed: Allowed) -> None:
    """Let the addresses that ``host`` was resolved to pass, all of them.

    Raises:
        DeliveryFailed: for good: one of them is not public and not allowed.
    """
    if host in allowed.hosts:
        return
    for address in addresses:
        if not _may_dial(address, allowed):
            shown = "" if address == host else f" resolves to {address}, which"
            raise DeliveryFailed(
                f"{host}{shown} is not a public address",
                permanent=True,
                advice="If the service may reach it, name the host or its network in "
                "ASSAY_WEBHOOK_ALLOW.",
            )


def _may_dial(text: str, allowed: Allowed) -> bool:
    try:
        address = ip_address(text)
    except ValueError:  # what the resolver gives is an address, or nothing that we dial
        return False
    if getattr(address, "scope_id", None):
        return False
    inside = any(
        address in network for network in allowed.networks if network.version == address.version
    )
    return inside or is_public(address)


def is_public(address: _Address) -> bool:
    """Whether it is a host's own address on the public internet; tunnels of IPv4 are none."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)


def _refused(why: str) -> DeliveryFailed:
    return DeliveryFailed(why, permanent=True, advice="Mend the URL in the contract.")
