"""What an agent may file for a person, under the law of where that person lives.

A right that the law gives but lets no agent file stays with the person. Where no law says
anything, the agent can ask for what companies offer to everybody, as a courtesy. Credit files
are never asked for by an agent here: the federal act has no rule on agents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from optout.model.broker import Broker
from optout.model.law import Law, LawId
from optout.model.words import SURE, Right, WhoMayAsk
from optout.rules.countries import UNITED_STATES
from optout.rules.eligibility import comprehensive_law, gives, law_abroad
from optout.rules.public_bodies import is_public_envelope, is_public_name

LONGEST: Final = timedelta(days=2 * 365)
_SAID_NO: Final = "lexisnexis"  # nobody may opt out for somebody else: its filing of 2020
_COURTESY: Final = frozenset(
    {Right.OPT_OUT, Right.DELETE, Right.ACCESS, Right.CORRECT, Right.LIMIT, Right.SUPPRESS}
)


def law_of_residence(state: str, country: str, laws: Mapping[LawId, Law], on: date) -> Law | None:
    """Return the privacy law of where somebody lives, if one is in force; None: courtesy only."""
    if country == UNITED_STATES:
        return comprehensive_law(state, laws, on)
    return law_abroad(country, laws, on)


def may_file(law: Law | None, right: Right, on: date) -> bool:
    """Say whether an agent may file this right: doubt is no."""
    if law is None:
        return right in _COURTESY
    sure = "agent" not in law.not_sure and "agent_rights" not in law.not_sure
    return (
        sure
        and right in law.agent_rights
        and gives(law, right, on)
        and law.rights[right].confidence in SURE
    )


def takes_agents_for(broker: Broker, rights: Iterable[Right]) -> tuple[Right, ...]:
    """Return the rights that a company takes from an agent, as far as known."""
    known = {
        channel.right
        for channel in broker.channel
        if WhoMayAsk.AGENT in channel.who_may_ask
        and not any(each.about == "agents" for each in channel.conflict)
    }
    return tuple(right for right in rights if right in known)


def said_no(broker: Broker) -> bool:
    """Say whether a company's group refused agents, whatever a definition of it says."""
    return _SAID_NO in f"{broker.slug} {broker.name} {broker.called()}".casefold()


def is_contested(broker: Broker) -> bool:
    """Say whether what is known about agents at this company conflicts, or its group refused."""
    return said_no(broker) or any(
        each.about == "agents" for way in broker.channel for each in way.conflict
    )


def is_public_agent(name: str, lines: Iterable[str]) -> bool:
    """Say whether the agent is a public body, or sits in one."""
    return is_public_name(name) or is_public_envelope(tuple(lines))
