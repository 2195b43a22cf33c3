"""The icon for people who open no terminal: right on each system, and taken away again."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from optout.cli import main as shell
from optout.errors import Refused
from optout.workflows.shortcut import Computer, install_shortcut, place_of_shortcut, remove_shortcut

SYSTEMS = ("linux", "darwin", "win32")
ODD = 'A $HOME `b` "c" \\d 100% é'  # a folder may be called that on Linux and macOS


def written(tmp_path: Path, system: str, *words: str) -> Path:
    return install_shortcut(Computer(system=system, icons=tmp_path / "icons"), words)


def entry_of(path: Path) -> ConfigParser:
    entry = ConfigParser(interpolation=None, delimiters=("=",))
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    entry.read(path, "utf-8")
    return entry


def started_by_desktop(value: str) -> list[str]:
    """Read `Exec` as the specification says: the value's escapes, the quotes, then the codes."""
    unescaped = value.replace("\\\\", "\\")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', unescaped)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]


def test_linux_has_an_entry_in_both_languages_whose_window_ends_it(tmp_path: Path) -> None:
    path = written(tmp_path, "linux", "/usr/bin/python3", "-m", "optout", "--vault", ODD, "web")
    entry = entry_of(path)["Desktop Entry"]
    assert path.name == "optout.desktop"
    assert entry["Terminal"] == "true"
    assert "delete" in entry["Name"]
    assert "borren" in entry["Name[es]"]
    assert entry["Comment[es]"] != entry["Comment"]
    assert started_by_desktop(entry["Exec"])[-2:] == [ODD, "web"]
    if check := shutil.which("desktop-file-validate"):
        ran = subprocess.run([check, path], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout) == (0, "")


def test_a_mac_runs_it_as_a_script(tmp_path: Path) -> None:
    program = tmp_path / ODD
    program.write_text('#!/bin/sh\necho "$0" "$1"\n')
    program.chmod(0o700)
    path = written(tmp_path, "darwin", str(program), "web")
    assert path.suffix == ".command"
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    ran = subprocess.run([path], capture_output=True, text=True, check=True, timeout=120)
    assert ran.stdout == f"{program} web\n"
    assert shlex.split(path.read_text("utf-8").splitlines()[-1]) == ["exec", str(program), "web"]


def test_windows_has_a_batch_file_with_its_own_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path, "win32", r"C:\Users\José 100%\python.exe", "-m", "optout", "web")
    lines = path.read_bytes().decode("utf-8").split("\r\n")
    assert path.name == "optout.cmd"
    assert r'"C:\Users\José 100%%\python.exe" "-m" "optout" "web"' in lines
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_is_written_anew_and_taken_away_and_nothing_else_is(tmp_path: Path, system: str) -> None:
    computer = Computer(system=system, icons=tmp_path / "icons")
    other = tmp_path / "icons" / "other.desktop"
    path = install_shortcut(computer, ["one"])
    other.touch()
    assert install_shortcut(computer, ["two"]) == path
    assert "two" in path.read_text("utf-8")
    assert remove_shortcut(computer) == path
    assert remove_shortcut(computer) is None
    assert list(path.parent.iterdir()) == [other]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, system: str) -> None:
    computer = Computer(system=system, icons=tmp_path)
    path = place_of_shortcut(computer)
    path.write_text("mine")
    for touch in (remove_shortcut, lambda here: install_shortcut(here, ["x"])):
        with pytest.raises(Refused):
            touch(computer)
    assert path.read_text() == "mine"
    target = tmp_path / "target"
    path.rename(target)
    path.symlink_to(target)
    with pytest.raises(Refused):
        install_shortcut(computer, ["x"])
    assert target.read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="where the entry lies here")
def test_the_command_for_real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the entry starts is our program, on the folder that was named."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    path = tmp_path / "applications" / "optout.desktop"
    folder = tmp_path / "my folder"
    assert shell.main(["--vault", str(folder), "web", "--install-shortcut"]) == 0
    said = capsys.readouterr().out
    assert path.name in said
    assert "optout web --remove-shortcut" in said
    command = started_by_desktop(entry_of(path)["Desktop Entry"]["Exec"])
    assert command[3:] == ["--vault", str(folder), "web"]
    ran = subprocess.run(
        [*command, "--help"],
        env={**os.environ, "OPTOUT_LANG": "en"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "--install-shortcut" in ran.stdout
    assert shell.main(["web", "--install-shortcut", "--remove-shortcut"]) == 2
    assert shell.main(["web", "--remove-shortcut"]) == 0
    assert not path.exists()
    assert shell.main(["web", "--remove-shortcut"]) == 0
