"""The wheel: built, installed into an empty environment, it is the same `optout` with all its data.

The environment holds the wheel and nothing else of ours; the packages it depends on are lent to it
from the environment of the tests, so that no network is needed. What it may borrow is checked
against what the wheel says it needs.
"""

from __future__ import annotations

import ast
import email
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMPORTED_AS = {
    "dateutil": "python-dateutil",
    "python_calamine": "python-calamine",
    "sqlite_utils": "sqlite-utils",
}
COMES_WITH = {
    "anyio": "starlette",
    "markupsafe": "jinja2",
    "pydantic_core": "pydantic",
    "secretstorage": "keyring",
}
FOR_OTHERS = {"python-multipart"}  # starlette reads forms with it, and does not bring it


def build(folder: Path) -> Path:
    """Build the wheel as `pipx install .` does, with the build tools that are already here."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    done = subprocess.run(
        [*command, str(ROOT)], capture_output=True, text=True, check=False, env=env, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment and return its `optout`."""
    home = tmp_path_factory.mktemp("installed") / "env"
    venv.create(home, with_pip=True, symlinks=True)
    offline = ["install", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([home / "bin" / "python", "-m", "pip", "-q", *offline], check=True, timeout=300)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return home / "bin" / "optout"


_ALONE = {"OPTOUT_LANG": "en", "PYTHONPATH": ""}


def run(program: Path, *arguments: str, timeout: int = 120, **env: str) -> str:
    """Run it where no checkout is in reach, and no definition of the computer's own user."""
    away = program.parents[2]
    done = subprocess.run(
        [program, *arguments],
        cwd=away,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **_ALONE, "XDG_DATA_HOME": str(away / "own"), **env},
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_runs_from_the_wheel_and_not_from_here(installed: Path) -> None:
    where = "import optout.shipped as s; print(s.shipped('brokers')); print(s.in_checkout())"
    python = installed.with_name("python")
    said = run(python, "-c", where).splitlines()
    assert said[0].startswith(str(installed.parents[1]))
    assert said[1] == "False"


def test_it_says_its_version(installed: Path) -> None:
    assert run(installed, "--version") == "optout 0.1.0\n"


def test_companies_laws_letters_and_languages_travel_with_it(installed: Path) -> None:
    here = {path.parent.name for path in (ROOT / "brokers").glob("*/broker.toml")}
    assert {
        broker["slug"] for broker in json.loads(run(installed, "broker", "list", "--json"))
    } == here
    words = ["law", "due", "--law", "us-co-cpa", "--right", "delete", "--received", "2026-11-02"]
    assert json.loads(run(installed, *words, "--json"))["deadlines"][0]["due_on"] == "2026-12-17"
    assert run(installed, "--help", OPTOUT_LANG="es").startswith("Uso:")
    assert "Sample" in run(installed, "broker", "show", "sample-risk-data")


@pytest.mark.browser
def test_the_demo_walks_the_whole_road(installed: Path) -> None:
    papers = installed.parents[2] / "papers"
    said = run(installed, "demo", "--to", str(papers), timeout=300)
    assert "nothing leaves here" in said
    assert said.count("Sending: sent") >= 2
    assert list(papers.glob("*.pdf"))


def test_licences_and_data_are_inside_and_nothing_else(names: set[str]) -> None:
    inside = "optout-0.1.0.dist-info/licenses"
    assert {f"{inside}/{part}LICENSE" for part in ("", "brokers/", "letters/")} <= names
    assert "optout/locale/es/LC_MESSAGES/optout.mo" in names
    assert "optout/py.typed" in names
    for folder in ("brokers", "letters"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"optout/_shipped/{path.relative_to(ROOT)}" in names
    strange = [n for n in names if not n.startswith(("optout/", "optout-0.1.0.dist-info/"))]
    assert strange == []
    assert not [n for n in names if "__pycache__" in n or n.startswith("optout/tests")]


def test_code_and_data_carry_their_licences() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    for folder in ("brokers", "letters"):
        assert "CC0 1.0 Universal" in (ROOT / folder / "LICENSE").read_text("utf-8")


def test_it_needs_what_it_imports_and_imports_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        said = email.message_from_bytes(opened.read("optout-0.1.0.dist-info/METADATA"))
    needs = {re.split(r"[^\w-]", line)[0] for line in said.get_all("Requires-Dist") or ()}
    assert {COMES_WITH.get(name, IMPORTED_AS.get(name, name)) for name in _imported()} == (
        needs - FOR_OTHERS
    )


def _imported() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "optout").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"optout", "__future__"}


def test_two_builds_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == wheel.read_bytes()
