"""What a volunteer reads while a definition is written, checked and mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest

from optout.catalog.brokers import folder_of
from optout.catalog.lint_catalog import lint_company
from optout.cli import definitions
from optout.cli import main as shell
from optout.errors import NeedsPerson, Refused
from optout.model.change import ChangeKind
from optout.model.flow import Flow, Leg, Submit
from optout.model.form import Box, BoxKind, Choice, SeenPage
from optout.model.look import Look, Reached
from optout.model.ports import Option, Person
from optout.model.words import Right
from optout.rules.form_changes import compare
from optout.shipped import shipped
from optout.text import Text
from optout.workflows import check_forms
from optout.workflows.settle_boxes import settled_meanings

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
