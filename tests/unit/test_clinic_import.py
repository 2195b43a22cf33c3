"""An office's spreadsheet comes in whole or not at all, once, and without what is never stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.model.clinic import PartyRole
from optout.model.fields import IdentifierKind
from optout.model.ports import Option
from optout.model.secret import Secret
from optout.model.subject import Acting, PostalAddress, ReplyKind, Share, Subject
from optout.rules.sheet_days import DayOrder
from optout.sample.clients import HEADINGS, MISTAKES, TWIN, sample_clients
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault.vault import Vault
from optout.workflows.client_columns import NAMES, heading_key
from optout.workflows.client_template import write_clients_file
from optout.workflows.clinic import start_clinic
from optout.workflows.import_clients import Imported, Twin, Wishes, import_clients, saved_columns
from optout.workflows.never_stored import is_named_never_stored, looks_never_stored
from optout.workflows.read_sheet import MOST_ROWS, column_letter
from tests.conftest import World

NOBODY = "nobody"
Rows = Sequence[Mapping[str, str]]
BASE = {"given": "Jordan", "family": "Sample", "state": "CO", "agreed_on": "2026-11-01"}


class Office(ScriptedPerson):
    """Hears every sentence with its values, as the screen shows it."""

    said: list[str]

    def _hear(self, text: Text) -> None:
        super()._hear(text)
        self.__dict__.setdefault("said", []).append(text.english())

    def choose(
        self,
        question: Text,
        options: Sequence[Option],
        *,
        default: str = "",
    ) -> str:
        """Answer from the script only: a question that nobody answers stops the run."""
        answered = super().choose(question, options, default=default or NOBODY)
        if answered == NOBODY:
            raise NeedsPerson(Text("nobody answers"))
        return answered


@pytest.fixture
def office() -> Office:
    one = Office()
    one.said = []
    return one


@pytest.fixture
def vault(world: World) -> Vault:
    start_clinic(
        world.vault, "Example Legal Aid", ["Robin Example", "Sam Example"], four_eyes=False
    )
    return world.vault


class Bring:
    """Imports a file, as the command does."""

    def __init__(self, world: World, office: Office, folder: Path) -> None:
        self.world, self.office, self.folder = world, office, folder

    def __call__(
        self, rows: Rows | bytes, name: str = "clients.csv", wishes: Wishes | None = None
    ) -> Imported:
        path = self.folder / name
        path.write_bytes(rows if isinstance(rows, bytes) else csv_of(rows))
        return import_clients(
            self.world.vault, self.office, self.world.clock, path, wishes or Wishes()
        )


@pytest.fixture
def bring(world: World, vault: Vault, office: Office, tmp_path: Path) -> Bring:
    return Bring(world, office, tmp_path)


def csv_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def only(vault: Vault) -> Subject:
    (subject,) = vault.subjects.list()
    return subject


def values(subject: Subject, kind: IdentifierKind) -> list[Any]:
    found = [fact.value for fact in subject.identifiers if fact.kind is kind]
    return [value.reveal() if isinstance(value, Secret) else value for value in found]


def problems(
    run: Bring, rows: Rows | bytes, name: str = "clients.csv", wishes: Wishes | None = None
) -> list[str]:
    """Return what is wrong, row by row, and prove that nothing was stored."""
    with pytest.raises(Refused) as refused:
        run(rows, name, wishes)
    assert "Nothing was stored" in str(refused.value)
    return [said for said in run.office.said if said.startswith("Row")]


def test_a_whole_client_is_stored_with_everything_in_its_place(bring: Bring, vault: Vault) -> None:
    row = {
        **BASE,
        "file_number": "2026-014",
        "middle": "Q.",
        "other_names": "Example, Jordan; Jordi",
        "born": "1990-04-12",
        "street": "100 Example Street",
        "unit": "Apt 2",
        "city": "Denver",
        "zip": "80202",
        "address_since": "2021-05-01",
        "phone": "(303) 555-0142",
        "phone_since": "2019",
        "email": "jordan@example.com",
        "reply_email": "jordan.requests@example.com",
        "mail_street": "P.O. Box 100",
        "mail_city": "Denver",
        "mail_state": "CO",
        "mail_zip": "80202",
        "never_give": "address; birth date",
        "responsible": "robin example",
        "household": "Casey Sample; Robin Sample",
        "adverse": "Example Rentals LLC",
    }
    done = bring([row])
    assert (done.added, done.unchanged, done.stored) == (1, 0, True)
    subject = only(vault)
    assert subject.label.reveal() == "Jordan Q. Sample"
    assert subject.acting is Acting.HELPER
    assert values(subject, IdentifierKind.PHONE) == ["+13035550142"]
    assert values(subject, IdentifierKind.BIRTH_DATE) == [date(1990, 4, 12)]
    assert [name.full() for name in values(subject, IdentifierKind.ALIAS)] == [
        "Jordan Example",
        "Jordi",
    ]
    (home,) = values(subject, IdentifierKind.ADDRESS)
    assert isinstance(home, PostalAddress)
    assert home.lines() == ("100 Example Street", "Apt 2", "Denver, CO 80202")
    shares = {fact.kind: fact.share for fact in subject.identifiers}
    assert shares[IdentifierKind.ADDRESS] is Share.NEVER
    assert shares[IdentifierKind.PHONE] is Share.KNOWN
    assert [reply.kind for reply in subject.reply_to] == [ReplyKind.NEW_EMAIL, ReplyKind.PO_BOX]
    matter = vault.matters.get(subject.id)
    assert (matter.number, matter.responsible) == ("2026-014", "Robin Example")
    assert [(p.role, p.name.reveal()) for p in vault.matters.parties(subject.id)] == [
        (PartyRole.HOUSEHOLD, "Casey Sample"),
        (PartyRole.HOUSEHOLD, "Robin Sample"),
        (PartyRole.ADVERSE, "Example Rentals LLC"),
    ]
    assert "2026-11-01" in vault.notes.for_subject(subject.id)[0].text.reveal()


def test_a_life_without_street_phone_or_mail_is_a_client(bring: Bring, vault: Vault) -> None:
    shared = {"phone": "303-555-0142", "street": "100 Example Street", "city": "Denver"}
    rows = [
        {**BASE, "given": "لیلا"},
        {**BASE, "given": "李", "family": ""},
        {**BASE, "given": "María José", "zip": "80202", **shared},
        {**BASE, "given": "José", "zip": "80202", **shared},
        {**BASE, "given": "Away", "state": "", "country": "Germany"},
    ]
    assert bring(rows).added == 5
    assert [subject.label.reveal() for subject in vault.subjects.list()] == [
        "لیلا Sample",
        "李",
        "María José Sample",
        "José Sample",
        "Away Sample",
    ]


def test_every_problem_is_told_with_row_and_column_and_nothing_is_stored(
    bring: Bring,
    vault: Vault,
    office: Office,
) -> None:
    rows = [
        {**BASE, "given": "Fine"},
        {**BASE, "given": "", "zip": "2134", "phone": "555-0142", "born": "1990-02-30"},
        {**BASE, "email": "nobody", "state": "Colorodo", "agreed_on": "", "street": "1 A Street"},
        {**BASE, "responsible": "Nobody", "never_give": "shoe size", "mail_kind": "own"},
        {**BASE, "family": "=cmd()", "middle": "Q\u202e", "other_names": "Two Words"},
    ]
    events = vault.events.head()
    told = problems(bring, rows)
    zip_hint = (
        "It stands at the end of your address, for example 80202. A ZIP that begins with 0 keeps "
        "it: 02134."
    )
    phone_hint = (
        "Write it with the area code, for example 303-555-0142; with + for other countries."
    )
    email_hint = "It has one @ and a dot after it, for example jordan@example.com"
    staff_hint = "There are: Robin Example, Sam Example. Change them with: optout clinic start"
    wanted = {
        "Row 3, column A (“given”)": "The name is missing. Fill it in, or take the row out.",
        "Row 3, column E (“zip”)": f"A ZIP code has five digits; this one has 4. {zip_hint}",
        "Row 3, column F (“phone”)": f"That phone number is not complete. {phone_hint}",
        "Row 3, column G (“born”)": (
            "There is no such day. Write it as year-month-day, like 1990-04-12."
        ),
        "Row 4, column C (“state”)": (
            "“Colorodo” is not a state we know. Write its name or its two letters, like Colorado "
            "or CO."
        ),
        "Row 4, column D (“agreed_on”)": (
            "This client has not agreed. Ask first, or leave the row out."
        ),
        "Row 4, column E (“zip”)": ("The ZIP code is missing. Without one, empty the street, too."),
        "Row 4, column H (“email”)": f"That does not look like an e-mail address. {email_hint}",
        "Row 4": "The city is missing. Without one, empty the street, too.",
        "Row 5, column J (“responsible”)": (
            f"Nobody is not one of the people of this office. {staff_hint}"
        ),
        "Row 5, column K (“never_give”)": (
            "This is none of: address, phone, email, birth date, name."
        ),
        "Row 5, column L (“mail_kind”)": (
            "There is no home address to use. Fill it in, or empty this cell."
        ),
        "Row 6, column B (“family”)": "It begins like a formula. Take the sign in front away.",
        "Row 6, column M (“middle”)": (
            "It holds a sign that cannot be seen: U+202E RIGHT-TO-LEFT OVERRIDE. Type the cell "
            "anew."
        ),
        "Row 6, column N (“other_names”)": (
            "Write the last name first, with a comma: Sample, Jordan."
        ),
    }
    assert sorted(told) == sorted(f"{place}: {what}" for place, what in wanted.items())
    assert vault.subjects.list() == ()
    assert vault.events.head() == events


@pytest.mark.parametrize(
    ("count", "rows"), [(2, "rows 2, 3."), (21, "19, 20, 21 and others, 21 in all.")]
)
def test_rows_that_lack_a_street_and_children_are_named(
    count: int, rows: str, bring: Bring, office: Office
) -> None:
    child = {"born": "2015-01-01", "city": "Denver"}
    bring(
        [{**BASE, "given": f"Child{'abcdefghijklmnopqrstuvw'[n]}", **child} for n in range(count)]
    )
    for about in ("no address is kept", "nothing is planned"):
        (said,) = (each for each in office.said if about in each)
        assert said.endswith(rows)


def test_who_has_not_agreed_is_not_kept(bring: Bring, office: Office, vault: Vault) -> None:
    told = problems(bring, [BASE, {**BASE, "given": "Casey", "agreed_on": ""}])
    assert [each.partition(":")[0] for each in told] == ["Row 3, column D (“agreed_on”)"]
    without = {name: cell for name, cell in BASE.items() if name != "agreed_on"}
    office.answers = {"Did each of them agree": "no"}
    with pytest.raises(Refused, match="who has not agreed"):
        bring([without])
    assert vault.subjects.list() == ()
    office.answers = {"Did each of them agree": "yes"}
    assert bring([without]).added == 1


@pytest.mark.parametrize(
    "heading",
    [
        *("SSN", "Social Security #", "ITIN", "A-Number", "A#", "Alien No.", "Visa type"),
        *("Citizenship", "Immigration status", "Country of Birth", "Nationality", "Asylum"),
        *("Preferred language", "País de nacimiento", "Estatus migratorio", "Passport", "I-94"),
    ],
)
def test_columns_that_are_never_stored_are_dropped_and_named(
    heading: str,
    bring: Bring,
    vault: Vault,
    office: Office,
) -> None:
    assert bring([{**BASE, heading: "MARKER-77"}]).added == 1
    assert f"Dropped, and never stored here: column E (“{heading}”)." in office.said
    kept = "\n".join(str(tuple(row.values())) for table in tables(vault) for row in table)
    assert "MARKER-77" not in kept
    assert "Sample" in kept  # the control: what was kept is found there


def tables(vault: Vault) -> list[list[Any]]:
    names = vault.db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [vault.db.rows(f'SELECT * FROM "{row["name"]}"') for row in names]


@pytest.mark.parametrize(
    "heading", ["Waiting since", "Country", "State", "Extra number", "Advisor"]
)
def test_other_columns_are_not_taken_for_them(heading: str) -> None:
    assert not is_named_never_stored(heading_key(heading))


@pytest.mark.parametrize(
    "value", ["123-45-6789", "123 45 6789", "A123456789", "A 123 456 789", "a-12345678"]
)
def test_a_value_that_looks_never_stored_is_a_problem_wherever_it_stands(
    value: str,
    bring: Bring,
    office: Office,
) -> None:
    assert looks_never_stored(value)
    (told,) = problems(bring, [{**BASE, "file_number": value}])
    assert told.startswith("Row 2, column E (“file_number”)")
    assert value not in told


def test_the_same_file_again_changes_nothing_and_says_so(bring: Bring, vault: Vault) -> None:
    rows = [BASE, {**BASE, "given": "Casey", "household": "Jordan Sample"}]
    assert bring(rows).added == 2
    people, events = vault.subjects.list(), vault.events.head()
    again = bring(rows)
    assert (again.added, again.unchanged, again.stored) == (0, 2, False)
    assert vault.subjects.list() == people
    assert vault.events.head() == events
    more = bring([*rows, {**BASE, "given": "Avery"}])
    assert (more.added, more.unchanged) == (1, 2)


def test_two_clients_of_one_name_and_birth_year_are_asked_about_and_kept_apart(
    bring: Bring,
    vault: Vault,
    office: Office,
) -> None:
    one = {**BASE, "born": "1990-04-12", "phone": "303-555-0142"}
    other = {**BASE, "born": "1990-11-30", "phone": "303-555-0177"}
    with pytest.raises(NeedsPerson, match="look like somebody"):
        bring([one, other])
    assert vault.subjects.list() == ()
    assert any("looks like row 2: the same birth year." in said for said in office.said)
    assert bring([one, other], wishes=Wishes(twins={3: Twin.ANOTHER})).added == 2
    first, second = vault.subjects.list()
    assert [first.label.reveal(), second.label.reveal()] == ["Jordan Sample", "Jordan Sample (2)"]
    assert values(first, IdentifierKind.PHONE) == ["+13035550142"]
    assert values(second, IdentifierKind.PHONE) == ["+13035550177"]
    assert not bring([one, other]).stored


def test_names_that_only_look_alike_are_not_asked_about(bring: Bring) -> None:
    rows = [
        {**BASE, "born": "1960-04-12", "phone": "303-555-0142"},
        {**BASE, "born": "1990-04-12", "phone": "303-555-0177"},
        {**BASE, "given": "Casey", "born": "1990-04-12", "phone": "303-555-0177"},
    ]
    assert bring(rows).added == 3


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"phone": "(303) 555-0142"}, "the same phone"),
        ({"email": "JORDAN@example.com"}, "the same e-mail"),
        ({"street": "100 Example St", "city": "Denver", "zip": "80202"}, "the same address"),
        ({}, "nothing that tells them apart"),
    ],
)
def test_somebody_who_is_here_already_is_recognized(
    change: dict[str, str],
    why: str,
    bring: Bring,
    office: Office,
    vault: Vault,
) -> None:
    there = {"phone": "303-555-0142", "email": "jordan@example.com"} if change else {}
    home = {"street": "100 Example Street", "city": "Denver", "zip": "80202"} if change else {}
    bring([{**BASE, **there, **home}])
    before = only(vault)
    row = {**BASE, "given": "JORDAN", **change}
    with pytest.raises(NeedsPerson):
        bring([row])
    assert any(said.startswith("Row 2 (JORDAN Sample) looks like Jordan") for said in office.said)
    assert any(why in said for said in office.said)
    done = bring([row], wishes=Wishes(twins={2: Twin.SAME}))
    assert (done.same, done.added) == (1, 0)
    assert only(vault) == before
    assert bring([row]).unchanged == 1


def test_what_is_new_is_added_and_nothing_that_is_there_is_overwritten(
    bring: Bring,
    vault: Vault,
) -> None:
    bring([{**BASE, "born": "1990-04-12", "phone": "303-555-0142"}])
    before = only(vault)
    row = {
        **BASE,
        "born": "1990-04-13",
        "phone": "303-555-0177",
        "other_names": "Example, Jordan",
        "household": "Casey Sample",
    }
    assert bring([row], wishes=Wishes(twins={2: Twin.ADD})).extended == 1
    after = only(vault)
    assert after.identifiers[: len(before.identifiers)] == before.identifiers
    assert values(after, IdentifierKind.PHONE) == ["+13035550142", "+13035550177"]
    assert values(after, IdentifierKind.BIRTH_DATE) == [date(1990, 4, 12)]
    assert len(values(after, IdentifierKind.NAME)) == 1
    assert len(vault.matters.parties(after.id)) == 1


def test_a_row_that_stands_there_twice_is_one_person_or_two_as_the_office_says(
    bring: Bring,
    vault: Vault,
) -> None:
    assert bring([BASE, BASE], wishes=Wishes(twins={3: Twin.ANOTHER})).added == 2
    assert bring([BASE, BASE]).unchanged == 2
    assert len(vault.subjects.list()) == 2


def test_it_is_all_or_nothing_also_when_the_disk_is_full(
    bring: Bring,
    vault: Vault,
) -> None:
    rows = [{**BASE, "given": f"Given{n}", "file_number": str(n)} for n in range(400)]
    pages = vault.db.row("PRAGMA page_count")
    assert pages is not None
    vault.db.maintain(f"PRAGMA max_page_count = {pages['page_count'] + 20}")
    with pytest.raises(Refused, match="disk is full"):
        bring(rows)
    assert vault.subjects.list() == ()
    vault.db.maintain("PRAGMA max_page_count = 1000000")
    assert bring(rows).added == 400


def test_an_open_date_is_asked_about_and_never_guessed(bring: Bring, office: Office) -> None:
    rows = [
        {**BASE, "born": "4/12/1990"},
        {**BASE, "given": "Casey", "born": "12 de abril de 1991"},
        {**BASE, "given": "Avery", "born": "1992-04-12"},
    ]
    (told,) = problems(bring, rows)
    assert "Row 2" in told
    assert "This can be two days" in told
    assert "Which day is “4/12/1990” in row 2?" in office.said
    office.said.clear()
    assert problems(bring, rows, wishes=Wishes(only_check=True)) == [told]
    assert not any("Which day" in said for said in office.said), "to look is to ask nothing"
    office.answers = {"Which day is": DayOrder.DAY_FIRST}
    assert bring(rows).added == 3


@pytest.mark.parametrize(
    ("order", "day"),
    [(DayOrder.DAY_FIRST, date(1990, 12, 4)), (DayOrder.MONTH_FIRST, date(1990, 4, 12))],
)
def test_the_order_can_be_said_beforehand(
    order: DayOrder,
    day: date,
    bring: Bring,
    vault: Vault,
) -> None:
    bring([{**BASE, "born": "4/12/1990"}], wishes=Wishes(order=order))
    assert values(only(vault), IdentifierKind.BIRTH_DATE) == [day]


def test_a_column_with_both_orders_is_not_read_in_one(bring: Bring, office: Office) -> None:
    rows = [
        {**BASE, "born": "25/12/1990"},
        {**BASE, "given": "Casey", "born": "12/25/1991"},
        {**BASE, "given": "Avery", "born": "4/12/1992"},
    ]
    (told,) = problems(bring, rows, wishes=Wishes(order=DayOrder.DAY_FIRST))
    assert told.startswith("Row 4, column E (“born”): This can be two days")


def workbook(
    rows: Sequence[Sequence[Any]],
    *,
    merged: tuple[int, int, int, int, str],
    day: tuple[int, int] | None = None,
) -> bytes:
    """Return a workbook with merged cells, a day that Excel knows to be one, and a hidden sheet."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Clients")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.merge_range(*merged)
        if day:
            form = book.add_format({"num_format": "m/d/yyyy"})
            sheet.write_datetime(*day, date(1990, 4, 12), form)
        old = book.add_worksheet("Old")
        old.write_row(0, 0, rows[-2])
        old.write_row(1, 0, rows[-1])
        old.hide()
    return content.getvalue()


