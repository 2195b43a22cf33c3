"""Which host an address names, read once and the way a browser reads it.

Everything that decides where personal data may go asks here: definitions, links from a mail, the
fence. Whatever two readers could understand differently is refused instead of interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import idna

from optout.errors import Refused
from optout.text import Text

LONGEST_ADDRESS: Final = 2_000
RESERVED: Final = ".test"  # RFC 2606: nobody can own a name below it

# A number, or a number in hexadecimal: a last label that makes browsers read an IP address.
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")


class BadAddress(Refused):
    """An address that we do not follow: it could mean something other than it seems."""

    def __init__(self, reason: Text) -> None:
        """Keep the reason; the address itself may be a stranger's text and is not repeated."""
        super().__init__(
            Text("This web address cannot be used: {reason}.", reason=reason),
            known=Text("It was not opened, and nothing was sent."),
        )
        self.reason = reason


def host_of(url: str) -> str:
    """Return the host that a web address names, in lower case, or raise `BadAddress`."""
    _check_characters(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(Text("it is not well formed")) from error
    if "@" in parts.netloc:
        raise BadAddress(Text("it carries a user name"))
    if port is not None or parts.netloc.endswith(":"):
        raise BadAddress(Text("it carries a port number"))
    host = checked_host(parts.netloc)
    if parts.scheme != "https" and not (parts.scheme == "http" and host.endswith(RESERVED)):
        raise BadAddress(Text("it does not begin with https://"))
    return host


def checked_host(name: str) -> str:
    """Return a host name in lower case, or raise `BadAddress` if it is not plainly one."""
    host = name.lower()
    if not host.isascii() or host.startswith("xn--") or ".xn--" in host:
        raise BadAddress(Text("its name has letters that can look like others"))
    if host.endswith(".") or "." not in host:
        raise BadAddress(Text("its name is not complete"))
    if host.startswith("[") or _NUMERIC.fullmatch(host.rsplit(".", 1)[-1]):
        raise BadAddress(Text("it names a number instead of a site"))
    try:
        encoded = idna.encode(host, uts46=False, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadAddress(Text("its name is not a site's name")) from error
    if encoded != host:
        raise BadAddress(Text("its name can be read in two ways"))
    return host


def is_host(name: str) -> bool:
    """Say whether this is plainly a host name."""
    try:
        checked_host(name)
    except BadAddress:
        return False
    return True


def host_allowed(host: str, allowed: Collection[str]) -> bool:
    """Say whether a host is one of these, or lies below one of them."""
    if not is_host(host):
        return False
    low = host.lower()
    return any(
        low == entry or low.endswith("." + entry)
        for entry in (name.lower() for name in allowed)
        if is_host(entry)  # "*", "com" or "" allow nothing
    )


def _check_characters(url: str) -> None:
    """Refuse what `urlsplit` and browsers quietly drop, turn or trim."""
    if len(url) > LONGEST_ADDRESS:
        raise BadAddress(Text("it is too long"))
    if "\\" in url or any(char.isspace() or not char.isprintable() for char in url):
        raise BadAddress(Text("it has characters that can hide where it leads"))
    # "https:/host", "https:host" and "https:///host" lead browsers to a host that urlsplit
    # does not see.
    if not re.match(r"[A-Za-z]+://[^/?#]", url):
        raise BadAddress(Text("it does not begin with https://"))
