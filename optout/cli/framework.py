"""Typer's own words in the person's language: headings, hints and usage errors.

Typer writes some of its words through `gettext` and others as bare English. Rather than reach
into both, help passes through one formatter and every usage error through `usage_error` here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import typer

# typer 0.29 ships its own copy of click and re-exports neither of these.
from typer._click.exceptions import (
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer._click.formatting import HelpFormatter

from optout.cli.plain import lines
from optout.i18n import _
from optout.text import Text

UsageProblem = ClickException
"""What typer raises when a command line cannot be understood."""

_KINDS: Final = r"<(?:list\[)?(str|int|bool|date|path|file|dir)\]?>"
_CHOICES: Final = r"<(?:list\[)?([^<>|\]]+(?:\|[^<>|\]]+)+)\]?>"


HEADINGS: Final = (Text("Arguments"), Text("Options"), Text("Commands"), Text("Example"))
"""Typer's headings: named here, so that they are collected for translation."""


class Formatter(HelpFormatter):
    """Help as typer lays it out, each of typer's own words translated."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that says how a command is called."""
        args = args.replace("[OPTIONS]", _("[OPTIONS]"))
        args = args.replace("COMMAND [ARGS]...", _("COMMAND ..."))
        super().write_usage(prog, args, prefix or _("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write "Options", "Arguments" or "Commands"."""
        super().write_heading(_(heading))

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what they mean."""
        super().write_dl([_row(name, what) for name, what in rows], col_max, col_spacing)


def _row(name: str, what: str) -> tuple[str, str]:
    what = _meaning(what)
    if choices := re.search(_CHOICES, name):
        name = name.replace(choices[0], _("<one of these>"))
        what = f"{choices[1].replace('|', ', ')}. {what}".strip()
    return re.sub(_KINDS, _kind, name), what


def _kind(found: re.Match[str]) -> str:
    words = {
        "str": _("<text>"),
        "int": _("<number>"),
        "bool": _("<yes or no>"),
        "date": _("<date>"),
        "path": _("<file or folder>"),
        "file": _("<file>"),
        "dir": _("<folder>"),
    }
    return words[found[1]]


def _meaning(what: str) -> str:
    if what == "Show this message and exit.":
        return _("Show this help.")
    text, bracket, facts = what.rpartition("[")
    if not bracket or not facts.endswith("]"):
        return what
    spoken = "; ".join(_fact(fact) for fact in facts[:-1].split("; "))
    return f"{text}[{spoken}]"


def _fact(fact: str) -> str:
    if fact == "required":
        return _("required")
    for known, translated in (
        ("default: ", _("default: {value}")),
        ("env var: ", _("environment: {value}")),
    ):
        if fact.startswith(known):
            return translated.format(value=fact.removeprefix(known))
    return fact


def usage_error(error: ClickException) -> str:
    """Return what to print for a command line that cannot be understood."""
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message()
    said = [_("Error: {what}").format(what=lines(_what(error)))]
    if isinstance(error, UsageError) and error.ctx is not None:
        said.insert(0, error.ctx.get_usage())
        said.append(_("See: {command}").format(command=f"{error.ctx.command_path} --help"))
    return "\n".join(said)


def _what(error: ClickException) -> str:
    if isinstance(error, MissingParameter):
        return _missing(error)
    if isinstance(error, NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, BadParameter):
        name = error.param.get_error_hint() if error.param else error.param_hint
        message = _("Invalid value for {name}: {why}")
        return message.format(name=name, why=error.message) if name else error.message
    return _from_parser(error.message)


def _missing(error: MissingParameter) -> str:
    if error.param is None:
        return _("Something is missing.")
    is_option = error.param.param_type_name == "option"
    message = _("Missing option {name}.") if is_option else _("Missing argument {name}.")
    return message.format(name=error.param.get_error_hint())


def _no_such_option(error: NoSuchOption) -> str:
    message = _("No such option: {name}.").format(name=error.option_name)
    if not error.possibilities:
        return message
    return message + " " + did_you_mean(sorted(error.possibilities))


def did_you_mean(names: Sequence[str]) -> str:
    """Return the sentence that offers near names."""
    return _("Did you mean {names}?").format(names=_(" or ").join(names))


def _from_parser(message: str) -> str:
    for pattern, translated in (
        (r"Option '(.*)' requires an argument\.", _("Option {name} needs a value.")),
        (r"Option '(.*)' does not take a value\.", _("Option {name} takes no value.")),
        (r"Got unexpected extra argument\(s\) \((.*)\)", _("Not expected here: {name}")),
        (r"(Missing command)\.", _("Missing command.")),
    ):
        if found := re.fullmatch(pattern, message):
            return translated.format(name=found[1])
    return message


class Context(typer.Context):
    """Typer's context, with our formatter."""

    formatter_class = Formatter
