"""The report for somebody who helps: whatever is personal cannot get into it."""

from __future__ import annotations

import json
import platform
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer import Exit

from optout.browser import find
from optout.cli.doctor import doctor
from optout.cli.session import Session, begin
from optout.errors import WrongUsage
from optout.i18n import in_language, say
from optout.model.note import Note
from optout.model.secret import Secret
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE
from optout.text import Text
from optout.vault.create import create_vault
from optout.vault.ids import new_id
from optout.workflows.check_computer import LOOKS, Check, Here, State, check_computer
from optout.workflows.help_report import CHECKED, Counts, count, help_report, report_lines

MARK = "Zq07Mark"


def now() -> datetime:
    return datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A folder whose path names somebody."""
    return Here(folder=tmp_path / f"home-of-{MARK}" / "locked", clock=now)


def counted(here: Here) -> Counts:
    """Fill the folder with a marked person and a note about them; count it."""
    here.folder.parent.mkdir()
    made = create_vault(
        here.folder, clock=now, actor=MARK, passphrase=Secret(PASSPHRASE), use_keyring=False
    )
    with made.vault as vault:
        vault.subjects.add(replace(JORDAN, label=Secret(MARK)))
        vault.notes.add(Note(id=new_id(), subject_id=JORDAN.id, text=Secret(MARK), at=now()))
        assert vault.subjects.list()[0].label.reveal() == MARK, "the control: it is in there"
        return count(vault)


def in_words(here: Here, checks: list[Check], counts: Counts | None = None) -> str:
    return "\n".join(say(line) for line in report_lines(help_report(here, checks, counts)))


def test_a_folder_full_of_marks_leaves_none_in_the_report(here: Here) -> None:
    counts = counted(here)
    checks = check_computer(here)
    unfiltered = " ".join(each.said.english() for each in checks)
    assert MARK in unfiltered, "the control: the checks themselves name the folder"
    for language in ("en", "es"):
        with in_language(language):
            said = in_words(here, checks, counts)
        assert MARK.lower() not in said.lower()
        assert "1" in said
    assert counts.people == 1


def test_no_part_of_a_check_can_carry_a_word_in(
    here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not its name, not its sentence, nor what the system calls itself and its browser."""
    hostile = [
        Check(name=MARK, state=State.BAD, said=Text(MARK), mend=Text(MARK)),
        Check(name="disk", state=State.GOOD, said=Text("{x}", x=MARK)),
        Check(name="disk", state=State.BAD, said=Text("x")),
        Check(name="disk", state=State.WARNING, said=Text("x")),
    ]
    for name in ("system", "machine"):
        monkeypatch.setattr(platform, name, lambda: MARK)
    monkeypatch.setattr(platform, "release", lambda: f"6.1.0-{MARK}")
    browser = tmp_path / f"{MARK}-chromium"
    browser.write_text(f"#!/bin/sh\necho Chromium 156.1 {MARK}\n")
    browser.chmod(0o700)
    monkeypatch.setattr(find, "_own_builds", lambda: iter([browser]))
    report = help_report(here, hostile)
    assert MARK not in repr(report)
    assert MARK not in in_words(here, hostile)
    assert report.system == "other 6.1.0 other"
    assert report.browser == "chromium 156.1"
    assert report.checks == {"other": State.BAD, "disk": State.BAD}


def test_every_check_has_a_name_of_its_own_in_the_report(here: Here) -> None:
    looked_at = {each.name for each in check_computer(here)}
    looked_at |= {look.__name__.removeprefix("_") for look in LOOKS}  # one that stops
    assert looked_at <= set(CHECKED)


def test_the_command_says_the_same_and_counts_only_when_asked(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(Session(folder=here.folder))
    with suppress(Exit):
        doctor(share=True, json=True)
    read = json.loads(capsys.readouterr().out)
    assert read["counts"] is None
    assert set(read["checks"]) <= set(CHECKED)
    assert MARK not in json.dumps(read)
    with pytest.raises(WrongUsage):
        doctor(counts=True)
    begin(Session())
