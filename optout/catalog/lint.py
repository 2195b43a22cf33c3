"""Every check over one definition, with the line of each finding."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from optout.catalog.asset_hosts import HostGroup, list_host_groups, shared_hosts
from optout.catalog.brokers import DEFINITION, list_brokers, list_retired, load_broker
from optout.catalog.checks import (
    ages,
    asked_of_people,
    asset_groups,
    assumed,
    beside,
    channels,
    circles,
    contacts,
    declared,
    discloses,
    examples,
    family,
    freeze_basis,
    grade,
    hosts,
    legs,
    lookalike,
    never_asked,
    placeholders,
    places,
    platforms,
    search,
    sizes,
    slug,
    sources,
    translated,
    urls,
)
from optout.catalog.checks.setting import Setting
from optout.catalog.files import label_of
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.lines import Path as PlaceInFile
from optout.catalog.lines import line_of
from optout.catalog.translations import BESIDE
from optout.model.broker import Broker


class Check(Protocol):
    """One rule about definitions: its id, why it exists, and what breaks it."""

    @property
    def ID(self) -> str:  # noqa: N802  # a constant of the check's module
        """The name printed with each finding."""

    @property
    def WHY(self) -> str:  # noqa: N802
        """One sentence for the volunteer."""

    def run(self, broker: Broker, setting: Setting, /) -> Iterator[Finding]:
        """Yield everything that breaks the rule."""


CHECKS: Final[Sequence[Check]] = (
    slug,
    beside,
    sizes,
    family,
    circles,
    hosts,
    urls,
    placeholders,
    asset_groups,
    legs,
    search,
    places,
    platforms,
    discloses,
    never_asked,
    asked_of_people,
    channels,
    contacts,
    freeze_basis,
    sources,
    ages,
    declared,
    assumed,
    grade,
    lookalike,
    translated,
    examples,
)


def lint(
    broker: Broker,
    *,
    folder: Path | None = None,
    on: date | None = None,
    groups: Mapping[str, HostGroup] | None = None,
    retired: frozenset[str] | None = None,
) -> tuple[Finding, ...]:
    """Return all findings of a definition, warnings included, in the order of the file.

    `folder` holds the definition and its examples; without it nothing on disk is looked at.
    """
    setting = Setting(
        folder=folder,
        on=on,
        groups=list_host_groups() if groups is None else groups,
        shared=shared_hosts(),
        retired=list_retired() if retired is None else retired,
        neighbours=_neighbours(broker, folder),
        known=_known(folder),
    )
    text = _text(folder)
    found = [
        dataclasses.replace(finding, check=check.ID, line=line_of(text, _place(finding.where)))
        for check in CHECKS
        for finding in check.run(broker, setting)
    ]
    return tuple(sorted(found, key=lambda finding: finding.line or 0))


def lint_folder(folder: Path, *, on: date | None = None) -> tuple[Finding, ...]:
    """Return all findings of one broker's folder; a file that cannot be read is its findings."""
    try:
        broker = load_broker(folder / DEFINITION)
    except BadDefinition as bad:
        return bad.findings
    return lint(broker, folder=folder, on=on)


def check_definition(folder: Path, *, on: date | None = None) -> None:
    """Raise `BadDefinition` with everything that is more than a warning."""
    wrong = [finding for finding in lint_folder(folder, on=on) if not finding.warning]
    if wrong:
        raise BadDefinition(label_of(folder / DEFINITION), wrong)


def _neighbours(broker: Broker, folder: Path | None) -> tuple[Broker, ...]:
    """Read the folder's other definitions, but only where this one stands in an order with them."""
    if folder is None:
        return ()
    named = {broker.parent, *broker.clears, *broker.feeds} - {""}
    if not any((folder.parent / name / DEFINITION).is_file() for name in named):
        return ()
    return list_brokers(folders=(folder.parent,))


def _known(folder: Path | None) -> frozenset[str]:
    """Return the short names that stand beside this one, the gone ones too."""
    if folder is None:
        return frozenset()
    return frozenset(path.parent.name for path in folder.parent.glob(f"*/{DEFINITION}"))


_PART: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def _place(where: str) -> PlaceInFile:
    if where.startswith(("examples/", BESIDE)):
        return ()
    return tuple(int(index) if index else name for index, name in _PART.findall(where))


def _text(folder: Path | None) -> str:
    path = folder / DEFINITION if folder is not None else None
    return path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""
