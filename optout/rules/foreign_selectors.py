"""Selectors of an imported definition as ours: one that needs nothing around it.

Theirs look inside a form or a row; ours look at the whole page. Where the two cannot be said in
one, the inner one stands alone, and whoever asked is told: a run stops where several things fit.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_TAG: Final = r"(?:[a-zA-Z][\w-]*|\*)?"
_SIMPLE: Final = re.compile(
    rf"""{_TAG}(?:\#[\w-]+|\.[\w-]+|\[[\w-]+(?:='[^'\[\]"]*')?\])*""", re.VERBOSE
)
_BIT: Final = re.compile(r"#([\w-]+)|\.([\w-]+)|\[([\w-]+)(?:=('[^']*'))?\]")


class Whole(NamedTuple):
    """A selector for the whole page; `narrowed` is False where what stood around it is lost."""

    selector: str
    narrowed: bool = True


def is_path(selector: str) -> bool:
    """Say whether a selector of theirs is XPath."""
    return selector == "." or selector.startswith(("//", "./", "("))


def inside(parent: str, selector: str) -> Whole:
    """Return the selector of something inside a parent; an empty parent is the page."""
    if selector.startswith(("//", "(")):
        return Whole(selector)  # XPath from the top of the page, whatever stands around it
    if not parent:
        return Whole(_from_top(selector))
    if not is_path(parent) and not is_path(selector):
        return Whole(f":is({parent}) :is({selector})")
    above = parent if is_path(parent) else _as_path(parent)
    if is_path(selector):
        below: str | None = selector.removeprefix(".")
    else:
        below = _as_path(selector)
    if above is None or below is None:
        return Whole(_from_top(selector), narrowed=False)
    return Whole(f"{_from_top(above)}{below}")


def in_row(selector: str) -> str:
    """Return the selector of something inside a row: XPath from the top would leave it."""
    return f".{selector}" if selector.startswith("//") else selector


def only(selector: str, tag: str) -> str:
    """Return the selector of the same thing, but only where it is of this kind."""
    if selector.startswith(("/", "(", "./")):
        return f"({selector})[self::{tag}]"
    return f"{tag}:is({selector})"


def _from_top(selector: str) -> str:
    """Return XPath that begins at the page instead of at a node; CSS stays as it is."""
    return selector.removeprefix(".") if selector.startswith("./") else selector


def _as_path(selector: str) -> str | None:
    """Return plain CSS (names, classes, ids, attributes, one inside another) as XPath, or None."""
    parts = selector.split()
    if not parts or not all(_SIMPLE.fullmatch(part) for part in parts):
        return None
    return "".join(f"//{_step(part)}" for part in parts)


def _step(part: str) -> str:
    tag = re.match(_TAG, part)
    conditions = "".join(_condition(found) for found in _BIT.finditer(part))
    return f"{(tag[0] if tag else '') or '*'}{conditions}"


def _condition(found: re.Match[str]) -> str:
    id_, class_, name, value = found.groups()
    if id_:
        return f"[@id='{id_}']"
    if class_:
        return f"[contains(concat(' ', normalize-space(@class), ' '), ' {class_} ')]"
    return f"[@{name}={value}]" if value else f"[@{name}]"
