"""Is this you? Records that may be the person, side by side with what they wrote down.

A yes or a no is the person's own and stays: a record that somebody called a stranger's is never
asked about again, and never removed in the person's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from optout.errors import Refused, WrongUsage
from optout.model.listing import PROGRAM, Listing, Verdict
from optout.model.match import Known, Match, Side
from optout.model.ports import Option
from optout.model.subject import Subject
from optout.rules.disclosure import age_on
from optout.rules.known_person import known_of
from optout.rules.listing_row import (
    AGE,
    NAME,
    OTHER_NAMES,
    PHONES,
    PLACES,
    RELATIVES,
    lines_of,
    row_of,
    shown_of,
)
from optout.rules.matching import judge
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.due_looks import called, planned_as

SHORT: Final = 8  # letters of a listing's id: enough to name it
LABELS: Final = {
    NAME: Text("Name"),
    OTHER_NAMES: Text("Other names"),
    AGE: Text("Age"),
    PLACES: Text("Places"),
    PHONES: Text("Phones"),
    RELATIVES: Text("Relatives"),
}
SIDES: Final = {
    Side.AGREES: Text("What agrees:"),
    Side.CONTRADICTS: Text("What contradicts:"),
    Side.UNCLEAR: Text("What is open:"),
}
NOTHING: Final = Text("nothing")
YES, NO, NONE, LATER = "yes", "no", "none", "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One record beside what is known of the person."""

    listing: Listing
    company: str
    known: Known
    match: Match
    on: date

    def rows(self) -> Iterator[tuple[Text, str, str]]:
        """Yield what they show and what the person wrote down, kind by kind."""
        born = self.known.born
        age = str(age_on(born, self.on)) if isinstance(born, date) else ""
        own = {
            NAME: (self.known.name,),
            OTHER_NAMES: self.known.aliases,
            AGE: (age,) if age else (),
            PLACES: self.known.places,
            PHONES: self.known.phones,
            RELATIVES: self.known.relatives,
        }
        for kind, label in LABELS.items():
            theirs = "; ".join(lines_of(self.listing, kind))
            if theirs or (own[kind] and kind in {NAME, AGE, PLACES}):
                yield label, theirs, "; ".join(own[kind])


def to_review(desk: Desk, subject: Subject | None = None) -> tuple[Beside, ...]:
    """Return the records that a person has to look at, of everybody or of one person."""
    waiting = desk.vault.listings.to_review()
    return tuple(
        beside(desk, each) for each in waiting if subject is None or each.subject_id == subject.id
    )


def beside(desk: Desk, listing: Listing) -> Beside:
    """Put a record beside what is known of its person, judged as of today."""
    subject = desk.vault.subjects.get(listing.subject_id)
    known, today = known_of(subject), desk.today(subject)
    return Beside(
        listing=listing,
        company=called(desk, listing.broker),
        known=known,
        match=judge(known, shown_of(row_of(listing)), today),
        on=today,
    )


class AnsweredMeanwhile(Refused):
    """A person answered about this record while the question stood open elsewhere."""

    def __init__(self, company: str) -> None:
        """Say whose answer stays."""
        super().__init__(
            Text(
                "{company}: another window answered about this record meanwhile. That answer "
                "stays.",
                company=company,
            ),
            known=Text("Nothing was changed."),
            hint=Text("See the records with their numbers: optout review --json --all"),
        )


def decide(desk: Desk, listing: Listing, verdict: Verdict) -> Listing:
    """Keep a person's yes or no about one record as it is now, not as it was shown."""
    with desk.vault.together():
        now = desk.vault.listings.get(listing.id)
        if now.decided_by not in {"", PROGRAM, listing.decided_by}:
            raise AnsweredMeanwhile(called(desk, now.broker))
        decided = replace(now, verdict=verdict, decided_by=desk.vault.actor)
        desk.vault.listings.replace(decided)
    return decided


