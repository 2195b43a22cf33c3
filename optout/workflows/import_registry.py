"""Read a state's list of data brokers into our own, to be looked up and never asked by a plan."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from optout.catalog.brokers import list_brokers, list_retired
from optout.catalog.registry import (
    Entry,
    Filing,
    described_in,
    key_of,
    new_slug,
    read_entries,
    write_entries,
)
from optout.catalog.registry_csv import read_filed
from optout.errors import Refused
from optout.model.broker import Broker, Slug
from optout.text import Text
from optout.workflows.desk_phones import desk_phone
from optout.workflows.places import shipped_registries

# A later file of the same year that holds so much less was probably cut on its way.
LEAST_OF_THE_LAST: Final = 0.8
_NOT_COMPARED: Final = frozenset({"year", "counted_in", "group_figure"})
# From one year to the next every count differs; only how to reach a company is worth telling.
_OF_ONE_YEAR: Final = frozenset({"collects", "sold_to", "declared", "asked_who_got_it", "dropped"})


class ProbablyCut(Refused):
    """The file holds far fewer companies than the last one of the same year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One company that is new, changed or gone; `what` says which parts changed."""

    slug: Slug
    name: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, with everything that fell out."""

    year: int
    rows: int
    kept: int
    compared_with: int | None  # the year of the filings that these were held against
    new: tuple[Named, ...]
    changed: tuple[Named, ...]
    gone: tuple[Named, ...]
    fallen: Mapping[str, int]
    dropped: Mapping[str, int]
    group_figures: int
    described: tuple[Slug, ...]  # folders that describe one of them: the folder wins
    wrote: bool  # False: nothing was different


def import_ca_registry(path: Path, *, folder: Path, fewer: bool = False) -> Imported:
    """Read one year's file into the list in `folder`; the same file again changes nothing."""
    filed = read_filed(path, desk_phone)
    old = read_entries(folder) or read_entries(shipped_registries())
    base = _base_year(old, filed.year)
    before = dict(_filed_for(old, base))
    if base == filed.year and not fewer:
        check_not_cut(len(filed.filings), len(before))
    taken = {*map(Slug, list_retired()), *(entry.slug for entry in old)}
    now = dict(_slugs(old, filed.filings, taken))
    entries = tuple(_merged(old, now, filed.year))
    wrote = entries != old or not read_entries(folder)
    if wrote:
        write_entries(folder, entries)
    brokers = list_brokers()
    return Imported(
        year=filed.year,
        rows=filed.rows,
        kept=len(now),
        compared_with=base,
        new=_named(now, now.keys() - before.keys()),
        changed=tuple(_changed(before, now)),
        gone=_named(before, before.keys() - now.keys()),
        fallen=filed.fallen,
        dropped=filed.dropped,
        group_figures=sum(filing.group_figure for filing in now.values()),
        described=tuple(_described(entries, now.keys(), brokers)),
        wrote=wrote,
    )


def _base_year(old: Iterable[Entry], year: int) -> int | None:
    """Return the year to compare with: the same if it was imported, else the one before."""
    years = {filing.year for entry in old for filing in entry.filings if not entry.gone}
    return max((each for each in years if each <= year), default=None)


def _filed_for(entries: Iterable[Entry], year: int | None) -> Iterator[tuple[Slug, Filing]]:
    for entry in entries:
        for filing in entry.filings:
            if filing.year == year and not entry.gone:
                yield entry.slug, filing


def check_not_cut(found: int, last: int) -> None:
    """Refuse a file that holds far fewer companies than the last one did."""
    if found < last * LEAST_OF_THE_LAST:
        raise ProbablyCut(
            Text(
                "This file has {found} companies. The last one had {last}.", found=found, last=last
            ),
            known=Text("Nothing was imported: the file may have been cut on its way."),
            hint=Text("If it is right as it is, add --fewer."),
        )


def _slugs(
    old: Iterable[Entry], filings: Iterable[Filing], taken: set[Slug]
) -> Iterator[tuple[Slug, Filing]]:
    """Give each filing the slug its company always had, or a new one."""
    known = {key_of(filing.name): entry.slug for entry in old for filing in entry.filings}
    for filing in filings:
        slug = known.get(key_of(filing.name)) or new_slug(filing.name, taken)
        taken.add(slug)
        yield slug, filing


def _merged(old: Iterable[Entry], now: Mapping[Slug, Filing], year: int) -> Iterator[Entry]:
    """Return all companies by slug: a slug is never lost, nor what was filed for other years."""
    entries = {entry.slug: entry for entry in old}
    for slug in sorted({*entries, *now}):
        entry = entries.get(slug)
        others = tuple(each for each in entry.filings if each.year != year) if entry else ()
        if slug in now:
            filings = sorted((now[slug], *others), key=lambda each: -each.year)
            yield Entry(slug=slug, filings=tuple(filings))
        elif entry and len(others) == len(entry.filings):
            yield entry
        elif entry:
            yield replace(entry, filings=others or entry.filings, gone=not others)


def _named(filings: Mapping[Slug, Filing], slugs: Collection[Slug]) -> tuple[Named, ...]:
    return tuple(Named(slug=slug, name=filings[slug].name) for slug in sorted(slugs))


def _changed(before: Mapping[Slug, Filing], now: Mapping[Slug, Filing]) -> Iterator[Named]:
    for slug in sorted(before.keys() & now.keys()):
        what = tuple(_different(before[slug], now[slug]))
        if what:
            yield Named(slug=slug, name=now[slug].name, what=what)


def _different(one: Filing, other: Filing) -> Iterator[str]:
    skipped = _NOT_COMPARED | (frozenset() if one.year == other.year else _OF_ONE_YEAR)
    for field in fields(Filing):
        if field.name not in skipped and _compared(one, field.name) != _compared(other, field.name):
            yield field.name


def _compared(filing: Filing, name: str) -> object:
    """Return a field as it compares: a phone by its digits, however it is written."""
    value = getattr(filing, name)
    return re.sub(r"\D", "", value).removeprefix("1") if name == "phone" else value


def _described(
    entries: Iterable[Entry], filed: Collection[Slug], brokers: Collection[Broker]
) -> Iterator[Slug]:
    for entry in entries:
        if entry.slug in filed and (folder := described_in(entry, brokers)):
            yield folder
