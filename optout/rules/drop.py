"""California's own delete list (DROP): one request to every registered broker, made by hand.

Its terms forbid automation, and residence is proved through a federal service or the state's
gateway: the person is guided there, and may decline.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from optout.model.broker import Broker, Slug
from optout.model.law import Law, LawId
from optout.model.plan import LawChoice, LineKind, PlanLine
from optout.model.request import Presence
from optout.model.words import By, Right
from optout.rules.eligibility import delete_act
from optout.text import Text

DROP: Final = Slug("california-drop")
_NAME: Final = "DROP"
_PAGE: Final = "https://privacy.ca.gov/drop/"
_REGISTRY: Final = "California data broker registry"
_MINUTES: Final = 20


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
                "The page asks you to prove that you live in California, through the state's"
                " gateway or Login.gov, which the federal government runs. You may say no: the"
                " rest of this plan works without it. Do you want to?"
            ),
        ),
        steps=_STEPS,
    )


def reached_by_drop(broker: Broker) -> bool:
    """Say whether a company is on California's registry, and so must act on the list."""
    return broker.declared is not None and broker.declared.registry == _REGISTRY


def _choice(law: Law, on: date) -> LawChoice:
    right = law.rights[Right.DELETE].on(on)
    return LawChoice(
        law=law,
        reason=Text("You live in California. {law} ({cite}).", law=law.name, cite=right.cite),
        claims_right=True,
        limits=Text("It covers: {scope}.", scope=right.scope) if right.scope else None,
    )


def _why(law: Law, on: date) -> tuple[Text, ...]:
    one = Text("One request reaches every company on the state's list of data brokers.")
    hashed = Text("They get a scrambled form of what you type, not the words themselves.")
    answer = law.rights[Right.DELETE].on(on).answer
    if answer is None:
        return (one, hashed)
    days = Text(
        "A company may take {days} days to fetch the list, and {days} more to act.",
        days=answer.length,
    )
    return (one, hashed, days)


_STEPS: Final = (
    Text("Open {page} in your own browser.", page=_PAGE),
    Text("Prove that you live in California, as the page says."),
    Text("Type only what you want them to match: a name, a ZIP code and one more are enough."),
    Text("Keep the number the page gives you; look there again for each company's answer."),
)
