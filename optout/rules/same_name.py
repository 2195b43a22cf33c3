"""Whether two written names may be one person's name, and how far they bear that out.

The words of both are laid beside each other in order, whole words only. What one side leaves out
is no contradiction; what stands on both sides in one place and differs is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final, NamedTuple

from optout.rules.name_likeness import Like, is_known_given, likeness
from optout.rules.name_sounds import ENOUGH, eastern
from optout.rules.name_tables import EASTERN, FAMILY_FIRST, SPANISH, VIETNAMESE
from optout.rules.name_words import Name, Word
from optout.text import Text


class Grade(IntEnum):
    """How far a likeness of names bears out that they are one person's."""

    OTHER = 0
    GIVEN_ONLY = 1  # the last name is another: married, or somebody else
    LOOSE = 2  # enough to ask, never enough to say yes
    DROPPED = 3  # a last name is missing
    CLOSE = 4  # a short form, another order
    FULL = 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a comparison of two names found."""

    grade: Grade
    says: Text


_SAYS: Final = {
    "same": Likeness(Grade.FULL, Text("The name is the same.")),
    "middle": Likeness(Grade.FULL, Text("The name is the same, but one side shows more of it.")),
    "order": Likeness(Grade.FULL, Text("The name is the same, with the last name first.")),
    "swapped": Likeness(
        Grade.DROPPED,
        Text("The names stand in the other order, and each can be a first name."),
    ),
    "turned": Likeness(Grade.CLOSE, Text("The names are the same, in another order.")),
    "short": Likeness(Grade.CLOSE, Text("One first name is a short form of the other.")),
    "ending": Likeness(
        Grade.CLOSE, Text("The last name is the same, with another ending for a woman or a man.")
    ),
    "fewer": Likeness(Grade.CLOSE, Text("Some of the names are left out.")),
    "initials": Likeness(Grade.CLOSE, Text("The first names are only letters, and they agree.")),
    "dropped": Likeness(Grade.DROPPED, Text("A last name is left out.")),
    "extra": Likeness(Grade.LOOSE, Text("The listing shows one more last name.")),
    "letter": Likeness(Grade.LOOSE, Text("Only a first letter stands for one of the names.")),
    "spelled": Likeness(Grade.LOOSE, Text("The name is spelled in another way.")),
    "script": Likeness(
        Grade.LOOSE, Text("The name is written in the letters of another language.")
    ),
    "slip": Likeness(Grade.LOOSE, Text("One letter of the name differs.")),
    "slips": Likeness(Grade.GIVEN_ONLY, Text("Several letters of the name differ.")),
    "part": Likeness(Grade.LOOSE, Text("One first name may be a short form of the other.")),
    "called": Likeness(Grade.LOOSE, Text("The listing goes by another one of the first names.")),
    "double": Likeness(Grade.LOOSE, Text("Half of a double name is missing.")),
    "one": Likeness(Grade.LOOSE, Text("One side shows only one word of the name.")),
    "own": Likeness(Grade.LOOSE, Text("The names are put together in another way.")),
    "long": Likeness(Grade.LOOSE, Text("The name is too long to compare.")),
    "family": Likeness(Grade.GIVEN_ONLY, Text("The last names differ.")),
    "between": Likeness(Grade.OTHER, Text("The names in the middle differ.")),
    "other": Likeness(Grade.OTHER, Text("The names differ.")),
}
OTHER: Final = _SAYS["other"]
_WHOLE_WORDS: Final = (_SAYS["slip"], _SAYS["spelled"])
SLIPS_ALLOWED: Final = 1
FINER: Final = 4  # between two weights of likeness there is room for what breaks a tie
_SYLLABLES: Final = re.compile(r"[aeiouy]+")
TURNED: Final = 2  # words, at the least, that can stand in another order

_BY_WORD: Final = {
    Like.INITIAL: "letter",
    Like.PART: "part",
    Like.SLIP: "slip",
    Like.SOUND: "spelled",
    Like.SHORT: "short",
    Like.ENDING: "ending",
}


class Beside(NamedTuple):
    """A word of each name, by its place, that stand beside each other."""

    ours: int
    theirs: int
    like: Like


def compare_names(known: Name, shown: Name, own: frozenset[str] = frozenset()) -> Likeness:
    """Return how two names agree; `own` are words of the person's other names."""
    if not known.words or not shown.words:
        return OTHER
    if known.words == shown.words:
        return _whole(known, shown, _SAYS["same"])
    ours = _glued(known.words, shown)
    theirs = _glued(shown.words, known)
    foreign = known.foreign or shown.foreign
    found = _compared(ours, theirs, own, foreign=foreign)
    if found.grade < Grade.CLOSE and len(theirs) > 1:
        found = max(found, _turned(ours, theirs, own, foreign=foreign), key=_grade)
    if found.grade < Grade.LOOSE:
        found = max(found, _eastern(ours, theirs), key=_grade)
    return _whole(known, shown, found)


