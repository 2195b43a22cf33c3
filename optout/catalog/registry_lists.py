"""What openly licensed lists and other states' registers say of a company: one line each.

It is kept for looking up and never for a plan, beside California's list and joined with it: a
company that stands in both has one short name, and what it filed itself goes first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from optout.catalog.registry import UNITED_STATES, Entry, key_of, read_lines, write_lines
from optout.model.broker import Broker, Slug
from optout.text import Text

LISTS: Final = "lists.jsonl"
SHORTEST_KEY: Final = 4  # a shorter name is the name of too many

# Where a fact may be taken from, and what its licence is. A list that is not here gives nothing:
# not all of those that the merged file counts may be copied from.
SOURCES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "ca2026": Text("California's list of 2026 (public record)"),
        "ca2025": Text("California's list of 2025 (public record)"),
        # California's two, Oregon's, Texas's and Vermont's, put together.
        "five_state": Text("the lists of four states (public record)"),
        "datenanfragen": Text("datenanfragen.de (CC0)"),
        "thumpersecure": Text("opt-out-manual-2026 by thumpersecure (Unlicense)"),
        "ddg": Text("DuckDuckGo's definitions (Apache-2.0)"),
        "markup": Text("The Markup's look at opt-out pages (Apache-2.0)"),
        "rightout": Text("rightout (MIT)"),
        "removespamscall": Text("RemoveSpamsCall (MIT)"),
        "brianreumere": Text("data-brokers by brianreumere (BSD-2-Clause)"),
        "jdm": Text("JustDeleteMe (open)"),
        "revoke": Text("revoke (open)"),
    }
)
# What such a page is for, as a person is told; `rights` explains all of them.
PAGES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "opt-out": Text("Their page to opt out"),
        "delete": Text("Their page to ask for deletion"),
        "access": Text("Their page to ask for your data"),
        "rights": Text("Their page on asking"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One company as the lists have it: nobody looked at it, and nobody promised that it is so."""

    slug: Slug  # its own for ever; of a company in California's list, the one that it has there
    name: str
    also: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    owner: str = ""  # the site of whoever owns it
    kinds: tuple[str, ...] = ()  # the lists' own words
    registered: tuple[str, ...] = ()  # state and year: VT-2025
    pages: dict[str, str] = field(default_factory=dict)  # keys of `PAGES`
    email: str = ""  # a desk's only
    phone: str = ""
    lines: tuple[str, ...] = ()
    country: str = ""  # as in a `Filing`; "" where no list says it
    wants: tuple[str, ...] = ()  # id, account, captcha, email-check, phone-check
    sources: tuple[str, ...] = ()  # keys of `SOURCES`
    dropped: tuple[str, ...] = ()  # email, phone, address, names: they looked like a person's
    left_ddg_on: str = ""  # when DuckDuckGo took it off its list: it may be gone
    maybe: str = ""  # the slug of a company that it may be the same as
    gone: bool = False  # in no list any more

    def is_reached(self) -> bool:
        """Say whether there is a way to ask: a page for it, a desk's e-mail, or an address."""
        return bool(self.pages or self.email or self.lines)

    def is_abroad(self) -> bool:
        """Say whether a list names a country, and it is not the United States."""
        return self.country not in {UNITED_STATES, ""}


def read_listings(folder: Path) -> tuple[Listing, ...]:
    """Return every company of the lists; none where nothing was imported."""
    return read_lines(folder / LISTS, Listing, whole=lambda each: bool(each.name))


def write_listings(folder: Path, listings: Iterable[Listing]) -> None:
    """Write all of them at once, or none."""
    by_slug = {listing.slug: listing for listing in listings}
    write_lines(folder / LISTS, Listing, (by_slug[slug] for slug in sorted(by_slug)))


