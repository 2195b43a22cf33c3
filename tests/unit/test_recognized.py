"""A listing stays the same one when its page changes, and never becomes somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from optout.model.broker import Slug
from optout.model.listing import Listing
from optout.model.row import City, Row
from optout.model.search import Found
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.listing_row import kept_of
from optout.rules.recognized import Recognized, recognize
from optout.rules.row_identity import row_key

DENVER, BOULDER = City(city="Denver", state="CO"), City(city="Boulder", state="CO")
SON = Row(name="Jordan Sample", age=36, addresses=(DENVER,))
FATHER = replace(SON, age=70)
NUMBERED = replace(SON, profile_url="https://example.test/person/100001")
SEARCH = Secret("Jordan Sample in Denver")


def listing(row: Row, *, searched_as: Secret[str] = SEARCH, key: str = "") -> Listing:
    return Listing(
        id=f"id of {row.age}",
        subject_id=SubjectId("jordan"),
        broker=Slug("example"),
        url=Secret(row.profile_url or ""),
        shown=kept_of(row),
        key=key or row_key(row),
        searched_as=searched_as,
    )


def seen(
    rows: Sequence[Row], *known: Listing, may_be: bool = True, searched_as: Secret[str] = SEARCH
) -> Recognized:
    found = [Found(row=row, key=row_key(row)) for row in rows]
    return recognize(found, known, searched_as, lambda _found, _listing: may_be)


def ages(told: Recognized) -> dict[str, int | None]:
    return {key: found.row.age for key, found in told.again.items()}


@pytest.mark.parametrize("rows", [(SON, FATHER), (FATHER, SON)])
def test_father_and_son_of_one_name_and_town_are_two(rows: tuple[Row, ...]) -> None:
    assert row_key(SON) == row_key(FATHER)
    assert {(found.key, found.row.age) for found in seen(rows).new} == {
        (row_key(rows[0]), rows[0].age),
        (f"{row_key(rows[0])}-2", rows[1].age),
    }
    own = listing(SON)
    told = seen(rows, own)
    assert ages(told) == {own.key: SON.age}
    assert [(found.key, found.row.age) for found in told.new] == [(f"{own.key}-2", FATHER.age)]


def test_each_of_two_with_one_key_is_found_again_as_itself() -> None:
    own = listing(SON)
    other = listing(FATHER, key=f"{own.key}-2")
    older = (replace(FATHER, age=71), replace(SON, age=37))
    for rows in (older, older[::-1]):
        assert ages(seen(rows, own, other)) == {own.key: 37, other.key: 71}


def test_a_listing_never_becomes_the_fathers_whose_row_is_all_that_is_left() -> None:
    own = listing(SON)
    told = seen([FATHER], own, may_be=False)
    assert not told.again
    assert not told.unclear
    assert ages(seen([SON], own)) == {own.key: SON.age}  # control


def test_a_number_that_somebody_else_has_now_is_a_new_listing() -> None:
    own = listing(NUMBERED)
    stranger = replace(NUMBERED, name="Alex Example", age=36)
    told = seen([stranger], own)
    assert not told.again
    assert [found.key for found in told.new] == [f"{own.key}-2"]
    renamed = replace(NUMBERED, name="Jordan Example", age=41)
    assert ages(seen([renamed], own)) == {own.key: 41}  # control: a married name, a corrected age


@pytest.mark.parametrize(
    "changed",
    [
        replace(SON, addresses=(DENVER, BOULDER)),  # a town more
        replace(NUMBERED, profile_url="https://example.test/person/777777"),  # another number
        replace(SON, age=40, addresses=(BOULDER, DENVER)),  # an age corrected as well
    ],
)
def test_what_is_there_under_another_key_is_not_gone(changed: Row) -> None:
    own = listing(NUMBERED if changed.profile_url else SON)
    assert row_key(changed) != own.key
    told = seen([changed], own)
    assert ages(told) == {own.key: changed.age}
    assert not told.new
    # Controls: not what another search showed, and not what cannot be the person.
    assert not seen([changed], own, searched_as=Secret("another")).again
    assert not seen([changed], own, may_be=False).again


def test_of_two_that_may_be_it_nobody_says_which_and_nobody_says_gone() -> None:
    own = listing(SON)
    rows = [replace(SON, addresses=(DENVER, BOULDER), age=age) for age in (36, 44)]
    told = seen(rows, own)
    assert told.unclear == {own.key}
    assert not told.again
    assert len(told.new) == 2


def test_the_same_row_twice_is_one() -> None:
    assert len(seen([SON, replace(SON, relatives=("Alex Sample",))]).new) == 1
    assert len(seen([SON, FATHER]).new) == 2  # control
