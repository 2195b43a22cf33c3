"""Does a company probably have the person already? Five questions, used and never stored.

The rule. A question *matters* for a company if a yes would put the person among what the company
holds: a payroll job matters for a company that holds work records, a car for one that holds
vehicles. Where one question alone matters (The Work Number and payroll), its yes makes the
company likely. Where several matter (a company that gathers everything), one yes is not enough:
two make it likely, so that somebody with one phone contract and nothing else is not introduced to
it. A question left open counts as no. Where none of the five matters, all five stand for how
much of a life is on paper, and two again are needed. Evidence (a listing, an earlier file, a
letter) outweighs every answer.

"Mostly no" therefore means: fewer than two yes, or none where only one question matters.
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
    holds: frozenset[Holding]


QUESTIONS: Final = (
    Question(
        key="loan-or-card",
        text=Text("Have you had a loan or a credit card in your name?"),
        holds=frozenset({Holding.CREDIT, Holding.INCOME, Holding.SSN, Holding.HOME_ADDRESS}),
    ),
    Question(
        key="car",
        text=Text("Has a car been registered or insured in your name?"),
        holds=frozenset(
            {Holding.VEHICLE, Holding.PLATES, Holding.INSURANCE, Holding.DRIVING_LICENCE}
        ),
    ),
    Question(
        key="lease-utility-phone",
        text=Text("Have you had a lease, an electric or gas bill, or a phone plan in your name?"),
        holds=frozenset({Holding.UTILITIES, Holding.PHONE, Holding.HOME_ADDRESS}),
    ),
    Question(
        key="payroll",
        text=Text("Have you had a job that paid you by payroll, with pay stubs?"),
        holds=frozenset({Holding.WORK, Holding.INCOME}),
    ),
    Question(
        key="court-or-jail",
        text=Text(
            "Is there a criminal, traffic or civil court record, or a jail booking, in your name?"
            " Immigration court does not count here: its files are not open to these companies."
        ),
        holds=frozenset({Holding.COURT, Holding.JAIL}),
    ),
)

# Sold to government by what they are, whether or not a registry says so.
_SELL_BY_KIND: Final = frozenset({BrokerKind.JUSTICE_DATA, BrokerKind.PLATES})


def questions_that_matter(broker: Broker) -> tuple[Question, ...]:
    """Return the questions whose yes would put a person among what this company holds."""
    held = frozenset(broker.holds)
    return tuple(question for question in QUESTIONS if question.holds & held) or QUESTIONS


def presence_from(
    broker: Broker, answers: Mapping[str, bool], *, evidence: bool = False
) -> Presence:
    """Return whether this company probably has the person. The answers are not kept.

    `answers` maps the key of a question to yes (True) or no; one that is absent counts as no.
    """
    if evidence:
        return Presence.EVIDENCE
    matter = questions_that_matter(broker)
    yes = sum(answers.get(question.key, False) for question in matter)
    return Presence.LIKELY if yes >= min(_ENOUGH, len(matter)) else Presence.UNLIKELY


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
