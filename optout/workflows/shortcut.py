"""An icon that starts `optout web`, for people who never open a terminal; it can be taken away.

The icon opens a terminal window, because closing that window ends the program and locks the
folder. One plain file in a place of the person's own; nothing else on the computer is changed.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_data_path, user_desktop_path

from optout.errors import Refused
from optout.i18n import in_language, languages, say
from optout.text import Text
from optout.vault.platform import write_durably

TITLE: Final = Text("optout: ask companies to delete what they have about me")
PURPOSE: Final = Text("Opens a page on this computer. Closing its window locks everything.")
_MARK: Final = "Made by: optout web --install-shortcut"
_MOST_BYTES: Final = 20_000
_MAC, _WINDOWS = "darwin", "win32"


@dataclass(frozen=True, slots=True, kw_only=True)
class Computer:
    """The kind of system, as `sys.platform` names it, and the folder where an icon goes."""

    system: str
    icons: Path


def this_computer() -> Computer:
    """Return what this computer is, and the folder of this person where its icons are."""
    if sys.platform == _WINDOWS:
        return Computer(system=_WINDOWS, icons=user_desktop_path())
    if sys.platform == _MAC:
        return Computer(system=_MAC, icons=Path.home() / "Applications")
    return Computer(system=sys.platform, icons=user_data_path() / "applications")


def place_of_shortcut(computer: Computer) -> Path:
    """Return the file that is the icon."""
    endings = {_MAC: ".command", _WINDOWS: ".cmd"}
    return computer.icons / f"optout{endings.get(computer.system, '.desktop')}"


def install_shortcut(computer: Computer, command: Sequence[str]) -> Path:
    """Write the icon, in place of an older one of ours; a file of somebody else's is left alone."""
    path = place_of_shortcut(computer)
    _check_ours(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write = _WRITTEN.get(computer.system, _for_linux)
    write_durably(path, write(command).encode("utf-8"))
    if computer.system == _MAC:
        path.chmod(0o700)  # it is opened by running it
    return path


def remove_shortcut(computer: Computer) -> Path | None:
    """Take the icon away; None where there is none. Nothing else is touched."""
    path = place_of_shortcut(computer)
    _check_ours(path)
    if not path.exists():
        return None
    path.unlink()
    return path


def _check_ours(path: Path) -> None:
    """Refuse to touch a file that we did not write."""
    if path.is_symlink() or (path.exists() and not _is_ours(path)):
        raise Refused(
            Text("There is a file that we did not write: {path}", path=path),
            known=Text("It was left as it is."),
            hint=Text("Move it or rename it, then try again."),
        )


def _is_ours(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return False
    return _MARK.encode() in path.read_bytes()


def _for_linux(command: Sequence[str]) -> str:
    """Return a desktop entry (freedesktop.org), its name in every language that we speak."""
    lines = [
        "[Desktop Entry]",
        f"# {_MARK}",
        "Type=Application",
        "Version=1.0",
        *_in_each_language("Name", TITLE),
        *_in_each_language("Comment", PURPOSE),
        f"Exec={' '.join(map(_quoted_for_desktop, command))}",
        "Icon=security-high",
        "Terminal=true",  # closing it ends the program
        "Categories=Office;",
    ]
    return "\n".join([*lines, ""])


def _in_each_language(key: str, text: Text) -> list[str]:
    lines = []
    for at, name in enumerate(languages()):
        with in_language(name):
            lines.append(f"{key}[{name}]={say(text)}" if at else f"{key}={say(text)}")
    return lines


def _quoted_for_desktop(word: str) -> str:
    """Quote one word twice: as an argument of `Exec`, then as a value of the file."""
    for special in '\\"`$':
        word = word.replace(special, f"\\{special}")
    return f'"{word}"'.replace("%", "%%").replace("\\", "\\\\")


def _for_mac(command: Sequence[str]) -> str:
    """Return a script that the Finder opens in a terminal window."""
    return f"#!/bin/sh\n# {_MARK}\nexec {shlex.join(command)}\n"


def _for_windows(command: Sequence[str]) -> str:
    """Return a batch file; its window stays where something went wrong, so that it can be read."""
    words = " ".join('"{}"'.format(word.replace("%", "%%")) for word in command)
    lines = ["@echo off", f"rem {_MARK}", "chcp 65001 >nul", words, "if errorlevel 1 pause", ""]
    return "\r\n".join(lines)


_WRITTEN: Final[dict[str, Callable[[Sequence[str]], str]]] = {
    _MAC: _for_mac,
    _WINDOWS: _for_windows,
}
