"""Brokers: one folder a broker, one file read for one broker, and a bad one never stops others."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from optout.catalog.checks import placeholders
from optout.catalog.checks.setting import Setting
from optout.catalog.files import label_of, load_file, with_hash
from optout.catalog.findings import BadDefinition, Finding
from optout.errors import WrongUsage
from optout.model.broker import Broker, Slug
from optout.shipped import shipped
from optout.text import Text

DEFINITION: Final = "broker.toml"
NOT_COMPANIES: Final = frozenset({"retired", "registries"})  # folders of the catalog's own


class NoSuchBroker(WrongUsage):
    """There is no broker of that slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A broker that is gone; its slug is never used again."""

    slug: Slug
    name: str
    reason: str
    redirect_to: str = ""
    retired_on: date


def sample_folder() -> Path:
    """Return the folder of the built-in practice companies."""
    return Path(__file__).parent.parent / "sample" / "brokers"


def folder_of(slug: str, *, folders: Sequence[Path] | None = None, samples: bool = False) -> Path:
    """Return the folder of one definition, with its examples."""
    for folder in _folders(folders, samples=samples):
        if slug in _names(folder) and (folder / slug / DEFINITION).exists():
            return folder / slug
    raise _not_found(slug, folders, samples=samples)


def typed_folder(typed: str, catalog: Path | None = None) -> Path:
    """Return the folder of a definition that was named by its short name, or by where it lies."""
    path = Path(typed).expanduser()
    if len(path.parts) > 1 or typed.startswith(".") or typed == DEFINITION:
        folder = (path.parent if path.name == DEFINITION else path).resolve()
        if folder.is_dir():
            return folder
        raise NoSuchBroker(
            Text("There is no such folder."),
            hint=Text("Name a company, or the folder that holds its broker.toml."),
        )
    catalog = catalog or shipped("brokers")
    here = {entry.name for entry in catalog.iterdir() if entry.is_dir()} - NOT_COMPANIES
    # Also where the definition is missing or misspelt: lint says so.
    return catalog / typed if typed in here else folder_of(typed, samples=True)


def load_broker(path: Path) -> Broker:
    """Return the definition in one file; `BadDefinition` holds every finding of the file."""
    broker, sha256 = load_file(path, Broker)
    root = path.parent.parent
    found = [*_misplaced(broker, path, root), *_unreadable_addresses(broker)]
    if found:
        raise BadDefinition(label_of(path), found)
    return with_hash(broker, sha256, local=_origin(root) == "local")


def find_broker(
    slug: str, *, folders: Sequence[Path] | None = None, samples: bool = False
) -> Broker:
    """Return one broker, reading one file; of two folders with that slug the first wins.

    This is what filing uses, so a definition from a folder of one's own must pass every check.
    """
    broker = load_broker(folder_of(slug, folders=folders, samples=samples) / DEFINITION)
    if broker.local:
        _check_local(broker)
    return broker


def _check_local(broker: Broker) -> None:
    from optout.catalog.lint import lint  # noqa: PLC0415 - the checks read definitions themselves

    wrong = [finding for finding in lint(broker) if not finding.warning]
    if wrong:
        raise BadDefinition(label_of(Path(broker.slug) / DEFINITION), wrong)


def list_brokers(
    *,
    folders: Sequence[Path] | None = None,
    samples: bool = False,
    problems: list[BadDefinition] | None = None,
) -> tuple[Broker, ...]:
    """Return every definition that can be read, by slug; the others go into `problems`."""
    brokers: dict[str, Broker] = {}
    for path in _definitions(folders, samples=samples):
        if path.parent.name in brokers:
            continue
        try:
            brokers[path.parent.name] = load_broker(path)
        except BadDefinition as bad:
            if problems is not None:
                problems.append(bad)
    return tuple(brokers[slug] for slug in sorted(brokers))


def find_retired(slug: str, *, folder: Path | None = None) -> Retired | None:
    """Return why a broker is gone, if it is; its old requests still find a name."""
    path = _graveyard(folder) / f"{slug}.toml"
    return load_file(path, Retired)[0] if path.name in _retired_files(path.parent) else None


def list_retired(*, folder: Path | None = None) -> frozenset[str]:
    """Return every slug that was used once and never will be again."""
    return frozenset(Path(name).stem for name in _retired_files(_graveyard(folder)))


def _graveyard(folder: Path | None) -> Path:
    return (folder or shipped("brokers")) / "retired"


def _retired_files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.toml")} if folder.is_dir() else set()


def _folders(folders: Sequence[Path] | None, *, samples: bool) -> tuple[Path, ...]:
    chosen = (shipped("brokers"),) if folders is None else tuple(folders)
    return (*chosen, sample_folder()) if samples else chosen


def _names(folder: Path) -> list[str]:
    """Return the folders that hold a definition. A list of names, so no slug is ever a path."""
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if (entry / DEFINITION).exists())


def _definitions(folders: Sequence[Path] | None, *, samples: bool) -> Iterator[Path]:
    for folder in _folders(folders, samples=samples):
        for name in _names(folder):
            yield folder / name / DEFINITION


@cache
def _origin(root: Path) -> Literal["shipped", "sample", "local"]:
    """Say whose folder this is; asked for every file, looked up once."""
    found = root.resolve()
    if found == sample_folder().resolve():
        return "sample"
    return "shipped" if found == shipped("brokers").resolve() else "local"


def _misplaced(broker: Broker, path: Path, root: Path) -> Iterator[Finding]:
    """Hold a definition to its place: its folder's name, and practice companies to theirs."""
    if broker.slug != path.parent.name:
        yield Finding(
            "slug",
            Text("The slug is not the name of the folder."),
            Text("Name the folder as the slug; a slug is permanent."),
            check="slug",
        )
    if broker.sample != (_origin(root) == "sample"):
        yield Finding(
            "sample",
            Text("Only the built-in practice companies are samples, and all of them are."),
            Text("Delete `sample`, or move the folder."),
            check="sample",
        )


