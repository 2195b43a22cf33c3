"""What may be given to whom: the only place where a subject's facts become values of a request.

Three promises. A value comes from the subject it is asked for, and from nobody else. A fact that
its owner shares with nobody never becomes a value. With a substitute address, the real street,
city and ZIP never become one either: in no form, no letter and no link.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from optout.model.broker import Broker
from optout.model.fields import SOURCE_OF, Field, IdentifierKind
from optout.model.payload import Newness
from optout.model.plan import Blocked, BlockedWhy
from optout.model.request import Presence
from optout.model.secret import Personal, Secret
from optout.model.subject import (
    Identifier,
    PersonName,
    PostalAddress,
    ReplyKind,
    Share,
    Subject,
)
from optout.model.words import By, Holding
from optout.rules.residence import residence_on, state_on
from optout.rules.sameness import same_email, shows_name, shows_place
from optout.rules.states import is_state, state_name
from optout.text import Text

# A company that has the person has what was true for half a year; what is younger is news to it.
KNOWN_AFTER_DAYS: Final = 180

_HELD_AS: Final = MappingProxyType(
    {
        IdentifierKind.NAME: Holding.NAME,
        IdentifierKind.ADDRESS: Holding.HOME_ADDRESS,
        IdentifierKind.EMAIL: Holding.EMAIL,
        IdentifierKind.PHONE: Holding.PHONE,
        IdentifierKind.BIRTH_DATE: Holding.BIRTH_DATE,
    }
)
_ADDRESS_FIELDS: Final = (Field.STREET, Field.CITY, Field.ZIP)
_PROBABLY: Final = frozenset({Presence.EVIDENCE, Presence.LIKELY})
_NOT_THE_PERSON: Final = Text("We have no sign that {company} knows you.")
_NOT_THIS_KIND: Final = Text(
    "{company} probably knows you, but no source says that it holds this about people."
)
_NO_DATE: Final = Text(
    "{company} probably knows you, but you did not say since when this is so: it may be new to"
    " them. Add it with: optout person edit"
)
_TOO_YOUNG: Final = Text(
    "{company} probably knows you, but this became so less than half a year ago: it may be"
    " new to them."
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fact(Personal):
    """One value that could be given, with what decides whether it may."""

    value: Secret[str]
    share: Share = Share.ASK
    since: date | None = None
    held_as: Holding | None = None
    made_for_answers: bool = False  # a relay, a PO box, a substitute: says nothing about a life
    never_counts_as_known: bool = False  # seen before may mean that the real one was seen


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Facts(Personal):
    """Everything one subject could give on one day, field by field."""

    given: Mapping[Field, Fact]
    never: frozenset[Field]  # there is such a fact, and its owner shares it with nobody
    link_tells_address: bool = False


def values_for(
    subject: Subject, fields: Iterable[Field], *, on: date, listing_url: str = ""
) -> Mapping[Field, Secret[str]]:
    """Return the values of these fields; a field the subject has nothing for is absent.

    Dates are written 2026-11-02, a birthday 11-02, phones as stored (E.164), addresses of
    several lines with line breaks.
    """
    fields = tuple(fields)
    if not fields:
        return {}
    return values_in(facts_of(subject, on, listing_url=listing_url), fields)


def values_in(facts: Facts, fields: Iterable[Field]) -> Mapping[Field, Secret[str]]:
    """Return the values of these fields among known facts."""
    return {field: facts.given[field].value for field in fields if field in facts.given}


def missing(
    subject: Subject, fields: Iterable[Field], *, on: date, listing_url: str = ""
) -> tuple[Field, ...]:
    """Return the fields for which there is nothing to give."""
    facts = facts_of(subject, on, listing_url=listing_url).given
    return tuple(field for field in fields if field not in facts)


def newness_of(
    subject: Subject,
    broker: Broker,
    field: Field,
    *,
    presence: Presence,
    earlier: Collection[Field],
    on: date,
) -> Newness:
    """Say whether the company probably has this value: doubt is NEW.

    `earlier` holds the fields that a disclosure, a listing or a file shows the company to have;
    as a mapping to the day it was seen, a value that became true later is NEW.
    """
    told = newness_of_each(subject, broker, (field,), presence=presence, earlier=earlier, on=on)
    return told[field]


def newness_of_each(
    subject: Subject,
    broker: Broker,
    fields: Iterable[Field],
    *,
    presence: Presence,
    earlier: Collection[Field],
    on: date,
) -> Mapping[Field, Newness]:
    """Say the same of several values at once."""
    seen = Seen(broker=broker, presence=presence, earlier=earlier, on=on)
    return newness_in(facts_of(subject, on), fields, seen)


def newness_in(facts: Facts, fields: Iterable[Field], seen: Seen) -> Mapping[Field, Newness]:
    """Say the same of several values among known facts."""
    return {field: _newness(field, facts.given.get(field), seen) for field in fields}


def _newness(field: Field, fact: Fact | None, seen: Seen) -> Newness:
    if field is Field.LISTING_URL:
        return Newness.KNOWN  # it is their own page
    return Newness.NEW if fact is None else seen.newness(field, fact)


def check_may_give(
    subject: Subject,
    broker: Broker,
    fields: Iterable[Field],
    *,
    presence: Presence,
    earlier: Collection[Field],
    on: date,
    by: By = By.WEB,
    listing_url: str = "",
) -> tuple[Blocked, ...]:
    """Return what stands against giving these fields to this company; nothing, if all may go.

    A field for which there is nothing to give is among them: it is reported, never invented.
    """
    facts = facts_of(subject, on, listing_url=listing_url)
    seen = Seen(broker=broker, presence=presence, earlier=earlier, on=on)
    return blocked(facts, fields, seen, by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one company has seen of one subject, as far as anyone can say."""

    broker: Broker
    presence: Presence
    earlier: Collection[Field]
    on: date

    def newness(self, field: Field, fact: Fact) -> Newness:
        """Return whether the company probably has this value."""
        return Newness.KNOWN if self.why_new(field, fact) is None else Newness.NEW

    def why_new(self, field: Field, fact: Fact) -> Text | None:
        """Return why the company may not have this value, or None where it probably has it.

        One rule for every screen: that a company knows a person does not mean that it knows
        each thing about them, and the sentence says which of the two is in doubt.
        """
        if field is Field.LISTING_URL or self._shown(field, fact):
            return None
        if self.presence not in _PROBABLY:
            return _NOT_THE_PERSON
        if fact.held_as not in self.broker.holds:
            return _NOT_THIS_KIND
        if fact.since is None:
            return _NO_DATE
        if (self.on - fact.since).days < KNOWN_AFTER_DAYS:
            return _TOO_YOUNG
        return None

    def _shown(self, field: Field, fact: Fact) -> bool:
        if field not in self.earlier or fact.never_counts_as_known:
            return False
        if isinstance(self.earlier, Mapping):
            return fact.since is None or fact.since <= self.earlier[field]
        return True


