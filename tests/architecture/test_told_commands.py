"""Every command that an error or a screen tells people to type is one, with the options it has."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperGroup
from typer.main import get_group

from optout.cli.main import app
from optout.locale.catalog import collect

TOLD = re.compile(r"(?:: |`)(optout(?: [^\s,;:`()]+)+)")
GLOBAL = {"--vault", "--plain", "--passphrase-fd", "--help"}


def told() -> set[str]:
    """Return the commands in all sentences of the program."""
    return {
        command.partition(". ")[0].rstrip(".")
        for message in collect()
        for command in TOLD.findall(message.one or "")
    }


def mistakes(line: str) -> list[str]:
    """Return the words of a command line that no command knows."""
    _program, *words = line.split()
    command: Any = get_group(app)
    while isinstance(command, TyperGroup) and words:
        found = command.get_command(None, words[0])  # type: ignore[arg-type]  # it reads no context
        if found is None:
            return words[:1]
        command, words = found, words[1:]
    known = GLOBAL | {name for param in command.params for name in param.opts}
    return [word for word in words if word.startswith("--") and word not in known]


def test_every_command_that_people_are_told_exists_with_its_options() -> None:
    found = told()
    assert len(found) > 40, "the control: there are many"
    assert {line: wrong for line in found if (wrong := mistakes(line))} == {}


def test_a_wrong_one_would_be_found() -> None:
    assert mistakes("optout statsu") == ["statsu"]
    assert mistakes("optout vault bakup FILE") == ["bakup"]
    assert mistakes("optout vault backup --to FILE") == ["--to"]
    assert mistakes("optout file {r} --dry-run") == []
