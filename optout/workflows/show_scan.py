"""The first screen after a scan: found, not found, not understood; and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from optout.model.listing import Listing, ListingState, SearchEnd, Verdict
from optout.rules.days import in_words
from optout.rules.listing_life import APART, may_be_anothers
from optout.rules.listings_to_ask import as_planned, said_of
from optout.text import Text
from optout.workflows.scan import Scanned, SiteSeen

NOT_UNDERSTOOD = Text(
    "That does not mean that this person is not listed there. Look yourself, or another day."
)


def scanned_texts(scanned: Scanned) -> Iterator[Text]:
    """Yield what was found, what was not, what nobody understood, and where the pictures are."""
    found = [each for each in scanned.sites if each.of(Verdict.SAME) or each.of(Verdict.UNSURE)]
    unread = [each for each in scanned.sites if each.not_understood]
    rest = [each for each in scanned.sites if each not in found and each not in unread]
    for heading, sites in (
        (Text("Found:"), found),
        (Text("Not found:"), rest),
        (Text("Not understood:"), unread),
    ):
        if sites:
            yield Text("")
            yield heading
        for site in sites:
            if sites is not unread or site not in found:  # what it showed is said once
                yield from _seen(site)
            if sites is unread:
                yield from _why_not(site)
    if scanned.stopped:
        yield Text("")
        yield Text("Stopped. The sites above were searched, the others were not.")
    yield from _pictures(scanned)
    yield from _next(scanned)


def _seen(site: SiteSeen) -> Iterator[Text]:
    name = site.broker.called()
    for each in site.of(Verdict.SAME):
        yield _shown(name, each)
    if unsure := site.of(Verdict.UNSURE):
        yield Text("- {company}: may be this person: {count}.", company=name, count=len(unsure))
    for each in site.missing:
        yield from _missing(name, each)
    for each in site.not_sought:
        yield Text(
            "- {company}: this look says nothing about {record}. It was found by a name or a place "
            "that is not searched any more.",
            company=name,
            record=said_of(each),
        )
    yield from _others(site)


def _why_not(site: SiteSeen) -> Iterator[Text]:
    for seen in site.searches:
        if seen.why is not None:
            yield Text("- {company}: {why}", company=site.broker.called(), why=seen.why.what)
            yield _what_it_means(seen.search.end)


def _shown(name: str, listing: Listing) -> Text:
    record = said_of(listing)
    if may_be_anothers(listing):
        return Text(
            "- {company}: perhaps this person. {record}. It gives records no numbers, so this one "
            "may be somebody else's of the same name, age and town.",
            company=name,
            record=record,
        )
    return Text("- {company}: this person. {record}", company=name, record=record)


def _what_it_means(end: SearchEnd) -> Text:
    if end is SearchEnd.NOT_REACHED:
        return Text("  Nothing was told to it.")
    return Text("  {text}", text=NOT_UNDERSTOOD)


def _missing(name: str, listing: Listing) -> Iterator[Text]:
    if listing.verdict is not Verdict.SAME:
        return
    record = said_of(listing)
    if listing.state is ListingState.ABSENT:
        yield Text("- {company}: gone, by two looks. {record}", company=name, record=record)
    elif listing.absent_on:
        yield Text(
            "- {company}: not shown this time. {record}. One look proves little: look again on "
            "{day} or later.",
            company=name,
            record=record,
            day=in_words(listing.absent_on + APART),
        )


def _others(site: SiteSeen) -> Iterator[Text]:
    """Yield what else was shown: its own word for nobody, strangers, what nobody can tell."""
    name = site.broker.called()
    ends = {each.search.end for each in site.searches}
    sorted_rows = [each.sorted for each in site.searches if each.sorted]
    others = len(frozenset().union(*(each.others for each in sorted_rows)))
    if ends == {SearchEnd.NOTHING}:
        yield Text("- {company}: its page says that it has nobody of this name.", company=name)
    elif others:
        yield Text(
            "- {company}: records of somebody else: {count}. They are not kept.",
            company=name,
            count=others,
        )
    if nameless := len(frozenset().union(*(each.nameless for each in sorted_rows))):
        yield Text(
            "- {company}: records without a name: {count}. Nobody can tell whose they are, so "
            "nothing is done about them. Look at the picture.",
            company=name,
            count=nameless,
        )
    if too_many := len(frozenset().union(*(each.too_many for each in sorted_rows))):
        yield Text(
            "- {company}: {count} more have this name and too little else. They are not kept.",
            company=name,
            count=too_many,
        )
    if any(each.search.end is SearchEnd.FOUND and not each.whole for each in site.searches):
        yield Text(
            "- {company}: it has more pages than were read. Who is not above may still be listed.",
            company=name,
        )


def _pictures(scanned: Scanned) -> Iterator[Text]:
    count = sum(bool(each.search.evidence_id) for site in scanned.sites for each in site.searches)
    if count:
        yield Text("")
        yield Text(
            "Pictures of the pages, in the locked folder: {count}. To look at them: optout scan "
            "--pictures",
            count=count,
        )


def _next(scanned: Scanned) -> Iterator[Text]:
    if any(site.of(Verdict.UNSURE) for site in scanned.sites):
        yield Text("To say which of them are this person: optout review")
    shown = {ListingState.SEEN, ListingState.REAPPEARED}
    mine = [site for site in scanned.sites if any(e.state in shown for e in site.of(Verdict.SAME))]
    if mine:
        named = [as_planned(site.broker) for site in mine]
        plain = [each for each in named if " " not in each]  # a right would count for all
        together = [" --only ".join(plain)] if plain else []
        for each in (*together, *(one for one in named if " " in one)):
            yield Text("To have them removed: optout plan --only {slug}", slug=each)
    if any(e.state is ListingState.REAPPEARED for s in mine for e in s.of(Verdict.SAME)):
        yield Text("Going backwards is normal: companies buy the same records again.")