def blocked(facts: Facts, fields: Iterable[Field], seen: Seen, *, by: By) -> tuple[Blocked, ...]:
    """Return the fields that may not be given, those of one fact and one reason together."""
    found: dict[tuple[Text, BlockedWhy, Text | None], list[Field]] = {}
    for field in fields:
        reason = _why_blocked(field, facts, seen)
        if reason:
            is_new = reason is BlockedWhy.NOT_KNOWN
            why_new = seen.why_new(field, facts.given[field]) if is_new else None
            found.setdefault((FIELD_WORDS[field], reason, why_new), []).append(field)
    link = facts.link_tells_address
    return tuple(
        Blocked(
            fields=tuple(together),
            reason=reason,
            why=_sentence(words, reason, by, link=link)
            if why_new is None
            else _only_if_known(words, by, seen.broker, why_new, _kind_of(together[0])),
        )
        for (words, reason, why_new), together in found.items()
    )


def why_blocked(facts: Facts, fields: Iterable[Field], seen: Seen, *, by: By) -> Text | None:
    """Return the first reason of `blocked` alone, or None: a plan tells one reason a way."""
    for field in fields:
        reason = _why_blocked(field, facts, seen)
        if reason is None:
            continue
        words = FIELD_WORDS[field]
        if reason is BlockedWhy.NOT_KNOWN:
            why_new = seen.why_new(field, facts.given[field])
            if why_new:
                return _only_if_known(words, by, seen.broker, why_new, _kind_of(field))
        return _sentence(words, reason, by, link=facts.link_tells_address)
    return None


