"""Definitions from strangers: every hostile one is refused by load and lint, every valid one not.

Each file in `definitions/hostile/` is a whole definition with one thing wrong, and says in its
first line which check must find it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from optout.catalog.brokers import find_broker, list_brokers, load_broker
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.lint import lint

HERE = Path(__file__).parent / "definitions"
HOSTILE = sorted((HERE / "hostile").glob("*.toml"))
VALID = sorted((HERE / "valid").glob("*.toml"))
TODAY = date(2026, 11, 22)
SLUG = "good-company"
PAGES = '[[page]]\nurl = "https://good.example.com/optout"\nfile = "optout.html"\n'
PAGE = "<p>An example of our own making. Jordan Q. Sample, jordan@example.com, 303-555-0142</p>"


def folder_with(definition: Path, root: Path) -> Path:
    """A broker's folder as a contributor would send it, its example in order."""
    folder = root / SLUG
    (folder / "examples").mkdir(parents=True)
    shutil.copyfile(definition, folder / "broker.toml")
    (folder / "examples" / "pages.toml").write_text(PAGES, encoding="utf-8")
    (folder / "examples" / "optout.html").write_text(PAGE, encoding="utf-8")
    return folder


def refused_by(folder: Path) -> list[Finding]:
    """Everything that load and lint say against a folder, warnings left out."""
    try:
        broker = load_broker(folder / "broker.toml")
    except BadDefinition as bad:
        return list(bad.findings)
    found = lint(broker, folder=folder, on=TODAY, retired=frozenset({"gone-company"}))
    return [finding for finding in found if not finding.warning]


def expected_check(definition: Path) -> str:
    first = definition.read_bytes().split(b"\n", 1)[0].decode("utf-8", "replace")
    return first.partition("check:")[2].strip()


def test_the_corpus_is_large_and_has_its_controls() -> None:
    assert len(HOSTILE) >= 40
    assert len(VALID) >= 6


@pytest.mark.parametrize("definition", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_definition_is_refused_for_its_own_reason(
    definition: Path, tmp_path: Path
) -> None:
    found = refused_by(folder_with(definition, tmp_path))
    assert found
    wanted = expected_check(definition)
    if wanted:
        assert wanted in {finding.check for finding in found}, [f.english() for f in found]
    for finding in found:
        assert finding.english().isprintable()


@pytest.mark.parametrize("definition", VALID, ids=lambda path: path.stem)
def test_a_valid_definition_is_accepted(definition: Path, tmp_path: Path) -> None:
    found = refused_by(folder_with(definition, tmp_path))
    assert found == [], [finding.english() for finding in found]


def test_a_hostile_definition_of_ones_own_never_reaches_a_filing(tmp_path: Path) -> None:
    """Folders of one's own are held to every check when a filing asks for them."""
    for definition in HOSTILE:
        root = tmp_path / definition.stem
        folder_with(definition, root)
        # Two rules look at the calendar or the graveyard, which here know nothing of the corpus.
        if definition.stem in {"slug-retired", "source-in-future"}:
            continue
        with pytest.raises(BadDefinition):
            find_broker(SLUG, folders=[root])


def test_the_hostile_never_stop_the_others_from_loading(tmp_path: Path) -> None:
    for number, definition in enumerate(HOSTILE):
        (tmp_path / f"bad-{number}").mkdir()
        shutil.copyfile(definition, tmp_path / f"bad-{number}" / "broker.toml")
    folder_with(VALID[0], tmp_path)
    problems: list[BadDefinition] = []
    brokers = list_brokers(folders=[tmp_path], problems=problems)
    assert SLUG in {broker.slug for broker in brokers}
    assert len(problems) + len(brokers) == len(HOSTILE) + 1


def link_in_examples(folder: Path) -> None:
    (folder / "examples" / "more.html").symlink_to("/etc/hostname")


def examples_are_a_link(folder: Path) -> None:
    (folder / "examples").rename(folder / "elsewhere")
    (folder / "examples").symlink_to(folder / "elsewhere")


def program_in_examples(folder: Path) -> None:
    (folder / "examples" / "optout.html").chmod(0o755)


def folder_in_examples(folder: Path) -> None:
    (folder / "examples" / "more").mkdir()


def unknown_kind(folder: Path) -> None:
    (folder / "examples" / "more.exe").write_bytes(b"MZ")


def write_page(text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "examples" / "optout.html").write_text(text, encoding="utf-8")

    return change


def write_pages(text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "examples" / "pages.toml").write_text(text, encoding="utf-8")

    return change


FOLDERS: dict[str, Callable[[Path], None]] = {
    "a link in the examples": link_in_examples,
    "the examples are a link": examples_are_a_link,
    "a program in the examples": program_in_examples,
    "a folder in the examples": folder_in_examples,
    "a file of unknown kind": unknown_kind,
    "no examples": lambda folder: shutil.rmtree(folder / "examples"),
    "no list of pages": lambda folder: (folder / "examples" / "pages.toml").unlink(),
    "a page too large": write_page("x" * 600_000),
    "a real mail address": write_page("<p>maria@mail.example.edu</p>"),
    "a real phone": write_page("<p>Call 212-736-5000</p>"),
    "a number like an SSN": write_page("<p>123-45-6789</p>"),
    "a script from elsewhere": write_page('<script src="https://evil.example.net/x.js"></script>'),
    "a form to elsewhere": write_page('<form action="//evil.example.net/">'),
    "a page that moves on": write_page('<meta http-equiv="refresh" content="0;url=/x">'),
    "no page for the flow": write_pages(PAGES.replace("/optout", "/other")),
    "a page outside hosts": write_pages(PAGES + PAGES.replace("good.example.com", "evil.net")),
    "a page out of the folder": write_pages(PAGES.replace("optout.html", "../broker.toml")),
    "a list with unknown keys": write_pages(PAGES + "status = 302\n"),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_examples_that_are_not_in_order_are_refused(name: str, tmp_path: Path) -> None:
    folder = folder_with(VALID[0], tmp_path)
    FOLDERS[name](folder)
    assert "examples" in {finding.check for finding in refused_by(folder)}


def test_a_definition_that_is_a_link_or_a_pipe_is_not_read(tmp_path: Path) -> None:
    folder = folder_with(VALID[0], tmp_path)
    definition = folder / "broker.toml"
    definition.rename(folder / "real.toml")
    definition.symlink_to(folder / "real.toml")
    with pytest.raises(BadDefinition, match="ordinary file"):
        load_broker(definition)
    definition.unlink()
    os.mkfifo(definition)
    with pytest.raises(BadDefinition, match="ordinary file"):
        load_broker(definition)


def test_a_definition_of_a_hundred_thousand_steps_is_not_even_parsed(tmp_path: Path) -> None:
    folder = folder_with(VALID[0], tmp_path)
    with (folder / "broker.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[[flow.more.leg]]\nsteps = [{ do = "capture" }' + ',{do="capture"}' * 100_000 + "]"
        )
    with pytest.raises(BadDefinition, match="at most 65536"):
        load_broker(folder / "broker.toml")
