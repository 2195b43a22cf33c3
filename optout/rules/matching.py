"""Is this listing the person? `same`, `unsure` or `other`, with the reasons.

A name alone is never `same`: it takes two kinds of fact beside a full name, and more beside a name
that only may be theirs. An age that is two or more years off is another person; an age that nobody
tells never is. What differs without contradicting (people move, and change phones) leaves it open.
`unsure` always goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum, auto
from typing import Final

from optout.model.listing import Verdict
from optout.model.match import Known, Match, Reason, Shown, Side
from optout.rules.match_facts import (
    FAR_APART,
    Place,
    age_beside,
    birth_years_apart,
    email_key,
    is_among,
    names_of,
    phone_key,
    read_place,
    shared_places,
    tells_somebody,
    years_apart,
)
from optout.rules.name_words import Name, read_name, written_names
from optout.rules.same_name import OTHER, Grade, Likeness, compare_names
from optout.text import Text

MOST: Final = 40  # of each kind of fact; pages that list more are not read further


class Fact(StrEnum):
    """A kind of fact that can agree."""

    AGE = auto()
    PLACE = auto()
    CITY = auto()  # a place whose state is not told
    MORE_PLACES = auto()
    HOUSE = auto()
    PHONE = auto()
    EMAIL = auto()
    RELATIVE = auto()


OF_ONE_PERSON: Final = frozenset({Fact.PHONE, Fact.EMAIL, Fact.RELATIVE, Fact.HOUSE})
PERSONAL: Final = OF_ONE_PERSON | {Fact.MORE_PLACES}
"""The others, an age and a city, are shared by many strangers of one name."""
PLACES: Final = frozenset({Fact.PLACE, Fact.CITY, Fact.MORE_PLACES})
TWO: Final = 2
_NONE: Final[frozenset[str]] = frozenset()

_NO_NAME: Final = Reason(Side.UNCLEAR, Text("There is no name to compare."))
_FORMER: Final = Reason(Side.AGREES, Text("It is another or a former name of this person."))
_UNREAD: Final = Reason(
    Side.UNCLEAR, Text("The names are written in different scripts, so they cannot be compared.")
)
_AGE: Final = Reason(Side.AGREES, Text("The age agrees."))
_NO_AGE: Final = Reason(Side.UNCLEAR, Text("There is no age to compare."))
_YEAR_OFF: Final = Reason(Side.UNCLEAR, Text("The years of birth are one year apart."))
_BESIDE_ANOTHER: Final = Reason(
    Side.UNCLEAR, Text("The listing has another name first, and this one beside it.")
)
_GENERATION: Final = Reason(
    Side.CONTRADICTS, Text("One is Sr, Jr or III, and the other is of another generation.")
)
_MAYBE_FATHER: Final = Reason(
    Side.UNCLEAR, Text("Only one name says Sr, Jr or III: it may be a father and a son.")
)
_NAMESAKE: Final = Reason(Side.UNCLEAR, Text("Somebody in the family has the same name."))
_STRANGER: Final = Reason(
    Side.UNCLEAR, Text("A stranger of the same name and age can live in the same place.")
)
_LOOK: Final = Reason(
    Side.UNCLEAR, Text("But the age and more agree, and names change: look at it yourself.")
)
_AGREES: Final = {
    fact: Reason(Side.AGREES, says)
    for fact, says in {
        Fact.CITY: Text("A city of that name is on both sides, without its state."),
        Fact.PHONE: Text("A phone number is the same."),
        Fact.EMAIL: Text("An e-mail address is the same."),
        Fact.RELATIVE: Text("A relative is the same."),
    }.items()
}
_DIFFERS: Final = {
    fact: Reason(Side.UNCLEAR, says)
    for fact, says in {
        Fact.CITY: Text("No place is the same: people move."),
        Fact.PHONE: Text("No phone number is the same: people change them."),
        Fact.EMAIL: Text("No e-mail address is the same."),
        Fact.RELATIVE: Text("No relative is the same."),
    }.items()
}
_ALONE: Final = Reason(Side.UNCLEAR, Text("A name alone does not tell who it is."))
_MORE_NEEDED: Final = Reason(Side.UNCLEAR, Text("That is not enough to be sure."))


@dataclass(slots=True, repr=False, eq=False)  # frozen, it takes three times as long to make
class Sought:
    """The person, read once and compared with many listings."""

    names: tuple[Name, ...]
    own: frozenset[str]  # the words of other and former names
    born: date | int | None
    places: tuple[Place, ...]
    phones: frozenset[str]
    emails: frozenset[str]
    relatives: tuple[Name, ...]
    suffix: int  # the generation, of whichever name tells it


def read_known(known: Known) -> Sought:
    """Read what is known of a person once, for `judge_read`."""
    name = read_name(known.name)
    aliases = [_whole(name, other) for other in names_of(known.aliases[:MOST])]
    names = tuple([each for each in (name, *aliases) if each.words])
    return Sought(
        names=names,
        own=frozenset([text for each in aliases for text in each.texts()]),
        born=known.born,
        places=_places(known.places),
        phones=_keys(phone_key, known.phones),
        emails=_keys(email_key, known.emails),
        relatives=names_of(known.relatives[:MOST]),
        suffix=max([each.suffix for each in names], default=0),
    )


def judge(known: Known, shown: Shown, on: date) -> Match:
    """Say whether a listing is the person, as of a day."""
    return judge_read(read_known(known), shown, on)


def judge_read(sought: Sought, shown: Shown, on: date) -> Match:
    """Say whether a listing is the person, of whom everything was read before."""
    written, age = age_beside(shown.name)
    own = names_of(written_names(written))
    listed = (*own, *names_of(shown.other_names[:MOST]))
    if not sought.names or not listed:
        return Match(Verdict.UNSURE, (_NO_NAME,))
    likeness, by, seen = _nearest(sought, listed)
    other_script = sought.names[by].foreign != seen.foreign
    if likeness.grade is Grade.OTHER and not other_script:
        return Match(Verdict.OTHER, (_name_reason(likeness),))
    found = _Found([_UNREAD if likeness.grade is Grade.OTHER else _name_reason(likeness)])
    if by:
        found.reasons.append(_FORMER)
    if seen not in own and own and _nearest(sought, own)[0].grade is Grade.OTHER:
        found.may_be_another = True
        found.reasons.append(_BESIDE_ANOTHER)
    relatives = names_of(shown.relatives[:MOST])
    if shown.age is None and age is not None:
        shown = replace(shown, age=age)
    _compare_facts(sought, shown, on, found)
    _compare_relatives(sought, relatives, found)
    _compare_generations(sought, seen, found)
    _compare_namesakes(sought, seen, relatives, found)
    verdict, why = _verdict(likeness.grade, found)
    return Match(verdict, (*found.reasons, *why))


def _whole(name: Name, alias: Name) -> Name:
    """Give an alias of one word, as friends use it, the last names that go with it."""
    if len(alias.words) > 1 or len(name.words) < TWO:
        return alias
    return name._replace(words=(*alias.words, *name.words[1:]))


def _keys(read: Callable[[str], str], written: Sequence[str]) -> frozenset[str]:
    return frozenset(filter(None, map(read, written[:MOST]))) if written else _NONE


def _places(written: Sequence[str]) -> tuple[Place, ...]:
    return tuple(filter(None, map(read_place, written[:MOST])))


def _nearest(sought: Sought, listed: Sequence[Name]) -> tuple[Likeness, int, Name]:
    """Return the best likeness of any two names, which name of the person it was, and whose."""
    best = (OTHER, 0, listed[0])
    for seen in listed:
        for by, name in enumerate(sought.names):
            found = compare_names(name, seen, sought.own)
            if found.grade > best[0].grade or best[0] is OTHER:
                best = (found, by, seen)
            if found.grade is Grade.FULL:
                return best
    return best


def _name_reason(likeness: Likeness) -> Reason:
    if likeness.grade <= Grade.GIVEN_ONLY:
        return Reason(Side.CONTRADICTS, likeness.says)
    return Reason(Side.AGREES if likeness.grade >= Grade.CLOSE else Side.UNCLEAR, likeness.says)


@dataclass(slots=True)
class _Found:
    """What the comparison found so far."""

    reasons: list[Reason]
    agree: set[Fact] = field(default_factory=set)
    differ: bool = False
    contradicted: bool = False
    needs_age: bool = False
    may_be_another: bool = False


def _compare_facts(sought: Sought, shown: Shown, on: date, found: _Found) -> None:
    _compare_ages(sought, shown, on, found)
    _compare_places(sought, _places(shown.places), found)
    _compare_keys(sought.phones, _keys(phone_key, shown.phones), Fact.PHONE, found)
    _compare_keys(sought.emails, _keys(email_key, shown.emails), Fact.EMAIL, found)


def _compare_ages(sought: Sought, shown: Shown, on: date, found: _Found) -> None:
    by_age = years_apart(sought.born, shown.age, on)
    by_year = birth_years_apart(sought.born, shown.born)
    apart = by_age if by_year is None else max(by_age or 0, by_year)
    if apart is None:
        found.reasons.append(_NO_AGE)
    elif apart >= FAR_APART:
        found.contradicted = True
        said = Text("The ages are {years} years apart.", years=apart)
        found.reasons.append(Reason(Side.CONTRADICTS, said))
    elif by_year == 1:
        found.reasons.append(_YEAR_OFF)
    else:
        found.agree.add(Fact.AGE)
        found.reasons.append(_AGE)


def _compare_places(sought: Sought, shown: Sequence[Place], found: _Found) -> None:
    shared = shared_places(sought.places, shown)
    if not shared:
        _tell(Fact.CITY, found, shares=False, told=bool(sought.places and shown))
        return
    whole = {(place.city, place.state): place.written for place in shared if place.state}
    if whole:
        _compare_houses(sought.places, shown, shared, found)
        if len(whole) > 1:
            found.agree.add(Fact.MORE_PLACES)
        named = tuple(whole.values())
        found.reasons.append(Reason(Side.AGREES, Text("Both name {places}.", places=named)))
    else:
        _tell(Fact.CITY, found, shares=True, told=True)


def _compare_houses(
    known: Sequence[Place], shown: Sequence[Place], shared: Sequence[Place], found: _Found
) -> None:
    """Note whether it is one house, or another one of the same city."""
    if any([place.house for place in shared]):  # noqa: C419 - short lists: twice as fast
        found.agree.add(Fact.HOUSE)
        return
    found.agree.add(Fact.PLACE)
    if any([place.house for place in shown]):  # noqa: C419
        found.differ |= any(place.house for place in known)


def _compare_keys(known: frozenset[str], shown: frozenset[str], fact: Fact, found: _Found) -> None:
    _tell(fact, found, shares=not known.isdisjoint(shown), told=bool(known and shown))


def _tell(fact: Fact, found: _Found, *, shares: bool, told: bool) -> None:
    """Note what a kind of fact says, if both sides tell it."""
    if shares:
        found.agree.add(fact)
        found.reasons.append(_AGREES[fact])
    elif told:
        found.differ = True
        found.reasons.append(_DIFFERS[fact])


def _compare_relatives(sought: Sought, shown: Sequence[Name], found: _Found) -> None:
    shares = any(tells_somebody(name) and is_among(name, sought.relatives) for name in shown)
    _tell(Fact.RELATIVE, found, shares=shares, told=bool(sought.relatives and shown))


def _compare_generations(sought: Sought, seen: Name, found: _Found) -> None:
    """Tell father and son apart, whose name, house and phone are the same."""
    suffix = sought.suffix
    if suffix and seen.suffix and suffix != seen.suffix:
        found.contradicted = True
        found.reasons.append(_GENERATION)
    elif suffix != seen.suffix:
        found.needs_age = True
        found.reasons.append(_MAYBE_FATHER)


def _compare_namesakes(
    sought: Sought, seen: Name, relatives: Sequence[Name], found: _Found
) -> None:
    """Note who in the family the listing may show instead: a father, a sister María Inés."""
    named = (*sought.relatives, *relatives)
    alike = [each for each in named if is_among(seen, (each,), Grade.LOOSE)]
    if alike:
        found.needs_age = True
        found.reasons.append(_NAMESAKE)
        if any(_is_nearer(each, seen, sought) for each in alike):
            found.may_be_another = True


def _is_nearer(relative: Name, seen: Name, sought: Sought) -> bool:
    """Say whether a relative's name fits the listing at least as well, and is not the person's."""
    if not is_among(relative, sought.names):
        return True
    own = max(compare_names(name, seen).grade for name in sought.names)
    return own < compare_names(relative, seen).grade


def _verdict(grade: Grade, found: _Found) -> tuple[Verdict, tuple[Reason, ...]]:
    agree = found.agree
    if found.contradicted:
        return Verdict.OTHER, ()
    if grade is Grade.OTHER:
        return (Verdict.UNSURE if agree else Verdict.OTHER), ()
    if grade is Grade.GIVEN_ONLY:
        married = Fact.AGE in agree and not agree.isdisjoint(OF_ONE_PERSON)
        return (Verdict.UNSURE, (_LOOK,)) if married else (Verdict.OTHER, ())
    if not agree:
        return Verdict.UNSURE, (_ALONE,)
    if grade is Grade.LOOSE:
        return Verdict.UNSURE, ()
    return _by_facts(grade, found)


def _by_facts(grade: Grade, found: _Found) -> tuple[Verdict, tuple[Reason, ...]]:
    """Say whether what agrees is enough beside a name that may well be the same."""
    agree = found.agree
    needs_age = found.needs_age or grade is not Grade.FULL
    if found.may_be_another:
        return Verdict.UNSURE, (_MORE_NEEDED,)
    if len(agree) < TWO or (needs_age and Fact.AGE not in agree):
        return Verdict.UNSURE, (_MORE_NEEDED,)
    if found.differ and agree <= PLACES:  # however many, they are one kind of fact
        return Verdict.UNSURE, (_MORE_NEEDED,)
    if agree.isdisjoint(PERSONAL):
        if grade is Grade.DROPPED:
            return Verdict.UNSURE, (_MORE_NEEDED,)
        if found.differ or Fact.CITY in agree:
            return Verdict.UNSURE, (_STRANGER,)
    return Verdict.SAME, ()