def facts_of(subject: Subject, on: date, *, listing_url: str = "") -> Facts:
    """Return everything this subject could give on that day."""
    given: dict[Field, Fact] = {}
    for facts in (
        _own(subject, on),
        _residence(subject, on),
        _answers(subject, on),
        _substitute(subject),
    ):
        given.update(facts)
    tells = bool(listing_url) and has_substitute(subject) and _tells_address(listing_url, subject)
    if listing_url and not tells:
        given[Field.LISTING_URL] = Fact(value=Secret(listing_url))
    if has_substitute(subject) and _substitute_address(subject) is None:
        for field in (*_ADDRESS_FIELDS, Field.REPLY_ADDRESS):
            given.pop(field, None)
    return Facts(
        given=given,
        never=frozenset(_never(subject, on)) - given.keys(),
        link_tells_address=tells,
    )


def has_substitute(subject: Subject) -> bool:
    """Say whether an address-confidentiality program's address stands for the real one."""
    return any(reply.kind is ReplyKind.SUBSTITUTE for reply in subject.reply_to)


FIELD_WORDS: Final = MappingProxyType(
    {
        Field.FULL_NAME: Text("your name"),
        Field.FIRST_NAME: Text("your first name"),
        Field.MIDDLE_NAME: Text("your middle name"),
        Field.LAST_NAME: Text("your last name"),
        Field.STREET: Text("your home address"),
        Field.CITY: Text("your home address"),
        Field.STATE: Text("your state"),
        Field.STATE_NAME: Text("your state"),
        Field.ZIP: Text("your home address"),
        Field.EMAIL: Text("your e-mail address"),
        Field.PHONE: Text("your phone number"),
        Field.BIRTH_DATE: Text("your birth date"),
        Field.BIRTH_DAY: Text("your birthday"),
        Field.AGE: Text("your age"),
        Field.REPLY_ADDRESS: Text("a postal address for answers"),
        Field.LISTING_URL: Text("the link to your record"),
    }
)


def _own(subject: Subject, on: date) -> Iterator[tuple[Field, Fact]]:
    """Yield the subject's identifiers, the newest valid one of each kind."""
    for kind, held_as in _HELD_AS.items():
        identifier = _to_share(subject, kind, on)
        if identifier is None:
            continue
        for field, value in _spell(identifier, on).items():
            if value:
                yield (
                    field,
                    Fact(
                        value=Secret(value),
                        share=identifier.share,
                        since=_true_since(identifier),
                        held_as=held_as,
                    ),
                )


def _spell(identifier: Identifier, on: date) -> dict[Field, str]:
    """Return how a fact is written, field by field."""
    value = identifier.value
    if isinstance(value, PersonName):
        return {
            Field.FULL_NAME: value.full(),
            Field.FIRST_NAME: value.given,
            Field.MIDDLE_NAME: value.middle,
            Field.LAST_NAME: value.family,
        }
    if isinstance(value, PostalAddress):
        return _spell_address(value)
    revealed = value.reveal()
    if isinstance(revealed, date):
        return {
            Field.BIRTH_DATE: revealed.isoformat(),
            Field.BIRTH_DAY: f"{revealed:%m-%d}",
            Field.AGE: str(age_on(revealed, on)),
        }
    only = Field.EMAIL if identifier.kind is IdentifierKind.EMAIL else Field.PHONE
    return {only: revealed}


