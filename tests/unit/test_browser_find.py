"""Proves that a browser is found where there is one, and that its absence is told in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import playwright
import pytest

from optout.browser import find
from optout.browser.find import (
    Browser,
    BrowserMissing,
    BrowserNotInstalled,
    find_browser,
    install_browser,
    old_browser_warning,
)


def program(path: Path, says: str = "Chromium 156.0.8078.79 built somewhere") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no browser at all."""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def revision() -> str:
    listed = Path(playwright.__file__).parent / "driver" / "package" / "browsers.json"
    browsers = json.loads(listed.read_text("utf-8"))["browsers"]
    return str(next(b["revision"] for b in browsers if b["name"] == "chromium"))


@pytest.mark.skipif(sys.platform != "linux", reason="where programs lie is different elsewhere")
def test_playwrights_own_build_is_preferred(bare: Path) -> None:
    program(bare / "bin" / "chromium")
    folder = bare / "playwright" / f"chromium-{revision()}"
    own = program(folder / "chrome-linux64" / "chrome")
    assert find_browser() == Browser(path=own, playwrights_own=True)


@pytest.mark.skipif(sys.platform != "linux", reason="where programs lie is different elsewhere")
def test_another_revision_of_it_is_not_taken(bare: Path) -> None:
    program(bare / "playwright" / "chromium-1" / "chrome-linux" / "chrome")
    on_path = program(bare / "bin" / "chromium")
    assert find_browser() == Browser(path=on_path)


@pytest.mark.skipif(sys.platform != "linux", reason="where programs lie is different elsewhere")
@pytest.mark.parametrize(
    "name", ["google-chrome", "chromium", "chromium-browser", "microsoft-edge"]
)
def test_a_browser_of_this_machine_serves(bare: Path, name: str) -> None:
    path = program(bare / "bin" / name)
    found = find_browser()
    assert found.path == path
    assert found.version() == "156.0.8078.79"


def test_no_browser_says_which_command_mends_it(bare: Path) -> None:
    with pytest.raises(BrowserMissing) as missing:
        find_browser()
    assert missing.value.exit_code == 3
    assert missing.value.hint
    assert "playwright install chromium" in missing.value.hint.english()


def test_a_file_that_cannot_run_is_no_browser(bare: Path) -> None:
    path = program(bare / "bin" / "chromium")
    path.chmod(0o644)
    with pytest.raises(BrowserMissing):
        find_browser()


def test_a_browser_that_does_not_say_its_version_has_none(tmp_path: Path) -> None:
    assert Browser(path=program(tmp_path / "odd", says="hello")).version() == ""
    assert Browser(path=tmp_path / "gone").version() == ""


def test_a_version_can_be_read_from_the_folder_beside_it(tmp_path: Path) -> None:
    (tmp_path / "156.0.8078.79").mkdir()
    assert find.version_beside(tmp_path / "chrome.exe") == "156.0.8078.79"


def test_an_old_browser_is_warned_about_and_not_refused() -> None:
    warning = old_browser_warning("120.0.1.2")
    assert warning
    assert "120" in warning.english()
    assert old_browser_warning(f"{find.MEASURED_WITH}.0.1.2") is None
    assert old_browser_warning("") is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"Error: ENOSPC: no space left on device", "disk is full"),
        (b"Error: getaddrinfo ENOTFOUND cdn.example.com", "network"),
        (b"Error: EACCES: permission denied, mkdir", "cannot be written"),
        (b"something else", "failed"),
    ],
)
def test_a_failed_installation_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, said: bytes, reason: str
) -> None:
    def fails(*_args: object, **_options: object) -> SimpleNamespace:
        return SimpleNamespace(returncode=1, stdout=b"", stderr=said)

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(BrowserNotInstalled) as failed:
        install_browser()
    assert reason in str(failed.value)
    assert "example.com" not in str(failed.value)


def test_an_installation_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(*_args: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired([], 1)

    monkeypatch.setattr(subprocess, "run", hangs)
    with pytest.raises(BrowserNotInstalled, match="too long"):
        install_browser()