def _grade(found: Likeness) -> Grade:
    return found.grade


def _whole(known: Name, shown: Name, found: Likeness) -> Likeness:
    """Lower what was found where the writing itself leaves doubt."""
    if known.foreign != shown.foreign and found.grade >= Grade.LOOSE:
        return _SAYS["script"]
    if found.grade <= Grade.LOOSE:
        return found
    if known.cut or shown.cut:
        return _SAYS["long"]
    if len(known.words) != len(shown.words) and _lacks_a_given_name(known, shown):
        return _SAYS["double"]
    if len(shown.words) == 1:
        return _SAYS["one"]
    initials = len(known.words[0].text) == 1 and found.grade is Grade.FULL
    return _SAYS["initials"] if initials else found


def _lacks_a_given_name(known: Name, shown: Name) -> bool:
    """Say whether what one leaves out is no middle name: Tran Ngoc Lan is Lan, and not Ngoc."""
    short, long = sorted((known.texts(), shown.texts()), key=len)
    if long[0] in VIETNAMESE:
        return _is_family_name(long) and long[-1] not in short
    return _is_half_of(short, long)


def _is_half_of(short: Sequence[str], long: Sequence[str]) -> bool:
    """Say whether only one syllable is left of a Chinese or Korean given name: Xiao Hong Li."""
    if len(short) != TURNED or len(long) != TURNED + 1 or not {*long} >= {*short}:
        return False
    given = long[1:] if long[0] in EASTERN and long[0] in short else long[:-1]
    return not {*long}.difference(given).isdisjoint(EASTERN) and all(
        len(_SYLLABLES.findall(each)) == 1 and not is_known_given(each) for each in given
    )


def _glued(words: tuple[Word, ...], other: Name) -> tuple[Word, ...]:
    """Write two words as one where the other side does: Min-jun and Minjun."""
    there = {text for word in other.words for text in (word.text, word.joined)}
    glued: list[Word] = []
    for word in words:
        if glued and glued[-1].text + word.joined in there:
            whole = glued.pop().text + word.joined
            glued.append(Word(whole, whole, word.bound))
        else:
            glued.append(word)
    return tuple(glued)


def _compared(
    ours: Sequence[Word], theirs: Sequence[Word], own: frozenset[str], *, foreign: bool
) -> Likeness:
    beside = _beside(ours, theirs, foreign=foreign)
    if not beside:
        return OTHER
    found = OTHER
    for n, each in enumerate(_found(ours, theirs, beside, own)):
        if not n or each.grade < found.grade:  # min() with a key takes longer
            found = each
    if found is _SAYS["family"] and (
        beside[0].like is not Like.SAME or _is_family_name([word.text for word in ours])
    ):
        return OTHER
    return found


def _is_family_name(words: Sequence[str]) -> bool:
    """Say whether the family name comes first, as far as one can know."""
    return words[0] in FAMILY_FIRST and words[-1] not in FAMILY_FIRST


def _found(
    ours: Sequence[Word], theirs: Sequence[Word], beside: Sequence[Beside], own: frozenset[str]
) -> Iterator[Likeness]:
    """Yield everything that keeps the names from being the same; the worst of it counts."""
    yield _SAYS["same"] if len(beside) == len(ours) == len(theirs) else _SAYS["middle"]
    yield from _by_word(beside, len(ours), len(theirs))
    if not len(beside) == len(ours) == len(theirs):
        yield from _left_out(ours, theirs, beside, own)