def age_on(born: date, on: date) -> int:
    """Return an age in whole years on one day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _spell_address(address: PostalAddress) -> dict[Field, str]:
    street = f"{address.street}, {address.unit}" if address.unit else address.street
    return {Field.STREET: street, Field.CITY: address.city, Field.ZIP: address.zip}


def _true_since(identifier: Identifier) -> date | None:
    """Return since when a fact is true; a birth date is true from that day.

    A name that nobody dated was always so: people date a name only when they change it.
    """
    if identifier.kind is IdentifierKind.NAME:
        return identifier.valid_from or date.min
    if identifier.kind is IdentifierKind.BIRTH_DATE and isinstance(identifier.value, Secret):
        born = identifier.value.reveal()
        return born if isinstance(born, date) else None
    return identifier.valid_from


def _to_share(subject: Subject, kind: IdentifierKind, on: date) -> Identifier | None:
    """Return the newest valid fact of a kind that its owner shares at all."""
    valid = [each for each in _valid(subject, kind, on) if each.share is not Share.NEVER]
    return max(valid, key=lambda each: each.valid_from or date.min, default=None)


def _valid(subject: Subject, kind: IdentifierKind, on: date) -> list[Identifier]:
    return [
        each
        for each in subject.identifiers
        if each.kind is kind and (each.valid_from or date.min) <= on <= (each.valid_to or date.max)
    ]


def _never(subject: Subject, on: date) -> Iterator[Field]:
    """Yield the fields for which there is a fact that goes to nobody."""
    kinds = {
        kind
        for kind in _HELD_AS
        if any(each.share is Share.NEVER for each in _valid(subject, kind, on))
    }
    yield from (field for field, kind in SOURCE_OF.items() if kind in kinds)


def _residence(subject: Subject, on: date) -> Iterator[tuple[Field, Fact]]:
    """Yield the state of residence: it decides the law, and most forms ask for it."""
    home = residence_on(subject, on)
    state = state_on(subject, on)
    if home is None or not is_state(state):
        return
    # Whoever has known an address there for years has known the state for as long.
    there = [
        each.valid_from
        for each in _valid(subject, IdentifierKind.ADDRESS, on)
        if isinstance(each.value, PostalAddress) and each.value.state == state and each.valid_from
    ]
    since = min([*there, *([home.since] if home.since else [])], default=None)
    for field, value in ((Field.STATE, state), (Field.STATE_NAME, state_name(state))):
        yield field, Fact(value=Secret(value), since=since, held_as=Holding.HOME_ADDRESS)


def _answers(subject: Subject, on: date) -> Iterator[tuple[Field, Fact]]:
    """Yield where answers go: before one's own e-mail, and never the home address unasked."""
    for reply in reversed(subject.reply_to):  # the first one is written last, and stays
        made = reply.kind is not ReplyKind.OWN
        if reply.email:
            yield from _answer(subject, Field.EMAIL, reply.email, reply.email, made=made, on=on)
        if reply.address:
            lines = Secret("\n".join(reply.address.lines()))
            yield from _answer(subject, Field.REPLY_ADDRESS, lines, reply.address, made=made, on=on)


def _answer(
    subject: Subject,
    field: Field,
    value: Secret[str],
    same_as: Secret[str] | PostalAddress,
    *,
    made: bool,
    on: date,
) -> Iterator[tuple[Field, Fact]]:
    """Yield a place for answers; if it is a fact of the subject's own, its rules hold."""
    own = [each for each in subject.identifiers if _shows(same_as, each)]
    if any(each.share is Share.NEVER for each in own):
        return
    own = [each for each in own if not isinstance(each.value, PersonName)]
    if not own:
        yield field, Fact(value=value, made_for_answers=made)
        return
    valid = max(own, key=lambda each: each.valid_from or date.min)
    yield (
        field,
        Fact(
            value=value,
            share=valid.share,
            since=_true_since(valid) if valid in _valid(subject, valid.kind, on) else None,
            held_as=_HELD_AS.get(valid.kind),
        ),
    )


