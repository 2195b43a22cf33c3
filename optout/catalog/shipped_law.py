"""One of our own law files, read without building the schema: the calculator must be quick.

Every shipped law passed the whole schema in the tests, so here only its shape is looked at. What
does not fit goes through `find_law`, which tells every mistake in words.
"""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, Final, get_args, get_origin

from optout.model.law import Law
from optout.shipped import shipped

_PLAIN: Final = (str, int, bool, date)


def read_shipped_law(law_id: str) -> Law:
    """Return one law by id; if its file is odd in any way, as `find_law` does."""
    try:
        return _cited(_made(Law, tomllib.loads(_text(law_id))))
    except (OSError, ValueError, TypeError, KeyError):
        from optout.catalog.laws import find_law  # noqa: PLC0415 - heavy, and rarely needed

        return find_law(law_id)


def _cited(law: Law) -> Law:
    """Return the law if every date would have its section; the whole lint is for `find_law`."""
    terms = [law.appeal, law.appeal_extension, law.appeal_acknowledge]
    for given in law.rights.values():
        terms += [given.acknowledge, given.opt_out_within, given.answer, given.extension]
        terms += [given.longer, given.told_within]
    if not all(term.cite for term in terms if term):
        raise ValueError
    return law


def _text(law_id: str) -> str:
    """Return the file's text; an id is never a path."""
    if not all(part.isalnum() for part in law_id.split("-")):
        raise ValueError
    return (shipped("letters") / "laws" / f"{law_id}.toml").read_text("utf-8")


def _made(cls: type[Any], table: object) -> Any:  # noqa: ANN401 - an instance of `cls`
    """Make a dataclass from a table: unknown or missing keys and other kinds raise."""
    if not isinstance(table, dict):
        raise TypeError
    hints = _hints(cls)  # type: ignore[arg-type]  # a class can be hashed
    return cls(**{key: _value(hints[key], value) for key, value in table.items()})


@cache
def _hints(cls: type) -> Mapping[str, object]:
    return typing.get_type_hints(cls)


def _value(hint: Any, value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(hint, typing.NewType):
        return _value(hint.__supertype__, value)
    if origin is tuple:
        return tuple(_value(args[0], item) for item in _checked(list, value))
    if origin is dict:
        return {_value(args[0], key): _value(args[1], item) for key, item in value.items()}
    if args:  # something, or None
        return _value(next(arg for arg in args if arg is not NoneType), value)
    return _single(hint, value)


def _single(kind: type[Any], value: Any) -> Any:  # noqa: ANN401 - as above
    make: Callable[[Any], Any]
    if dataclasses.is_dataclass(kind):
        return _made(kind, value)
    if issubclass(kind, Enum):
        make = kind
        return make(value)
    if kind not in _PLAIN:
        raise TypeError
    return _checked(kind, value)


def _checked(kind: type[Any], value: Any) -> Any:  # noqa: ANN401 - as above
    if type(value) is not kind:
        raise TypeError
    return value
