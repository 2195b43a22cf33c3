"""The words of a command line as values, without typer's own converter.

Typer 0.29 converts even one string through pydantic, which costs more than the rest of the
start (75 ms, PERFORMANCE). Each kind we use is read here; others still go typer's way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import typer

from optout.cli.plain import sentence
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Text


class Value:
    """Converts what was typed for one option or argument."""

    def __init__(self, convert: Callable[[str], object]) -> None:
        """Take the conversion of a single word."""
        self._convert = convert

    def coerce(self, value: object, *, param: Any, ctx: typer.Context) -> object:  # noqa: ANN401 - typer's own parameter type is private
        """Return the value, or say in words what is wrong with it."""
        several = param.multiple or param.nargs == -1
        try:
            if value is None:
                return () if several else None
            if several:
                return [self._one(item) for item in _sequence(value)]
            return self._one(value)
        except ValueError as wrong:
            raise typer.BadParameter(str(wrong), ctx=ctx, param=param) from None

    def _one(self, value: object) -> object:
        return self._convert(value) if isinstance(value, str) else value


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else [value]


def light_value(annotation: Any) -> Value | None:  # noqa: ANN401 - an annotation can be anything
    """Return the converter for an annotation, or None where typer must do it."""
    if get_origin(annotation) is list:
        (annotation,) = get_args(annotation)
    if annotation in _CONVERT:
        return Value(_CONVERT[annotation])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Value(lambda typed: _choice(typed, annotation))
    return None


def _text(typed: str) -> str:
    return typed


def _number(typed: str) -> int:
    try:
        return int(typed)
    except ValueError:
        message = _("{typed} is not a whole number.").format(typed=repr(typed))
        raise ValueError(message) from None


def _date(typed: str) -> date:
    from optout.rules.days import in_words, is_two_ways, read_day

    try:
        day = read_day(typed)
    except WrongUsage as wrong:
        no_day = sentence(Text("{typed} is not a date.", typed=repr(typed)))
        message = f"{no_day} {sentence(wrong.hint)}" if wrong.hint else no_day
        raise ValueError(message) from None
    if is_two_ways(typed):
        told = sentence(Text("{typed} is read as {day}.", typed=typed, day=in_words(day)))
        print(told, file=sys.stderr)
    return day


def _yes_or_no(typed: str) -> bool:
    return typed.strip().lower() in {"1", "true", "yes", "on", "t", "y"}


def _choice(typed: str, choices: type[Enum]) -> Enum:
    for member in choices:
        if str(member.value) == typed.strip().lower():
            return member
    message = _("{typed} is not one of: {choices}.")
    known = ", ".join(str(member.value) for member in choices)
    raise ValueError(message.format(typed=repr(typed), choices=known))


_CONVERT: dict[Any, Callable[[str], object]] = {
    str: _text,
    int: _number,
    bool: _yes_or_no,
    date: _date,
    Path: Path,
}