def _shows(reply: Secret[str] | PostalAddress, own: Identifier) -> bool:
    """Say whether a place for answers tells this fact, however either is spelled."""
    value = own.value
    if isinstance(reply, Secret):
        if own.kind is not IdentifierKind.EMAIL or not isinstance(value, Secret):
            return False
        return same_email(reply.reveal(), str(value.reveal()))
    if isinstance(value, PostalAddress):
        return shows_place(reply, value)
    return isinstance(value, PersonName) and shows_name(reply, value)


def _substitute(subject: Subject) -> Iterator[tuple[Field, Fact]]:
    """Yield a substitute address, in the place of every other one."""
    address = _substitute_address(subject)
    if address is None:
        return
    lines = "\n".join(address.lines())
    for field, value in (*_spell_address(address).items(), (Field.REPLY_ADDRESS, lines)):
        if value:
            yield (
                field,
                Fact(value=Secret(value), made_for_answers=True, never_counts_as_known=True),
            )


def _substitute_address(subject: Subject) -> PostalAddress | None:
    for reply in subject.reply_to:
        if reply.kind is ReplyKind.SUBSTITUTE and reply.address:
            return reply.address
    return None


def _tells_address(url: str, subject: Subject) -> bool:
    """Say whether a link spells any of the subject's real addresses. Doubt is yes."""
    link = _letters(unquote(url))
    shown = _substitute_address(subject)
    allowed = {_letters(part) for part in _spell_address(shown).values()} if shown else set()
    return any(part in link for part in _address_parts(subject) - allowed - {""})


def _address_parts(subject: Subject) -> set[str]:
    """Return the real streets, cities and ZIPs, as they would look inside a link."""
    parts: set[str] = set()
    for each in subject.identifiers:
        if isinstance(each.value, PostalAddress):
            street = each.value.street.split()
            parts |= {
                _letters("".join(street[:2])),  # "100 Example": links shorten what follows
                _letters(each.value.city),
                _letters(each.value.zip[:5]),
            }
    return parts


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _why_blocked(field: Field, facts: Facts, seen: Seen) -> BlockedWhy | None:
    fact = facts.given.get(field)
    if fact is None:
        return BlockedWhy.NEVER if field in facts.never else BlockedWhy.MISSING
    if fact.share is Share.KNOWN and seen.newness(field, fact) is Newness.NEW:
        return BlockedWhy.NOT_KNOWN
    return None


def _only_if_known(
    words: Text, by: By, broker: Broker, why_new: Text, kind: IdentifierKind
) -> Text:
    told = Text(
        "{needed} You said it may go only to companies that already have it. {why}",
        needed=_needed(words, by),
        why=Text(why_new.template, company=broker.called()),
    )
    if why_new == _NOT_THE_PERSON:
        return told  # nobody is shown how to give more to a stranger
    return Text(
        "{told} To decide each time instead: optout person edit --share {kind}=ask",
        told=told,
        kind=kind,
    )


def _kind_of(field: Field) -> IdentifierKind:
    """Return whose share decides about a field: paper goes to an address."""
    return SOURCE_OF.get(field, IdentifierKind.ADDRESS)


def _needed(words: Text, by: By) -> Text:
    return Text(_NEEDS.get(by, _NEEDS[By.PORTAL]).template, what=words)


def _sentence(words: Text, reason: BlockedWhy, by: By, *, link: bool) -> Text:
    needed = _needed(words, by)
    if reason is BlockedWhy.NEVER:
        return Text("{needed} You said that it may go to nobody.", needed=needed)
    if link and words == FIELD_WORDS[Field.LISTING_URL]:
        return Text(
            "{needed} That link shows a real address, so we do not pass it on.", needed=needed
        )
    return Text("{needed} There is none written down.", needed=needed)


_NEEDS: Final = MappingProxyType(
    {
        By.WEB: Text("This form needs {what}."),
        By.EMAIL: Text("This mail needs {what}."),
        By.POST: Text("This letter needs {what}."),
        By.PHONE: Text("They will ask on the phone for {what}."),
        By.PORTAL: Text("This page asks for {what}."),
    }
)
