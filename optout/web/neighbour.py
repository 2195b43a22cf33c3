"""Whose program asks: on Linux the kernel says which user holds the other end of a connection.

The link that opens the page stands for a moment in the list of running programs, where other
users of this computer can read it. They must not get in with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7  # columns of both tables


def is_of_another_user(client: tuple[str, int], port: int) -> bool:
    """Say whether the connection from `client` to our `port` is held by another user.

    Where the system does not tell (not Linux), nobody is called another user.
    """
    if not _TABLES[0].is_file():
        return False
    wanted = (_written(*client), _written("127.0.0.1", port))
    users = {
        row[_USER]
        for row in _rows(wanted[0])
        if (_short(row[_LOCAL]), _short(row[_REMOTE])) == wanted
    }
    return users != {str(os.getuid())}


def _rows(address: str) -> Iterator[list[str]]:
    """Yield the rows that name an address: a busy computer has thousands of others."""
    for table in _TABLES:
        if table.is_file():
            lines = table.read_text("ascii").splitlines()[1:]
            yield from (line.split() for line in lines if address in line)


def _written(host: str, port: int) -> str:
    """Return an address as the kernel writes it: its bytes backwards, in hexadecimal."""
    return f"{IPv4Address(host).packed[::-1].hex().upper()}:{port:04X}"


def _short(address: str) -> str:
    """Return the last four bytes of an address, as IPv4 has them."""
    return address[-len("0100007F:FFFF") :]
