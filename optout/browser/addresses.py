"""Names to addresses, and which of those a run may connect to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Address:
    """One place to connect to. `ours`: a server that this very program started."""

    ip: str
    port: int
    ours: bool = False


Resolver = Callable[[str, int], Sequence[Address]]
"""(host, port) -> addresses; raises OSError where there is none.

It is given to a fence's constructor and nowhere else: no option, variable or setting reaches it,
so only code of this program can mark an address as its own.
"""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_V4_BITS: Final = 0xFFFFFFFF


def system_resolver(host: str, port: int) -> tuple[Address, ...]:
    """Ask the operating system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(Address(str(place[0]), port) for *_family, place in found))


def may_connect(address: Address) -> bool:
    """Say whether an address is ours, or somewhere in the public internet."""
    return address.ours or is_public(address.ip)


def is_public(ip: str) -> bool:
    """Say whether an address is global, however it is wrapped."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return all(part.is_global and not part.is_multicast for part in _unwrapped(address))


def _unwrapped(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ...]:
    """Return the address and each IPv4 address that it carries inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    inner = [address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & _V4_BITS))
    return (address, *(part for part in inner if part is not None))