def test_a_workbook_says_its_dates_and_numbers_itself(bring: Bring, vault: Vault) -> None:
    rows: list[list[Any]] = [
        ["Clients of Example Legal Aid"],
        [],
        ["First Name", "Last Name", "State", "DOB", "Cell", "Zip", "Consent date"],
        ["Jordan", "Sample", "Colorado", "", 3035550142, 80202, "2026-11-01"],
    ]
    content = workbook(rows, day=(3, 3), merged=(0, 0, 0, 4, "Clients"))
    bring(content, "clients.xlsx")
    assert values(only(vault), IdentifierKind.BIRTH_DATE) == [date(1990, 4, 12)]
    assert values(only(vault), IdentifierKind.PHONE) == ["+13035550142"]


def test_a_merged_cell_is_a_problem_where_it_stands(bring: Bring, office: Office) -> None:
    rows = [
        ["given", "family", "state", "agreed_on"],
        ["Jordan", "Sample", "CO", "2026-11-01"],
        ["Casey", "Sample", "CO", "2026-11-01"],
    ]
    content = workbook(rows, merged=(1, 1, 2, 1, "Sample"))
    told = problems(bring, content, name="clients.xlsx")
    assert [each.split(":")[0] for each in told] == [
        "Row 2, column B (“family”)",
        "Row 3, column B (“family”)",
    ]


