"""Look for a person at people-search sites, one after another, and keep what is found.

The intention is written before a page is opened, the outcome after, as in a filing: a scan that is
killed is known, and what it may have told is in the record. A page that nobody understood never
means that the person is not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from optout.errors import NeedsPerson, OptoutError, Refused
from optout.model.broker import Broker, Slug
from optout.model.listing import (
    Listing,
    ListingState,
    Search,
    SearchEnd,
    SearchId,
    Sighting,
    Verdict,
)
from optout.model.payload import Recipient
from optout.model.record import EvidenceKind
from optout.model.search import Looked, SearchFor
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.rules.known_person import known_of
from optout.rules.looking import Look, Sorted, not_shown, proves_absence, sort_rows
from optout.rules.matching import Sought, read_known
from optout.text import Text
from optout.vault.ids import new_id
from optout.vault.searches import RunningSearch
from optout.workflows.desk import Desk, instant
from optout.workflows.gone import settle_gone
from optout.workflows.plan_scan import OneSearch, ScanPlan, SiteSearch, check_still_so
from optout.workflows.search_site import NotLooked, StoppedByPerson, search_site


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSeen:
    """How one search ended, and what it showed."""

    search: Search
    listings: tuple[Listing, ...] = ()
    sorted: Sorted | None = None
    whole: bool = False  # every page was read, so what is not there is not listed
    why: OptoutError | None = None


@dataclass(slots=True, kw_only=True)
class SiteSeen:
    """What all searches of one site showed, and which listings they did not show any more."""

    broker: Broker
    searches: list[SearchSeen] = field(default_factory=list)
    missing: tuple[Listing, ...] = ()
    not_sought: tuple[Listing, ...] = ()  # the person's own, found by what is not searched now

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return the listings that were shown, each once."""
        return tuple({each.id: each for seen in self.searches for each in seen.listings}.values())

    def of(self, verdict: Verdict) -> tuple[Listing, ...]:
        """Return the shown listings of one verdict."""
        return tuple(each for each in self.listings if each.verdict is verdict)

    @property
    def ends(self) -> frozenset[SearchEnd]:
        """Return how its searches ended."""
        return frozenset(each.search.end for each in self.searches)

    @property
    def not_understood(self) -> bool:
        """Say whether any search of it left open whether the person is listed."""
        return not self.ends <= {SearchEnd.FOUND, SearchEnd.NOTHING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A scan at its end."""

    plan: ScanPlan
    sites: tuple[SiteSeen, ...]
    stopped: bool = False

    @property
    def exit_code(self) -> int:
        """Return 3 where a person has to look at something, else 0 (PRODUCT)."""
        asks = any(each.not_understood or each.of(Verdict.UNSURE) for each in self.sites)
        return 3 if asks or self.stopped else 0


LookAt = Callable[[Desk, Broker, SearchFor], Looked]


def look_at(desk: Desk, broker: Broker, search: SearchFor) -> Looked:
    """Look at the real site, inside its fence."""
    fence = desk.fence_for(broker)
    return search_site(broker, search, fence=fence, window=desk.window(), person=desk.person)


def scan(desk: Desk, plan: ScanPlan, *, look: LookAt = look_at) -> Scanned:
    """Search every site of an approved plan; an error at one ends only its own search."""
    sought = read_known(known_of(plan.subject))
    scanning = _Scanning(desk=desk, plan=plan, sought=sought, look=look)
    sites: list[SiteSeen] = []
    stopped = False
    for site in plan.sites:
        sites.append(SiteSeen(broker=site.broker))
        desk.person.tell(Text("Looking at {company} …", company=site.broker.called()))
        try:
            scanning.search_site(site, sites[-1])
        except KeyboardInterrupt:
            stopped = True
            break
    return Scanned(plan=plan, sites=tuple(sites), stopped=stopped)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scanning:
    """One scan under way."""

    desk: Desk
    plan: ScanPlan
    sought: Sought
    look: LookAt

    def search_site(self, site: SiteSearch, seen: SiteSeen) -> None:
        """Make every search of one site, then say what it does not show any more."""
        known = _known_at(self.desk, self.plan.subject, site.broker.slug)
        before = {(each.id, each.looked_on) for each in known}
        for each in site.searches:
            self.desk.still_wanted()
            check_still_so(self.desk, self.plan, site)
            seen.searches.append(self._search_once(site.broker, each))
            if isinstance(seen.searches[-1].why, StoppedByPerson):
                raise KeyboardInterrupt
        seen.missing = _note_missing(self.desk, self.plan.subject, before, seen)
        seen.not_sought = tuple(_not_sought(self.desk, self.plan.subject, site, seen))

    def _search_once(self, broker: Broker, each: OneSearch) -> SearchSeen:
        """Write down what is told, look, and keep what was seen."""
        desk = self.desk
        search = Search(
            id=SearchId(new_id()),
            subject_id=self.plan.subject.id,
            broker=broker.slug,
            searched_as=Secret(each.label),
            digest=self.plan.digest,
            approved_by=desk.vault.actor,
            definition_sha256=broker.sha256,
            began_at=instant(desk.clock),
        )
        to = Recipient(name=broker.name, hosts=broker.hosts)
        with desk.vault.searches.begin(search, recipient=to, newness=each.newness) as running:
            try:
                looked = self.look(desk, broker, each.values)
            except NotLooked as error:
                return _not_looked(desk, running, error)
            except (Refused, NeedsPerson) as error:  # before anything was opened
                return SearchSeen(search=running.end(SearchEnd.NOT_REACHED), why=error)
            return self._keep(running, looked, each.values)

    def _keep(self, running: RunningSearch, looked: Looked, asked: SearchFor) -> SearchSeen:
        """Keep the picture first; then the search, its listings and their sightings together."""
        desk, subject = self.desk, self.plan.subject
        evidence_id = _picture(desk, running.search, looked.picture)
        look = Look(
            subject_id=subject.id,
            broker=looked.broker,
            searched_as=running.search.searched_as,
            on=desk.today(subject),
        )
        with desk.vault.together():  # two scans at once keep each record once
            known = _known_at(desk, subject, looked.broker)
            found = sort_rows(look, looked.rows, self.sought, known, new_id)
            for each in found.listings:
                _store(desk, each, is_new=all(each.id != other.id for other in known))
            ended = running.end(
                SearchEnd.FOUND if looked.rows else SearchEnd.NOTHING,
                rows=len(looked.rows),
                evidence_id=evidence_id,
                given={field for _host, field in looked.given} or None,
                sightings=(
                    Sighting(listing_id=each.id, search_id=running.search.id, on=look.on, seen=True)
                    for each in found.listings
                ),
            )
        return SearchSeen(
            search=ended,
            listings=found.listings,
            sorted=found,
            whole=proves_absence(looked, asked),
        )


def _not_looked(desk: Desk, running: RunningSearch, error: NotLooked) -> SearchSeen:
    """Keep that nobody can say whether the person is listed, and what the site was told."""
    stopped = isinstance(error, StoppedByPerson)
    told = SearchEnd.STOPPED if stopped else SearchEnd.NOT_UNDERSTOOD
    ended = running.end(
        told if error.given else SearchEnd.NOT_REACHED,
        evidence_id=_picture(desk, running.search, error.picture),
        given={field for _host, field in error.given},
    )
    return SearchSeen(search=ended, why=error)


def _store(desk: Desk, listing: Listing, *, is_new: bool) -> None:
    if is_new:
        desk.vault.listings.add(listing)
    else:
        desk.vault.listings.replace(listing)


def _note_missing(
    desk: Desk, subject: Subject, before: Collection[tuple[str, date | None]], seen: SiteSeen
) -> tuple[Listing, ...]:
    """Keep which listings a page that works did not show, once every search of the site ended.

    Each is read anew: an answer that a person gave meanwhile stays. Of one that another window
    looked at since `before`, that look counts.
    """
    by_label = {each.search.searched_as.reveal(): each for each in seen.searches if each.whole}
    shown = {each.key for each in seen.listings}
    shown.update(*(each.sorted.unclear for each in seen.searches if each.sorted))
    today = desk.today(subject)
    with desk.vault.together():
        known = _known_at(desk, subject, seen.broker.slug)
        same = [each for each in known if (each.id, each.looked_on) in before]
        missing = not_shown(same, shown, by_label, today)
        for each in missing:
            search_id = by_label[each.searched_as.reveal()].search.id
            sighting = Sighting(listing_id=each.id, search_id=search_id, on=today, seen=False)
            desk.vault.searches.note((sighting,))
            desk.vault.listings.replace(each)
            if each.state is ListingState.ABSENT:
                settle_gone(desk, each)
    return missing


def _not_sought(
    desk: Desk, subject: Subject, site: SiteSearch, seen: SiteSeen
) -> Iterator[Listing]:
    """Yield the person's own listings of which no search of this site can say anything."""
    searched, shown = {each.label for each in site.searches}, {each.id for each in seen.listings}
    for each in _known_at(desk, subject, site.broker.slug):
        sought = each.id in shown or each.searched_as.reveal() in searched
        if each.verdict is Verdict.SAME and not sought:
            yield each


def _known_at(desk: Desk, subject: Subject, slug: Slug) -> tuple[Listing, ...]:
    every = desk.vault.listings.list(subject.id)
    return tuple(each for each in every if each.broker == slug and each.key)


def _picture(desk: Desk, search: Search, picture: bytes) -> str:
    if not picture:
        return ""
    kept = desk.vault.evidence.store(search.subject_id, EvidenceKind.CAPTURE, "image/jpeg", picture)
    return kept.id
