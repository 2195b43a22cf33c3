"""`optout clinic papers`: what it writes, says and refuses, as it is typed at the front desk."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from optout.cli import main as shell
from optout.model.paper import Paper
from optout.shipped import shipped
from tests.architecture.test_told_commands import mistakes


@pytest.fixture(autouse=True)
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is not there: blank papers, words and reviews need none."""
    monkeypatch.setenv("OPTOUT_VAULT", str(tmp_path / "vault"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert shell.main(["clinic", "papers", *words]) == code
    told = capsys.readouterr()
    return " ".join((told.out + told.err).split())


def test_blank_papers_need_no_folder_and_are_told(
    capsys: pytest.CaptureFixture[str], office: Path
) -> None:
    told = said(capsys, "write", "intake", "consent", "intake", "--to", "desk")
    assert len(list((office / "desk").glob("paper-*.pdf"))) == 2
    assert "No lawyer has read these words yet" in told
    assert "DRAFT" not in told
    assert "DRAFT: no named person" in said(capsys, "write", "intake", "--lang", "es")
    assert not (office / "vault").exists()


def test_a_client_needs_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no locked folder" in said(capsys, "write", "intake", "--person", "1", code=1)


def test_wrong_words_are_told_and_write_nothing(
    capsys: pytest.CaptureFixture[str], office: Path
) -> None:
    assert "is not one of: intake" in said(capsys, "write", "intke", code=2)
    assert "optout clinic papers list" in said(capsys, "write", "intake", "--lang", "fr", code=2)
    assert "A language is two letters" in said(capsys, "write", "intake", "--lang", "..", code=2)
    assert "no paper called xyz" in said(capsys, "edit", "xyz", code=2)
    assert "whole name" in said(capsys, "reviewed", "intake", "--by", "Robin", code=2)
    assert list(office.rglob("*")) == []


def test_the_list_says_who_has_read_what(capsys: pytest.CaptureFixture[str]) -> None:
    def listed() -> dict[tuple[str, str], dict[str, object]]:
        shell.main(["clinic", "papers", "list", "--json"])
        found = json.loads(capsys.readouterr().out)
        return {(each["paper"], each["language"]): each for each in found}

    before = listed()
    assert set(before) == {(paper.value, each) for paper in Paper for each in ("en", "es")}
    assert {each["draft"] for (_paper, lang), each in before.items() if lang == "es"} == {True}
    assert {each["draft"] for (_paper, lang), each in before.items() if lang == "en"} == {False}
    said(capsys, "reviewed", "consent", "--lang", "es", "--by", "Robin Example")
    after = listed()
    assert after["consent", "es"]["draft"] is False
    assert after["intake", "es"]["draft"] is True
    assert "Robin Example" in said(capsys, "list")


def test_words_are_copied_changed_checked_and_used(
    capsys: pytest.CaptureFixture[str], office: Path
) -> None:
    assert "Copied" in said(capsys, "edit", "intake")
    assert "left as it is" in said(capsys, "edit", "intake")
    mine = office / "vault-papers" / "intake.en.txt.j2"
    mine.write_text("Hello\n\n{{ klient }}\n", "utf-8")
    assert f"{mine}, line 3: klient is not known here" in said(capsys, "check", code=1)
    assert "line 3" in said(capsys, "write", "intake", code=1)
    mine.write_text("Hello\n\n{{ client_name }}\n", "utf-8")
    assert "No mistake was found" in said(capsys, "check")
    said(capsys, "write", "intake")
    assert len(list(office.glob("paper-*.pdf"))) == 1


def test_every_folder_and_file_of_words_is_its_owners_alone(
    capsys: pytest.CaptureFixture[str], office: Path
) -> None:
    said(capsys, "edit", "office")
    said(capsys, "edit", "words", "--lang", "es")
    said(capsys, "edit", "consent", "--lang", "vi")
    said(capsys, "reviewed", "intake", "--by", "Robin Example")
    folder = office / "vault-papers"
    assert folder.stat().st_mode & 0o777 == 0o700
    names = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert set(names) == {
        *("clinic.toml", "words.es.toml", "reviews.json"),
        *("consent.vi.txt.j2", "words.vi.toml"),
    }
    assert set(names.values()) == {0o600}


def test_every_command_of_the_guide_exists_with_its_options() -> None:
    guide = (shipped("letters") / "clinic" / "README.md").read_text("utf-8")
    typed = re.findall(r"^ +(optout [^\n]*?)(?:  .*)?$|`(optout [^`]+)`", guide, re.MULTILINE)
    commands = {" ".join(block or inline for block, inline in [each]) for each in typed}
    assert len(commands) > 40, "the control: there are many"
    assert {line: wrong for line in commands if (wrong := mistakes(line))} == {}
    assert mistakes("optout clinic papers burn") == ["burn"]
