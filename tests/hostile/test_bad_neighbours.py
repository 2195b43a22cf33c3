"""One bad definition, whatever is wrong with it, never stops the others: each way of reading told.

Every reader of the folder is tried beside every bad neighbour: loading all, finding one, lint,
the comparison of a change, and the shell.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from optout.catalog.brokers import find_retired, list_brokers, list_retired, load_broker
from optout.catalog.edition import edition_in
from optout.catalog.examples import LARGEST as LARGEST_PAGE
from optout.catalog.findings import BadDefinition
from optout.catalog.lint import lint_folder
from optout.catalog.lint_catalog import lint_catalog
from optout.cli import definitions
from optout.cli import main as shell

GOOD = Path(__file__).parent / "definitions" / "valid" / "form.toml"
SLUG = "good-company"
TODAY = date(2026, 11, 22)
TEXT = GOOD.read_text(encoding="utf-8").replace(f'"{SLUG}"', '"bad"')
HUGE = 50 * 1024 * 1024


def write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)


def unreadable(path: Path) -> None:
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything: then it is a device instead
        path.unlink()
        path.symlink_to("/dev/zero")


BAD: dict[str, Callable[[Path], object]] = {
    "empty": write(b""),
    "broken": write(b"slug = "),
    "not-toml": write(b"<html><title>404</title></html>"),
    "json": write(b'{"slug": "bad"}'),
    "utf-16": write(TEXT.encode("utf-16")),
    "utf-16-without-a-mark": write(TEXT.encode("utf-16-le")),
    "utf-32": write(TEXT.encode("utf-32")),
    "byte-order-mark": write(b"\xef\xbb\xbf" + TEXT.encode()),
    "latin-1": write('name = "Señora"\n'.encode("latin-1")),
    "zeros": write(b"\0" * 4096),
    "cut-in-a-letter": write(TEXT.encode() + b"# \xc3"),
    "cut-in-a-string": write(TEXT.encode()[: TEXT.index('name = "') + 10]),
    "zip": write(b"PK\x03\x04" + bytes(range(256))),
    "huge": huge,
    "deep": write(b"a = " + b"[" * 30_000),
    "endless-key": write(b"a." * 30_000 + b"a = 1"),
    "long-number": write(b"a = " + b"9" * 60_000),
    "carriage-returns-alone": write(TEXT.replace("\n", "\r").encode()),
    "another-slug": write(TEXT.replace('slug = "bad"', 'slug = "good-company"').encode()),
    "sample": write(b"sample = true\n" + TEXT.encode()),
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "link-to-the-good-one": lambda path: path.symlink_to(f"../{SLUG}/broker.toml"),
    "link-to-a-device": lambda path: path.symlink_to("/dev/zero"),
    "link-into-nowhere": lambda path: path.symlink_to("nowhere"),
    "link-to-itself": lambda path: path.symlink_to(path.name),
    "unreadable": unreadable,
    "missing": lambda path: path.with_name("Broker.toml").touch(),
}


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A folder with one good company and room for a bad one."""
    folder = tmp_path / "brokers"
    (folder / SLUG).mkdir(parents=True)
    (folder / "bad").mkdir()
    shutil.copyfile(GOOD, folder / SLUG / "broker.toml")
    return folder


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_neighbour_is_told_and_the_good_one_is_still_there(catalog: Path, kind: str) -> None:
    BAD[kind](catalog / "bad" / "broker.toml")
    problems: list[BadDefinition] = []
    assert [str(one.slug) for one in list_brokers(folders=[catalog], problems=problems)] == [SLUG]
    assert load_broker(catalog / SLUG / "broker.toml").slug == SLUG
    linted = {each.name: each.findings for each in lint_catalog(catalog, on=TODAY)}
    assert set(linted) == {SLUG, "bad"}
    assert any(not finding.warning for finding in linted["bad"])
    for finding in linted["bad"]:
        assert finding.english().isprintable()
        assert len(finding.english()) < 1000
    assert SLUG in edition_in(catalog).reaches


def test_the_same_text_without_its_fault_is_read(catalog: Path) -> None:
    """The control: the neighbour is bad for its fault alone, and line ends are none."""
    for content in (TEXT.encode(), TEXT.replace("\n", "\r\n").encode()):
        (catalog / "bad" / "broker.toml").write_bytes(content)
        assert {str(one.slug) for one in list_brokers(folders=[catalog])} == {SLUG, "bad"}


@pytest.mark.parametrize("name", [b"\xff\xfe", b"a\nb", b"\x1b[31mred", "сompany".encode(), b"a b"])
def test_an_odd_name_of_a_folder_is_told_and_steers_no_screen(
    catalog: Path,
    name: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    odd = catalog / os.fsdecode(name)
    odd.mkdir()
    shutil.copyfile(GOOD, odd / "broker.toml")
    (catalog / "bad").rmdir()
    assert [str(one.slug) for one in list_brokers(folders=[catalog])] == [SLUG]
    assert len(lint_catalog(catalog, on=TODAY)) == 2
    monkeypatch.setattr(definitions, "shipped", lambda _name: catalog)
    for words in (["--format", "text"], ["--format", "github"], ["--format", "json"]):
        assert shell.main(["broker", "lint", *words]) == 1
        said = capsys.readouterr().out
        assert said.replace("\n", "").isprintable()
        said.encode("utf-8")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("content", [b"= =", b"\xff", b"[[page]]\nurl = 1", b"a = " + b"[" * 9999])
def test_broken_examples_are_findings_of_their_own_company(catalog: Path, content: bytes) -> None:
    examples = catalog / SLUG / "examples"
    examples.mkdir()
    (examples / "pages.toml").write_bytes(content)
    assert any(not finding.warning for finding in lint_folder(catalog / SLUG, on=TODAY))
    assert list_brokers(folders=[catalog])


@pytest.mark.timeout(120)
def test_a_page_of_fifty_megabytes_is_told_and_not_read(catalog: Path) -> None:
    examples = catalog / SLUG / "examples"
    examples.mkdir()
    huge(examples / "optout.html")
    found = [one for one in lint_folder(catalog / SLUG, on=TODAY) if "too large" in one.english()]
    assert found
    assert LARGEST_PAGE < HUGE


def test_a_broken_stone_stops_no_company_and_still_keeps_its_name(catalog: Path) -> None:
    (catalog / "retired").mkdir()
    (catalog / "retired" / "gone.toml").write_bytes(b"= =")
    assert list_retired(folder=catalog) == {"gone"}
    with pytest.raises(BadDefinition):
        find_retired("gone", folder=catalog)
    assert list_brokers(folders=[catalog])
    linted = {each.name: each.findings for each in lint_catalog(catalog, on=TODAY)}
    assert linted["retired/gone"]
    assert edition_in(catalog).retired == {"gone"}
