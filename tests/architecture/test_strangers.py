"""What anybody may send is data: the workflow has no rights, and takes one company at a time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / ".ci" / "definitions"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_no_rights_no_secrets_and_no_action_of_others(path: Path) -> None:
    text = "\n".join(
        line for line in path.read_text(encoding="utf-8").splitlines() if line.lstrip()[:1] != "#"
    )
    assert re.findall(r"permissions:.*", text) == ["permissions: {}"]
    assert re.search(r"^on: pull_request$", text, re.MULTILINE)
    assert not re.search(
        r"pull_request_target|workflow_run|secrets|github\.token|GITHUB_TOKEN", text
    )
    assert "uses:" not in text
    # No word of the change is pasted into a script: only two of GitHub's own values are used.
    assert set(re.findall(r"\$\{\{ (.*?) \}\}", text)) == {
        "github.server_url",
        "github.repository",
        "github.event.pull_request.number",
    }
    scripts = text[text.index("steps:") :]
    assert "${{" not in scripts


def test_there_is_such_a_workflow() -> None:
    assert WORKFLOWS


def git(repo: Path, *words: str) -> str:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
    }
    name = ("-c", "user.name=Jordan", "-c", "user.email=jordan@example.com")
    done = subprocess.run(
        ["git", *name, *words], cwd=repo, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A project with two companies, whose first revision is the base."""
    repo = tmp_path / "repo"
    for slug in ("acme", "other"):
        put(repo, f"brokers/{slug}/broker.toml", "old")
        put(repo, f"brokers/{slug}/examples/form.html", "old")
    put(repo, "Makefile", "old")
    git(repo, "init", "-q", "-b", "main")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "base")
    return repo


def put(repo: Path, name: str, text: str = "new") -> None:
    path = repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def taken(repo: Path, bring: Callable[[Path], object]) -> subprocess.CompletedProcess[str]:
    """Commit what a stranger brings, go back to the base, and take it as data."""
    bring(repo)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "change", "--allow-empty")
    git(repo, "tag", "change")
    git(repo, "checkout", "-q", "--detach", "main~1")
    return subprocess.run(
        ["sh", str(SCRIPT), "main~1", "change"],
        cwd=repo,
        capture_output=True,
        text=True,
        check=False,
    )


def changes_two_files(repo: Path) -> None:
    put(repo, "brokers/acme/broker.toml")
    put(repo, "brokers/acme/examples/more.html")
    (repo / "brokers/acme/examples/form.html").unlink()


def test_one_companys_files_are_taken_and_nothing_else(repo: Path) -> None:
    done = taken(repo, changes_two_files)
    assert (done.returncode, done.stdout) == (0, "acme\n"), done.stderr
    assert (repo / "brokers/acme/broker.toml").read_text("utf-8") == "new"
    assert [path.name for path in (repo / "brokers/acme/examples").iterdir()] == ["more.html"]
    assert (repo / "Makefile").read_text("utf-8") == "old"
    assert git(repo, "rev-parse", "HEAD") == git(repo, "rev-parse", "main~1")


def test_a_new_company_and_one_that_is_gone_are_taken(repo: Path) -> None:
    done = taken(repo, lambda repo: put(repo, "brokers/brand-new/broker.toml"))
    assert (done.returncode, done.stdout) == (0, "brand-new\n")
    git(repo, "checkout", "-q", "-f", "main~1")
    git(repo, "clean", "-qfd")
    git(repo, "tag", "-d", "change")
    git(repo, "checkout", "-q", "-B", "main", "main~1")
    git(repo, "commit", "-q", "--allow-empty", "-m", "again")

    def retire(repo: Path) -> None:
        shutil.rmtree(repo / "brokers/acme")
        put(repo, "brokers/retired/acme.toml")

    done = taken(repo, retire)
    assert (done.returncode, done.stdout) == (0, "acme\n"), done.stderr
    assert not (repo / "brokers/acme").exists()
    assert (repo / "brokers/retired/acme.toml").is_file()


def test_a_change_of_code_takes_nothing(repo: Path) -> None:
    done = taken(repo, lambda repo: put(repo, "Makefile"))
    assert (done.returncode, done.stdout) == (0, "")
    assert (repo / "Makefile").read_text("utf-8") == "old"


def link(name: str, target: str) -> Callable[[Path], None]:
    def bring(repo: Path) -> None:
        (repo / name).unlink(missing_ok=True)
        (repo / name).symlink_to(target)

    return bring


def program(repo: Path) -> None:
    put(repo, "brokers/acme/broker.toml")
    (repo / "brokers/acme/broker.toml").chmod(0o755)


def link_for_a_folder(repo: Path) -> None:
    shutil.rmtree(repo / "brokers/acme/examples")
    (repo / "brokers/acme/examples").symlink_to("/etc")
    put(repo, "brokers/acme/broker.toml")


def with_(*names: str) -> Callable[[Path], None]:
    def bring(repo: Path) -> None:
        put(repo, "brokers/acme/broker.toml")
        for name in names:
            put(repo, name)

    return bring


@pytest.mark.parametrize(
    "bring",
    [
        with_("brokers/other/broker.toml"),
        with_("Makefile"),
        with_(".github/workflows/more.yml"),
        with_("tests/conftest.py"),
        with_("brokers/asset-hosts.toml"),
        with_("brokers/acme/.gitattributes"),
        with_("brokers/acme/examples/.gitattributes"),
        with_("brokers/acme/examples/deep/page.html"),
        with_("brokers/acme/conftest.py"),
        with_("brokers/acme/examples/a b.html"),
        with_("brokers/acme/examples/a\nb.html"),
        with_("brokers/acme/examples/ü.html"),
        lambda repo: put(repo, "brokers/asset-hosts.toml"),
        lambda repo: put(repo, "brokers/Acme/broker.toml"),
        lambda repo: put(repo, "brokers/-x/broker.toml"),
        lambda repo: put(repo, "brokers/acme/examples/huge.html", "x" * 2_000_001),
        link("brokers/acme/broker.toml", "/etc/passwd"),
        link("brokers/acme/examples/form.html", "../../other/broker.toml"),
        link_for_a_folder,
        program,
    ],
)
def test_what_is_more_than_one_company_as_plain_files_is_refused(
    repo: Path, bring: Callable[[Path], object]
) -> None:
    done = taken(repo, bring)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr
    assert git(repo, "status", "--porcelain") == ""


def test_templates_ask_for_nothing_about_a_person() -> None:
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*-*.yml"))
    assert len(forms) == 2
    for form in forms:
        text = form.read_text(encoding="utf-8")
        assert "Everybody can read this." in text
        assert "nothing about any person" in text
