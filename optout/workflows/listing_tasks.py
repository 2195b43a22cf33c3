"""What waits for a person around a scan: records, looks, scans cut off, a second yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from optout.model.request import Reference
from optout.model.subject import SubjectId
from optout.model.to_do import ToDo
from optout.rules.listing_life import may_be_anothers
from optout.rules.listings_to_ask import to_ask
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.due_looks import called, due_looks, planned_as
from optout.workflows.four_eyes_search import wanted_searches
from optout.workflows.search_signed import is_signed_for

_NONE = Reference("")
_NOT_ASKED: Final = {  # by whether each of them is only perhaps the person's
    False: Text(
        "{company} shows this person ({count}), and nothing was asked: optout plan --only {slug}"
    ),
    True: Text(
        "{company} perhaps shows this person again ({count}), and nothing was asked. It gives "
        "records no numbers, so look whose it is first. Then: optout plan --only {slug}"
    ),
}


def listing_tasks(desk: Desk) -> tuple[ToDo, ...]:
    """Return these tasks for everybody in the folder; of several people each says whose it is."""
    found = (
        *_reviews(desk),
        *_not_asked(desk),
        *_looks(desk),
        *_cut_off(desk),
        *_second_yes(desk),
    )
    people = tuple(desk.vault.subjects.zones()) if found else ()
    return found if len(people) == 1 else tuple(_named(desk, people, each) for each in found)


def _named(desk: Desk, people: Sequence[SubjectId], each: ToDo) -> ToDo:
    """Say whose task it is, and the number that goes with the command at its end."""
    person = desk.vault.subjects.get(each.subject_id).label.reveal()
    number = people.index(each.subject_id) + 1
    told = {"person": person, "what": each.what, "number": number}
    return replace(each, what=Text("{person}: {what} --person {number}", **told))


def _reviews(desk: Desk) -> Iterator[ToDo]:
    waiting = Counter((each.subject_id, each.broker) for each in desk.vault.listings.to_review())
    for (subject_id, slug), count in waiting.items():
        yield ToDo(
            what=Text(
                "Say whether these records at {company} are this person ({count}): optout review",
                company=called(desk, slug),
                count=count,
            ),
            reference=_NONE,
            minutes=count,
            subject_id=subject_id,
        )


def _not_asked(desk: Desk) -> Iterator[ToDo]:
    """Yield where a person's own records are shown, and nothing was asked about them."""
    for subject_id in desk.vault.listings.shown_people():
        listings = desk.vault.listings.list(subject_id)
        waiting = to_ask(listings, desk.vault.requests.list(subject_id=subject_id))
        for slug, several in waiting.items():
            told = {
                "company": called(desk, slug),
                "count": len(several),
                "slug": planned_as(desk, slug),
            }
            yield ToDo(
                what=_NOT_ASKED[all(map(may_be_anothers, several))].holding(told),
                reference=_NONE,
                minutes=3,
                subject_id=subject_id,
            )


def _looks(desk: Desk) -> Iterator[ToDo]:
    people = map(desk.vault.subjects.get, desk.vault.listings.shown_people())
    for look in due_looks(desk, tuple(people)):
        yield ToDo(
            what=Text(
                "Look whether {company} still shows this person: optout scan --due",
                company=called(desk, look.broker),
            ),
            reference=_NONE,
            minutes=2,
            subject_id=look.subject.id,
            alone=not is_signed_for(desk, look.subject, look.broker),
        )


def _cut_off(desk: Desk) -> Iterator[ToDo]:
    for search in desk.vault.searches.cut_off():
        yield ToDo(
            what=Text(
                "The search at {company} was cut off: they may have seen the name, and nothing "
                "was read. Search again, or leave it: optout scan {slug}",
                company=called(desk, search.broker),
                slug=search.broker,
            ),
            reference=_NONE,
            minutes=2,
            subject_id=search.subject_id,
            alone=not is_signed_for(
                desk, desk.vault.subjects.get(search.subject_id), search.broker
            ),
        )


def _second_yes(desk: Desk) -> Iterator[ToDo]:
    for wanted in wanted_searches(desk):
        yield ToDo(
            what=Text(
                "{name} wants to search {companies}. Somebody else of the office looks at what "
                "it would tell, and says yes or no: optout scan {sites}",
                name=wanted.by,
                companies=tuple(called(desk, slug) for slug in wanted.sites),
                sites=" ".join(wanted.sites),
            ),
            reference=_NONE,
            minutes=3,
            subject_id=wanted.subject_id,
            alone=False,
        )