def _by_word(beside: Sequence[Beside], ours: int, theirs: int) -> Iterator[Likeness]:
    if sum(each.like is Like.SLIP for each in beside) > SLIPS_ALLOWED:
        yield _SAYS["slips"]
    if {each.like for each in beside} >= {Like.SHORT, Like.ENDING}:
        yield _SAYS["part"]  # Sasha Petrov may be Alexandra Petrova, or her husband
    if len(beside) == 1 < min(ours, theirs) and beside[0] != (0, 0, beside[0].like):
        yield OTHER  # only a family name, or another one's given name
    for each in beside:
        between = 0 < each.ours < ours - 1 and 0 < each.theirs < theirs - 1
        if each.like is not Like.SAME and not (between and each.like is Like.INITIAL):
            yield _SAYS[_BY_WORD[each.like]]


def _left_out(
    ours: Sequence[Word], theirs: Sequence[Word], beside: Sequence[Beside], own: frozenset[str]
) -> Iterator[Likeness]:
    ends = Beside(len(ours), len(theirs), Like.SAME)
    before = Beside(-1, -1, Like.SAME)
    tied = any(word.bound for word in (*ours, *theirs))
    for after in (*beside, ends):
        mine = ours[before.ours + 1 : after.ours]
        other = theirs[before.theirs + 1 : after.theirs]
        if mine or other:
            place = (before.ours < 0, after is ends)
            yield _gap(mine, other, place, own, len(beside))
            if tied and (
                _halves(ours, before.ours, after.ours)
                or _halves(theirs, before.theirs, after.theirs)
            ):
                yield _SAYS["double"]
        before = after


def _halves(words: Sequence[Word], before: int, after: int) -> bool:
    """Say whether words were left out that a hyphen ties to one that was not."""
    left_out = range(before + 1, after)
    return any(words[n].bound for n in left_out if n + 1 < len(words)) or (
        bool(left_out) and before >= 0 and words[before].bound
    )


def _gap(
    mine: Sequence[Word],
    other: Sequence[Word],
    place: tuple[bool, bool],
    own: frozenset[str],
    beside: int,
) -> Likeness:
    """Say what words mean that have nothing beside them, at the start, between or at the end."""
    starts, ends = place
    theirs_too = bool(other) and all(word.text in own for word in other)
    if mine and other:
        differ = "family" if ends and not starts else "other" if starts else "between"
        return _SAYS["own" if theirs_too else differ]
    if theirs_too:
        return _SAYS["fewer"]
    if starts or (ends and beside == 1):
        return _SAYS["called" if beside > 1 else "one"]
    if ends:
        return _SAYS["dropped" if mine else "extra"]
    return _left_out_between((*mine, *other))


def _left_out_between(words: Sequence[Word]) -> Likeness:
    if any(word.text in SPANISH for word in words):
        return _SAYS["dropped"]
    return _SAYS["fewer" if len(words) > 1 else "middle"]


def _beside(ours: Sequence[Word], theirs: Sequence[Word], *, foreign: bool) -> Sequence[Beside]:
    """Lay two names beside each other so that the most of them agrees."""
    alike = _same_ends(ours, theirs)
    if alike is not None:
        return alike
    found = _alike(ours, theirs, foreign=foreign)
    if all(one.ours < other.ours and one.theirs < other.theirs for one, other in pairwise(found)):
        return found  # no word is like two: there is nothing to choose
    return _best_path(found, len(ours), len(theirs))


def _alike(ours: Sequence[Word], theirs: Sequence[Word], *, foreign: bool) -> list[Beside]:
    """Return all words that are alike, wherever they stand."""
    last, others_last = len(ours) - 1, len(theirs) - 1
    found: list[Beside] = []
    for n, one in enumerate(ours):
        for m, other in enumerate(theirs):
            family = n > 0 and (n == last or m == others_last)
            like = likeness(one, other, family=family, foreign=foreign)
            if like:
                found.append(Beside(n, m, like))
    return found


def _same_ends(ours: Sequence[Word], theirs: Sequence[Word]) -> list[Beside] | None:
    """Return the pairs where all of one side stands at the other's ends, as it mostly does."""
    fewer, more = len(ours), len(theirs) - len(ours)
    if more < 0:
        fewer = len(theirs)
    begin = 0
    while begin < fewer and ours[begin].text == theirs[begin].text:
        begin += 1
    end = 0
    while begin + end < fewer and ours[-1 - end].text == theirs[-1 - end].text:
        end += 1
    if begin + end < fewer:
        return None
    tail = range(len(ours) - end, len(ours))
    pairs = [*((n, n) for n in range(begin)), *((n, n + more) for n in tail)]
    return [Beside(n, m, Like.SAME) for n, m in pairs]