def test_old_and_mixed_encodings_are_asked_about(
    bring: Bring, vault: Vault, office: Office
) -> None:
    lines = [
        "given,family,state,agreed_on",
        "Peña,Sample,CO,2026-11-01",
        "Núñez,Sample,CO,2026-11-01",
    ]
    mixed = "\n".join(lines[:2]).encode() + b"\n" + lines[2].encode("cp1252")
    with pytest.raises(NeedsPerson):
        bring(mixed)
    office.answers = {"written right": "cp1252"}
    bring(mixed)
    assert [subject.label.reveal() for subject in vault.subjects.list()] == [
        "Peña Sample",
        "Núñez Sample",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_says_its_encoding_is_not_asked_about(
    encoding: str, bring: Bring, vault: Vault
) -> None:
    text = "given;family;state;agreed_on\nPeña;Sample;CO;2026-11-01\n"
    bring(text.encode(encoding))
    assert only(vault).label.reveal() == "Peña Sample"


def test_a_heading_of_the_office_is_named_once_and_kept(
    bring: Bring, vault: Vault, office: Office
) -> None:
    row = {**BASE, "Best number": "303-555-0142"}
    bring([row], wishes=Wishes(only_check=True))
    assert "Not read: column E (“Best number”)." in office.said
    with pytest.raises(WrongUsage, match="not understood"):
        bring([row], wishes=Wishes(columns=["Best number=phon"]))
    bring([row], wishes=Wishes(columns=["Best number=phone"]))
    assert values(only(vault), IdentifierKind.PHONE) == ["+13035550142"]
    assert saved_columns(vault) == {"best_number": "phone"}
    assert bring([row]).unchanged == 1


def test_two_columns_for_one_thing_are_refused(bring: Bring) -> None:
    row = {**BASE, "DOB": "1990-04-12", "Birth date": "1990-04-13"}
    with pytest.raises(WrongUsage, match="Two columns look like"):
        bring([row])
    assert bring([row], wishes=Wishes(columns=["DOB="])).added == 1


def test_a_file_with_too_many_rows_is_refused_before_anything_else(bring: Bring) -> None:
    head = "given,family,state,agreed_on\n"
    row = "Jordan,Sample,CO,2026-11-01\n"
    with pytest.raises(WrongUsage, match=f"more than {MOST_ROWS} rows"):
        bring((head + row * (MOST_ROWS + 1)).encode())
    with pytest.raises(WrongUsage, match=f"more than {MOST_ROWS} rows"):
        bring((head + row * 100_000).encode())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "nothing in this file"),
        (b"\n\n", "nothing in this file"),
        (b"PK\x03\x04 not a zip", "not a whole Excel file"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        (b'given,family,state\nJordan,Sample,"CO', "ends or breaks"),
        (b"given,family,state\nJor\0dan,Sample,CO", "zero byte"),
        (b"one,two,three\n1,2,3", "looks like headings"),
        (b"given,family,state\n", "nobody below the headings"),
        (("given,family,state\n" + ",".join("x" * 201)).encode(), "more than 200 columns"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(content: bytes, why: str, bring: Bring) -> None:
    with pytest.raises(OptoutError, match=why) as refused:
        bring(content)
    assert "Nothing was stored." in str(refused.value)


def test_a_folder_is_no_list(world: World, office: Office, tmp_path: Path) -> None:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    with pytest.raises(WrongUsage, match="This is a folder") as refused:
        import_clients(world.vault, office, world.clock, tmp_path, Wishes())
    assert "Nothing was stored." in str(refused.value)


def test_only_an_office_imports(world: World, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(csv_of([BASE]))
    with pytest.raises(NeedsPerson, match="optout clinic start"):
        import_clients(world.vault, office, world.clock, path, Wishes())


@pytest.mark.parametrize("name", ["clients.xlsx", "clients.csv"])
def test_the_template_holds_every_column_and_is_read_by_the_import(
    name: str,
    bring: Bring,
    tmp_path: Path,
    vault: Vault,
) -> None:
    path = tmp_path / f"empty-{name}"
    write_clients_file(path)
    with pytest.raises(WrongUsage, match="nobody below the headings"):
        bring(path.read_bytes(), name)
    with pytest.raises(Refused, match="already"):
        write_clients_file(path)
    row = [BASE.get(column, "02134" if column == "zip" else "") for column in NAMES]
    filled = tmp_path / f"filled-{name}"
    write_clients_file(filled, NAMES, [row])
    bring(filled.read_bytes(), name)
    assert only(vault).label.reveal() == "Jordan Sample"


def test_the_sample_has_its_seven_mistakes_and_mended_it_comes_in(
    bring: Bring,
    vault: Vault,
    office: Office,
    tmp_path: Path,
) -> None:
    wrong, right = tmp_path / "wrong.xlsx", tmp_path / "right.xlsx"
    write_clients_file(wrong, HEADINGS, sample_clients())
    write_clients_file(right, HEADINGS, sample_clients(mended=True))
    told = problems(bring, wrong.read_bytes(), "w.xlsx", Wishes(order=DayOrder.MONTH_FIRST))
    places = {f"Row {row}, column {column_letter(HEADINGS.index(name))}" for row, name in MISTAKES}
    open_day = next(iter(p for p in places if p.startswith("Row 22,")))
    assert {each.partition(" (")[0] for each in told if ", column" in each} == places - {open_day}
    assert any("A-Number" in said for said in office.said)
    assert any(f"looks like row {TWIN[0]}" in each for each in told)
    assert not any("Not read" in said for said in office.said)
    office.answers = {f"Row {TWIN[1]}": Twin.SAME}
    done = bring(right.read_bytes(), "right.xlsx")
    assert (done.added, done.same) == (49, 1)
    assert len(vault.subjects.list()) == 49
    assert bring(right.read_bytes(), "right.xlsx").unchanged == 50
