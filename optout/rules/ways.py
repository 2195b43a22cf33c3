"""The ways to ask one company for one right: which are open, and which gives away least."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from optout.model.broker import Broker, Channel
from optout.model.fields import SOURCE_OF, Field, IdentifierKind
from optout.model.law import Law, LawId
from optout.model.payload import Newness
from optout.model.plan import LawChoice, LeaveWhy, PlanField
from optout.model.subject import Acting, Subject
from optout.model.words import By, Confidence, Eligible, Grade, Right, WhoMayAsk
from optout.rules import minors
from optout.rules.disclosure import FIELD_WORDS, Facts, Seen, blocked
from optout.rules.eligibility import comprehensive_law, law_for
from optout.rules.states import is_state, state_name
from optout.rules.used_fields import fields_needed
from optout.text import Text

_UNSURE: Final = frozenset({Confidence.CONFLICTING, Confidence.UNVERIFIED})
_RANK: Final = MappingProxyType({By.WEB: 0, By.EMAIL: 1, By.POST: 2, By.PORTAL: 3, By.PHONE: 4})
_BY_HAND: Final = frozenset({By.PORTAL, By.PHONE})
_FOR_OTHERS: Final = frozenset({Acting.AGENT, Acting.LAWYER})
# Said in 2019/20 that third parties may not opt out for others (SAFETY 6): refused until checked.
_NO_AGENTS: Final = ("lexisnexis", "relx")

BY_WORDS: Final = MappingProxyType(
    {
        By.WEB: Text("By web form"),
        By.EMAIL: Text("By e-mail"),
        By.POST: Text("By post"),
        By.PHONE: Text("By phone"),
        By.PORTAL: Text("On their page, by hand"),
        By.NONE: Text("Another way"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """One person on one day, with everything the choice of a way hangs on."""

    subject: Subject
    on: date
    state: str
    laws: Mapping[LawId, Law]
    prefer: By | None = None  # a way the person would rather take, where it is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One open way, and what it would give away."""

    channel: Channel
    by: By
    law: LawChoice
    fields: tuple[PlanField, ...]
    cost: int  # kinds of facts about this person that the company would learn
    preferred: bool = False
    contact_to_check: Text | None = None

    def order(self) -> tuple[bool, bool, int, bool, int, int]:
        """Return a sort key: what gives away least, then what is surest and least work.

        By hand comes last: what a page or a voice asks for is not known beforehand.
        """
        return (
            not self.preferred,
            self.by in _BY_HAND,
            self.cost,
            self.contact_to_check is not None,
            _RANK[self.by],
            len(self.fields),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One way that is not open, and why."""

    by: By
    why: LeaveWhy
    text: Text


def ways_to_ask(
    asker: Asker, broker: Broker, right: Right, facts: Facts, seen: Seen
) -> tuple[list[Way], list[Closed]]:
    """Return the open ways, the one that gives away least first, and the closed ones."""
    opened: list[Way] = []
    closed: list[Closed] = []
    for channel in broker.channel:
        if channel.right is not right:
            continue
        for by in channel.by:
            found = _way(asker, broker, channel, by, facts=facts, seen=seen)
            if isinstance(found, Way):
                opened.append(found)
            else:
                closed.append(found)
    return sorted(opened, key=Way.order), closed


def other_ways(best: Way, opened: Iterable[Way], closed: Iterable[Closed]) -> Iterator[Text]:
    """Yield each way not taken, with what it would give away or why it is closed."""
    has = {_told(each.field) for each in best.fields}
    for way in opened:
        if way is best:
            continue
        more = [each.field for each in way.fields if _told(each.field) not in has]
        words = _listed(FIELD_WORDS[field] for field in more)
        if words is None:
            yield Text("{way}: it would tell them nothing more.", way=BY_WORDS[way.by])
        else:
            yield Text("{way}: it would also tell them {what}.", way=BY_WORDS[way.by], what=words)
    for each in closed:
        yield Text("{way}: {why}", way=BY_WORDS[each.by], why=each.text)


def _told(field: Field) -> object:
    """Return what a field tells: a full name and its parts tell the same."""
    kind = SOURCE_OF.get(field)
    return kind if kind is IdentifierKind.NAME else field


def _way(
    asker: Asker, broker: Broker, channel: Channel, by: By, *, facts: Facts, seen: Seen
) -> Way | Closed:
    shut = _shut(asker, broker, channel, by)
    if shut:
        return shut
    law = law_for(asker.state, broker, channel, channel.right, asker.laws, on=asker.on)
    shut = _shut_to_agent(asker, channel, by, law)
    if shut:
        return shut
    needed = fields_needed(broker, channel, by, return_address=Field.REPLY_ADDRESS in facts.given)
    against = blocked(facts, needed, seen, by=by)
    if against:
        return Closed(by=by, why=LeaveWhy.WITHHELD, text=against[0].why)
    fields = tuple(
        PlanField(field=field, newness=seen.newness(field, facts.given[field])) for field in needed
    )
    return Way(
        channel=channel,
        by=by,
        law=law,
        fields=fields,
        cost=_cost(fields, facts),
        preferred=by is asker.prefer,
        contact_to_check=_to_check(channel, by),
    )


def _cost(fields: Iterable[PlanField], facts: Facts) -> int:
    """Count the kinds of facts about a life that are new to them; a relay tells nothing."""
    return len(
        {
            SOURCE_OF.get(each.field, each.field)
            for each in fields
            if each.newness is Newness.NEW and not facts.given[each.field].made_for_answers
        }
    )


def _shut(asker: Asker, broker: Broker, channel: Channel, by: By) -> Closed | None:
    """Return why nobody, or not this person, can use this way."""
    for why, text in (
        (LeaveWhy.NO_ROUTE, _no_route(broker, channel, by)),
        (LeaveWhy.NOT_OFFERED, _serves_others(asker, broker, channel)),
        (LeaveWhy.AGENT, _not_by_another(asker, broker, channel)),
        (LeaveWhy.NOT_OFFERED, _too_young(asker, channel, by)),
    ):
        if text:
            return Closed(by=by, why=why, text=text)
    return None


def _no_route(broker: Broker, channel: Channel, by: By) -> Text | None:
    if by is By.NONE:
        return _said(channel.instead) or Text("No way to ask is known.")
    if by is By.WEB and broker.grade is Grade.SUSPENDED:
        return Text("Their form changed and is being mended here.")
    there = {
        By.WEB: channel.flow in broker.flow,
        By.EMAIL: channel.email is not None and bool(channel.email.email),
        By.POST: channel.post is not None and bool(channel.post.lines),
        By.PHONE: channel.phone is not None,
    }
    return None if there.get(by, True) else Text("No address for this way is known.")


def _serves_others(asker: Asker, broker: Broker, channel: Channel) -> Text | None:
    if channel.eligible is Eligible.PROTECTED_GROUPS:
        return Text(
            "{company} takes this only from some groups ({groups}). We never state what is not"
            " true of you.",
            company=broker.called(),
            groups=channel.eligibility,
        )
    if channel.states and asker.state not in channel.states:
        return Text("Known to serve only these states: {states}.", states=", ".join(channel.states))
    if channel.eligible is not Eligible.PRIVACY_LAW_STATES or _has_law(asker):
        return None
    if is_state(asker.state):
        return Text(
            "It serves only states with a privacy law, and {state} has none in force.",
            state=state_name(asker.state),
        )
    return Text("It serves only states with a privacy law, and no state of yours is written down.")


def _has_law(asker: Asker) -> bool:
    return comprehensive_law(asker.state, asker.laws, asker.on) is not None


def _not_by_another(asker: Asker, broker: Broker, channel: Channel) -> Text | None:
    if asker.subject.acting not in _FOR_OTHERS:
        return _not_by_oneself(asker, broker, channel)
    doubted = broker.slug.startswith(_NO_AGENTS) or any(
        conflict.about == "agents" for conflict in channel.conflict
    )
    if doubted:
        return Text(
            "{company} may not take requests made for somebody else; this is refused until it is"
            " checked. The person can ask in their own name.",
            company=broker.called(),
        )
    if WhoMayAsk.AGENT not in channel.who_may_ask:
        return Text("{company} takes this only from the person.", company=broker.called())
    return None


def _not_by_oneself(asker: Asker, broker: Broker, channel: Channel) -> Text | None:
    if WhoMayAsk.SELF in channel.who_may_ask or minors.is_minor(asker.subject, asker.on):
        return None
    return Text("{company} does not take this from the person.", company=broker.called())


def _shut_to_agent(asker: Asker, channel: Channel, by: By, law: LawChoice) -> Closed | None:
    """Return why an agent cannot: the law lets agents file less. A lawyer acts as the client."""
    if asker.subject.acting is not Acting.AGENT or not law.claims_right:
        return None
    if channel.right in law.law.agent_rights:
        return None
    text = Text("Under {law} the person must ask for this themselves.", law=law.law.name)
    return Closed(by=by, why=LeaveWhy.AGENT, text=text)


def _too_young(asker: Asker, channel: Channel, by: By) -> Text | None:
    if minors.may_be_asked(asker.subject, by, channel.who_may_ask, asker.on):
        return None
    return Text("For somebody under 18 only a parent may ask, and only by post.")


def _to_check(channel: Channel, by: By) -> Text | None:
    """Return what to check before an unsure address is printed or written to (SAFETY 5)."""
    if by is By.PHONE and channel.phone and channel.phone.confidence in _UNSURE:
        return Text("This number is not sure. Look it up on the company's own page first.")
    contact = {By.EMAIL: channel.email, By.POST: channel.post}.get(by)
    if contact is None or contact.confidence not in _UNSURE:
        return None
    return _said(contact.check) or Text(
        "This address is not sure. Look it up on the company's own page first."
    )


def _said(words: str) -> Text | None:
    """Return words of a definition as a sentence; they may hold braces."""
    return Text("{words}", words=words) if words else None


def _listed(words: Iterable[Text]) -> Text | None:
    """Join words with commas, each once, so that each can be translated."""
    together: Text | None = None
    for each in dict.fromkeys(words):
        together = Text("{first}, {next}", first=together, next=each) if together else each
    return together
