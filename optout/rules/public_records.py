"""What can be asked of a public body, under which act, and the gate before one's own record.

A contract is asked for by an organization and names nobody. Of a sheriff both Colorado acts are
named: contracts fall under the one, custody records under the other. For one's own driver or wage
record no act is named: none is known here that surely gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from optout.model.broker import Broker
from optout.model.law import Law, LawId, LawKind
from optout.model.words import SURE, Holding, Right
from optout.text import Text

CUSTODY_ACT: Final = LawId("us-co-ccjra")

# The very words of SAFETY 3, typed yes to before anything about a person is drafted.
GATE: Final = Text(
    "This puts your name and address into government files, and agencies may share them. Talk to "
    "a lawyer or an accredited representative first."
)


class Topic(StrEnum):
    """What a public body keeps that others want: it decides what a letter asks."""

    JAIL = "jail"
    VEHICLES = "vehicles"
    WAGES = "wages"


_BY_HOLDING: Final[Mapping[Holding, Topic]] = {
    Holding.JAIL: Topic.JAIL,
    Holding.VEHICLE: Topic.VEHICLES,
    Holding.WORK: Topic.WAGES,
}


def topic_of(body: Broker) -> Topic | None:
    """Return what this body can be asked about, or None where there is no letter for it."""
    if not body.government:
        return None
    return next((_BY_HOLDING[held] for held in body.holds if held in _BY_HOLDING), None)


def states_of(body: Broker) -> frozenset[str]:
    """Return the states whose public body this is."""
    return frozenset(code for channel in body.channel for code in channel.states)


def acts_for(body: Broker, laws: Mapping[LawId, Law], *, own: bool) -> tuple[Law, ...]:
    """Return the acts that a letter to this body may name; none where none is sure."""
    in_jail = topic_of(body) is Topic.JAIL
    if own and not in_jail:
        return ()
    places = {f"US-{state}" for state in states_of(body)}
    here = [law for law in laws.values() if law.jurisdiction in places and _is_sure(law)]
    if own and any(law.id == CUSTODY_ACT for law in here):
        return tuple(law for law in here if law.id == CUSTODY_ACT)
    named = (law for law in here if in_jail or law.id != CUSTODY_ACT)
    return tuple(sorted(named, key=lambda law: law.id == CUSTODY_ACT))


def has_own_letter(body: Broker) -> bool:
    """Say whether somebody may ask this body for their own record with us, behind the gate.

    Not for wages: nothing that was read says that anybody may see who got them, and a paper
    that leads nowhere still gives away a name.
    """
    return topic_of(body) in {Topic.JAIL, Topic.VEHICLES}


def _is_sure(law: Law) -> bool:
    given = law.rights.get(Right.RECORDS_REQUEST)
    return law.kind is LawKind.PUBLIC_RECORDS and given is not None and given.confidence in SURE
