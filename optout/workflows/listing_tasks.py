"""What waits for a person around a scan: records, looks, scans cut off, a second yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
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
    """Return these tasks for everybody in the folder; of several people, with whose number.

    Whoever shows them says whose each is: a name stands on no page that is not for it.
    """
    desk = replace(desk, find_broker=cache(desk.find_broker))  # a thousand tasks, few companies
    shown = desk.vault.listings.shown_people()
    found = (
        *_reviews(desk),
        *_not_asked(desk, shown),
        *_looks(desk, shown),
        *_cut_off(desk),
        *_second_yes(desk),
    )
    people = desk.vault.subjects.zones() if found else {}
    if len(people) <= 1:
        return found
    numbers = {each: number for number, each in enumerate(people, start=1)}
    return tuple(_numbered(each, numbers[each.subject_id]) for each in found)


def _numbered(each: ToDo, number: int) -> ToDo:
    """Add the person's number to the command at the end of a task."""
    return replace(each, what=Text("{what} --person {number}", what=each.what, number=number))


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


def _not_asked(desk: Desk, people: Collection[SubjectId]) -> Iterator[ToDo]:
    """Yield where a person's own records are shown, and nothing was asked about them."""
    requests = desk.vault.requests.of_people(people)
    for subject_id, listings in desk.vault.listings.own(people).items():
        waiting = to_ask(listings, requests.get(subject_id, ()))
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


def _looks(desk: Desk, people: Collection[SubjectId]) -> Iterator[ToDo]:
    for look in due_looks(desk, desk.vault.subjects.get_many(people).values()):
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
                "was read. Search again: optout scan {slug}",
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
