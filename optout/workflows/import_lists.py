"""Read the merged list of companies into our own, to be looked up and never asked by a plan.

Every row is taken, joined or falls out, and each is counted. A description by hand goes first,
then California's list: its company keeps its short name and what it filed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Final

from optout.catalog.brokers import list_brokers, list_retired
from optout.catalog.registry import UNITED_STATES, Entry, key_of, new_slug, read_entries
from optout.catalog.registry_lists import (
    Filers,
    Folders,
    Listing,
    read_listings,
    write_listings,
)
from optout.catalog.registry_merged import Row, read_merged, why_not, why_not_asked
from optout.errors import WrongUsage
from optout.model.broker import Broker, Slug
from optout.rules import countries
from optout.workflows.desk_phones import desk_phone
from optout.workflows.facts import country_code, country_name
from optout.workflows.import_registry import Named, check_not_cut
from optout.workflows.places import shipped_registries

_NOT_COMPARED: Final = frozenset({"slug", "maybe", "gone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLists:
    """What an import did: `own`, `joined` and all of `fallen` together are the rows."""

    rows: int
    own: int  # companies that stand in no other list of ours
    joined: int  # rows put to a company of California's list
    twice: int  # rows of a company that another row had: put together
    abroad: int  # of `own`: shown to people who live there
    fallen: Mapping[str, int]
    dropped: Mapping[str, int]  # cells
    new: tuple[Named, ...]
    changed: tuple[Named, ...]
    gone: tuple[Named, ...]
    first: bool
    wrote: bool  # False: nothing was different


def import_lists(path: Path, *, folder: Path, fewer: bool = False) -> ImportedLists:
    """Read the merged list into the one in `folder`; the same file again changes nothing."""
    rows = read_merged(path, desk_phone, country_in_full)
    old = read_listings(folder) or read_listings(shipped_registries())
    entries = read_entries(folder) or read_entries(shipped_registries())
    brokers = list_brokers()
    sorted_out = _sorted_out(rows, entries, brokers)
    before = {each.slug: each for each in old if not each.gone}
    if not fewer:
        check_not_cut(len(sorted_out.own) + len(sorted_out.joined), len(before))
    used = {*list_retired(), *(broker.slug for broker in brokers)}
    now = _with_slugs(sorted_out, old, entries, used)
    merged = _merged(old, now)
    wrote = merged != old or not read_listings(folder)
    if wrote:
        write_listings(folder, merged)
    return ImportedLists(
        rows=len(rows),
        own=len(sorted_out.own),
        joined=sum(len(put) for put in sorted_out.joined.values()),
        twice=sorted_out.twice,
        abroad=sum(row.listing.is_abroad() for row in sorted_out.own),
        fallen=+sorted_out.fallen,
        dropped=Counter(name for row in sorted_out.taken() for name in row.dropped),
        new=_named(now, now.keys() - before.keys()),
        changed=tuple(_changed(before, now)),
        gone=_named(before, before.keys() - now.keys()),
        first=not old,
        wrote=wrote,
    )


@cache
def country_in_full(filed: str) -> str:
    """Return a country's name as all our lists write it, or as filed where nobody knows it."""
    if not filed:
        return ""
    try:
        code = country_code(filed)
    except WrongUsage:
        return filed.upper()
    return UNITED_STATES if code == countries.UNITED_STATES else country_name(code).upper()


@dataclass(slots=True)
class _SortedOut:
    """Where each row went."""

    own: list[Row] = field(default_factory=list)
    joined: dict[Slug, list[Row]] = field(default_factory=dict)  # by California's company
    fallen: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    _places: dict[str, int] = field(default_factory=dict)

    def add_own(self, row: Row) -> None:
        """Put down a company, with one of its name in its country if both say where they are."""
        listing = row.listing
        key = f"{key_of(listing.name)}@{listing.country}"
        if not listing.country or key not in self._places:
            self._places[key] = len(self.own)
            self.own.append(row)
            return
        first = self.own[self._places[key]]
        self.own[self._places[key]] = replace(first, listing=_together([first.listing, listing]))
        self.twice += 1

    def taken(self) -> Iterator[Row]:
        yield from self.own
        for rows in self.joined.values():
            yield from rows


