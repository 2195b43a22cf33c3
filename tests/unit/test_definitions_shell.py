"""`broker lint`, `diff` and `schema`: what a volunteer, a reviewer and a program see."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from optout.catalog.brokers import DEFINITION
from optout.catalog.checks import hosts
from optout.catalog.lint_catalog import lint_catalog, lint_company, why_of
from optout.cli import definitions
from optout.cli import main as shell
from optout.shipped import shipped

ROOT = Path(__file__).parents[2]
SLUG = "spokeo"
ANNOTATION = re.compile(r"::(error|warning) file=[^,:]+(,line=\d+)?,title=optout [a-z-]+::.+")


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with one good company, which the commands take for ours."""
    folder = tmp_path / "brokers"
    folder.mkdir()
    shutil.copytree(shipped("brokers") / SLUG, folder / SLUG)
    shutil.copytree(shipped("brokers") / "retired", folder / "retired")
    shutil.copyfile(shipped("brokers") / "asset-hosts.toml", folder / "asset-hosts.toml")
    monkeypatch.setattr(definitions, "shipped", lambda _name: folder)
    return folder


def change(catalog: Path, old: str, new: str) -> None:
    path = catalog / SLUG / DEFINITION
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    assert shell.main(["broker", *words]) == code
    told = capsys.readouterr()
    return told.out, told.err


