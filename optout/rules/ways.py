"""The ways to ask one company for one right: which are open, and which gives away least."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from optout.model.broker import Broker, Channel, Slug
from optout.model.fields import SOURCE_OF, Field, IdentifierKind
from optout.model.law import Law, LawId
from optout.model.payload import Newness
from optout.model.plan import LawChoice, LeaveWhy, PlanField
from optout.model.subject import Subject
from optout.model.words import UNSURE, By, Right
from optout.rules.closed import Closed, closed
from optout.rules.countries import UNITED_STATES
from optout.rules.disclosure import FIELD_WORDS, Facts, Seen, why_blocked
from optout.rules.eligibility import law_for
from optout.rules.remembered import Kept, asking_kind, recall
from optout.rules.residence import country_on
from optout.rules.used_fields import fields_needed, wants_proof
from optout.text import Text, as_written

_RANK: Final = MappingProxyType({By.WEB: 0, By.EMAIL: 1, By.POST: 2, By.PORTAL: 3, By.PHONE: 4})
_BY_HAND: Final = frozenset({By.PORTAL, By.PHONE})
PLAN_FIELDS: Final = MappingProxyType(
    {
        (field, newness): PlanField(field=field, newness=newness)
        for field in Field
        for newness in Newness
    }
)

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
    unsure_too: bool = False  # also ways that rest on no sure fact


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
    wants_proof: bool = False  # the page asks the person for something that nothing here types

    def order(self) -> tuple[bool, bool, int, bool, int, int]:
        """Return a sort key: what gives away least, then what is surest and least work.

        By hand comes last: what a page or a voice asks for is not known beforehand. So does a form
        that wants proof of who somebody is, where a letter or mail needs none.
        """
        return (
            not self.preferred,
            self.by in _BY_HAND or self.wants_proof,
            self.cost,
            self.contact_to_check is not None,
            _RANK[self.by],
            len(self.fields),
        )


@dataclass(frozen=True, slots=True)
class KeptWays:
    """What was worked out about ways of asking, for one catalog and one set of laws."""

    needs: dict[Hashable, tuple[Field, ...]] = made_of(default_factory=dict)
    checks: dict[Hashable, Text | None] = made_of(default_factory=dict)
    proofs: dict[Hashable, bool] = made_of(default_factory=dict)
    laws: Kept[LawChoice] = made_of(default_factory=Kept)
    closed: Kept[Closed | None] = made_of(default_factory=Kept)


def ways_to_ask(
    asker: Asker, broker: Broker, right: Right, facts: Facts, seen: Seen
) -> tuple[list[Way], list[Closed]]:
    """Return the open ways, the one that gives away least first, and the closed ones."""
    return crossroads_of(asker, KeptWays()).ways(broker, right, facts, seen)


def crossroads_of(asker: Asker, kept: KeptWays) -> Crossroads:
    """Return where the ways of all companies open and close for this person."""
    kind = asking_kind(asker.subject, asker.on)
    return Crossroads(
        asker=asker,
        country=country_on(asker.subject, asker.on),
        kept=kept,
        laws=kept.laws.of(kind),
        closed=kept.closed.of((kind, asker.unsure_too)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossroads:
    """One person before the ways of one company after another."""

    asker: Asker
    country: str  # where the person lives on that day
    kept: KeptWays
    laws: dict[Hashable, LawChoice]
    closed: dict[Hashable, Closed | None]

    def ways(
        self, broker: Broker, right: Right, facts: Facts, seen: Seen
    ) -> tuple[list[Way], list[Closed]]:
        """Return the open ways, the one that gives away least first, and the closed ones."""
        opened: list[Way] = []
        shut: list[Closed] = []
        for number, channel in enumerate(broker.channel):
            if channel.right is not right:
                continue
            for by in channel.by:
                place = _Place(broker, channel, by, (broker.slug, number, by))
                found = self._way(place, facts, seen)
                if isinstance(found, Way):
                    opened.append(found)
                else:
                    shut.append(found)
        return sorted(opened, key=Way.order), shut

    def _way(self, place: _Place, facts: Facts, seen: Seen) -> Way | Closed:
        law = recall(self.laws, place.key[:2], lambda: self._law(place))
        shut = recall(self.closed, place.key, lambda: self._closed(place, law))
        if shut:
            return shut
        needed = self._needs(place, return_address=Field.REPLY_ADDRESS in facts.given)
        against = why_blocked(facts, needed, seen, by=place.by)
        if against:
            return Closed(by=place.by, why=LeaveWhy.WITHHELD, text=against)
        fields = tuple(
            PLAN_FIELDS[(field, seen.newness(field, facts.given[field]))] for field in needed
        )
        return Way(
            channel=place.channel,
            by=place.by,
            law=law,
            fields=fields,
            cost=_cost(fields, facts),
            preferred=place.by is self.asker.prefer,
            contact_to_check=recall(
                self.kept.checks, place.key, lambda: to_check(place.channel, place.by)
            ),
            wants_proof=recall(self.kept.proofs, place.key, lambda: wants_proof(*place[:3])),
        )

    def _law(self, place: _Place) -> LawChoice:
        asker, channel = self.asker, place.channel
        return law_for(
            asker.state,
            place.broker,
            channel,
            channel.right,
            asker.laws,
            on=asker.on,
            country=self.country,
        )

    def _closed(self, place: _Place, law: LawChoice) -> Closed | None:
        asker = self.asker
        shut = closed(asker.subject, place.broker, place.channel, place.by, asker.on, law=law.law)
        return shut or _not_sure(asker, place.broker, place.channel, place.by)

    def _needs(self, place: _Place, *, return_address: bool) -> tuple[Field, ...]:
        abroad = self.country != UNITED_STATES
        return recall(
            self.kept.needs,
            (*place.key, return_address, abroad),
            lambda: fields_needed(
                place.broker,
                place.channel,
                place.by,
                return_address=return_address,
                abroad=abroad,
            ),
        )


class _Place(NamedTuple):
    """One way of one company: the channel's number tells two of the same right apart."""

    broker: Broker
    channel: Channel
    by: By
    key: tuple[Slug, int, By]