def _sorted_out(
    rows: Iterable[Row], entries: Collection[Entry], brokers: Collection[Broker]
) -> _SortedOut:
    folders, filers = Folders.of(brokers), Filers.of(entries)
    found = _SortedOut()
    for row in rows:
        listing = row.listing
        if reason := why_not(row) or _elsewhere(listing, folders):
            found.fallen[reason] += 1
        elif slug := filers.same_as(listing, row.other_names):
            found.joined.setdefault(slug, []).append(row)
        elif reason := why_not_last(listing, folders):
            found.fallen[reason] += 1
        else:
            found.add_own(row)
    return found


def _elsewhere(listing: Listing, folders: Folders) -> str | None:
    """Return why a row is left to a description by hand, or to nobody any more."""
    if folders.for_site(listing) or folders.for_name(listing):
        return "described"
    return "retired" if set(_keys(listing)) & _retired() else None


def why_not_last(listing: Listing, folders: Folders) -> str | None:
    """Return why a row that California's list does not have is left out, or None."""
    return "described" if folders.for_other_site(listing) else why_not_asked(listing)


@cache
def _retired() -> frozenset[str]:
    return frozenset(key_of(slug) for slug in list_retired())


def _keys(listing: Listing) -> Iterator[str]:
    yield key_of(listing.name)
    yield from (key_of(host.rpartition(".")[0]) for host in listing.hosts[:1])


def _together(listings: Iterable[Listing]) -> Listing:
    """Return one company of several rows: the first row's words, everybody's sites and pages."""
    first, *others = listings
    pages = dict(first.pages)
    for other in others:
        for kind, page in other.pages.items():
            pages.setdefault(kind, page)
    return replace(
        first,
        also=_all(first.also, *(other.also for other in others)),
        hosts=_all(first.hosts, *(other.hosts for other in others)),
        kinds=_all(first.kinds, *(other.kinds for other in others)),
        registered=_all(first.registered, *(other.registered for other in others)),
        sources=_all(first.sources, *(other.sources for other in others)),
        pages=pages,
        email=next((each.email for each in (first, *others) if each.email), ""),
    )


def _all(*parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in parts for each in part))


def _with_slugs(
    found: _SortedOut,
    old: Collection[Listing],
    entries: Collection[Entry],
    used: Collection[str],
) -> dict[Slug, Listing]:
    """Give each company the short name that it always had, California's, or a new one."""
    now = {
        slug: replace(_together([row.listing for row in rows]), slug=slug)
        for slug, rows in found.joined.items()
    }
    filed = {entry.slug for entry in entries}
    known = {key: each.slug for each in old if each.slug not in filed for key in _identities(each)}
    taken = {*used, *filed, *(each.slug for each in old)}
    named: dict[str, Slug] = {
        row.named: slug for slug, rows in found.joined.items() for row in rows
    }
    for row in found.own:
        before = (known[key] for key in _identities(row.listing) if key in known)
        slug = next((each for each in before if each not in now), None)
        slug = slug or new_slug(row.listing.name, taken)
        taken.add(slug)
        named[row.named] = slug
        now[slug] = replace(row.listing, slug=slug)
    for row in found.own:
        if row.maybe in named:
            slug = named[row.named]
            now[slug] = replace(now[slug], maybe=named[row.maybe])
    return now


def _identities(listing: Listing) -> Iterator[str]:
    """Yield what a company is known by from one import to the next: its site, else its name."""
    if listing.hosts:
        yield f"/{listing.hosts[0]}"
    yield f"{key_of(listing.name)}@{listing.country}"


def _merged(old: Iterable[Listing], now: Mapping[Slug, Listing]) -> tuple[Listing, ...]:
    """Return all companies by slug: a short name is never lost."""
    every = {each.slug: replace(each, gone=True) for each in old} | dict(now)
    return tuple(every[slug] for slug in sorted(every))


def _named(listings: Mapping[Slug, Listing], slugs: Collection[Slug]) -> tuple[Named, ...]:
    return tuple(Named(slug=slug, name=listings[slug].name) for slug in sorted(slugs))


def _changed(before: Mapping[Slug, Listing], now: Mapping[Slug, Listing]) -> Iterator[Named]:
    for slug in sorted(before.keys() & now.keys()):
        what = tuple(
            part.name
            for part in fields(Listing)
            if part.name not in _NOT_COMPARED
            and getattr(before[slug], part.name) != getattr(now[slug], part.name)
        )
        if what:
            yield Named(slug=slug, name=now[slug].name, what=what)
