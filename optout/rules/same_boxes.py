"""Which box of a page is which box of the page as it was before.

Being wrong here would send a birth date into a box for a phone number, so every pair needs a
reason, and reasons that contradict each other make no pair. What stays open is told as open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from optout.model.form import Box, BoxKind
from optout.rules.others_words import speaks_of_another

ALIKE: Final = 0.75  # two labels that differ in a letter or a word
_CHOICES_ALIKE: Final = 0.8
_FEW_CHOICES: Final = 5

_MEANINGS: Final = (
    ("first_name", r"first name|given name|forename|fname|firstname"),
    ("middle_name", r"middle|additional name|mname"),
    ("last_name", r"last name|family name|surname|lname|lastname"),
    ("full_name", r"(full|legal|complete|your) name|fullname|^name( \d+)?$"),
    ("email", r"e ?mail"),
    ("phone", r"phone|telephone|mobile|\btel\b|\bcell\b"),
    ("birth", r"birth|\bdob\b|\bbday\b"),
    ("zip", r"\bzip|postal|post ?code"),
    ("city", r"\bcity\b|\btown\b|address level ?2"),
    ("state", r"\bstate\b|province|\bregion\b|address level ?1"),
    ("country", r"country"),
    ("street", r"street|address line ?1|\baddr(ess)?( ?1)?\b(?! level)"),
    ("link", r"\burl\b|\blink\b|listing|profile"),
    ("number", r"\bssn\b|social security|licen[cs]e|passport|\bcard\b|national id"),
    ("words", r"comment|message|describe|details"),
    ("company", r"compan(y|ies)|organi[sz]ation|employer"),
    ("line2", r"(address|addr|line|street) ?(line )?2\b|\bapt\b|apartment|\bsuite\b|\bunit\b"),
    ("suffix", r"suffix"),
)
_TWIN: Final = re.compile(
    r"\b(confirm|confirmation|repeat|again|re-?enter|verify|agent|authori[sz]ed)"
)
_SUM: Final = re.compile(r"\d+ ?[-+x*×] ?\d+")  # a check for robots asks for another one each time
_NAME_PARTS: Final = frozenset({"first_name", "middle_name", "last_name"})


def said(words: str) -> str:
    """Return a label as it is compared: without case, marks and spaces that mean nothing."""
    plain = " ".join(words.split()).casefold()
    plain = re.sub(r"\s*\((required|optional)\)", "", plain)
    plain = _SUM.sub("0 + 0", plain)
    return re.sub(r"^[\s*•✱]+|[\s*:?.•✱]+$", "", plain)


def alike(one: str, other: str) -> float:
    """Return how alike two labels are, from 0 to 1."""
    return SequenceMatcher(None, said(one), said(other), autojunk=False).ratio()


def meanings(words: str) -> frozenset[str]:
    """Return what a label or a name seems to ask for; nothing where it could be anything."""
    plain = _spaced(words)
    found = {meaning for meaning, pattern in _MEANINGS if re.search(pattern, plain)}
    if found & {"email", "line2", "link"}:  # "e-mail address", "address line 2", "web address"
        found.discard("street")
    if found & _NAME_PARTS:
        found.discard("full_name")
    return frozenset(found)


def _spaced(words: str) -> str:
    """Return "Residence_StreetAddress1" as "residence street address1"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", apart).split()).casefold()


