"""Which names in an office's other files are alike: shown to a person, who decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from optout.model.clinic import PartyRole
from optout.model.secret import Personal
from optout.model.subject import PersonName, Subject, SubjectId
from optout.rules.name_words import Name, read_name
from optout.rules.same_name import Grade, compare_names

_BEGINNING: Final = 2  # letters: whoever shares none of them is nobody's namesake


class Standing(StrEnum):
    """What somebody is in a file."""

    CLIENT = "client"
    HOUSEHOLD = PartyRole.HOUSEHOLD.value
    ADVERSE = PartyRole.ADVERSE.value


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Named(Personal):
    """A name as it stands in a client's file."""

    subject_id: SubjectId
    standing: Standing
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hit(Personal):
    """A name of this file, and one of another that is alike."""

    ours: Named
    theirs: Named
    is_same: bool  # else only alike


def client_names(subject: Subject) -> Iterator[Named]:
    """Yield every name of a client."""
    for fact in subject.identifiers:
        if isinstance(fact.value, PersonName):
            yield client_named(subject.id, fact.value)


def client_named(subject_id: SubjectId, name: PersonName) -> Named:
    """Return a name of a client as it is searched."""
    return Named(subject_id=subject_id, standing=Standing.CLIENT, name=name.full())


class OfficeNames:
    """Every name in the office's files, read once; what reads alike is compared once."""

    def __init__(self, names: Iterable[Named]) -> None:
        """Read them, and sort them by their words and by how these begin."""
        self._alike: dict[Name, list[Named]] = {}
        for named in names:
            self._alike.setdefault(read_name(named.name), []).append(named)
        self._names = list(self._alike)
        self._places: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            for key in _keys(name):
                self._places.setdefault(key, []).append(place)

    def hits(self, ours: Iterable[Named]) -> Iterator[Hit]:
        """Yield what is alike in the files of others.

        A shared opponent, or somebody who lives with two clients, is no conflict.
        """
        for named in ours:
            read = read_name(named.name)
            for their_name in self._near(read):
                theirs = [each for each in self._alike[their_name] if _concerns(named, each)]
                if not theirs:
                    continue
                grade = compare_names(read, their_name).grade
                if grade >= Grade.LOOSE or _is_part(read, their_name):
                    is_same = grade is Grade.FULL
                    yield from (Hit(ours=named, theirs=each, is_same=is_same) for each in theirs)

    def _near(self, read: Name) -> Iterator[Name]:
        """Yield the names that share a whole word, or the beginnings of two, in their order."""
        found: dict[int, int] = {}
        for key in _keys(read):
            weight = 2 if len(key) > _BEGINNING or len(read.words) == 1 else 1
            for place in self._places.get(key, ()):
                found[place] = found.get(place, 0) + weight
        return (self._names[place] for place, count in sorted(found.items()) if count > 1)


def _concerns(ours: Named, theirs: Named) -> bool:
    if ours.subject_id == theirs.subject_id:
        return False
    return ours.standing is not theirs.standing or ours.standing is Standing.CLIENT


def _keys(name: Name) -> frozenset[str]:
    return frozenset(key for word in name.texts() for key in (word, word[:_BEGINNING]))


def _is_part(one: Name, other: Name) -> bool:
    """Say whether all words of one stand in the other: Example Rentals, Example Rentals LLC."""
    ours, theirs = frozenset(one.texts()), frozenset(other.texts())
    shorter, longer = sorted((ours, theirs), key=len)
    return len(shorter) > 1 and shorter <= longer
