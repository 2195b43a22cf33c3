"""The person at a terminal: what is shown before yes, what counts as yes, and who answers."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from optout.cli.terminal import Terminal
from optout.errors import NeedsPerson, WrongUsage
from optout.i18n import in_language
from optout.model.fields import Field
from optout.model.payload import ApprovalSheet, Newness, Payload, Recipient, ShownValue
from optout.model.ports import Acted, HandOver, Option, Remaining
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text

CHOICES: Final = (Option(key="a", text=Text("Apples")), Option(key="b", text=Text("Bread")))


class Screen:
    """A terminal whose keyboard was typed on beforehand."""

    def __init__(self, typed: str = "", *, passphrase_fd: int | None = None) -> None:
        self.out = io.StringIO()
        self.saved: list[bytes] = []
        self.person = Terminal(
            source=io.StringIO(typed), screen=self.out, passphrase_fd=passphrase_fd
        )

    @property
    def shown(self) -> str:
        return self.out.getvalue()


def sheet(*values: ShownValue, body: Secret[str] | None = None) -> ApprovalSheet:
    payload = Payload(
        message_id=MessageId("m1"),
        subject_id=SubjectId("s1"),
        recipient=Recipient(name="Sample Data Inc.", hosts=("sample-data.test",)),
        values={shown.field: shown.value for shown in values},
        body=body,
    )
    return ApprovalSheet(
        title=Text("Ask {company} to delete.", company="Sample Data Inc."),
        payload=payload,
        values=values,
        warnings=(Text("They keep a record that you asked."),),
        digest="0123456789abcdef" * 4,
    )


KNOWN = ShownValue(field=Field.FULL_NAME, value=Secret("Jordan Sample"), newness=Newness.KNOWN)
NEW = ShownValue(field=Field.STREET, value=Secret("100 Example Street"), newness=Newness.NEW)


def test_an_approval_shows_every_value_and_where_it_goes() -> None:
    screen = Screen("y\n")
    assert screen.person.approve(sheet(KNOWN))
    assert screen.shown.splitlines() == [
        "",
        "Ask Sample Data Inc. to delete.",
        "Goes to: Sample Data Inc.",
        "  through this web site: sample-data.test",
        "They get:",
        "  full name: Jordan Sample (they probably have this)",
        "Note: They keep a record that you asked.",
        "Number of this page: 0123456789ab (it changes when anything above changes)",
        "Send exactly this? [y/N] ",
    ]


def test_a_letter_is_written_and_not_sent_by_a_yes() -> None:
    screen = Screen("n\n")
    plain = sheet(KNOWN)
    letter = replace(plain, payload=replace(plain.payload, body=Secret("Dear Sample Data")))
    assert not screen.person.approve(letter)
    assert "Write exactly this? It leaves only when you send or post it yourself." in screen.shown
    assert "Send exactly this?" not in screen.shown


@pytest.mark.parametrize(
    ("typed", "approved"),
    [("y\ny\n", True), ("y\nn\n", False), ("n\n", False), ("\n", False), ("y\n\n", False)],
)
def test_what_is_new_to_them_is_asked_a_second_time(typed: str, approved: bool) -> None:  # noqa: FBT001 - a table
    screen = Screen(typed)
    assert screen.person.approve(sheet(KNOWN, NEW)) is approved
    assert "  street address: 100 Example Street (NEW to them)" in screen.shown
    asked_again = "NEW to them: street address. They will learn this from you." in screen.shown
    assert asked_again is typed.startswith("y")


def test_an_approval_of_a_letter_shows_its_text() -> None:
    screen = Screen("y\n")
    screen.person.approve(sheet(KNOWN, body=Secret("Dear company,\n\n  1. Delete it.\n")))
    assert "  | Dear company,\n  |\n  |   1. Delete it.\n" in screen.shown


def test_an_envelope_names_the_company_once_and_an_address_keeps_its_commas() -> None:
    there = ShownValue(
        field=Field.REPLY_ADDRESS, value=Secret("PO Box 12\nDenver, CO 80201"), newness=Newness.NEW
    )
    posted = sheet(there)
    lines = ("Sample Data Inc.", "Attn: Privacy")
    recipient = Recipient(name="Sample Data Inc.", lines=lines)
    screen = Screen()
    screen.person.show_sheet(replace(posted, payload=replace(posted.payload, recipient=recipient)))
    assert "Goes by post to:\n  Sample Data Inc.\n  Attn: Privacy\n" in screen.shown
    assert screen.shown.count("Sample Data Inc.") == len(("the title", "the envelope"))
    assert "address for the answer: PO Box 12, Denver, CO 80201 (NEW to them)" in screen.shown


@pytest.mark.parametrize(
    ("question", "default", "prompt"),
    [
        ("Middle name. Enter leaves it out.", "", "Middle name. Enter leaves it out: "),
        ("In which state do you live?", "", "In which state do you live? "),
        ("First name", "", "First name: "),
        ("None is sent yet.", "n", "None is sent yet [n]: "),
    ],
)
def test_no_two_marks_stand_before_an_answer(question: str, default: str, prompt: str) -> None:
    screen = Screen("x\n")
    screen.person.ask(Text(question), default=default)
    assert screen.shown == prompt


class Glass(io.StringIO):
    """A screen, and a keyboard, that are a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("pauses", "pages"), [(True, 3), (False, 1)])
