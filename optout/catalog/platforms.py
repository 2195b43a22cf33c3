"""Request forms that many companies rent: what stands on all of them, written down once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from optout.catalog.files import load_file
from optout.model.fields import Field
from optout.rules.hosts import host_allowed
from optout.shipped import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One make of form: its own boxes are alike everywhere, beside questions of each company."""

    name: str
    hosts: tuple[str, ...]  # its forms stand on these and below them
    mark: str  # what the ids of its own boxes have in common
    own: str = ""  # how the ids of a company's own questions begin
    box: dict[str, Field] = field(default_factory=dict)  # a selector, and what belongs there
    other: tuple[str, ...] = ()  # its own places that hold no field
    sources: tuple[str, ...] = ()

    def selectors_for(self, wanted: Field) -> tuple[str, ...]:
        """Return the boxes that hold a field."""
        return tuple(into for into, held in self.box.items() if held is wanted)

    def place_in(self, into: str) -> str:
        """Return the known place that a selector means, or ""."""
        return next((known for known in (*self.box, *self.other) if known in into), "")

    def has_made(self, into: str) -> bool:
        """Say whether a selector names one of its own boxes, known here or not."""
        return self.mark in into and not (self.own and self.own in into)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platforms:
    """The whole of `platforms.toml`."""

    platform: dict[str, Platform]


def platform_at(host: str, *, folder: Path | None = None) -> Platform | None:
    """Return the platform whose forms stand on this host, if one is known."""
    known = _read(folder or shipped("brokers")).platform.values()
    return next((each for each in known if host_allowed(host, each.hosts)), None)


@cache
def _read(folder: Path) -> Platforms:
    return load_file(folder / "platforms.toml", Platforms)[0]