@dataclass(frozen=True, slots=True)
class Folders:
    """The companies that are described by hand, by their sites and by what they are called."""

    sites: Mapping[str, Slug]
    names: Mapping[str, Slug]

    @classmethod
    def of(cls, brokers: Collection[Broker]) -> Folders:
        """Return what to hold a list against: made once for all its rows."""
        sites: dict[str, Slug] = {}
        names: dict[str, Slug] = {}
        for broker in brokers:
            for host in (*broker.mail_domains, *broker.hosts):
                for site in _sites_above(host):
                    sites.setdefault(site, broker.slug)
            for name in _called(broker):
                names.setdefault(key_of(name), broker.slug)
        return cls(sites, names)

    def for_site(self, listing: Listing) -> Slug | None:
        """Return the folder whose own site this company's first one is."""
        return self.sites.get(listing.hosts[0]) if listing.hosts else None

    def for_other_site(self, listing: Listing) -> Slug | None:
        """Return the folder whose own site is another one of this company's."""
        return next((self.sites[host] for host in listing.hosts[1:] if host in self.sites), None)

    def for_name(self, listing: Listing) -> Slug | None:
        """Return the folder that is called so; abroad a company of that name is another one."""
        if listing.is_abroad():
            return None
        # Their names are those of .com sites: of another ending is another site.
        keys = (key_of(name) for name in (listing.name, re.sub(r"(?i)\.com$", "", listing.name)))
        known = (key for key in keys if len(key) >= SHORTEST_KEY and key in self.names)
        return next((self.names[key] for key in known), None)


# Companies that run forms, mail or the freeze page for many: their site is nobody's own.
_OF_MANY: Final = frozenset(
    {"onetrust.com", "trustarc.com", "salesforce.com", "jotform.com", "zendesk.com", "securiti.ai"}
    | {"datasubject.com", "fiscloudservices.com", "annualcreditreport.com"}
)


def _sites_above(host: str) -> Iterator[str]:
    """Yield a host without `www.`, and each name above it that is a site's own."""
    labels = host.removeprefix("www.").split(".")
    found = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    if not _OF_MANY & set(found):
        yield from found


def _called(broker: Broker) -> Iterator[str]:
    """Yield what a folder's company and the sites that it speaks for are called."""
    yield from (broker.name, broker.called())
    if broker.declared and broker.declared.filed_as:
        yield broker.declared.filed_as
    apart = {key_of(name) for name in broker.apart}
    yield from (name for name in (*broker.covers, *broker.products) if key_of(name) not in apart)


@dataclass(frozen=True, slots=True)
class Filers:
    """The companies of California's list, by their sites and by name."""

    entries: Mapping[Slug, Entry]
    sites: Mapping[str, tuple[Slug, ...]]
    names: Mapping[str, Slug]

    @classmethod
    def of(cls, entries: Collection[Entry]) -> Filers:
        """Return what to hold a list against: made once for all its rows."""
        sites: dict[str, tuple[Slug, ...]] = {}
        names: dict[str, Slug] = {}
        for entry in entries:
            for host in {host for filing in entry.filings for host in filing.hosts}:
                sites[host] = (*sites.get(host, ()), entry.slug)
            for filing in entry.filings:
                names.setdefault(key_of(filing.name), entry.slug)
        return cls({entry.slug: entry for entry in entries}, sites, names)

    def same_as(self, listing: Listing, other_names: Iterable[str]) -> Slug | None:
        """Return the company of California's list that this is, or None.

        By its site: several companies can share one, then by its name there. Else by name alone,
        where both say that they are in the same country.
        """
        called = [key_of(name) for name in (listing.name, *other_names)]
        for host in listing.hosts:
            if there := self.sites.get(host):
                named = [self.names[key] for key in called if self.names.get(key) in there]
                return (named or sorted(there))[0]
        for key in called:
            slug = self.names.get(key) if len(key) >= SHORTEST_KEY else None
            if slug and self.entries[slug].newest().country == listing.country:
                return slug
        return None
