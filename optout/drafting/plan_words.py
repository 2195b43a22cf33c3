"""The sentences of a plan that its screen and its page share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from optout.model.payload import Newness
from optout.model.plan import PlanField, PlanLine
from optout.model.words import BrokerKind
from optout.text import Text
from optout.words import word

MOST_NAMED: Final = 6

_WHAT_IT_IS: Final[Mapping[BrokerKind, Text]] = MappingProxyType(
    {
        BrokerKind.RISK_DATA: Text("It gathers files about people and sells them: {holds}."),
        BrokerKind.CREDIT_BUREAU: Text("It keeps credit files and sells reports: {holds}."),
        BrokerKind.SPECIALTY_CRA: Text(
            "It keeps one kind of file about people and sells reports: {holds}."
        ),
        BrokerKind.PEOPLE_SEARCH: Text(
            "It shows what it has about people to whoever searches: {holds}."
        ),
        BrokerKind.MARKETING: Text("It sells lists of people for advertising: {holds}."),
        BrokerKind.LOCATION: Text("It sells where phones and people are: {holds}."),
        BrokerKind.PLATES: Text("It sells pictures of license plates, with the place: {holds}."),
        BrokerKind.BIOMETRIC: Text("It tells people by face or body: {holds}."),
        BrokerKind.JUSTICE_DATA: Text("It sells jail and court records: {holds}."),
        BrokerKind.PUBLIC_BODY: Text("It is a government office: {holds}."),
        BrokerKind.OTHER: Text("It holds and sells records about people: {holds}."),
    }
)


def what_it_is(line: PlanLine) -> Text | None:
    """Say in one sentence what a company is and what it holds, so that a stranger knows why."""
    if line.company_kind is None or not line.holds:
        return None
    more = len(line.holds) - MOST_NAMED
    holds = line.holds[:MOST_NAMED] if more > 1 else line.holds
    rest = (Text("and {count} more kinds", count=more),) if more > 1 else ()
    return Text(
        _WHAT_IT_IS[line.company_kind].template, holds=(*(word(each) for each in holds), *rest)
    )


def law_of(line: PlanLine) -> Text:
    """Say on which law a request stands, or that it claims none."""
    given = line.law.law.rights.get(line.right)
    if not line.law.claims_right or given is None:
        return Text("No law is named: it is asked as a wish.")
    return Text("{law}, {cite}.", law=line.law.law.name, cite=given.cite)


def named(fields: Iterable[PlanField], newness: Newness) -> tuple[Text, ...]:
    """Return the words for what a request gives away that is new to them, or is not."""
    return tuple(word(each.field) for each in fields if each.newness is newness)
