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
            yield Named(subject_id=subject.id, standing=Standing.CLIENT, name=fact.value.full())


class OfficeNames:
    """Every name in the office's files, read once."""

    def __init__(self, names: Iterable[Named]) -> None:
        """Read them, and sort them by their words and by how these begin."""
        self._sorted: dict[str, list[tuple[Named, Name]]] = {}
        for named in names:
            read = read_name(named.name)
            for key in _keys(read):
                self._sorted.setdefault(key, []).append((named, read))

    def hits(self, ours: Iterable[Named]) -> Iterator[Hit]:
        """Yield what is alike in the files of others.

        A shared opponent, or somebody who lives with two clients, is no conflict.
        """
        for named in ours:
            read = read_name(named.name)
            for theirs, their_name in self._near(named, read):
                grade = compare_names(read, their_name).grade
                if grade >= Grade.LOOSE or _is_part(read, their_name):
                    yield Hit(ours=named, theirs=theirs, is_same=grade is Grade.FULL)

    def _near(self, named: Named, read: Name) -> Iterator[tuple[Named, Name]]:
        """Yield who shares a whole word, or the beginnings of two."""
        found: dict[int, tuple[int, Named, Name]] = {}
        for key in _keys(read):
            weight = len(key) > _BEGINNING or len(read.texts()) == 1
            for theirs, their_name in self._sorted.get(key, ()):
                count, *_rest = found.get(id(theirs), (0, theirs, their_name))
                found[id(theirs)] = (count + 1 + weight, theirs, their_name)
        for count, theirs, their_name in found.values():
            if count > 1 and _concerns(named, theirs):
                yield theirs, their_name


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
