"""Which searches a person's names and places give, and what none of them ever holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from optout.model.fields import Field, IdentifierKind
from optout.model.search import SearchFor
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    Share,
    Subject,
)
from optout.rules.page_words import PageKind, page_kind
from optout.rules.searches import MOST, searches_for
from optout.sample.people import CASEY, JORDAN, MARIA, RILEY

TODAY = date(2026, 11, 22)
PLACE = (Field.FULL_NAME, Field.CITY, Field.STATE)


def said(searches: tuple[SearchFor, ...], *fields: Field) -> list[tuple[str, ...]]:
    return [tuple(each.said(field) for field in fields) for each in searches]


def also(
    subject: Subject, *facts: tuple[IdentifierKind, IdentifierValue], **more: object
) -> Subject:
    added = tuple(
        Identifier(
            id=IdentifierId(f"more-{at}"),
            kind=kind,
            value=value,
            share=more.get("share", Share.ASK),  # type: ignore[arg-type]
            valid_from=date(2001, 1, 1),
            valid_to=more.get("until"),  # type: ignore[arg-type]
        )
        for at, (kind, value) in enumerate(facts)
    )
    return replace(subject, identifiers=(*subject.identifiers, *added))


AUSTIN = PostalAddress(street="9 Example Road", city="Austin", state="TX", zip="78701")


def test_each_name_at_each_place_todays_first() -> None:
    moved = also(MARIA, (IdentifierKind.ADDRESS, AUSTIN), until=date(2009, 1, 1))
    assert said(searches_for(moved, PLACE, on=TODAY), *PLACE) == [
        ("María José Muñoz Sample", "Pueblo", "CO"),
        ("María José Muñoz Sample", "Austin", "TX"),
        ("Maria Munoz", "Pueblo", "CO"),
        ("Maria Munoz", "Austin", "TX"),
    ]


def test_a_search_holds_what_the_site_asks_for_and_no_more() -> None:
    fields = (Field.FIRST_NAME, Field.LAST_NAME, Field.STATE_NAME, Field.AGE)
    (only,) = searches_for(JORDAN, fields, on=TODAY)
    assert said((only,), *fields) == [("Jordan", "Sample", "Colorado", "36")]
    assert set(only.values) == set(fields)
    assert "Jordan" not in repr(only)


def test_two_places_are_one_search_where_only_the_name_is_asked() -> None:
    moved = also(JORDAN, (IdentifierKind.ADDRESS, AUSTIN))
    assert len(searches_for(moved, [Field.FULL_NAME], on=TODAY)) == 1
    assert len(searches_for(moved, PLACE, on=TODAY)) == 2  # the control


def test_without_a_needed_value_there_is_no_search() -> None:
    assert searches_for(RILEY, PLACE, on=TODAY) == ()
    assert len(searches_for(RILEY, [Field.FULL_NAME], on=TODAY)) == 1
    middle = (Field.FIRST_NAME, Field.MIDDLE_NAME)
    assert searches_for(RILEY, middle, on=TODAY) == ()
    assert len(searches_for(RILEY, middle, on=TODAY, optional=[Field.MIDDLE_NAME])) == 1


def test_what_goes_to_nobody_is_in_no_search() -> None:
    secret = also(
        JORDAN,
        (IdentifierKind.ALIAS, PersonName(given="Hidden", family="Example")),
        (IdentifierKind.ADDRESS, AUSTIN),
        share=Share.NEVER,
    )
    assert searches_for(secret, PLACE, on=TODAY) == searches_for(JORDAN, PLACE, on=TODAY)


def test_a_substitute_address_stands_for_every_real_one() -> None:
    moved = also(CASEY, (IdentifierKind.ADDRESS, AUSTIN))
    for each in searches_for(moved, PLACE, on=TODAY):
        assert (each.said(Field.CITY), each.said(Field.STATE)) == ("Denver", "CO")


def test_there_is_an_end_to_searches() -> None:
    places = tuple((IdentifierKind.ADDRESS, replace(AUSTIN, city=f"Town {at}")) for at in range(30))
    assert len(searches_for(also(JORDAN, *places), PLACE, on=TODAY)) == MOST


def test_what_kind_of_page_shows_no_results() -> None:
    for words in (
        "Just a moment... Checking your browser",
        "Please verify you are human",
        "Are you a robot?",
        "Access to this page has been denied",
    ):
        assert page_kind(words) is PageKind.WALL
    assert page_kind("", ("https://challenges.cloudflare.com/x",)) is PageKind.WALL
    assert page_kind("Your session has expired. Log in.") is PageKind.EXPIRED
    for words in ("", "Welcome back", "Robots and humans of Denver", "Results"):
        assert page_kind(words) is PageKind.UNKNOWN
