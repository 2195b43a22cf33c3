"""Does a company probably have the person already? Five questions, used and never stored.

The rule. A company that lives by a kind of record (work, jail, cars, credit) is judged by
the questions about these alone: whoever never had a job on a payroll is not in The Work Number,
however many cards they have. Where it lives by one kind, that one yes makes it likely; where by
several, two are needed, so that somebody with one phone contract and nothing else is not
introduced to it. A company that gathers everything is judged by whatever its records could come
from, and never by a single question, even if its filing names one thing only: then, as where none
of the five matters, all the records of a life count, and two are needed. Payroll is not among
these: what employers report goes to companies that say that they hold it. A question left open
counts as no. Evidence (a listing, an earlier file, a letter) outweighs every answer.

"Mostly no" therefore means: fewer than two yes, or none where only one question matters.

A lease, a bill and a phone stand in one question, and a lease alone puts nobody into a file of
bills: no company is judged by that yes alone, not even one that lives by bills.

The fifth question is about an arrest, a jail or a criminal charge, and not about every court:
that alone is what booking files come from. A civil case or a ticket would say little that the
other four do not, so nobody is asked about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from optout.model.broker import Broker
from optout.model.request import Presence
from optout.model.words import BrokerKind, Holding
from optout.text import Text

_ENOUGH: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One yes-or-no question, and what a yes usually puts into files."""

    key: str
    text: Text
    because: Text  # what a yes says, in a few words: the plan names it as its reason
    holds: frozenset[Holding]
    lives_by: frozenset[Holding]  # those of them that only a yes here puts into files


QUESTIONS: Final = (
    Question(
        key="loan-or-card",
        text=Text("Have you had a loan or a credit card in your name?"),
        because=Text("a loan or a card"),
        holds=frozenset({Holding.CREDIT, Holding.INCOME, Holding.SSN, Holding.HOME_ADDRESS}),
        lives_by=frozenset({Holding.CREDIT}),
    ),
    Question(
        key="car",
        text=Text("Has a car been registered or insured in your name?"),
        because=Text("a car"),
        holds=frozenset(
            {Holding.VEHICLE, Holding.PLATES, Holding.INSURANCE, Holding.DRIVING_LICENCE}
        ),
        lives_by=frozenset({Holding.VEHICLE, Holding.PLATES, Holding.INSURANCE}),
    ),
    Question(
        key="lease-utility-phone",
        text=Text("Have you had a lease, an electric or gas bill, or a phone plan in your name?"),
        because=Text("a lease, bill or phone plan"),
        holds=frozenset({Holding.UTILITIES, Holding.PHONE, Holding.HOME_ADDRESS}),
        lives_by=frozenset(),  # three things in one question: see above
    ),
    Question(
        key="payroll",
        text=Text("Have you had a job that paid you by payroll, with pay stubs?"),
        because=Text("a job on a payroll"),
        holds=frozenset({Holding.WORK, Holding.INCOME}),
        lives_by=frozenset({Holding.WORK}),
    ),
    Question(
        key="arrest-or-jail",
        text=Text(
            "Have you been arrested in the United States, held in a jail there for whatever reason,"
            " or charged with a crime? A civil case, a traffic ticket and a case in immigration"
            " court do not count."
        ),
        because=Text("an arrest, jail or criminal charge"),
        holds=frozenset({Holding.COURT, Holding.JAIL}),
        lives_by=frozenset({Holding.COURT, Holding.JAIL}),
    ),
)

# Sold to government by what they are, whether or not a registry says so.
_SELL_BY_KIND: Final = frozenset({BrokerKind.JUSTICE_DATA, BrokerKind.PLATES})


# They gather whatever there is; one kind of record neither makes nor spares a file with them.
_GATHERERS: Final = frozenset(
    {BrokerKind.RISK_DATA, BrokerKind.PEOPLE_SEARCH, BrokerKind.MARKETING}
)
_OF_A_LIFE: Final = tuple(question for question in QUESTIONS if question.key != "payroll")


def questions_that_matter(broker: Broker) -> tuple[Question, ...]:
    """Return the questions whose yes would put a person among what this company holds."""
    held = frozenset(broker.holds)
    matter = tuple(question for question in QUESTIONS if question.holds & held)
    if broker.kind in _GATHERERS:
        return matter if len(matter) >= _ENOUGH else _OF_A_LIFE
    lived_by = tuple(question for question in QUESTIONS if question.lives_by & held)
    return lived_by or matter or _OF_A_LIFE


def is_a_guess(broker: Broker) -> bool:
    """Say whether nothing that is known of its records points to any answer: all of a life counts.

    Then the company may have the person, and an answer is named only if its records hold such.
    """
    return questions_that_matter(broker) is _OF_A_LIFE


def signs_of(broker: Broker, answers: Mapping[str, bool]) -> tuple[Text, ...]:
    """Return what the person said yes to that speaks for this company having them.

    Each is about a kind of record that the company is known to hold: nobody is told that a
    company of work contacts has their arrest.
    """
    held = frozenset(broker.holds)
    asked = QUESTIONS if is_a_guess(broker) else questions_that_matter(broker)
    return tuple(
        question.because
        for question in asked
        if question.holds & held and answers.get(question.key, False)
    )


def _yes_that_count(broker: Broker, answers: Mapping[str, bool]) -> int:
    return sum(answers.get(each.key, False) for each in questions_that_matter(broker))


def presence_from(
    broker: Broker, answers: Mapping[str, bool], *, evidence: bool = False
) -> Presence:
    """Return whether this company probably has the person. The answers are not kept.

    `answers` maps the key of a question to yes (True) or no; one that is absent counts as no.
    """
    if evidence:
        return Presence.EVIDENCE
    enough = min(_ENOUGH, len(questions_that_matter(broker)))
    return Presence.LIKELY if _yes_that_count(broker, answers) >= enough else Presence.UNLIKELY


def sells_to_government(broker: Broker) -> bool:
    """Say whether this company sells to government or police, as declared or as known.

    The companies this project began from are here because of such sales; companies of jail and
    licence-plate records live by them. Sellers outside a registry would slip through otherwise.
    """
    declared = broker.declared
    filed = declared is not None and (
        declared.sold_to_federal_government is True
        or declared.sold_to_state_governments is True
        or declared.sold_to_law_enforcement is True
    )
    return filed or broker.in_default_plan or broker.kind in _SELL_BY_KIND
