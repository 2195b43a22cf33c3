"""What became of the records that were found: before and after, days to removal, what came back."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from optout.drafting.curve_picture import curve_picture
from optout.drafting.report import ReportedPicture, ReportedSite
from optout.drafting.said_day import said_day
from optout.i18n import _, say
from optout.model.listing import Listing, ListingState, SearchId, Sighting, Verdict
from optout.model.request import RequestId
from optout.model.subject import Subject
from optout.rules.listing_life import days_to_removal, may_be_anothers
from optout.rules.listings_to_ask import said_of
from optout.rules.removal_curve import Curve, life_of, removal_curve
from optout.text import Text
from optout.words import word
from optout.workflows.desk import Desk
from optout.workflows.due_looks import called
from optout.workflows.exports import PAGE, file_name, write_export
from optout.workflows.gone import requests_about

STATES: Mapping[ListingState, Text] = {
    ListingState.NOT_SEEN: Text("not looked yet"),
    ListingState.SEEN: Text("shown at the last look"),
    ListingState.ABSENT_ONCE: Text("not shown once: one look proves little"),
    ListingState.ABSENT: Text("gone, by two looks"),
    ListingState.REAPPEARED: Text("it came back"),
}
_CAME_BACK = {False: Text("It came back"), True: Text("It perhaps came back")}
BACKWARDS = Text("Going backwards is normal: companies buy the same records again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One record with everything that was kept about it."""

    listing: Listing
    asked_on: date | None
    sightings: tuple[Sighting, ...]


def reported_sites(
    desk: Desk, subject: Subject, *, pictures: bool = False
) -> tuple[ReportedSite, ...]:
    """Return what became of one person's records, company by company."""
    told = sorted(_told(desk, subject), key=lambda each: called(desk, each.listing.broker))
    return tuple(
        _site(desk, called(desk, slug), tuple(several), pictures=pictures)
        for slug, several in groupby(told, key=lambda each: each.listing.broker)
    )


def searches_told(desk: Desk, subject: Subject) -> tuple[str, ...]:
    """Return what the searches told to whom, one line each."""
    searches = desk.vault.searches.list(subject.id)
    given = desk.vault.disclosures.for_searches(each.id for each in searches)
    return tuple(
        say(
            Text(
                "{day}  {company}: {fields}",
                day=said_day(desk.day_of(each.began_at, subject)),
                company=called(desk, each.broker),
                fields=tuple(word(row.field) for row in given[each.id]),
            )
        )
        for each in searches
        if each.id in given
    )


def write_pictures(desk: Desk, subject: Subject) -> tuple[Path, ...]:
    """Write the picture of the newest search of each company; each file is listed as theirs."""
    newest = {
        each.broker: each for each in desk.vault.searches.list(subject.id) if each.evidence_id
    }
    return tuple(
        write_export(
            desk,
            file_name(PAGE, each.id[:8], ".jpg"),
            "picture",
            desk.vault.evidence.read(each.evidence_id),
            about=subject.id,
        )
        for each in newest.values()
    )


def _told(desk: Desk, subject: Subject) -> Iterator[_Told]:
    mine = [e for e in desk.vault.listings.list(subject.id) if e.verdict is Verdict.SAME]
    sightings = desk.vault.searches.sightings(each.id for each in mine)
    asked = {each.id: [r.id for r in requests_about(desk, each)] for each in mine}
    received = desk.vault.deadlines.received_for(r for several in asked.values() for r in several)
    for each in mine:
        yield _Told(
            listing=each,
            asked_on=_first(asked[each.id], received),
            sightings=sightings.get(each.id, ()),
        )


def _first(asked: Sequence[RequestId], received: Mapping[RequestId, date]) -> date | None:
    return min((received[each] for each in asked if each in received), default=None)


def _site(desk: Desk, name: str, told: Sequence[_Told], *, pictures: bool) -> ReportedSite:
    lives = [life_of(each.asked_on, each.sightings) for each in told if each.asked_on]
    curve = removal_curve(lives)
    said = _curve_words(curve) if curve else ()
    label = f"{name}. {' '.join(said)}"
    return ReportedSite(
        name=name,
        records=tuple((say(said_of(each.listing)), tuple(_facts(each))) for each in told),
        curve=curve_picture(curve, label=label, shown=_("still shown"), days=_("days"))
        if curve
        else "",
        curve_words=said,
        note=say(BACKWARDS) if any(each.listing.back_on for each in told) else "",
        pictures=tuple(_pictures(desk, told)) if pictures else (),
    )


def _facts(each: _Told) -> Iterator[tuple[str, str]]:
    listing = each.listing
    days = days_to_removal(listing, each.asked_on)
    for name, value in (
        (Text("Now"), say(_now(listing))),
        (Text("First seen"), said_day(listing.first_on)),
        (Text("Asked to remove it"), said_day(each.asked_on)),
        (Text("Gone, by two looks"), said_day(listing.gone_on)),
        (Text("Days from the request to the first look without it"), "" if days is None else days),
        (_CAME_BACK[may_be_anothers(listing)], said_day(listing.back_on)),
        (Text("Last look"), said_day(listing.looked_on)),
    ):
        if value != "":
            yield say(name), str(value)


def _now(listing: Listing) -> Text:
    shown = {ListingState.SEEN, ListingState.REAPPEARED}
    if listing.state in shown and may_be_anothers(listing):
        return Text("perhaps shown: this, or somebody else's of the same name, age and town")
    return STATES[listing.state]


def _curve_words(curve: Curve) -> tuple[str, ...]:
    return tuple(
        say(
            Text(
                "Day {day} after the request: {shown} of {of} still shown.",
                day=point.day,
                shown=point.shown,
                of=curve.of,
            )
        )
        for point in curve.points
    )


def _pictures(desk: Desk, told: Sequence[_Told]) -> Iterator[ReportedPicture]:
    """Yield the page before and after: of the first look that showed one, and of the last look."""
    looks = sorted((s for each in told for s in each.sightings), key=lambda s: s.on)
    shown = [each for each in looks if each.seen]
    if not shown:
        return
    ends = [(Text("Before, {day}"), shown[0])]
    if looks[-1].on != shown[0].on:
        ends.append((Text("After, {day}"), looks[-1]))
    searches = desk.vault.searches.get_many(SearchId(each.search_id) for _t, each in ends)
    for caption, sighting in ends:
        evidence_id = searches[sighting.search_id].evidence_id
        if evidence_id:
            content = base64.b64encode(desk.vault.evidence.read(evidence_id)).decode()
            said = say(Text(caption.template, day=said_day(sighting.on)))
            yield ReportedPicture(caption=said, source=f"data:image/jpeg;base64,{content}")
