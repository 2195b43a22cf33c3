"""What a volunteer reads while a definition is written, checked and mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from optout.catalog.brokers import folder_of
from optout.catalog.lint_catalog import lint_company
from optout.cli import definitions
from optout.cli import main as shell
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.change import ChangeKind
from optout.model.fields import Field
from optout.model.flow import Fill, Flow, Leg, Submit
from optout.model.form import Box, BoxKind, Choice, SeenPage
from optout.model.look import Hit, Look, Place, Reached, StepSeen
from optout.model.ports import Option, Person
from optout.model.words import Right
from optout.rules.drafted_names import rights_offered, title_for
from optout.rules.form_changes import compare
from optout.sample.practice_form import PRACTICE_URL, check_practice
from optout.shipped import shipped
from optout.text import Text
from optout.workflows import check_forms, new_definition, try_definition
from optout.workflows.settle_boxes import settled_meanings

if TYPE_CHECKING:
    from optout.browser.window import Window

URL = "https://privacy.example.com/form"


class Asked:
    """Keeps what was offered, and takes what stands in brackets."""

    def __init__(self) -> None:
        self.offered: dict[str, list[str]] = {}
        self.told: list[str] = []

    def tell(self, text: Text) -> None:
        self.told.append(text.english())

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        self.offered[question.english()] = [option.key for option in options]
        return default or options[0].key


def offered_for(box: Box) -> list[str]:
    person = Asked()
    settled_meanings(SeenPage(url=URL, boxes=(box,)), Right.OPT_OUT, cast("Person", person))
    return next(iter(person.offered.values()), [])


def listed(*words: str) -> Box:
    return Box(
        kind=BoxKind.SELECT,
        labels=("How we know you",),
        choices=tuple(Choice(words=each, value=each[:1]) for each in words),
    )


def test_a_list_is_offered_a_field_only_where_its_options_are_such() -> None:
    assert "state" not in offered_for(listed("I found a page", "I got a letter"))
    assert "person" in offered_for(listed("I found a page", "I got a letter"))
    unseen = Box(kind=BoxKind.LISTBOX, labels=("Where?",))
    assert "state" in offered_for(unseen)  # control: nobody knows yet what it offers


# ---- the commands ----


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog of one company whose file says two things that cannot be."""
    folder = tmp_path / "brokers" / "spokeo"
    shutil.copytree(shipped("brokers") / "spokeo", folder)
    path = folder / "broker.toml"
    path.write_text(path.read_text("utf-8").replace('kind = "', 'wrong = 1\nkind = "no'), "utf-8")
    monkeypatch.setattr(check_forms, "folder_of", lambda _slug, **_more: folder)
    monkeypatch.setattr(definitions, "shipped", lambda _name: folder.parent)
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int) -> str:
    assert shell.main(["broker", *words]) == code
    told = capsys.readouterr()
    return told.out + told.err


