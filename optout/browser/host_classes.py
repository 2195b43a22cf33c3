"""Three classes of host: who may receive personal data, who may be asked for files, and captchas.

| class     | receives personal data | methods        | may fill the window |
|-----------|------------------------|----------------|---------------------|
| `hosts`   | yes                    | all            | yes                 |
| `assets`  | never                  | GET, HEAD      | no                  |
| `captcha` | never                  | all            | no (frames only)    |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from optout.rules.hosts import BadAddress, checked_host, host_allowed, host_of

FETCHING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_AUTHORITY: Final = re.compile(r"[A-Za-z]+://[^/?#]*")
_WEB_SOCKET: Final = {"wss": "https", "ws": "http"}


class HostClass(StrEnum):
    """What a host may do in this run."""

    BROKER = "broker"
    ASSET = "asset"
    CAPTCHA = "captcha"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostClasses:
    """The allow-list of one run."""

    hosts: tuple[str, ...]
    assets: tuple[str, ...] = ()
    captcha: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a list that is not made of plain host names."""
        for host in (*self.hosts, *self.assets, *self.captcha):
            checked_host(host)

    def class_of(self, host: str) -> HostClass:
        """Return the first class that holds this host."""
        lists = (
            (self.hosts, HostClass.BROKER),
            (self.captcha, HostClass.CAPTCHA),
            (self.assets, HostClass.ASSET),
        )
        return next((kind for names, kind in lists if host_allowed(host, names)), HostClass.OTHER)

    def class_of_url(self, url: str) -> HostClass:
        """Return the class of an address; what cannot be read plainly is `other`."""
        try:
            return self.class_of(host_in(url))
        except BadAddress:
            return HostClass.OTHER

    def lent(self) -> tuple[str, ...]:
        """Return the hosts that are connected but never receive personal data."""
        return (*self.assets, *self.captcha)

    def is_broker(self, url: str) -> bool:
        """Say whether personal data may go to this address."""
        return self.class_of_url(url) is HostClass.BROKER

    def outside_pattern(self) -> re.Pattern[str]:
        """Return a pattern of all addresses but the broker's own, for Python and JavaScript."""
        names = "|".join(re.escape(host).replace(r"\-", "-") for host in self.hosts)
        host = rf":\/\/([a-z0-9-]+\.)*({names})"
        return re.compile(rf"^(?!(https{host}|http{host}(?<=\.test))([\/?#]|$))")


def host_in(url: str) -> str:
    """Return the host of a request's address, however long the rest; `ws` counts as `http`."""
    match = _AUTHORITY.match(url)
    scheme, _, rest = (match.group() if match else url[:100]).partition("://")
    return host_of(f"{_WEB_SOCKET.get(scheme.lower(), scheme)}://{rest}")