def read(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    return json.loads(run(capsys, *words, "--json", code=code)[0])


def test_a_good_definition_has_no_error(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = run(capsys, "lint")
    assert "to mend [" not in said


def test_all_findings_come_at_once_with_rule_file_line_reason_and_repair(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(catalog, 'grade = "drafted"', 'grade = "tested"')
    change(catalog, "captcha = [", 'captcha = ["nobody-knows", ')
    change(catalog, "hosts = [", 'hosts = ["google.com", ')
    said, _ = run(capsys, "lint", code=1)
    path = f"brokers/{SLUG}/{DEFINITION}"
    text = (catalog / SLUG / DEFINITION).read_text(encoding="utf-8")
    line = text[: text.index("hosts = [")].count("\n") + 1
    assert f"{path}:{line}: hosts[0]: to mend [hosts]" in said
    assert hosts.WHY in " ".join(said.split())
    assert "[grade]" in said
    assert "[asset-groups]" in said
    assert "→ " in said
    found = read(capsys, "lint", code=1)[SLUG]
    assert {"check", "file", "where", "line", "what", "suggest", "why", "warning"} == set(found[0])
    assert all(one["why"] and one["file"] == path for one in found)


def test_github_shows_each_finding_beside_its_line_and_nothing_else(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(catalog, "hosts = [", 'hosts = ["google.com", ')
    (catalog / "retired" / "gone.toml").write_text("slug = 1", encoding="utf-8")
    said, _ = run(capsys, "lint", "--format", "github", code=1)
    lines = said.splitlines()
    assert all(ANNOTATION.fullmatch(line) for line in lines), lines
    assert any(line.startswith(f"::error file=brokers/{SLUG}/{DEFINITION},line=") for line in lines)
    assert any(line.startswith("::error file=brokers/retired/gone.toml,line=1") for line in lines)


@pytest.mark.parametrize(
    "words",
    [
        "x%0A::warning::y",
        "x\\n::set-output name=a::b",
        "x\\r::stop-commands::y",
        "x\\u2028::error::y",
        "::add-mask::y",
    ],
)
def test_a_definition_cannot_speak_to_github_itself(
    catalog: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    """The values of a file are told back in findings; no line of them begins a command."""
    change(catalog, 'kind = "', f'kind = "{words}')
    said, _ = run(capsys, "lint", "--format", "github", code=1)
    lines = said.splitlines()
    assert lines
    assert all(line.startswith(f"::error file=brokers/{SLUG}/") for line in lines)
    assert "%0A" not in said.replace("%250A", "")


def test_an_odd_name_of_a_file_stays_inside_its_annotation(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = catalog / SLUG / "examples" / "a,line=9::x.html"
    odd.parent.mkdir(exist_ok=True)
    odd.write_text('<base href="https://x">', encoding="utf-8")
    said, _ = run(capsys, "lint", SLUG, "--format", "github", code=1)
    assert all(ANNOTATION.fullmatch(line) for line in said.splitlines())
    assert "a%2Cline=9%3A%3Ax.html" in said


def test_a_company_can_be_named_and_a_wrong_name_is_told(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(read(capsys, "lint", SLUG)) == {SLUG}
    assert "sample" in next(iter(read(capsys, "lint", "sample-risk-data")))
    run(capsys, "lint", "no-such-company-at-all", code=2)
    run(capsys, "lint", "../brokers", code=2)


def test_every_rule_says_why(catalog: Path) -> None:
    from optout.catalog.lint import CHECKS  # noqa: PLC0415 - the list is the point

    assert all(why_of(check.ID) for check in CHECKS)
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "optout/catalog").rglob("*.py")
    )
    named = set(re.findall(r'check="([a-z-]+)"', source)) - {"law-id"}
    assert len(named) > 5
    assert {name for name in named if not why_of(name)} == set()


def test_a_stone_is_held_to_its_rules(catalog: Path) -> None:
    good = 'slug = "old"\nname = "Old"\nreason = "closed"\nretired_on = 2026-01-01\n'
    stone = catalog / "retired" / "old.toml"
    bad = {
        "": 0,
        good: 0,
        good.replace('"old"', '"older"'): 1,
        good.replace('"closed"', '" "'): 1,
        good + 'redirect_to = "nobody"\n': 1,
        good + f'redirect_to = "{SLUG}"\n': 0,
        good + "more = 1\n": 1,
        "= =": 1,
    }
    for text, count in bad.items():
        stone.write_text(text or good, encoding="utf-8")
        found = {each.name: each.findings for each in lint_catalog(catalog)}["retired/old"]
        assert len(found) == count, text
    stone.write_text(good, encoding="utf-8")
    shutil.copytree(catalog / SLUG, catalog / "old")
    wrong = {each.name: each.findings for each in lint_catalog(catalog)}
    assert wrong["retired/old"]  # the short name of one that is gone was given to another


def test_a_folder_without_a_definition_is_told(catalog: Path) -> None:
    (catalog / "misspelt").mkdir()
    (catalog / "misspelt" / "Broker.toml").write_text("", encoding="utf-8")
    (found,) = lint_company(catalog / "misspelt").findings
    assert "no broker.toml" in found.english()
    assert "Rename Broker.toml" in found.english()
    assert {each.name for each in lint_catalog(catalog)} >= {"misspelt", SLUG, "retired/radaris"}


def test_a_change_is_told_as_who_newly_gets_what(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tmp_path / "before"
    shutil.copytree(catalog, before)
    assert "No field goes to a new place" in run(capsys, "diff", str(before))[0]
    change(catalog, "hosts = [", 'hosts = ["collect.example.org", ')
    said, beside = run(capsys, "diff", str(before))
    assert beside == ""
    assert f"{SLUG}: changed" in said
    assert "+ may get personal data: collect.example.org" in said
    assert re.search(r"\+ .*email.* → collect.example.org \(web form\)", " ".join(said.split()))
    (told,) = read(capsys, "diff", str(before))["changes"]
    assert (told["company"], told["kind"]) == (SLUG, "changed")
    assert told["added"]["hosts"] == ["collect.example.org"]
    assert {"to": "collect.example.org", "by": "web", "field": "email"} in told["added"]["sends"]
    assert not any(told["removed"].values())


def test_a_company_that_is_gone_needs_its_stone_and_one_that_is_broken_is_told(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tmp_path / "before"
    shutil.copytree(catalog, before)
    shutil.rmtree(catalog / SLUG)
    assert "without a file in brokers/retired" in run(capsys, "diff", str(before), code=1)[1]
    stone = f'slug = "{SLUG}"\nname = "S"\nreason = "closed"\nretired_on = 2026-01-01\n'
    (catalog / "retired" / f"{SLUG}.toml").write_text(stone, encoding="utf-8")
    assert run(capsys, "diff", str(before))[1] == ""
    (catalog / SLUG).mkdir()
    (catalog / SLUG / DEFINITION).write_text("= =", encoding="utf-8")
    said, beside = run(capsys, "diff", str(before), code=1)
    assert "cannot be read now" in beside
    assert "gone" not in said  # what cannot be read is not told as gone
    shutil.copyfile(before / SLUG / DEFINITION, catalog / SLUG / DEFINITION)
    assert "was the short name" in run(capsys, "diff", str(before), code=1)[1]


def test_a_wrong_base_is_an_error_in_words(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, beside = run(capsys, "diff", "--", "-x", code=2)
    assert "names no folder with companies and no revision" in beside
    assert "Traceback" not in run(capsys, "diff", "nosuch", code=1)[1]


@pytest.mark.parametrize("name", ["retired", "registries"])
def test_a_definition_in_a_folder_of_the_catalogs_own_is_found(catalog: Path, name: str) -> None:
    (catalog / name).mkdir(exist_ok=True)
    text = (catalog / SLUG / DEFINITION).read_text(encoding="utf-8")
    text = text.replace(f'slug = "{SLUG}"', f'slug = "{name}"')
    (catalog / name / DEFINITION).write_text(text, encoding="utf-8")
    found = {each.name: each.findings for each in lint_catalog(catalog)}[name]
    assert "slug" in {finding.check for finding in found if not finding.warning}