def test_a_long_text_waits_for_enter_only_where_somebody_reads_a_screen(
    monkeypatch: pytest.MonkeyPatch,
    pauses: bool,  # noqa: FBT001 - a table
    pages: int,
) -> None:
    monkeypatch.setenv("LINES", "12")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("optout.cli.terminal.forget_typed_ahead", lambda _keyboard: None)
    glass = Glass()
    person = Terminal(source=Glass("\n\n"), screen=glass)
    person.pauses = pauses
    three = [Text(""), *[Text("line {n}", n=n) for n in range(7)]]
    person.tell_at_length([*three, *three, *three])
    assert glass.getvalue().count("Press Enter for the next page") == pages - 1
    assert glass.getvalue().count("line 6") == 3


def test_the_text_of_a_letter_keeps_its_mark_on_a_narrow_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    glass = Glass()
    Terminal(source=Glass(), screen=glass).show_sheet(sheet(KNOWN, body=Secret("word " * 30)))
    text = glass.getvalue().partition("The text:\n")[2].partition("\nNote:")[0]
    assert len(text.splitlines()) > 3
    assert all(line.startswith("  | word") and len(line) < 40 for line in text.splitlines())


def test_enter_is_not_yes() -> None:
    assert Screen("\n").person.confirm(Text("Go on?")) is False
    assert Screen("\n").person.confirm(Text("Go on?"), default=True) is True


def test_yes_is_understood_in_two_languages_and_anything_else_asked_again() -> None:
    for typed in ("y\n", "YES\n", "s\n", "Sí\n", "maybe\ny\n"):
        assert Screen(typed).person.confirm(Text("Go on?"))
    for typed in ("n\n", "No\n", "maybe\nno\n"):
        assert not Screen(typed).person.confirm(Text("Go on?"), default=True)


@pytest.mark.parametrize("typed", ["2\n", "b\n", "9\n2\n", "x\nb\n", "0\n2\n", "²\n2\n"])
def test_a_choice_is_made_by_number(typed: str) -> None:
    screen = Screen(typed)
    assert screen.person.choose(Text("What?"), CHOICES) == "b"
    assert "  1  Apples\n  2  Bread\n" in screen.shown


def test_enter_takes_the_usual_choice_only_where_there_is_one() -> None:
    assert Screen("\n").person.choose(Text("What?"), CHOICES, default="b") == "b"
    assert Screen("\n1\n").person.choose(Text("What?"), CHOICES) == "a"


def test_a_word_must_be_typed() -> None:
    assert Screen("Go\n").person.type_word(Text("Sure?"), Text("go"))
    assert not Screen("\n").person.type_word(Text("Sure?"), Text("go"))
    mistyped = Screen("y\ngo\n")
    assert mistyped.person.type_word(Text("Sure?"), Text("go"))
    assert "That is not go." in mistyped.shown
    assert not Screen("y\n\n").person.type_word(Text("Sure?"), Text("go"))


@pytest.mark.parametrize("typed", ["sí", "si", "SI"])
def test_a_word_is_typed_with_or_without_its_accents(typed: str) -> None:
    with in_language("es"):
        assert Screen(f"{typed}\n").person.type_word(Text("Sure?"), Text("yes"))
        assert not Screen("so\n\n").person.type_word(Text("Sure?"), Text("yes")), "the control"