def _best_path(found: Sequence[Beside], height: int, width: int) -> list[Beside]:
    """Return the heaviest way through both names, without crossing."""
    like = {(each.ours, each.theirs): each for each in found}
    worth = [[0] * width for _row in range(height)]
    for n, m, weighs in found:  # of two ways alike, the one whose ends agree
        worth[n][m] = weighs * FINER + ((n, m) in ((0, 0), (height - 1, width - 1)))
    weight = [[0] * (width + 1) for _row in range(height + 1)]
    for n in range(height - 1, -1, -1):
        here, below = weight[n], weight[n + 1]
        for m in range(width - 1, -1, -1):
            both = worth[n][m]
            here[m] = max(both and below[m + 1] + both, below[m], here[m + 1])
    return [like[place] for place in _walk(worth, weight)]


def _walk(
    worth: Sequence[Sequence[int]], weight: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int]]:
    n = m = 0
    while n < len(worth) and m < len(worth[0]) and weight[n][m]:
        both = worth[n][m]
        if both and weight[n][m] == weight[n + 1][m + 1] + both:
            yield n, m
            n, m = n + 1, m + 1
        elif weight[n][m] == weight[n + 1][m]:
            n += 1
        else:
            m += 1


def _turned(
    ours: Sequence[Word], theirs: Sequence[Word], own: frozenset[str], *, foreign: bool
) -> Likeness:
    """Compare with the shown name in its other orders: family name first, or the whole reversed."""
    best = OTHER
    for turned in _orders(ours, theirs, foreign=foreign):
        found = _compared(ours, turned, own, foreign=foreign)
        if found.grade > Grade.LOOSE or found in _WHOLE_WORDS:
            best = max(best, found, key=_grade)
    if best.grade is not Grade.FULL:
        return best
    if _is_family_first(ours, theirs):
        return _SAYS["order"]
    either = all(is_known_given(word.text) for word in (ours[0], ours[-1]))
    return _SAYS["swapped" if either else "turned"]


def _orders(
    ours: Sequence[Word], theirs: Sequence[Word], *, foreign: bool
) -> Iterator[Sequence[Word]]:
    """Yield the orders worth a look: all words of the shorter name are there, but for one slip."""
    words, others = [word.text for word in ours], [word.text for word in theirs]
    moved = others[0] in words[1:] or words[0] in others[1:]
    few = len({*words} & {*others}) < min(len(words), len(others)) - SLIPS_ALLOWED
    if (few or not moved) and not foreign:
        return
    for n in range(1, len(theirs)):
        turned = (*theirs[n:], *theirs[:n])
        if foreign or turned[0].text == ours[0].text or turned[-1].text == ours[-1].text:
            yield turned
    if len(theirs) > TURNED:  # of two words the turn is the reverse
        yield tuple(reversed(theirs))


def _is_family_first(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Say whether what moved to the other end is a family name that its people write first."""
    moved = ((ours[0].text, theirs[-1].text), (ours[-1].text, theirs[0].text))
    return any(one == other and (one in EASTERN or one in VIETNAMESE) for one, other in moved)


def _eastern(ours: Sequence[Word], theirs: Sequence[Word]) -> Likeness:
    """Compare Chinese and Korean names across systems: Zhao Jianguo, Chien-kuo Chao."""
    for family, given in _split(ours):
        for others_family, others_given in _split(theirs):
            if EASTERN[family].isdisjoint(EASTERN[others_family]):
                continue
            heard = eastern(given)
            if heard == eastern(others_given) and (len(heard) >= ENOUGH or given == others_given):
                return _SAYS["spelled"]
    return OTHER


def _split(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    if len(words) < 2:  # noqa: PLR2004 - a family name and a given one
        return
    if words[0].text in EASTERN:
        yield words[0].text, "".join(word.text for word in words[1:])
    if words[-1].text in EASTERN:
        yield words[-1].text, "".join(word.text for word in words[:-1])
