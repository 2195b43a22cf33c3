"""What `make` does on a bare machine: installs once, and says in words what it cannot do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MAKE = ["make", "--no-print-directory", "--dry-run"]
NEEDED = ("Makefile", "pyproject.toml", "requirements.txt", "requirements-build.txt",
          "requirements-dev.txt")  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return what `make` reads, without an environment."""
    for name in NEEDED:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def would_do(checkout: Path, target: str) -> str:
    done = subprocess.run(
        [*MAKE, target], cwd=checkout, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def pretend_installed(checkout: Path) -> None:
    """Leave the stamps that a first run leaves."""
    planned = would_do(checkout, "test")
    stamps = re.findall(r"touch (\.venv/\.ready\S+)", planned)
    assert len(stamps) == 2
    (checkout / ".venv").mkdir()
    for stamp in stamps:
        (checkout / stamp).touch()
    # as in life: the second is made after the first
    os.utime(checkout / stamps[0], (1, 1))


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench"])
def test_a_second_run_installs_nothing(checkout: Path, target: str) -> None:
    assert "pip" in would_do(checkout, target)
    pretend_installed(checkout)
    again = would_do(checkout, target)
    assert "install" not in again
    assert "machine venv" not in again


@pytest.mark.parametrize("name", NEEDED[1:])
def test_a_changed_lock_is_installed(checkout: Path, name: str) -> None:
    pretend_installed(checkout)
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert "pip" in would_do(checkout, "test")


def test_everything_is_installed_by_hash_and_our_own_code_without_looking_around(
    checkout: Path,
) -> None:
    lines = [line for line in would_do(checkout, "test").splitlines() if " install " in line]
    assert len(lines) == 3
    for line in lines:
        assert "--require-hashes" in line or "--no-deps --no-build-isolation --editable" in line


def test_the_lock_holds_what_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = dict(
        re.findall(
            r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE
        )
    )
    pins = {canonicalize_name(name): version for name, version in pinned.items()}
    for line in project["dependencies"]:
        needed = Requirement(line)
        assert needed.specifier.contains(pins[canonicalize_name(needed.name)]), line


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A machine on which only the basics are there: no apt-get, no browser, no tools."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "id", "env", "cat"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "machine", tmp_path / ".ci")
    return tmp_path


def machine(bare: Path, what: str, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", ".ci/machine", what],
        cwd=bare,
        env={"PATH": str(bare / "bin"), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_no_python_is_said_in_words(bare: Path) -> None:
    code, said = machine(bare, "venv", PYTHON="")
    assert code == 1
    assert said.startswith("optout needs Python 3.11 or newer, and none was found.\n")
    assert "make demo PYTHON=/path/to/python3" in said


def test_a_python_that_makes_no_environments_is_said_in_words(bare: Path) -> None:
    python = program(bare / "bin" / "python3", "exit 1")
    code, said = machine(bare, "venv", PYTHON=str(python))
    assert code == 1
    assert "sudo apt install python3-venv" in said


def test_a_driver_that_lacks_a_library_is_said_in_words(bare: Path) -> None:
    program(bare / ".venv" / "bin" / "python", "exit 127")
    code, said = machine(bare, "browser")
    assert code == 1
    assert "sudo apt install libatomic1" in said


def test_no_browser_is_said_in_words(bare: Path) -> None:
    program(bare / ".venv" / "bin" / "python", '[ "$3" = --version ]')  # the driver's own
    code, said = machine(bare, "browser")
    assert code == 1
    assert "Install Chrome, Chromium or Edge, then run make again." in said


def test_a_browser_that_starts_is_left_alone(bare: Path) -> None:
    program(bare / ".venv" / "bin" / "python", "exit 0")
    assert machine(bare, "browser") == (0, "")


def test_missing_tools_are_named_with_the_tests_that_need_them(bare: Path) -> None:
    code, said = machine(bare, "test-tools")
    assert code == 0
    for tool in ("xvfb", "dbus-daemon", "gnome-keyring", "poppler-utils"):
        assert tool in said
    assert "Going on without those tests." in said
    assert machine(bare, "test-tools", CI="1")[0] == 1  # there they must run


def test_tools_that_are_there_are_left_alone(bare: Path) -> None:
    for name in ("xvfb-run", "dbus-run-session", "gnome-keyring-daemon", "pdftoppm"):
        program(bare / "bin" / name, "exit 0")
    assert machine(bare, "test-tools") == (0, "")
