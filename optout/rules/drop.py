"""California's own delete list (DROP): one request to every registered broker, made by hand.

Its terms forbid automation, and residence is proved through a federal service or the state's
gateway: the person is guided there, and may decline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from optout.model.broker import Broker, Slug
from optout.model.law import Law, LawId
from optout.model.plan import LawChoice, LineKind, PlanLine
from optout.model.request import Presence
from optout.model.words import By, Right
from optout.rules.days import in_words
from optout.rules.eligibility import delete_act
from optout.text import Text, as_written

DROP: Final = Slug("california-drop")
_NAME: Final = "DROP"
_PAGE: Final = "https://privacy.ca.gov/drop/"
_REGISTRY: Final = "California data broker registry"
_MINUTES: Final = 20
# Cal. Civ. Code § 1798.99.86(c): brokers fetch the list from this day on (letters/laws, notes).
BROKERS_BEGIN: Final = date(2026, 8, 1)


# Asked before a plan is made: whoever says no is planned without it.
WANT_DROP: Final = Text(
    "California has a page, DROP, where one request reaches every registered data broker. You fill"
    " it in yourself; this program never opens it. It asks you to prove that you live in"
    " California, through the state's gateway or Login.gov, which the federal government runs."
    " You may say no: the rest of this plan works without it. Do you want DROP in your plan?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDates:
    """By when a company should have fetched a request filed on a day, and have acted on it."""

    begin: date | None  # the day companies must begin, where that is still to come
    fetched_by: date
    acted_by: date


def drop_line(state: str, laws: Mapping[LawId, Law], on: date) -> PlanLine | None:
    """Return the guided line for somebody who lives in California, else None."""
    law = delete_act(state, laws, on)
    if law is None or Right.DELETE not in law.rights:
        return None
    return PlanLine(
        kind=LineKind.GUIDED,
        broker=DROP,
        name=_NAME,
        right=Right.DELETE,
        by=By.PORTAL,
        channel=None,
        law=_choice(law, on),
        presence=Presence.LIKELY,  # among some five hundred companies, some have the person
        fields=(),
        minutes=_MINUTES,
        why=_why(law, on),
        will_not_reach=Text(
            "It reaches registered data brokers only. It does not reach credit files, what banks'"
            " privacy law covers, companies you deal with yourself, or public records."
        ),
        checked=Text("You do this yourself. This program does not open that page."),
        questions=(
            Text(
                "You may say no to the proof of residence: the rest of the plan works without it."
                " Then: optout plan --without-drop"
            ),
        ),
        steps=_STEPS,
    )


def reached_by_drop(broker: Broker) -> bool:
    """Say whether a company is on California's registry, and so must act on the list."""
    return broker.declared is not None and broker.declared.registry == _REGISTRY


def drop_dates(law: Law, filed_on: date) -> DropDates | None:
    """Return the latest days for a request filed that day, or None where the law sets no term.

    A company fetches the list at least once in a term, and then has one term to act: 45 days
    each, and 30 from 2027-01-01. Whichever day it fetches, it is late after `acted_by`.
    """
    from_day = max(filed_on, BROKERS_BEGIN)
    cycle = _term(law, from_day)
    if cycle is None:
        return None
    days = [from_day + timedelta(days=number) for number in range(cycle + 1)]
    return DropDates(
        begin=BROKERS_BEGIN if filed_on < BROKERS_BEGIN else None,
        fetched_by=days[-1],
        acted_by=max(day + timedelta(days=_term(law, day) or cycle) for day in days),
    )


def _term(law: Law, on: date) -> int | None:
    answer = law.rights[Right.DELETE].on(on).answer
    return answer.length if answer else None


def _choice(law: Law, on: date) -> LawChoice:
    right = law.rights[Right.DELETE].on(on)
    return LawChoice(
        law=law,
        reason=Text("You live in California. {law} ({cite}).", law=law.name, cite=right.cite),
        claims_right=True,
        limits=Text("It covers: {scope}.", scope=as_written(right.scope)) if right.scope else None,
    )


def _why(law: Law, on: date) -> tuple[Text, ...]:
    one = Text("One request reaches every company on the state's list of data brokers.")
    hashed = Text("They get a scrambled form of what you type, not the words themselves.")
    dates, days = drop_dates(law, on), _term(law, on)
    if dates is None or days is None:
        return (one, hashed)
    return (one, hashed, *_when(dates, days, law, on))


def _when(dates: DropDates, days: int, law: Law, on: date) -> Iterator[Text]:
    if dates.begin:
        yield Text("Companies must begin on {day}.", day=in_words(dates.begin))
    yield Text(
        "A company may take {days} days to fetch the list, and {days} more to act.", days=days
    )
    for change in law.rights[Right.DELETE].changes:
        if on < change.since <= dates.acted_by and change.answer:
            yield Text(
                "From {day} each of these is {days} days ({cite}).",
                day=in_words(change.since),
                days=change.answer.length,
                cite=change.cite,
            )
    yield Text(
        "If you file today, each should have fetched it by about {fetched}, and have acted by"
        " about {acted}.",
        fetched=in_words(dates.fetched_by),
        acted=in_words(dates.acted_by),
    )


_STEPS: Final = (
    Text("Open {page} in your own browser.", page=_PAGE),
    Text(
        "Prove that you live in California, through the state's gateway or Login.gov, which the"
        " federal government runs. If you do not want that, stop here: nothing was asked yet."
    ),
    Text("Type only what you want them to match: a name, a ZIP code and one more are enough."),
    Text("Keep the number the page gives you; look there again for each company's answer."),
)
