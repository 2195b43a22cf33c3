"""Every command has help that says something, and examples that are understood."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from optout.cli.main import app, global_options_first

# The names of PRODUCT.md that this version has: a contract with whoever wrote them down.
PROMISED = {
    "": "demo start init plan file confirm record follow-up reconcile status next due report "
    "exports doctor",
    "person": "add show edit list forget",
    "letter": "show pdf post",
    "broker": "list show",
    "law": "list show due",
    "vault": "info lock backup restore audit key destroy",
}
READS = {
    "": "status next due follow-up plan report exports doctor",
    "person": "show list",
    "letter": "show",
    "broker": "list show",
    "law": "list show due",
    "vault": "info",
}


def named(table: dict[str, str]) -> list[str]:
    return [f"{noun}-{verb}".strip("-") for noun, verbs in table.items() for verb in verbs.split()]


def commands() -> Iterator[tuple[str, TyperCommand]]:
    root = get_group(app)
    for name in root.list_commands(None):  # type: ignore[arg-type]  # it reads no context
        yield from below(name, root.get_command(None, name))  # type: ignore[arg-type]


def below(name: str, command: Any) -> Iterator[tuple[str, TyperCommand]]:  # noqa: ANN401
    if isinstance(command, TyperGroup):
        for inner, child in command.commands.items():
            yield from below(f"{name}-{inner}", child)
    else:
        assert isinstance(command, TyperCommand)
        yield name, command


ALL = dict(commands())


def understood(line: str) -> TyperCommand:
    """Parse an example as the shell would, without running it."""
    program, *words = shlex.split(re.split(r" [0-9]?[<>|] ?", line)[0])  # the shell's own part
    assert program == "optout"
    command: Any = get_group(app)
    context = command.make_context("optout", global_options_first(words))
    while isinstance(command, TyperGroup):
        rest = [*context._protected_args, *context.args]  # noqa: SLF001 - typer keeps them there
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
    assert isinstance(command, TyperCommand)
    return command


def names(command: TyperCommand) -> set[str]:
    return {name for param in command.params for name in param.opts}


def test_every_promised_command_is_there() -> None:
    nouns = {name.rpartition("-")[0] for name in ALL}  # `vault key` has commands of its own
    assert set(named(PROMISED)) - set(ALL) - nouns == set()


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_command_has_help_and_an_example_that_is_understood(name: str) -> None:
    command = ALL[name]
    assert command.help
    assert command.help.split("\n")[0].endswith((".", "?")), command.help
    examples = (command.epilog or "").splitlines()
    assert examples
    for line in examples:
        parsed = understood(line)
        assert parsed.name == command.name
        typed = " ".join(line.split()[:2])
        assert any(f"optout {each}".startswith(typed) for each in (name, name.replace("-", " ")))


@pytest.mark.parametrize("name", named(READS))
def test_every_read_prints_json_for_programs(name: str) -> None:
    assert "--json" in names(ALL[name])


def test_no_option_is_named_after_a_secret() -> None:
    """Passphrases come from the terminal or a file descriptor, never from arguments."""
    told = {option for command in ALL.values() for option in names(command)}
    secret = {"password", "passphrase", "secret", "code", "ssn", "itin"}
    assert not {option for option in told if option.strip("-") in secret}


def test_a_wrong_example_would_be_found() -> None:
    """The control: the same parsing refuses what is not there."""
    with pytest.raises(Exception, match="no command"):
        understood("optout law dew")
    with pytest.raises(Exception, match="No such option"):
        understood("optout law list --jason")