def decide_many(
    desk: Desk, yes: Sequence[str], no: Sequence[str], subject: Subject | None = None
) -> tuple[Listing, ...]:
    """Keep the answers for several records, each named by the beginning of its id: all or none.

    With `subject`, another person's record is none of them.
    """
    people = [subject] if subject else desk.vault.subjects.list()
    listings = [each for person in people for each in desk.vault.listings.list(person.id)]
    answers = [(_named(listings, each), Verdict.SAME) for each in yes]
    answers += [(_named(listings, each), Verdict.OTHER) for each in no]
    if len({listing.id for listing, _verdict in answers}) < len(answers):
        raise WrongUsage(
            Text("One record has two answers."),
            known=Text("Nothing was changed."),
            hint=Text("Say yes or no to each record, once."),
        )
    with desk.vault.together():
        return tuple(decide(desk, *each) for each in answers)


def review_with_person(desk: Desk, subject: Subject | None = None) -> tuple[Listing, ...]:
    """Ask about each record that may be the person; later is an answer too. Nothing is sent."""
    waiting = to_review(desk, subject)
    if not waiting:
        desk.person.tell(Text("No record waits for your look."))
        return ()
    decided: list[Listing] = []
    refused: set[tuple[str, str]] = set()
    for number, each in enumerate(waiting, start=1):
        place = (each.listing.subject_id, each.listing.broker)
        if place in refused:
            answer = NONE
        else:
            desk.person.tell_at_length(tuple(_texts(desk, each, number, len(waiting))))
            answer = desk.person.choose(Text("Is it this person?"), _OPTIONS, default=LATER)
        if answer == LATER:
            continue
        if answer == NONE:
            refused.add(place)
        try:
            decided.append(decide(desk, each.listing, _VERDICTS[answer]))
        except AnsweredMeanwhile as error:
            desk.person.tell(error.what)
    _say_what_is_next(desk, decided)
    return tuple(decided)


_VERDICTS: Final = {YES: Verdict.SAME, NO: Verdict.OTHER, NONE: Verdict.OTHER}
_OPTIONS: Final = (
    Option(key=YES, text=Text("Yes")),
    Option(key=NO, text=Text("No, somebody else. Do not ask again")),
    Option(key=NONE, text=Text("No, and none of the next ones at this company either")),
    Option(key=LATER, text=Text("I do not know yet")),
)


def _texts(desk: Desk, each: Beside, number: int, count: int) -> Iterator[Text]:
    yield Text("")
    whose = desk.vault.subjects.get(each.listing.subject_id).label.reveal()
    yield Text(
        "{number} of {count}: {company}, for {person}",
        number=number,
        count=count,
        company=each.company,
        person=whose,
    )
    for label, theirs, own in each.rows():
        yield Text(
            "   {label}: they show {theirs}; you wrote {own}",
            label=label,
            theirs=theirs or NOTHING,
            own=own or NOTHING,
        )
    for side, heading in SIDES.items():
        says = [reason.says for reason in each.match.reasons if reason.side is side]
        if says:
            yield heading
            yield from (Text("- {text}", text=text) for text in says)


def _say_what_is_next(desk: Desk, decided: Sequence[Listing]) -> None:
    yes = tuple(dict.fromkeys(each.broker for each in decided if each.verdict is Verdict.SAME))
    for slug in yes:
        desk.person.tell(
            Text(
                "To have it removed: optout plan --only {slug}. Nothing was sent.",
                slug=planned_as(desk, slug),
            )
        )


def _named(listings: Sequence[Listing], short_id: str) -> Listing:
    wanted = short_id.strip().casefold()
    found = [each for each in listings if each.id.casefold().startswith(wanted)]
    if len(found) != 1 or len(wanted) < SHORT:  # a slip of the hand is somebody else's record
        raise WrongUsage(
            Text("No record, or more than one, has a number that begins so."),
            known=Text("Nothing was changed."),
            hint=Text("See the records with their numbers: optout review --json"),
        )
    return found[0]
