"""Why a way of asking is closed to this person, or to whoever asks for them.

One list of reasons, so that filing never checks less than planning did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from optout.model.broker import Broker, Channel
from optout.model.law import Law, LawKind
from optout.model.plan import LeaveWhy
from optout.model.subject import Acting, Subject
from optout.model.words import By, Eligible, Grade, WhoMayAsk
from optout.rules import minors
from optout.rules.agents import may_file, said_no
from optout.rules.countries import UNITED_STATES
from optout.rules.coverage import BINDS_NO_BROKER, has_privacy_law
from optout.rules.residence import country_on, state_on
from optout.rules.states import is_state, state_name
from optout.text import Text, as_written

_FOR_OTHERS: Final = frozenset({Acting.AGENT, Acting.LAWYER})
_LETTERS: Final = frozenset({By.EMAIL, By.POST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One way that is not open, and why."""

    by: By
    why: LeaveWhy
    text: Text


def closed_for(
    subject: Subject,
    broker: Broker,
    channel: Channel,
    by: By,
    on: date,
    *,
    law: Law | None = None,
) -> Text | None:
    """Return the first reason why this asker cannot ask this way on that day, or None.

    `law` is the law the request names: it decides what an agent may ask.
    """
    found = closed(subject, broker, channel, by, on, law=law)
    return found.text if found else None


def closed(
    subject: Subject,
    broker: Broker,
    channel: Channel,
    by: By,
    on: date,
    *,
    law: Law | None = None,
) -> Closed | None:
    """Return the same with the kind of the reason."""
    asker = _Asker(subject=subject, broker=broker, channel=channel, by=by, on=on)
    for why, text in _reasons(asker, law):
        if text:
            return Closed(by=by, why=why, text=text)
    return None


def may_write_for(acting: Acting, *, is_minor: bool = False) -> Text | None:
    """Return why no letter or mail is written for this person by whoever acts, or None.

    A letter says "I write for myself". Of an agent, a lawyer or a parent that is not true. Only
    the letter that asks says something else, of an agent (`closed`).
    """
    if is_minor:
        return Text(
            "Our letters say “I write for myself”. A parent's would have to say something else,"
            " and there is none yet: a parent can write one of their own."
        )
    if acting in _FOR_OTHERS:
        return Text(
            "Our letters say “I write for myself”. Somebody who asks for another person cannot"
            " say that. The person can ask in their own name, with your help."
        )
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """One person before one way of asking."""

    subject: Subject
    broker: Broker
    channel: Channel
    by: By
    on: date

    @property
    def is_minor(self) -> bool:
        return minors.is_minor(self.subject, self.on)


def _reasons(asker: _Asker, law: Law | None) -> Iterator[tuple[LeaveWhy, Text | None]]:
    yield LeaveWhy.NO_ROUTE, _no_route(asker)
    yield LeaveWhy.NOT_OFFERED, _serves_others(asker)
    yield LeaveWhy.AGENT, _not_by_another(asker)
    yield LeaveWhy.NOT_OFFERED, _too_young(asker)
    if asker.by in _LETTERS:
        yield LeaveWhy.AGENT, _no_letter(asker)
    yield LeaveWhy.AGENT, _not_by_agent_under(law, asker)


def _no_route(asker: _Asker) -> Text | None:
    broker, channel, by = asker.broker, asker.channel, asker.by
    if by is By.NONE:
        if channel.instead:
            return as_written(channel.instead)
        return Text("No way to ask is known.")
    if by is By.WEB and broker.grade is Grade.SUSPENDED:
        return Text("Their form changed and is being mended here.")
    there = {
        By.WEB: channel.flow in broker.flow,
        By.EMAIL: channel.email is not None and bool(channel.email.email),
        By.POST: channel.post is not None and bool(channel.post.lines),
        By.PHONE: channel.phone is not None,
    }
    return None if there.get(by, True) else Text("No address for this way is known.")


def _serves_others(asker: _Asker) -> Text | None:
    channel, state = asker.channel, state_on(asker.subject, asker.on)
    if channel.eligible is Eligible.PROTECTED_GROUPS:
        return Text(
            "{company} takes this only from some groups ({groups}). If one of these is true of"
            " you, you can ask them yourself: optout broker show {slug}. This program says nothing"
            " about you that you did not say.",
            company=asker.broker.called(),
            groups=as_written(channel.eligibility),
            slug=asker.broker.slug,
        )
    from_here = channel.states or channel.eligible is Eligible.PRIVACY_LAW_STATES
    if from_here and country_on(asker.subject, asker.on) != UNITED_STATES:
        return Text(
            "{company} takes this from residents of the United States only.",
            company=asker.broker.called(),
        )
    if channel.states and state not in channel.states:
        return Text("Known to serve only these states: {states}.", states=", ".join(channel.states))
    if channel.eligible is Eligible.PRIVACY_LAW_STATES and not has_privacy_law(state, asker.on):
        return _only_states_with_a_law(state)
    return None


def _only_states_with_a_law(state: str) -> Text:
    if not is_state(state):
        return Text(
            "It serves only states with a privacy law, and no state of yours is written down."
        )
    if state in BINDS_NO_BROKER:
        return Text(
            "It serves only states with a privacy law. The law of {state} binds a few very large"
            " companies, and no ordinary data broker.",
            state=state_name(state),
        )
    return Text(
        "It serves only states with a privacy law, and {state} has none in force.",
        state=state_name(state),
    )


def _not_by_another(asker: _Asker) -> Text | None:
    channel, company = asker.channel, asker.broker.called()
    if asker.subject.acting not in _FOR_OTHERS:
        if WhoMayAsk.SELF in channel.who_may_ask or asker.is_minor:
            return None
        return Text("{company} does not take this from the person.", company=company)
    if said_no(asker.broker) or any(each.about == "agents" for each in channel.conflict):
        return Text(
            "{company} may not take requests made for somebody else; this is refused until it is"
            " checked. The person can ask in their own name.",
            company=company,
        )
    if WhoMayAsk.AGENT not in channel.who_may_ask:
        return Text("{company} takes this only from the person.", company=company)
    return None


def _no_letter(asker: _Asker) -> Text | None:
    """Return why no letter or mail is written: an agent's says so, and what it must not say."""
    if asker.subject.acting is not Acting.AGENT or asker.is_minor:
        return may_write_for(asker.subject.acting, is_minor=asker.is_minor)
    if asker.by is not By.POST:
        return Text("An agent asks by post here, with a copy of what the client signed.")
    if asker.channel.attests or asker.channel.blank_ssn_line:
        return Text("Only the client may say or write what this letter asks for.")
    return None


def _too_young(asker: _Asker) -> Text | None:
    if minors.may_be_asked(asker.subject, asker.by, asker.channel.who_may_ask, asker.on):
        return None
    return Text("For somebody under 18 only a parent may ask, and only by post.")


def _not_by_agent_under(law: Law | None, asker: _Asker) -> Text | None:
    """Return why an agent cannot: the law lets agents file less. A lawyer acts as the client."""
    if law is None or law.kind is LawKind.VOLUNTARY or asker.subject.acting is not Acting.AGENT:
        return None
    if may_file(law, asker.channel.right, asker.on):
        return None
    return Text("Under {law} the person must ask for this themselves.", law=law.name)