def _unreadable_addresses(broker: Broker) -> Iterator[Finding]:
    """Refuse `{…}` that means nothing here: whoever reads a flow's fields relies on it."""
    for finding in placeholders.run(broker, Setting()):
        yield replace(finding, check=placeholders.ID)


def _goes_by(broker: Broker, typed: str) -> bool:
    """Say whether this company sells, or is known by, what was typed instead of its short name."""
    wanted = typed.casefold().replace("-", " ").strip()
    names = " | ".join((broker.slug.replace("-", " "), broker.called(), *broker.products))
    return re.search(rf"\b{re.escape(wanted)}\b", names.casefold()) is not None


def check_not_retired(slug: str, folder: Path) -> None:
    """Raise `NoSuchBroker` with the reason if a person's own definition is gone."""
    if (gone := find_retired(slug, folder=folder)) is not None:
        raise _gone(gone)


def _gone(gone: Retired) -> NoSuchBroker:
    hint = Text("Use {slug} instead.", slug=gone.redirect_to) if gone.redirect_to else None
    return NoSuchBroker(
        Text("{name} is gone: {reason}", name=gone.name, reason=gone.reason), hint=hint
    )


def _not_found(slug: str, folders: Sequence[Path] | None, *, samples: bool) -> NoSuchBroker:
    gone = find_retired(slug)
    if gone is not None:
        return _gone(gone)
    for broker in list_brokers(folders=folders, samples=samples):
        if _goes_by(broker, slug):
            return NoSuchBroker(
                Text("That is looked up under {company}.", company=broker.called()),
                hint=Text("Its short name here: {slug}", slug=broker.slug),
            )
    known = [path.parent.name for path in _definitions(folders, samples=samples)]
    close = difflib.get_close_matches(slug, known, n=1)
    hint = (
        Text("Did you mean {slug}?", slug=close[0])
        if close
        else Text("See: {command}", command="optout broker list")
    )
    return NoSuchBroker(Text("There is no company of that name in the catalog."), hint=hint)
