"""What a check may look at beside the definition itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from optout.catalog.asset_hosts import HostGroup
from optout.model.broker import Broker


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The folder of the definition, today's date, and what the maintainers' files say."""

    folder: Path | None = None  # None: a definition that stands in no folder yet
    on: date | None = None  # None: dates are not held against today
    groups: Mapping[str, HostGroup] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()  # names below which anybody can open a site
    retired: frozenset[str] = frozenset()
    neighbours: tuple[Broker, ...] = ()  # definitions of the same folder, where order matters
    known: frozenset[str] = frozenset()  # short names of the same folder; empty: not looked at
