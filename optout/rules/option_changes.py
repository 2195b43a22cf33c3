"""What happened to the options of a list, and which one is the old one under a new name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from optout.model.form import Choice
from optout.rules.same_boxes import alike, said

_ALIKE: Final = 0.6
# A word more or less of these, and an option says something else, however alike it looks.
_TURNING: Final = re.compile(
    r"\b(not?|don't|never|without|in|out|opt|delet(e|ion)|erase|access|copy|know|correct|limit|sell"
    r"|share|agent|behalf|other|else|self|myself|me|someone|parent|guardian|spouse|minor|partial"
    r"|full|only|all|any|none|yes)\b"
)
_MOST_FOLDED: Final = {"deletion": "delete", "erase": "delete", "myself": "me", "self": "me"}


@dataclass(frozen=True, slots=True)
class Options:
    """Two readings of one list."""

    gone: tuple[Choice, ...] = ()
    new: tuple[Choice, ...] = ()
    renamed: tuple[tuple[Choice, Choice], ...] = ()


def compare_options(before: Sequence[Choice], now: Sequence[Choice]) -> Options:
    """Return what left a list, what came, and what only changed its name."""
    mine, theirs = {said(c.words) for c in before}, {said(c.words) for c in now}
    gone = [choice for choice in before if said(choice.words) not in theirs]
    new = [choice for choice in now if said(choice.words) not in mine]
    renamed: list[tuple[Choice, Choice]] = []
    for old in tuple(gone):
        same = [one for one in new if _is_same(old, one)]
        if len(same) == 1 and sum(_is_same(other, same[0]) for other in gone) == 1:
            renamed.append((old, same[0]))
            gone.remove(old)
            new.remove(same[0])
    return Options(tuple(gone), tuple(new), tuple(renamed))


def _is_same(old: Choice, new: Choice) -> bool:
    if turning_words(old.words) != turning_words(new.words):
        return False
    return _keeps_its_value(old, new) or alike(old.words, new.words) >= _ALIKE


def _keeps_its_value(old: Choice, new: Choice) -> bool:
    """Say whether the form sends the same for it, and the words do not say otherwise.

    A value such as `3` can stand for another option tomorrow, so the words must share one.
    """
    if not old.value or old.value != new.value:
        return False
    shared = set(said(old.words).split()) & set(re.split(r"[^\w']+", said(new.words)))
    return bool(shared) or bool(turning_words(old.words))


def turning_words(words: str) -> frozenset[str]:
    """Return the words of an option that decide what is asked."""
    plain = said(words).replace("’", "'").replace("-", " ")
    return frozenset(_MOST_FOLDED.get(one[0], one[0]) for one in _TURNING.finditer(plain))
