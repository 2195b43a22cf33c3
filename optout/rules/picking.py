"""Which entries of a numbered list a person picks: all, some by number, or none."""

from __future__ import annotations

import re
from typing import Final

from optout.errors import WrongUsage
from optout.model.ports import Offer, Person
from optout.rules.accents import without_accents
from optout.text import Text

_ALL: Final = frozenset({"a", "all", "y", "yes", "s", "si", "sí", "t", "todo", "todos", "todas"})
_NONE: Final = frozenset({"", "n", "no", "none", "ninguno", "ninguna", "nada"})
NONE: Final = "n"
_PART: Final = re.compile(r"[0-9]{1,5}(-[0-9]{1,5})?")


def picked(typed: str, count: int) -> tuple[int, ...]:
    """Return the picked numbers from 1 to `count` in order, each once; nothing is guessed.

    "a" takes all, "1,3" and "2-4" some; an empty line, or "n", none.
    """
    check_pick(typed)
    words = typed.strip().casefold()
    if words in _ALL:
        return tuple(range(1, count + 1))
    numbers = {number for part in _parts(words) for number in _numbers(part)}
    if numbers and not 1 <= min(numbers) <= max(numbers) <= count:
        what = Text("That names nothing in this list: it goes from 1 to {count}.", count=count)
        raise _not_a_pick(what)
    return tuple(sorted(numbers))


def pick_by_number(person: Person, offer: Offer) -> str:
    """Show a list from top to bottom and ask for its numbers; nothing is asked of an empty one."""
    person.tell_at_length(offer.at_length)
    if not offer.count:
        return NONE
    return person.ask(offer.by_number, default=NONE, check=lambda typed: picked(typed, offer.count))


def is_word(word: str, typed: str) -> bool:
    """Say whether this word was typed: capitals and accents do not count."""
    return _folded(typed.strip()) == _folded(word)


def _folded(word: str) -> str:
    return without_accents(word.casefold())


def takes_none(typed: str) -> bool:
    """Say whether nothing was typed, or a no."""
    return typed.strip().casefold() in _NONE


def takes_all(typed: str) -> bool:
    """Say whether all was taken at once, so that no single entry was looked at for itself."""
    return typed.strip().casefold() in _ALL


def check_pick(typed: str) -> None:
    """Raise unless this can pick from some list: asked before anybody answers a question."""
    words = typed.strip().casefold()
    if words in _ALL | _NONE:
        return
    parts = _parts(words)
    if not parts or not all(_PART.fullmatch(part) and _names_lines(part) for part in parts):
        raise _not_a_pick(Text("That picks nothing from a list."))


def _parts(words: str) -> list[str]:
    return [] if words in _NONE else words.replace(",", " ").replace(" - ", "-").split()


def _names_lines(part: str) -> bool:
    numbers = _numbers(part)
    return bool(numbers) and numbers.start > 0  # every list begins with 1


def _numbers(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


def _not_a_pick(what: Text) -> WrongUsage:
    return WrongUsage(
        what,
        known=Text("Nothing was put on your list, and nothing was sent."),
        hint=Text("Write a for all, numbers such as 1,3 or 2-4, or n for none."),
    )
