"""Holding one of a person's values against what a definition names: an age against a number."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from optout.model.flow import Compares

_HOLDS: Final[Mapping[Compares, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "=": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


def compares(value: str, how: Compares, than: str) -> bool:
    """Say whether it holds: two numbers as numbers (9 is less than 45), else words."""
    one, other = value.strip(), than.strip()
    if one.isdecimal() and other.isdecimal():
        return _HOLDS[how](int(one), int(other))
    return _HOLDS[how](one.casefold(), other.casefold())