def other_ways(best: Way, opened: Iterable[Way], shut: Iterable[Closed]) -> Iterator[Text]:
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
    for each in shut:
        yield Text("{way}: {why}", way=BY_WORDS[each.by], why=each.text)


def _told(field: Field) -> object:
    """Return what a field tells: a full name and its parts tell the same."""
    kind = SOURCE_OF.get(field)
    return kind if kind is IdentifierKind.NAME else field


def _cost(fields: Iterable[PlanField], facts: Facts) -> int:
    """Count the kinds of facts about a life that are new to them; a relay tells nothing."""
    return len(
        {
            SOURCE_OF.get(each.field, each.field)
            for each in fields
            if each.newness is Newness.NEW and not facts.given[each.field].made_for_answers
        }
    )


def _not_sure(asker: Asker, broker: Broker, channel: Channel, by: By) -> Closed | None:
    """Return why a way that rests on no sure fact is not planned unless it is asked for."""
    if asker.unsure_too or channel.confidence not in UNSURE:
        return None
    text = Text(
        "We are not sure that {company} takes this here, so it is planned only if you ask for it:"
        " optout plan --only {slug} --right {right}",
        company=broker.called(),
        slug=broker.slug,
        right=channel.right.value,
    )
    return Closed(by=by, why=LeaveWhy.ON_REQUEST, text=text)


def to_check(channel: Channel, by: By) -> Text | None:
    """Return what a person checks before an unsure way or address is used (SAFETY 5)."""
    if by is By.PHONE and channel.phone and channel.phone.confidence in UNSURE:
        return Text("This number is not sure. Look it up on the company's own page first.")
    contact = {By.EMAIL: channel.email, By.POST: channel.post}.get(by)
    if contact is not None and contact.confidence in UNSURE:
        return _said(contact.check) or Text(
            "This address is not sure. Look it up on the company's own page first."
        )
    if channel.confidence in UNSURE:
        return Text("This way is not sure. Look on the company's own page first.")
    return None


def _said(words: str) -> Text | None:
    return as_written(words) if words else None


def _listed(words: Iterable[Text]) -> Text | None:
    """Join words with commas, each once, so that each can be translated."""
    together: Text | None = None
    for each in dict.fromkeys(words):
        together = Text("{first}, {next}", first=together, next=each) if together else each
    return together