def test_a_wrong_answer_is_explained_and_asked_again() -> None:
    def five_digits(answer: str) -> None:
        if len(answer) != 5:
            raise WrongUsage(Text("A ZIP code has five digits."), hint=Text("Such as 80202."))

    screen = Screen("8020\n80202\n")
    assert screen.person.ask(Text("ZIP code"), check=five_digits) == "80202"
    assert "A ZIP code has five digits.\nSuch as 80202.\nZIP code: " in screen.shown


def test_enter_takes_the_default() -> None:
    assert Screen("\n").person.ask(Text("State"), default="CO") == "CO"


@pytest.mark.parametrize("ask", ["ask", "confirm", "choose", "word", "approve", "secret", "act"])
def test_nobody_at_the_keyboard_ends_with_a_clear_sentence(ask: str) -> None:
    person = Screen().person
    questions: dict[str, Callable[[], object]] = {
        "ask": lambda: person.ask(Text("Name")),
        "confirm": lambda: person.confirm(Text("Sure?")),
        "choose": lambda: person.choose(Text("What?"), CHOICES),
        "word": lambda: person.type_word(Text("Sure?"), Text("go")),
        "approve": lambda: person.approve(sheet(KNOWN)),
        "secret": lambda: person.ask_secret(Text("Passphrase")),
        "act": lambda: person.act(hand_over(visible=True)),
    }
    with pytest.raises(NeedsPerson) as met:
        questions[ask]()
    assert met.value.exit_code == 3
    assert met.value.hint


def test_passphrases_come_from_a_file_descriptor_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("first passphrase\nsecond one\n", "utf-8")
    descriptor = os.open(tmp_path / "words", os.O_RDONLY)
    try:
        screen = Screen(passphrase_fd=descriptor)
        assert screen.person.ask_secret(Text("New")).reveal() == "first passphrase"
        assert screen.person.ask_secret(Text("Again")).reveal() == "second one"
        with pytest.raises(NeedsPerson):
            screen.person.ask_secret(Text("Once more"))
    finally:
        os.close(descriptor)
    assert "passphrase" not in screen.shown


def test_a_closed_file_descriptor_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage, match="File descriptor 987 is not open"):
        Screen(passphrase_fd=987).person.ask_secret(Text("Passphrase"))


def hand_over(*, visible: bool, picture: bytes | None = None) -> HandOver:
    return HandOver(
        why=Text("The page wants to know that you are no robot."),
        what=Text("Tick the box."),
        minutes=1,
        window_visible=visible,
        remaining=(Remaining(field=Field.CITY, place="Town", value=Secret("Denver")),),
        picture=picture,
    )


@pytest.mark.parametrize(
    ("typed", "said"), [("1\n", Acted.DID), ("2\n", Acted.DID_NOT), ("3\n", Acted.NOT_SURE)]
)
def test_after_a_hand_over_the_person_says_what_they_did(typed: str, said: Acted) -> None:
    screen = Screen(typed)
    assert screen.person.act(hand_over(visible=True)) is said
    assert "  into 'Town': Denver\n" in screen.shown
    assert "Do it in the window, then answer here." in screen.shown


@pytest.mark.parametrize(("typed", "said"), [("go\n", Acted.DID), ("\n", Acted.DID_NOT)])
def test_without_a_display_the_values_are_listed_and_go_is_typed(typed: str, said: Acted) -> None:
    screen = Screen(typed)
    assert screen.person.act(hand_over(visible=False)) is said
    assert "no window can be shown" in screen.shown
    assert "  into 'Town': Denver\n" in screen.shown


@pytest.mark.parametrize(("typed", "saved"), [("y\ngo\n", [b"jpeg"]), ("n\ngo\n", [])])
def test_a_picture_is_saved_only_when_asked_and_named_as_a_file(
    typed: str, saved: list[bytes], tmp_path: Path
) -> None:
    kept: list[bytes] = []

    def save(picture: bytes) -> Path:
        kept.append(picture)
        return tmp_path / "page.jpg"

    screen = Screen(typed)
    screen.person.save_picture = save
    assert screen.person.act(hand_over(visible=False, picture=b"jpeg")) is Acted.DID
    assert kept == saved
    assert ("page.jpg" in screen.shown) is bool(saved)
