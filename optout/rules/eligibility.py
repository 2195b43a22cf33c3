"""Which law a request may name: the person's own state's, a federal one where it binds, or none.

Never the law of a state the person does not live in; never a right a law does not give, or not
yet; never a law for judges, customers or public bodies, and never Florida's; never the federal
freeze outside the three nationwide bureaus. Europe's law for those who live there, and for nobody
in the United States, whatever their nationality. Washington's act on health data is not chosen
for anybody: it reaches that data only, and no program can see from outside that a company holds
some, while to say so would tell the company. Where nothing fits, the request asks as a courtesy
and claims no right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from optout.model.broker import Broker, Channel
from optout.model.law import Binds, Law, LawId, LawKind, Protects
from optout.model.plan import LawChoice
from optout.model.words import UNSURE, Basis, Right
from optout.rules.agencies import is_nationwide_bureau, owes_yearly_copy
from optout.rules.countries import EUROPE, UNITED_STATES, jurisdiction_of
from optout.rules.coverage import BINDS_NO_BROKER, IN_FORCE_FROM, has_privacy_law
from optout.rules.states import is_state, state_name
from optout.text import Text, as_written

VOLUNTARY: Final = LawId("voluntary")

_FCRA_RIGHTS: Final = frozenset(
    {Right.FILE_DISCLOSURE, Right.DISPUTE, Right.PRESCREEN_OPT_OUT, Right.FREEZE}
)
_NATIONWIDE_ONLY: Final = frozenset({Right.FREEZE, Right.PRESCREEN_OPT_OUT})
_ANYBODY: Final = frozenset({Protects.RESIDENTS, Protects.EVERYONE})
_ORDINARY: Final = frozenset({Binds.COMPANIES, Binds.BROKERS, Binds.CREDIT_AGENCIES})


def law_for(
    state: str,
    broker: Broker,
    channel: Channel,
    right: Right,
    laws: Mapping[LawId, Law],
    *,
    on: date,
    country: str = UNITED_STATES,
) -> LawChoice:
    """Return the law to name in this channel, or `voluntary`, with the reason.

    `state` is that of residence on that day, "" outside the United States, and `country` tells
    which other one; `laws` must hold `voluntary`.
    """
    if right in _FCRA_RIGHTS:
        federal = _federal(broker, channel, right, laws, on)
        if federal:
            return federal
    if right is Right.FREEZE:
        return _freeze(state, broker, channel, laws, on)
    if Basis.STATE_PRIVACY in channel.basis and country != UNITED_STATES:
        return _abroad(country, broker, right, laws, on)
    if Basis.STATE_PRIVACY in channel.basis:
        law = comprehensive_law(state, laws, on)
        if law is None:
            law = _state_law(state, laws, on, LawKind.SALE_OPT_OUT, right)
        if law and gives(law, right, on):
            return _by_state(law, right, state, broker, on)
        return _voluntary(laws, _why_no_state_law(state, law, right, on))
    return _voluntary(laws, Text("{company} offers this itself.", company=broker.called()))


def _abroad(
    country: str, broker: Broker, right: Right, laws: Mapping[LawId, Law], on: date
) -> LawChoice:
    """Name the data law of the country the person lives in, where there is a file for it."""
    law = law_abroad(country, laws, on)
    if law is None:
        return _voluntary(
            laws, Text("You live outside the United States, and we have no file for the law there.")
        )
    if not gives(law, right, on):
        return _voluntary(laws, _not_given(law, right))
    reason = Text(
        "You live in {country}. {law} gives this right ({cite}), to the extent that it applies to"
        " {company}: whether it reaches a company elsewhere cannot be checked from outside.",
        country=EUROPE[country].name,
        law=law.name,
        cite=law.rights[right].cite,
        company=broker.called(),
    )
    return _claims(law, right, on, reason)


def law_abroad(country: str, laws: Mapping[LawId, Law], on: date) -> Law | None:
    """Return the law on personal data of a country in Europe, if one is there and in force."""
    place = jurisdiction_of(country)
    for law in laws.values():
        here = law.kind is LawKind.DATA_PROTECTION and law.jurisdiction == place
        if place and here and may_be_named(law) and is_in_force(law, on):
            return law
    return None


def comprehensive_law(state: str, laws: Mapping[LawId, Law], on: date) -> Law | None:
    """Return that state's privacy law from `laws`, if one is there, in force and binds brokers."""
    if state in BINDS_NO_BROKER:
        return None
    return _state_law(state, laws, on, LawKind.COMPREHENSIVE)


def delete_act(state: str, laws: Mapping[LawId, Law], on: date) -> Law | None:
    """Return California's Delete Act for somebody who lives there, once it is in force."""
    return _state_law(state, laws, on, LawKind.DELETE_ACT)


def is_in_force(law: Law, on: date) -> bool:
    """Say whether a law may be named on that day."""
    return (law.in_force_from or date.min) <= on <= (law.in_force_until or date.max)


