"""Companies that nobody looked at: what California's list and the other lists say of each, once.

They are for looking up. No plan asks them, and a description by hand goes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from optout.catalog.registry import UNITED_STATES, Entry, Filing, folder_for, key_of, read_entries
from optout.catalog.registry_lists import Listing, read_listings
from optout.model.broker import Broker, Slug
from optout.workflows.places import registry_folder, shipped_registries


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """One company, from whichever list has it; what it filed itself goes first."""

    slug: Slug
    entry: Entry | None = None  # of California's list
    listing: Listing | None = None  # of the others

    @cached_property
    def filed(self) -> Filing | None:
        """Return what it filed last in California, if it did."""
        return self.entry.newest() if self.entry else None

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self.filed.name if self.filed else self._listed.name

    @property
    def _listed(self) -> Listing:
        return self.listing or Listing(slug=self.slug, name="")

    @property
    def gone(self) -> bool:
        """Say whether the newest of each list does not have it any more."""
        stays = [self.entry is not None and not self.entry.gone]
        stays.append(self.listing is not None and not self.listing.gone)
        return not any(stays)

    @property
    def also(self) -> tuple[str, ...]:
        """Return its other names."""
        filed = (self.filed.trades_as,) if self.filed and self.filed.trades_as else ()
        told = key_of(" ".join((self.name, *filed)))
        return (*filed, *(name for name in self._listed.also if key_of(name) not in told))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return its sites."""
        return tuple(
            dict.fromkeys((*(self.filed.hosts if self.filed else ()), *self._listed.hosts))
        )

    @property
    def pages(self) -> tuple[tuple[str, str], ...]:
        """Return its pages to ask on, each with what it is for and each once."""
        filed = [("rights", page) for page in (self.filed.pages if self.filed else ())]
        found: dict[str, tuple[str, str]] = {}
        for kind, page in (*filed, *self._listed.pages.items()):
            found.setdefault(_as_compared(page), (kind, page))
        return tuple(found.values())

    @property
    def email(self) -> str:
        """Return a desk's address."""
        return (self.filed.email if self.filed else "") or self._listed.email

    @property
    def phone(self) -> str:
        """Return a desk's number."""
        return (self.filed.phone if self.filed else "") or self._listed.phone

    @property
    def lines(self) -> tuple[str, ...]:
        """Return its postal address, without the country."""
        return (self.filed.lines if self.filed else ()) or self._listed.lines

    @property
    def country(self) -> str:
        """Return the country that it says it is in, in capitals; "" where nobody knows."""
        return self.filed.country if self.filed else self._listed.country

    @property
    def sold_to(self) -> tuple[str, ...]:
        """Return to whom it sold, in its own words to California."""
        return self.filed.sold_to if self.filed else ()

    def is_for_people_in(self, country: str) -> bool:
        """Say whether it is shown to people who live there: its own country, or none is known."""
        known = self.country or UNITED_STATES
        return known == (country or UNITED_STATES)


def _as_compared(page: str) -> str:
    return page.removeprefix("https://").removeprefix("www.").rstrip("/").casefold()


def look_up_entries() -> tuple[Entry, ...]:
    """Return every company of California's list: one's own import, else the one we ship."""
    return read_entries(registry_folder()) or read_entries(shipped_registries())


def look_up_listings() -> tuple[Listing, ...]:
    """Return every company of the other lists: one's own import, else the one we ship."""
    return read_listings(registry_folder()) or read_listings(shipped_registries())


def look_up_all() -> tuple[LookedUp, ...]:
    """Return every company of every list, by short name."""
    entries = {entry.slug: entry for entry in look_up_entries()}
    listings = {listing.slug: listing for listing in look_up_listings()}
    return tuple(
        LookedUp(slug=slug, entry=entries.get(slug), listing=listings.get(slug))
        for slug in sorted({*entries, *listings})
    )


def look_up(slug: str) -> LookedUp | None:
    """Return one company of the lists, or None."""
    return next((each for each in look_up_all() if each.slug == slug), None)


def described_at(each: LookedUp, folders: Mapping[str, Slug]) -> Slug | None:
    """Return the description by hand that speaks for a company, from `folders_by_name`."""
    if each.entry:
        return folder_for(each.entry, folders)
    if each.listing and each.listing.is_abroad():
        return None  # of the same name elsewhere is another company
    return folders.get(f"/{each.slug}") or folders.get(key_of(each.name))


def is_group_figure(broker: Broker) -> bool:
    """Say whether other companies filed the very counts that this one declared."""
    told = broker.declared
    if told is None or not told.counts:
        return False
    filed = {key_of(told.filed_as or broker.name)}
    return any(
        filing.group_figure and filing.year == told.year and key_of(filing.name) in filed
        for entry in look_up_entries()
        for filing in entry.filings
    )
