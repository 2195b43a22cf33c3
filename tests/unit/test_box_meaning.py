"""A box whose words, name or neighbours leave a doubt is asked about, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from optout.model.fields import Field
from optout.model.form import Box, BoxKind, Choice, SeenPage
from optout.rules.box_meaning import Meaning, Use, meanings_of

OTHERS = (
    Box(kind=BoxKind.TEXT, labels=("City",), name="town"),
    Box(kind=BoxKind.TEXT, labels=("ZIP",), name="code"),
)


def meant(*boxes: Box) -> Meaning:
    return meanings_of(SeenPage(url="https://privacy.example.com/", boxes=(*boxes, *OTHERS)))[0]


def text(label: str = "", **more: Any) -> Box:  # noqa: ANN401 - any key of a box
    return Box(kind=BoxKind.TEXT, labels=(label,) if label else (), **more)


@pytest.mark.parametrize(
    "box",
    [
        text("Email", name="phone"),
        text("Email or phone"),
        text("Name and e-mail"),
        text("Phone", type="email"),
        text("", name="email_address"),
        text("Previous address"),
        text("Maiden name"),
        text("Other names you have used"),
        text("Agent's e-mail", is_required=True),
        text("E-mail", group=("Authorized agent",), is_required=True),
        text("Month"),
        text("City, State, ZIP"),
        text("Address", autocomplete="email"),
    ],
    ids=lambda box: box.label or box.name,
)
def test_what_is_in_doubt_is_asked(box: Box) -> None:
    assert not meant(box).sure


@pytest.mark.parametrize(
    ("box", "field"),
    [
        (text("Email", name="email"), Field.EMAIL),
        (text("Confirm your e-mail"), Field.EMAIL),
        (text("Correo electrónico"), Field.EMAIL),
        (text("", autocomplete="shipping email"), Field.EMAIL),
        (text("Home address", name="email_and_more_1"), None),
        (text("Full name"), Field.FULL_NAME),
        (text("Street address", name="addr"), Field.STREET),
        (text("Date of birth (MM/DD/YYYY)"), Field.BIRTH_DATE),
        (text("Nombre completo"), Field.FULL_NAME),
    ],
    ids=str,
)
def test_what_is_plain_is_sure(box: Box, field: Field | None) -> None:
    meaning = meant(box)
    assert (meaning.field if meaning.sure else None) is field


OF_OTHERS = [
    "State ID number",
    "Issuing state",
    "State where your driver's license was issued",
    "License plate state",
    "Date of birth of child",
    "Child's date of birth",
    "Card ZIP",
    "Billing ZIP code",
    "Deceased's last name",
    "Primer apellido de la madre",
    "Email of the person who sold your data",
    "Spouse's first name",
    "Representative's e-mail",
    "Correo del abogado",
    "Estado de expedición de la licencia",
]


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("label", OF_OTHERS)
@pytest.mark.parametrize("kind", [BoxKind.TEXT, BoxKind.LISTBOX, BoxKind.SELECT])
def test_what_is_of_others_or_of_a_paper_is_never_filled_unasked(
    kind: BoxKind, label: str, *, required: bool
) -> None:
    states = tuple(Choice(words=one, value=one) for one in ("CA", "CO", "NY"))
    choices = states if kind is not BoxKind.TEXT and "tate" in label else ()
    meaning = meant(Box(kind=kind, labels=(label,), is_required=required, choices=choices))
    assert meaning.field is None
    assert meaning.use in {Use.UNKNOWN, Use.PERSON, Use.LEAVE}
    assert meaning.use is not Use.LEAVE or not (required and meaning.sure)


def test_the_same_words_of_ones_own_are_sure() -> None:
    own = ["State", "Date of birth", "ZIP code", "Last name", "Primer apellido", "Email"]
    assert [meant(text(label)).sure for label in own] == [True] * len(own)


@pytest.mark.parametrize(
    "label",
    [
        "Social Security Number",
        "Last four digits",
        "Last 4 of SSN",
        "Driver's license number",
        "Passport",
        "A-Number",
        "Country of birth",
        "ITIN",
    ],
)
def test_numbers_and_papers_never_get_a_field(label: str) -> None:
    assert meant(text(label)).use is Use.LEAVE
    asked = meant(text(label, is_required=True))
    assert (asked.use, asked.reason) == (Use.PERSON, "identity")


def test_a_name_beside_a_last_name_is_no_full_name() -> None:
    last = text("Last name")
    assert not meanings_of(SeenPage(url="", boxes=(text("Name"), last)))[0].sure
    spanish = meanings_of(SeenPage(url="", boxes=(text("Nombre"), text("Apellidos"))))[0]
    assert (spanish.field, spanish.sure) == (Field.FIRST_NAME, True)


def test_an_address_without_a_city_beside_it_may_be_a_whole_one() -> None:
    alone = meanings_of(SeenPage(url="", boxes=(text("Address"),)))[0]
    assert not alone.sure
    assert meant(text("Address")).sure  # control


def test_month_day_and_year_need_the_words_date_of_birth() -> None:
    days = tuple(Choice(words=str(day)) for day in range(1, 32))
    box = Box(kind=BoxKind.SELECT, labels=("Day",), choices=days)
    assert not meant(box).sure
    born = Box(kind=BoxKind.SELECT, labels=("Day", "Date of birth"), choices=days)
    assert (meant(born).field, meant(born).format, meant(born).sure) == (
        Field.BIRTH_DATE,
        "DD",
        True,
    )