def gives(law: Law, right: Right, on: date) -> bool:
    """Say whether a law gives a right on that day: some rights begin later than their law."""
    given = law.rights.get(right)
    return given is not None and (given.in_force_from or date.min) <= on and is_in_force(law, on)


def may_be_named(law: Law) -> bool:
    """Say whether anybody may name this law to an ordinary company, if it is in force there.

    Not so where it protects listed people or customers only, binds public bodies, banks or
    giants, or was struck down.
    """
    return not law.never_named and law.protects in _ANYBODY and law.binds in _ORDINARY


def _state_law(
    state: str, laws: Mapping[LawId, Law], on: date, kind: LawKind, right: Right | None = None
) -> Law | None:
    if not state:
        return None
    place = f"US-{state}"
    for law in laws.values():
        here = law.kind is kind and law.jurisdiction == place and may_be_named(law)
        if here and (is_in_force(law, on) if right is None else gives(law, right, on)):
            return law
    return None


def _federal(
    broker: Broker, channel: Channel, right: Right, laws: Mapping[LawId, Law], on: date
) -> LawChoice | None:
    """Name the FCRA only where the company is an agency under it, and is bound by this right."""
    binds = is_nationwide_bureau(broker.cra) if right in _NATIONWIDE_ONLY else bool(broker.cra)
    if not binds or Basis.FCRA not in channel.basis:
        return None
    for law in laws.values():
        if law.kind is LawKind.FCRA and may_be_named(law) and gives(law, right, on):
            reason = Text(
                "{company} is a consumer reporting agency. {law} gives this right to everyone"
                " it has a file about ({cite}).",
                company=broker.called(),
                law=law.name,
                cite=law.rights[right].cite,
            )
            return _claims(law, right, on, reason, _no_free_copy(broker, right))
    return None


def _no_free_copy(broker: Broker, right: Right) -> Text | None:
    """Return a caution where the free yearly copy and its days may not be owed."""
    if right is not Right.FILE_DISCLOSURE or owes_yearly_copy(broker.cra):
        return None
    return Text(
        "The free yearly copy, with its days to answer, is owed by nationwide agencies; others"
        " owe the file, but may charge a small fee and take longer."
    )


def _freeze(
    state: str, broker: Broker, channel: Channel, laws: Mapping[LawId, Law], on: date
) -> LawChoice:
    law = None
    if Basis.STATE_FREEZE in channel.basis:
        law = _state_law(state, laws, on, LawKind.OTHER, Right.FREEZE)
    if law:
        return _by_state(law, Right.FREEZE, state, broker, on)
    return _voluntary(
        laws,
        Text(
            "{company} offers a freeze itself. The federal right to a freeze binds only the three"
            " nationwide credit bureaus, so it is not named.",
            company=broker.called(),
        ),
    )


def _by_state(law: Law, right: Right, state: str, broker: Broker, on: date) -> LawChoice:
    reason = Text(
        "You live in {state}. {law} gives this right ({cite}), to the extent that it applies to"
        " {company}: its size cannot be checked from outside.",
        state=state_name(state),
        law=law.name,
        cite=law.rights[right].cite,
        company=broker.called(),
    )
    return _claims(law, right, on, reason)


def _claims(
    law: Law, right: Right, on: date, reason: Text, caution: Text | None = None
) -> LawChoice:
    given = law.rights[right].on(on)
    limits = Text("It covers: {scope}.", scope=as_written(given.scope)) if given.scope else None
    if limits and caution:
        limits = Text("{limits} {caution}", limits=limits, caution=caution)
    unsure = {law.confidence, given.confidence} & UNSURE
    check = Text("Not sure: {cite}. Check it before it is printed.", cite=given.cite)
    return LawChoice(
        law=law,
        reason=reason,
        claims_right=True,
        limits=limits or caution,
        to_confirm=check if unsure else None,
    )


def _why_no_state_law(state: str, law: Law | None, right: Right, on: date) -> Text:
    """Say what is missing: the right, our file for the law, or the law itself."""
    if not is_state(state):
        return Text("No state of residence in the United States is written down.")
    if law:
        return _not_given(law, right)
    name = state_name(state)
    if state in BINDS_NO_BROKER:
        return Text("The privacy law of {state} binds no ordinary data broker.", state=name)
    if has_privacy_law(state, on):
        return Text("{state} has a privacy law, but we have no file for it yet.", state=name)
    if state in IN_FORCE_FROM:
        return Text(
            "The privacy law of {state} is in force only from {since}.",
            state=name,
            since=IN_FORCE_FROM[state].isoformat(),
        )
    return Text("{state} has no law in force that gives this right.", state=name)


def _not_given(law: Law, right: Right) -> Text:
    return Text("{law} does not give the right “{right}”.", law=law.name, right=right.value)


def _voluntary(laws: Mapping[LawId, Law], why: Text) -> LawChoice:
    return LawChoice(
        law=laws[VOLUNTARY],
        reason=Text("{why} The request asks as a courtesy and claims no right.", why=why),
        claims_right=False,
    )