def meaning_of(box: Box) -> frozenset[str]:
    """Return what a box asks for: by its label, else by what machines are told."""
    for words in (box.label, box.autocomplete, box.name, box.id):
        if found := meanings(words):
            return found
    return frozenset()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who is who: numbers of boxes before, to numbers of boxes now."""

    sure: Mapping[int, int] = field(default_factory=dict)
    unsure: Mapping[int, int] = field(default_factory=dict)  # a person has to look

    def there(self, before: int) -> int | None:
        """Return the box that this one certainly is now."""
        return self.sure.get(before)

    def was(self, now: int) -> int | None:
        """Return the box that this one certainly was."""
        return next((old for old, new in self.sure.items() if new == now), None)


def pair_boxes(before: Sequence[Box], now: Sequence[Box]) -> Pairs:
    """Pair the boxes of two readings of a page, the plainest reasons first."""
    pairing = _Pairing(before, now)
    for key in (_all_of_it, _words_and_names, _words, _names, _told_to_machines, _meaning):
        pairing.by(key)
    pairing.by_alike_words()
    pairing.by_choices()
    return Pairs(sure=pairing.sure, unsure=pairing.in_doubt())


def _all_of_it(box: Box) -> Hashable:
    return box.kind, said(box.label), box.name, box.id, box.frame


def _words_and_names(box: Box) -> Hashable:
    return (said(box.label), box.name or box.id) if box.label and (box.name or box.id) else None


def _words(box: Box) -> Hashable:
    return said(box.label) or None


def _names(box: Box) -> Hashable:
    return box.id or box.name or None


def _told_to_machines(box: Box) -> Hashable:
    told = box.autocomplete.casefold()
    return None if told in {"", "on", "off", "nope", "false"} else told


def _meaning(box: Box) -> Hashable:
    """Return what a box plainly asks; what is asked twice is told apart from its twin."""
    found = meaning_of(box)
    twin = _is_twin(f"{box.label} {box.name} {box.id}")
    return (found, twin, box.kind) if len(found) == 1 else None


def _is_twin(words: str) -> bool:
    return bool(_TWIN.search(_spaced(words)))


class _Pairing:
    """The pairs so far; each way of looking sees only what is left."""

    def __init__(self, before: Sequence[Box], now: Sequence[Box]) -> None:
        self.before, self.now = before, now
        self.sure: dict[int, int] = {}

    def _left(self) -> tuple[list[int], list[int]]:
        taken = set(self.sure.values())
        return (
            [at for at in range(len(self.before)) if at not in self.sure],
            [at for at in range(len(self.now)) if at not in taken],
        )

    def by(self, key: Callable[[Box], Hashable]) -> None:
        """Pair those that share a key with nobody else on their own page."""
        old, new = self._left()
        for mine, theirs in _one_to_one(
            {at: key(self.before[at]) for at in old}, {at: key(self.now[at]) for at in new}
        ):
            if is_sure(self.before[mine], self.now[theirs]):
                self.sure[mine] = theirs

    def by_alike_words(self) -> None:
        """Pair labels that were only touched up, where no other comes near."""
        old, new = self._left()
        for mine in old:
            near = [at for at in new if alike(self.before[mine].label, self.now[at].label) >= ALIKE]
            if len(near) != 1 or not self._only_for(near[0], mine, old):
                continue
            if is_sure(self.before[mine], self.now[near[0]]):
                self.sure[mine] = near[0]
                new.remove(near[0])

    def _only_for(self, theirs: int, mine: int, old: Sequence[int]) -> bool:
        others = (at for at in old if at != mine)
        return all(alike(self.before[at].label, self.now[theirs].label) < ALIKE for at in others)

    def by_choices(self) -> None:
        """Pair lists that offer the same."""
        old, new = self._left()
        for mine in old:
            same = [at for at in new if _offer_the_same(self.before[mine], self.now[at])]
            if len(same) == 1 and is_sure(self.before[mine], self.now[same[0]], by_choices=True):
                self.sure[mine] = same[0]
                new.remove(same[0])

    def in_doubt(self) -> dict[int, int]:
        """Return pairs that have one reason and nothing more: a name, or the place alone."""
        old, new = self._left()
        named = _one_to_one(
            {at: _names(self.before[at]) for at in old}, {at: _names(self.now[at]) for at in new}
        )
        found = dict(named)
        for mine in old:
            if mine not in found and (at := self._same_place(mine, new)) is not None:
                found[mine] = at
        return found

    def _same_place(self, mine: int, new: Sequence[int]) -> int | None:
        """Return the one that stands between the same neighbours, in the same form of asking."""
        low = max((self.sure[at] for at in self.sure if at < mine), default=-1)
        high = min((self.sure[at] for at in self.sure if at > mine), default=len(self.now))
        between = [
            at for at in new if low < at < high and self.now[at].kind is self.before[mine].kind
        ]
        return between[0] if len(between) == 1 else None


def _one_to_one(
    old: Mapping[int, Hashable], new: Mapping[int, Hashable]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a key that one of each has."""
    mine, theirs = _by_key(old), _by_key(new)
    for key, places in mine.items():
        if key is not None and len(places) == 1 and len(theirs.get(key, ())) == 1:
            yield places[0], theirs[key][0]


def _by_key(keys: Mapping[int, Hashable]) -> Mapping[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for at, key in keys.items():
        found[key].append(at)
    return found


def is_sure(before: Box, now: Box, *, by_choices: bool = False) -> bool:
    """Say whether two boxes may be the same for certain: nothing speaks against, something for.

    A form builder names its boxes `input_7`; when it is built anew, the seventh may ask for
    something else. So a name alone is no reason where the words changed beyond recognition.
    """
    if _contradict(before, now):
        return False
    if said(before.label) == said(now.label) or alike(before.label, now.label) >= ALIKE:
        return True
    if meanings(before.label) & meanings(now.label):
        return True
    if _keeps_a_name(before, now) and said(now.label).startswith(f"{said(before.label)} "):
        return True  # the same words and some more
    if meanings(now.label):
        return bool(meanings(now.label) & _machine_meaning(before))
    wanted = meaning_of(before)
    told = _machine_meaning(now)
    return by_choices or bool(wanted & told and _keeps_a_name(before, now))


def _contradict(before: Box, now: Box) -> bool:
    mine, theirs = meanings(before.label), meanings(now.label)
    if mine and theirs and not mine & theirs:
        return True
    lists = {BoxKind.SELECT, BoxKind.LISTBOX, BoxKind.RADIO, BoxKind.TEXT, BoxKind.DATE}
    if before.kind is not now.kind and not {before.kind, now.kind} <= lists:
        return True
    if _is_twin(before.label) is not _is_twin(now.label) or _names_of_others(before, now):
        return True
    return speaks_of_another(before, now)


def _names_of_others(before: Box, now: Box) -> bool:
    """Say whether the names alone tell apart what is asked twice: the agent's from one's own."""
    mine, theirs = f"{before.name} {before.id}", f"{now.name} {now.id}"
    return bool(meanings(theirs) and meanings(mine)) and _is_twin(mine) is not _is_twin(theirs)


def _machine_meaning(box: Box) -> frozenset[str]:
    return meanings(box.autocomplete) | meanings(box.name) | meanings(box.id)


def _keeps_a_name(before: Box, now: Box) -> bool:
    return bool({before.id, before.name} & {now.id, now.name} - {""})


def _offer_the_same(before: Box, now: Box) -> bool:
    mine = {said(choice.words) for choice in before.choices}
    theirs = {said(choice.words) for choice in now.choices}
    if min(len(mine), len(theirs)) < _FEW_CHOICES:
        return False
    return len(mine & theirs) / len(mine | theirs) >= _CHOICES_ALIKE
