"""Every definition of a folder held to every check, and the stones of those that are gone.

Unlike loading, this looks at every folder that lies there: one whose definition is missing,
misspelt or a link into nowhere would otherwise simply not be in the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from optout.catalog.brokers import DEFINITION, NOT_COMPANIES, Retired
from optout.catalog.characters import shown
from optout.catalog.files import load_file
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.lint import CHECKS, lint_folder
from optout.text import Text

RETIRED: Final = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """One file of the catalog and everything found in it."""

    name: str  # the company's short name, or retired/<short name>
    file: str  # from the catalog's folder: acme/broker.toml
    findings: tuple[Finding, ...]

    def file_of(self, finding: Finding) -> str:
        """Return the file that a finding is about: the definition, or one of its examples."""
        example = finding.where.partition(" ")[0]
        return f"{self.name}/{example}" if example.startswith("examples/") else self.file


def lint_catalog(folder: Path, *, on: date | None = None) -> tuple[Linted, ...]:
    """Return every file of the catalog with its findings; none of them stops the others."""
    names = sorted(path.name for path in folder.iterdir() if _is_company(path))
    linted = [lint_company(folder / name, on=on) for name in names]
    return (*linted, *_stones(folder, frozenset(names), on))


def lint_company(folder: Path, *, on: date | None = None) -> Linted:
    """Return the findings of one company's folder, a missing definition included."""
    there = (folder / DEFINITION).is_file() or (folder / DEFINITION).is_symlink()
    findings = lint_folder(folder, on=on) if there else (_missing(folder),)
    return Linted(name=folder.name, file=f"{folder.name}/{DEFINITION}", findings=findings)


def why_of(check: str) -> str:
    """Return why a rule is there, by the id printed with its findings."""
    return _WHY.get(check, "")


def _is_company(path: Path) -> bool:
    """Say whether a folder is a company's, or would be taken for one."""
    if path.name.startswith((".", "__")) or not path.is_dir():
        return False
    return path.name not in NOT_COMPANIES or (path / DEFINITION).exists()


def _missing(folder: Path) -> Finding:
    near = [path.name for path in folder.iterdir() if path.suffix.lower() == ".toml"]
    rename = Text("Rename {name}.", name=shown(near[0], 60)) if near else None
    return Finding("", Text("There is no broker.toml in this folder."), rename, check="file")


def _stones(folder: Path, names: frozenset[str], on: date | None) -> Iterator[Linted]:
    stones = sorted((folder / RETIRED).glob("*.toml"))
    known = names | {path.stem for path in stones}
    for path in stones:
        try:
            stone = load_file(path, Retired)[0]
            findings = tuple(_stone(stone, path, known=known, taken=names, on=on))
        except BadDefinition as bad:
            findings = bad.findings
        name = f"{RETIRED}/{path.stem}"
        yield Linted(name=name, file=f"{name}.toml", findings=findings)


def _stone(
    stone: Retired, path: Path, *, known: frozenset[str], taken: frozenset[str], on: date | None
) -> Iterator[Finding]:
    gone = Finding("slug", Text("The slug is not the name of the file."), check="retired")
    if stone.slug != path.stem:
        yield gone
    if stone.slug in taken:
        yield replace(
            gone,
            what=Text("A company that is gone has a folder."),
            suggest=Text("Delete the folder, or this file; never give its name to another."),
        )
    if stone.redirect_to and (stone.redirect_to not in known or stone.redirect_to == stone.slug):
        what = Text("No company here has this short name.")
        yield replace(gone, where="redirect_to", what=what)
    if not stone.reason.strip():
        yield replace(gone, where="reason", what=Text("Say in a few words why it is gone."))
    if on is not None and stone.retired_on > on:
        yield replace(gone, where="retired_on", what=Text("This day has not come yet."))


_WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{check.ID: check.WHY for check in CHECKS},
        "schema": "A key that is not known would be ignored, and a wrong word could mean anything.",
        "toml": "A file that two readers understand differently is not read at all.",
        "file": "Links and missing files would show something other than what was looked at.",
        "encoding": "Only UTF-8 means the same on every machine.",
        "size": "A huge file would hide its point from whoever looks at it.",
        "characters": "Letters that nobody can see can change what a line says.",
        "sample": "Practice companies are trusted further than others, so nothing else is one.",
        "dialect": "What a definition of somebody else's says is told where ours cannot say it.",
        "unknown": "What an imported file says beyond what is known is told, and stays in it.",
        "retired": "Old requests still name a company that is gone, and must find its name.",
    }
)