@pytest.mark.browser
@pytest.mark.parametrize("command", ["try", "check"])
def test_what_is_to_mend_stands_on_lines_of_its_own(
    broken: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    company = str(broken) if command == "try" else "spokeo"
    said = run(capsys, command, company, code=1)
    (first,) = [line for line in said.splitlines() if "things to mend: 2" in line]
    assert first.endswith("2")
    assert [line.split()[0] for line in said.splitlines() if "[schema]" in line] == [
        "wrong,", "kind,",
    ]  # fmt: skip


def test_a_definition_that_cannot_be_read_is_no_comfort(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "diff", str(shipped("brokers")), code=1)
    assert "spokeo cannot be read now" in said
    assert "No field goes to a new place" not in said


@pytest.mark.parametrize(("error", "code"), [(Refused, 3), (NeedsPerson, 3)])
def test_what_could_not_be_looked_at_ends_as_the_help_says(
    error: Callable[[Text], Exception],
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_path: Path) -> object:
        raise error(Text("No browser starts as root."))

    monkeypatch.setattr(check_forms, "load_broker", refuse)
    assert "could not be checked" in run(capsys, "check", "spokeo", code=code)


def test_a_misspelt_source_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "spokeo"
    shutil.copytree(folder_of("spokeo"), folder)
    path = folder / "broker.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('source = "DDGA"', 'source = "DDG"', 1), "utf-8")
    (found,) = [
        each for each in lint_company(folder).findings if "no source called DDG" in each.english()
    ]
    assert found.suggest == Text("Did you mean {key}?", key="DDGA")


def test_a_page_without_a_form_is_told_in_one_sentence() -> None:
    flow = Flow(leg=(Leg(steps=(Submit(press="Send", into="#send", expect="Received it"),)),))
    page = SeenPage(url=URL, boxes=(Box(kind=BoxKind.TEXT, labels=("E-mail",), into="#mail"),))
    before = Look(reached=Reached.YES, page=page)
    now = Look(reached=Reached.YES, page=SeenPage(url=URL, title="Our privacy"))
    (only,) = compare({"opt-out": flow}, before, now, opened=URL, hosts=["example.com"]).changes
    assert (only.kind, only.what.english()) == (
        ChangeKind.NO_FORM, "There is no form on this page.",
    )  # fmt: skip
    same = compare({"opt-out": flow}, before, before, opened=URL, hosts=["example.com"])
    assert ChangeKind.NO_FORM not in {change.kind for change in same.changes}


def test_a_definition_that_was_just_mended_is_told_as_such() -> None:
    """The example shows the box as it was: only that is old."""
    box = Box(kind=BoxKind.TEXT, labels=("E-mail",), name="email", into="[name='email']")
    renamed = replace(box, name="e_mail", into="[name='e_mail']")
    steps: dict[str, dict[Place, StepSeen]] = {
        "opt-out": {(0, 0): StepSeen(whole=Hit(count=1, box=0))}
    }
    flow = Flow(leg=(Leg(steps=(Fill(field=Field.EMAIL, into=renamed.into),)),))
    nowhere = Look(reached=Reached.YES, page=SeenPage(url=URL, boxes=(box,)))
    there = Look(reached=Reached.YES, page=SeenPage(url=URL, boxes=(renamed,)), steps=steps)
    (only,) = compare({"opt-out": flow}, nowhere, there, opened=URL, hosts=["example.com"]).changes
    assert "already says so" in only.means.english()
    unused = compare({"opt-out": flow}, nowhere, replace(there, steps={}), opened=URL, hosts=[])
    assert "does not use it" in unused.changes[0].means.english()  # control


# ---- `new` ----


CHOICES = Box(
    kind=BoxKind.SELECT,
    labels=("I want to",),
    choices=(
        Choice(words="Opt out of the sale of my information", value="1"),
        Choice(words="Delete my information", value="2"),
    ),
)


def test_the_rights_of_a_list_are_told_and_the_title_fits_the_right() -> None:
    page = SeenPage(url=URL, headings=("Do not sell my personal information",), boxes=(CHOICES,))
    assert rights_offered(page) == (Right.OPT_OUT, Right.DELETE)
    assert title_for(page, Right.OPT_OUT) == "Do not sell my personal information"
    assert title_for(page, Right.DELETE) == "Delete my information"
    assert title_for(page, Right.ACCESS) == ""
    plain = replace(page, headings=("Your choices",), boxes=())
    assert title_for(plain, Right.DELETE) == "Your choices"
    assert rights_offered(plain) == ()


def test_practice_with_another_page_is_refused_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "https://privacy.acme.example/your-choices"
    said = run(capsys, "new", wrong, "--practice", "--into", str(tmp_path), code=2)
    assert PRACTICE_URL in said
    assert "Opening" not in said
    check_practice(f"{PRACTICE_URL}?from=mail")  # control


@pytest.mark.parametrize("words", [("new", PRACTICE_URL, "--practice"), ("try", "spokeo")])
def test_ctrl_c_says_that_nothing_was_written(
    words: Sequence[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_all: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(new_definition, "new_definition", stop)
    monkeypatch.setattr(try_definition, "try_definition", stop)
    said = run(capsys, *words, code=1)
    assert "Nothing was written" in said
    assert "status" not in said


class Answers(Asked):
    """Says no, and keeps every question."""

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        self.told.append(question.english())
        return default


def test_a_page_that_is_described_is_asked_about_before_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "broker.toml").write_text(f'url = "{URL}"', "utf-8")
    person = Answers()
    with pytest.raises(Refused) as refused:
        new_definition.new_definition(
            new_definition.Wish(url=f"{URL}#top", into=tmp_path, on=date(2026, 11, 22)),
            person=cast("Person", person),
            window=cast("Window", None),
        )
    assert "broker check acme" in str(refused.value.hint)
    assert len(person.told) == 1


def test_a_folder_that_is_not_there_is_told_before_the_page_is_opened(tmp_path: Path) -> None:
    person = Answers()
    with pytest.raises(AttributeError):  # there is no window: it would have been opened now
        new_definition.new_definition(
            new_definition.Wish(url=URL, into=tmp_path / "new", on=date(2026, 11, 22)),
            person=cast("Person", person),
            window=cast("Window", None),
        )
    assert "it is made with the files" in person.told[0]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("told", "what", "hint"),
    [
        ("name, home_adress", "home_adress", "home_address"),
        ("qqqq", "qqqq", "with commas"),
    ],
)
def test_an_unknown_word_of_what_is_held_is_named(told: str, what: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        new_definition.holdings_of(told)
    assert what in refused.value.what.english()
    assert hint in str(refused.value.hint)
    assert [one.value for one in new_definition.holdings_of("name, phone")] == ["name", "phone"]
