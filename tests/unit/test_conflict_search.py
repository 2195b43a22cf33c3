"""The quick search of an office's names finds exactly what comparing every pair finds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from optout.model.fields import IdentifierKind
from optout.model.subject import Identifier, IdentifierId, PersonName, Share, SubjectId
from optout.rules.conflict_search import (
    Hit,
    Named,
    OfficeNames,
    Standing,
    client_named,
    client_names,
)
from optout.rules.name_words import read_name
from optout.rules.same_name import Grade, compare_names
from tests.conftest import World, sample_subject

GIVEN = (
    *("Jordan", "Robert", "Bob", "Catherine", "Katherine", "María José", "Jo", "Olga", "Wei", "A."),
    *("Mohammed", "Muhammad", "Jean-Luc", "王伟", "Ng"),
)
FAMILY = (
    "Sample",
    "Sampel",
    "Example",
    "Example-Sample",
    "de la Sample",
    "Li",
    "Nguyen",
    "Rentals",
)


def names(count: int, draw: random.Random) -> list[Named]:
    """Return names of few words, so that many are alike and some the same."""
    written = [f"{given} {family}" for given, family in product(GIVEN, FAMILY)]
    written += [f"{family}, {given}" for given, family in product(GIVEN[:4], FAMILY[:4])]
    written += ["Example Rentals LLC", "Sample", "Jordan Q. Sample", "Wei Li Nguyen", "?"]
    return [
        Named(
            subject_id=SubjectId(f"s{draw.randrange(count // 2)}"),
            standing=draw.choice([Standing.CLIENT, Standing.CLIENT, *Standing]),
            name=draw.choice(written),
        )
        for _number in range(count)
    ]


def every_pair(ours: Sequence[Named], office: Sequence[Named]) -> list[Hit]:
    """Return the same by comparing each name with each: slow, and with nothing to go wrong."""
    found = []
    for one, other in product(ours, office):
        mine, theirs = read_name(one.name), read_name(other.name)
        words, others = set(mine.texts()), set(theirs.texts())
        both_parties = one.standing is other.standing is not Standing.CLIENT
        if one.subject_id == other.subject_id or both_parties:
            continue
        beginnings = {word[:2] for word in words} & {word[:2] for word in others}
        long_words = any(len(word) > 2 for word in words & others)
        near = len({*beginnings, *(words & others)}) > 1 or long_words
        if not near and not (len(words) == 1 and beginnings | (words & others)):
            continue
        grade = compare_names(mine, theirs).grade
        shorter = min(words, others, key=len)
        if grade >= Grade.LOOSE or (len(shorter) > 1 and words & others == shorter):
            found.append(Hit(ours=one, theirs=other, is_same=grade is Grade.FULL))
    return found


def as_told(hits: Sequence[Hit]) -> list[tuple[str, ...]]:
    """Return hits in an order of their own."""
    return sorted(
        (
            *(each.ours.subject_id, each.ours.name, each.theirs.subject_id),
            *(each.theirs.standing, each.theirs.name, str(each.is_same)),
        )
        for each in hits
    )


def test_the_quick_search_finds_what_comparing_every_pair_finds() -> None:
    draw = random.Random(7)
    office = names(400, draw)
    ours = names(60, draw)
    found = list(OfficeNames(office).hits(ours))
    assert as_told(found) == as_told(every_pair(ours, office))
    assert len(found) > len(ours), "the control: there is much to find"
    assert {each.is_same for each in found} == {True, False}
    assert len(found) < len(ours) * len(office) / 2, "the control: and much that is not alike"


def test_what_is_found_comes_in_the_order_of_the_files() -> None:
    office = names(200, random.Random(8))
    ours = Named(subject_id=SubjectId("new"), standing=Standing.CLIENT, name="Jordan Sample")
    places = {id(named): place for place, named in enumerate(office)}
    first: dict[object, int] = {}
    for place, named in enumerate(office):
        first.setdefault(read_name(named.name), place)
    told = [
        (first[read_name(hit.theirs.name)], places[id(hit.theirs)])
        for hit in OfficeNames(office).hits([ours])
    ]
    assert told == sorted(told)
    assert len(told) > 1


def test_every_kind_of_name_that_is_kept_is_searched(world: World) -> None:
    for number in range(3):
        person = sample_subject(f"Jordan{number}")
        other_name = Identifier(
            id=IdentifierId(f"alias{number}"),
            kind=IdentifierKind.ALIAS,
            value=PersonName(given="Casey", family=f"Example{number}"),
            share=Share.NEVER,
        )
        world.vault.subjects.add(
            replace(person, identifiers=(*person.identifiers, other_name)),
        )
    everybody = world.vault.subjects.list()
    slowly = [named for person in everybody for named in client_names(person)]
    quickly = [client_named(*each) for each in world.vault.subjects.names()]
    assert quickly == slowly
    assert len(quickly) == 2 * len(everybody), "the control: a name and another one each"
