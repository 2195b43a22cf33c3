"""Turning DuckDuckGo's definitions into ours, in the person's own folder.

Each file stands for itself: one that cannot be read is told, and the others are taken. All that
were ever imported are turned again together, for a parent clears daughters that came later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from optout.catalog.brokers import DEFINITION, list_brokers, list_retired, load_broker
from optout.catalog.dialect import ReadDialect, load_dialect
from optout.catalog.dialect_broker import Family, Turned, slug_for, turned
from optout.catalog.files import read_plain
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.own_definitions import (
    LICENCES,
    has_licence,
    is_somebodys_own,
    keep_definition,
    keep_dialect,
    keep_licences,
    keep_retired,
    kept_dialects,
)
from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.dialect import Dialect
from optout.rules.dialect import AT_PARENT, OPT_OUT, is_sooner_than_ours, own_host, stage_of
from optout.rules.hosts import BadAddress, host_allowed
from optout.text import Text

MOST_FILES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedOne:
    """What became of one file."""

    file: str
    slug: Slug | None
    name: str
    by: tuple[str, ...]  # how it can be asked; empty: not taken, or retired
    retired: bool
    searched: bool  # it says how the site is searched for somebody
    looks_sooner: bool = False  # their program looks there again more often than we do
    taken: bool
    changed: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDialects:
    """What an import did."""

    folder: Path
    files: tuple[ImportedOne, ...]
    wrote: bool
    licence: bool  # their licence lies beside the files


def import_dialects(paths: Sequence[Path], *, folder: Path, on: date) -> ImportedDialects:
    """Turn these files, or all of a folder; the same files again change nothing."""
    files = [*_files(paths)]
    before = dict(kept_dialects(folder))
    ours = list_brokers()
    new, refused = _read_all(files, folder, {*(str(each.slug) for each in ours), *list_retired()})
    every = {**before, **{slug: read for slug, (_file, read) in new.items()}}
    families = _families(every, ours)
    results: dict[Slug, tuple[Turned, bool]] = {}
    wrote = keep_licences(folder, _licences(files)) if new else False
    for slug in sorted(every):
        read = every[slug]
        result = turned(read, families[slug], on=_read_on(folder, slug, read, before, on))
        changed = _keep(folder, slug, read, result)
        results[slug] = (result, changed)
        wrote = wrote or changed
    told = [_told(file.name, read.definition, *results[slug]) for slug, (file, read) in new.items()]
    return ImportedDialects(
        folder=folder,
        files=tuple(sorted([*told, *refused], key=lambda each: each.file)),
        wrote=wrote,
        licence=has_licence(folder),
    )


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        given = path.expanduser()
        if given.is_dir():
            found = sorted(given.glob("*.json"))
            if not found:
                raise WrongUsage(
                    Text("That folder holds no definitions in JSON."),
                    hint=Text("Name the folder with the .json files, or the files themselves."),
                )
            if len(found) > MOST_FILES:
                raise WrongUsage(Text("That folder holds too many files: name those you want."))
            yield from found
        else:
            yield given


def _read_all(
    files: Sequence[Path], folder: Path, taken: Collection[str]
) -> tuple[dict[Slug, tuple[Path, ReadDialect]], list[ImportedOne]]:
    """Read each file for itself; what cannot be taken is told with its findings."""
    read: dict[Slug, tuple[Path, ReadDialect]] = {}
    refused: list[ImportedOne] = []
    for file in files:
        try:
            one = load_dialect(file)
            slug = slug_for(one.definition)
        except BadDefinition as bad:
            refused.append(_refused(file, (_with_what_to_do(file, each) for each in bad.findings)))
        except BadAddress as bad:
            refused.append(_refused(file, [Finding("url", bad.what, check="urls")]))
        else:
            if (why := _why_not(slug, read, taken, folder)) is not None:
                refused.append(_refused(file, [Finding("url", why, check="slug")]))
            else:
                read[slug] = (file, one)
    return read, refused


def _why_not(
    slug: Slug, read: Mapping[Slug, object], taken: Collection[str], folder: Path
) -> Text | None:
    if slug in read:
        return Text("Another of these files is of the same site.")
    if slug in taken:
        return Text("That short name belongs to a company of ours: {slug}.", slug=slug)
    if is_somebodys_own(folder, slug):
        return Text("A definition of your own has that short name: {slug}.", slug=slug)
    return None


def _with_what_to_do(file: Path, found: Finding) -> Finding:
    if found.check != "file" or found.suggest is not None:
        return found
    if file.is_symlink():
        return replace(found, suggest=Text("Put the file itself in its place."))
    return replace(found, suggest=Text("Check its name and place."))


def _refused(file: Path, findings: Iterable[Finding]) -> ImportedOne:
    return ImportedOne(
        file=file.name, slug=None, name="", by=(), retired=False, searched=False, taken=False,
        changed=False, findings=tuple(findings),
    )  # fmt: skip


def _licences(files: Sequence[Path]) -> Mapping[str, bytes]:
    """Return the licence and the notice that lie beside the files."""
    found: dict[str, bytes] = {}
    for folder in dict.fromkeys(file.parent for file in files):
        for name in LICENCES:
            path = folder / name
            if name not in found and path.is_file() and not path.is_symlink():
                found[name] = read_plain(path)
    return found


def _families(every: Mapping[Slug, ReadDialect], ours: Sequence[Broker]) -> Mapping[Slug, Family]:
    """Return for each definition its parent as we know it, and whom it clears."""
    by_site = {own_host(read.definition): slug for slug, read in every.items()}
    parents = {
        slug: parent
        for slug, read in every.items()
        if (parent := by_site.get(read.definition.parent)) and parent != slug
    }
    families: dict[Slug, Family] = {}
    for slug, read in every.items():
        clears = tuple(sorted(_cleared_by(slug, every, parents)))
        if slug in parents:
            name = every[parents[slug]].definition.name
            near = Family(parent=parents[slug], parent_name=f"{name} ({parents[slug]})")
        else:
            near = _elsewhere(read.definition.parent, ours)
        families[slug] = replace(near, clears=clears)
    return families


def _cleared_by(
    slug: Slug, every: Mapping[Slug, ReadDialect], parents: Mapping[Slug, Slug]
) -> Iterator[Slug]:
    """Yield the daughters that are cleared by a request here; never the mother of this one."""
    for daughter, parent in parents.items():
        read = every[daughter].definition
        stage = stage_of(read, OPT_OUT)
        at_parent = stage is not None and stage.opt_out_type == AT_PARENT
        if parent == slug and at_parent and not read.removed_at and parents.get(slug) != daughter:
            yield daughter


def _elsewhere(site: str, ours: Sequence[Broker]) -> Family:
    """Return a parent that was not imported: a company of ours, or a site that we only name."""
    for broker in ours if site else ():
        if any(host == site or host_allowed(host, [site]) for host in broker.hosts):
            return Family(parent=broker.slug, parent_name=f"{broker.called()} ({broker.slug})")
    return Family(parent_name=site)


def _read_on(
    folder: Path, slug: Slug, read: ReadDialect, before: Mapping[Slug, ReadDialect], on: date
) -> date:
    """Return the day on which these very bytes were imported first."""
    if slug not in before or before[slug].sha256 != read.sha256:
        return on
    try:
        return load_broker(folder / slug / DEFINITION).sources[0].read_on
    except (BadDefinition, IndexError):
        return on


def _keep(folder: Path, slug: Slug, read: ReadDialect, result: Turned) -> bool:
    """Write what it became: their file first, so that ours never stands without it."""
    if result.refused:
        return False
    try:
        changed = keep_dialect(folder, slug, read.content)
        if result.retired is not None:
            return keep_retired(folder, result.retired) or changed
        assert result.broker is not None
        return keep_definition(folder, result.broker) or changed
    except OSError as error:
        raise Refused(
            Text("The files cannot be written ({reason}).", reason=error.strerror or "no reason"),
            known=Text("What was written before is whole. Import again when it can be written."),
        ) from error


def _is_searched(result: Turned) -> bool:
    return result.broker is not None and result.broker.search is not None


def _told(
    file: str,
    read: Dialect,
    result: Turned,
    changed: bool,  # noqa: FBT001 - one of a pair
) -> ImportedOne:
    ways = tuple(
        by.value for each in (result.broker.channel if result.broker else ()) for by in each.by
    )
    return ImportedOne(
        file=file,
        slug=result.slug if not result.refused else None,
        name=result.name,
        by=ways,
        retired=result.retired is not None,
        searched=_is_searched(result),
        looks_sooner=_is_searched(result) and is_sooner_than_ours(read.scheduling_config),
        taken=not result.refused,
        changed=changed,
        findings=result.findings,
    )
