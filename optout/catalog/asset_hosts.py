"""Hosts that a page may load from but never send personal data to, by name.

Definitions name them; only the maintainers' `brokers/asset-hosts.toml` says what a name means, so
that no definition can open the fence to a host of its own choosing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from optout.catalog.files import load_file
from optout.errors import Refused
from optout.shipped import shipped
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class HostGroup:
    """Hosts that belong together. Assets: GET only. Captcha: POST too, never personal data."""

    kind: Literal["asset", "captcha"]
    hosts: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetHosts:
    """The whole file."""

    shared: tuple[str, ...] = ()  # names below which anybody can open a site
    group: dict[str, HostGroup] = field(default_factory=dict)


class NoSuchHostGroup(Refused):
    """A definition names hosts that the maintainers' file does not have, or not for this use."""


def asset_hosts(names: Iterable[str], *, folder: Path | None = None) -> tuple[str, ...]:
    """Return the hosts of these names: GET only, never personal data."""
    return _hosts(names, "asset", folder or shipped("brokers"))


def captcha_hosts(names: Iterable[str], *, folder: Path | None = None) -> tuple[str, ...]:
    """Return the hosts of these names: POST allowed, never personal data."""
    return _hosts(names, "captcha", folder or shipped("brokers"))


def list_host_groups(*, folder: Path | None = None) -> Mapping[str, HostGroup]:
    """Return every group of the file by its name."""
    return _read(folder or shipped("brokers")).group


def shared_hosts(*, folder: Path | None = None) -> frozenset[str]:
    """Return the names below which anybody can open a site: too wide to trust."""
    return frozenset(_read(folder or shipped("brokers")).shared)


@cache
def _read(folder: Path) -> AssetHosts:
    return load_file(folder / "asset-hosts.toml", AssetHosts)[0]


def _hosts(names: Iterable[str], kind: str, folder: Path) -> tuple[str, ...]:
    groups = _read(folder).group
    hosts: list[str] = []
    for name in names:
        if name not in groups or groups[name].kind != kind:
            raise NoSuchHostGroup(
                Text("No group of {kind} hosts is called {name}.", kind=kind, name=name),
                hint=Text("The names stand in brokers/asset-hosts.toml."),
            )
        hosts += groups[name].hosts
    return tuple(dict.fromkeys(hosts))
