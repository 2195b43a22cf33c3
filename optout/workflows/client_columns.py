"""The columns of an office's spreadsheet that are read, and those that never are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from optout.errors import WrongUsage
from optout.rules.accents import without_accents
from optout.text import Text
from optout.workflows.never_stored import is_named_never_stored
from optout.workflows.read_sheet import (
    NOTHING,
    Cell,
    Sheet,
    SheetRow,
    column_letter,
    refused,
)

SEVERAL: Final = ";"
"""What stands between several values in one cell."""
_FIRST_ROWS: Final = 20  # a title and a few empty rows may stand above the headings


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column that is read."""

    name: str
    means: Text
    example: str = ""
    also: tuple[str, ...] = ()  # other headings for it
    many: bool = False  # several columns may be this one


COLUMNS: Final = (
    Column(
        name="file_number",
        means=Text("The office's own number of the file."),
        example="2026-014",
        also=("case_number", "matter_number", "client_id", "numero_de_expediente", "expediente"),
    ),
    Column(
        name="given",
        means=Text("First name, or the only name. This, or “name”, is needed."),
        example="Jordan",
        also=("first_name", "given_name", "first", "nombre", "nombres", "primer_nombre"),
    ),
    Column(
        name="middle",
        means=Text("Middle name."),
        example="Q.",
        also=("middle_name", "middle_initial", "mi", "segundo_nombre"),
    ),
    Column(
        name="family",
        means=Text("Last name, or both last names."),
        example="Sample",
        also=("last_name", "family_name", "surname", "last", "last_names", "apellido", "apellidos"),
    ),
    Column(name="suffix", means=Text("Such as Jr."), also=("name_suffix", "sufijo")),
    Column(
        name="name",
        means=Text("The whole name, last name first with a comma: Sample, Jordan."),
        also=("full_name", "client_name", "client", "nombre_completo", "cliente"),
    ),
    Column(
        name="other_names",
        means=Text("Names used before, and other spellings; a semicolon between them."),
        also=("aliases", "alias", "aka", "other_name", "former_names", "otros_nombres"),
        many=True,
    ),
    Column(
        name="born",
        means=Text("Birth date, best as year-month-day."),
        example="1990-04-12",
        also=("birth_date", "birthdate", "date_of_birth", "dob", "fecha_de_nacimiento"),
    ),
    Column(
        name="state",
        means=Text("The state where the client lives: it decides the law. Needed in the US."),
        example="CO",
        also=("state_of_residence", "lives_in", "estado"),
    ),
    Column(
        name="country",
        means=Text("Where the client lives, if it is not the United States."),
        also=("country_of_residence", "pais"),
    ),
    Column(
        name="state_since",
        means=Text("Since when the client lives in that state."),
        also=("in_state_since",),
    ),
    Column(
        name="street",
        means=Text("Home street and number. Nothing, where there is no fixed address."),
        example="100 Example Street",
        also=("address", "street_address", "address_1", "address_line_1", "direccion", "calle"),
    ),
    Column(
        name="unit",
        means=Text("Apartment or unit."),
        example="Apt 2",
        also=("apt", "apartment", "address_2", "address_line_2", "apartamento"),
    ),
    Column(name="city", means=Text("City."), example="Denver", also=("town", "ciudad")),
    Column(
        name="zip",
        means=Text("ZIP code, as text: a spreadsheet eats a zero in front."),
        example="80202",
        also=("zip_code", "zipcode", "postal_code", "postcode", "codigo_postal"),
    ),
    Column(
        name="address_since",
        means=Text(
            "Since when the client lives there: whoever knew it is told from whoever did not."
        ),
        example="2021-05-01",
        also=("at_address_since",),
    ),
    Column(
        name="phone",
        means=Text("Phone number; a phone that several share is fine."),
        example="303-555-0142",
        also=(
            *("phone_number", "telephone", "mobile", "cell", "cell_phone", "home_phone"),
            *("mobile_phone", "phone_1", "phone_2", "telefono", "celular"),
        ),
        many=True,
    ),
    Column(
        name="phone_since", means=Text("Since when the client has it."), also=("has_phone_since",)
    ),
    Column(
        name="email",
        means=Text("The client's own e-mail."),
        example="jordan@example.com",
        also=("email_address", "correo", "correo_electronico"),
        many=True,
    ),
    Column(
        name="reply_email",
        means=Text("E-mail where companies' answers may come: one made for this is safest."),
        example="jordan.requests@example.com",
        also=("answers_email", "email_for_answers"),
    ),
    Column(
        name="mail_kind",
        means=Text("Where paper may come: own, po-box, care-of, or substitute."),
        example="po-box",
        also=("mailing_kind",),
    ),
    Column(name="mail_care_of", means=Text("In care of whom."), also=("care_of", "c_o")),
    Column(
        name="mail_street",
        means=Text("Street or box where paper may come."),
        example="P.O. Box 100",
        also=("mailing_address", "mailing_street", "direccion_postal"),
    ),
    Column(name="mail_unit", means=Text("Its apartment or unit."), also=("mailing_unit",)),
    Column(name="mail_city", means=Text("Its city."), example="Denver", also=("mailing_city",)),
    Column(name="mail_state", means=Text("Its state."), example="CO", also=("mailing_state",)),
    Column(name="mail_zip", means=Text("Its ZIP code."), example="80202", also=("mailing_zip",)),
    Column(
        name="never_give",
        means=Text(
            "What is given to nobody: address, phone, email, birth date; semicolons between."
        ),
        also=("do_not_give", "never_share"),
    ),
    Column(
        name="agreed_on",
        means=Text("The day on which the client agreed that the office keeps this."),
        example="2026-11-02",
        also=("consent", "consent_on", "consent_date", "consentimiento", "fecha_de_consentimiento"),
    ),
    Column(
        name="responsible",
        means=Text("Who in the office answers for the file."),
        example="Robin Example",
        also=("advocate", "attorney", "caseworker", "staff", "responsable"),
    ),
    Column(
        name="household",
        means=Text("Others in the home, for the conflict check; semicolons between."),
        example="Casey Sample",
        also=("others_in_the_home", "household_members", "hogar"),
        many=True,
    ),
    Column(
        name="adverse",
        means=Text("Who is against the client, for the conflict check; semicolons between."),
        example="Example Rentals LLC",
        also=("adverse_parties", "adverse_party", "opposing_party", "parte_contraria"),
        many=True,
    ),
)
NAMES: Final = tuple(column.name for column in COLUMNS)
_BY_NAME: Final = {column.name: column for column in COLUMNS}
_KNOWN: Final = {
    heading: column.name for column in COLUMNS for heading in (column.name, *column.also)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of the file, and where it stands."""

    index: int
    text: str

    def place(self) -> Text:
        """Return what the person finds it by."""
        return Text(
            "column {letter} (“{heading}”)", letter=column_letter(self.index), heading=self.text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Which column of a file is what: read, never stored, or not known."""

    row: int  # where the headings stand
    read: Mapping[str, tuple[Heading, ...]]  # by the name of our column
    never_stored: tuple[Heading, ...]
    not_read: tuple[Heading, ...]

    def heading(self, name: str) -> Heading | None:
        """Return where a column of ours stands, if the file has it."""
        return self.read[name][0] if name in self.read else None


def heading_key(text: str) -> str:
    """Return a heading without what people write in different ways: case, accents, signs."""
    key = re.sub(r"[\W_]+", "_", without_accents(text).casefold()).strip("_")
    return key.replace("e_mail", "email")


def read_wishes(wishes: Iterable[str]) -> dict[str, str]:
    """Return headings and the columns they are, from what was typed: "Client phone=phone".

    A heading with nothing behind its = is left out from now on.
    """
    found: dict[str, str] = {}
    for wish in wishes:
        heading, equals, name = wish.rpartition("=")
        name = name.strip()
        if not equals or not heading_key(heading) or (name and name not in _BY_NAME):
            near = get_close_matches(name, NAMES, n=1)
            raise WrongUsage(
                Text("{wish} is not understood.", wish=wish),
                known=NOTHING,
                hint=Text(
                    "Write the heading, then = and one of ours: --column {example}",
                    example=f"'{heading or 'Client phone'}={near[0] if near else 'phone'}'",
                ),
            )
        found[heading_key(heading)] = name
    return found


def find_headings(sheet: Sheet, also: Mapping[str, str]) -> Mapped | None:
    """Return what each column of a sheet is, or None where no row looks like headings.

    The row with the most headings that are known; `also` holds what the person said before.
    """
    best = max(sheet.rows[:_FIRST_ROWS], key=lambda row: _known_in(row, also), default=None)
    if best is None or _known_in(best, also) < len(("name", "state")):
        return None
    mapped = _map(best, also)
    return mapped if "given" in mapped.read or "name" in mapped.read else None


def _known_in(row: SheetRow, also: Mapping[str, str]) -> int:
    return len({_name_of(cell, also) for cell in row.cells} - {""})


def _name_of(cell: Cell, also: Mapping[str, str]) -> str:
    key = heading_key(str(cell))
    return "" if is_named_never_stored(key) else also.get(key, _KNOWN.get(key, ""))


def _map(row: SheetRow, also: Mapping[str, str]) -> Mapped:
    read: dict[str, tuple[Heading, ...]] = {}
    never_stored, not_read = [], []
    for index, cell in enumerate(row.cells):
        heading = Heading(index=index, text=str(cell))
        name = _name_of(cell, also)
        if name:
            read[name] = (*read.get(name, ()), heading)
        elif is_named_never_stored(heading_key(str(cell))):
            never_stored.append(heading)
        elif cell:
            not_read.append(heading)
    _check_once(read)
    return Mapped(
        row=row.number,
        read=read,
        never_stored=tuple(never_stored),
        not_read=tuple(not_read),
    )


def _check_once(read: Mapping[str, Sequence[Heading]]) -> None:
    """Refuse two columns for what a person has once."""
    for name, headings in read.items():
        if len(headings) > 1 and not _BY_NAME[name].many:
            raise refused(
                Text(
                    "Two columns look like “{name}”: {one} and {other}.",
                    name=name,
                    one=headings[0].place(),
                    other=headings[1].place(),
                ),
                hint=Text("Leave one out: --column {example}", example=f"'{headings[1].text}='"),
            )
