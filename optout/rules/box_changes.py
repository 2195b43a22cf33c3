"""What changed on the boxes that were there before: words, names, kinds, options, frame."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from optout.model.change import Change, ChangeKind, DropStep, Mend, NewStep, Rewrite
from optout.model.fields import Field
from optout.model.flow import Choose, Fill
from optout.model.form import Box, SeenPage
from optout.rules.box_meaning import Meaning, meanings_of
from optout.rules.held_steps import HeldStep, named
from optout.rules.hosts import host_allowed
from optout.rules.mend_steps import (
    LONGEST_WORDS,
    box_rewrites,
    fills_the_same,
    frame_rewrite,
    lost_selector,
    lost_words,
    option_rewrite,
    still_works,
)
from optout.rules.option_changes import Options, compare_options
from optout.rules.others_words import gained_others_words
from optout.rules.same_boxes import Pairs, said
from optout.text import Text

_NAME = (Field.FIRST_NAME, Field.LAST_NAME)
MOST_GONE = 2  # more boxes than that do not just vanish: the form is another one


def box_changes(
    before: SeenPage,
    now: SeenPage,
    steps: Sequence[HeldStep],
    pairs: Pairs,
    hosts: Collection[str],
) -> Iterator[Change]:
    """Yield what changed on each box that the page had before."""
    gone = [at for at in range(len(before.boxes)) if at not in pairs.sure]
    meanings = meanings_of(now)
    for at, box in enumerate(before.boxes):
        used = [held for held in steps if held.before.whole.box == at]
        there = pairs.there(at)
        if there is None:
            yield _gone(at, box, now, used, pairs, few=len(gone) <= MOST_GONE)
        else:
            mended = any(
                held.now.whole.box == there and not held.before.whole.count for held in steps
            )
            kept = _Kept(at, box, there, now.boxes[there], used, hosts, meanings[there], mended)
            yield from kept.changes()
    yield from _wrong_places(now, steps, pairs)


@dataclass(frozen=True, slots=True)
class _Kept:
    """One box before and now, and the steps that are meant for it."""

    at: int
    before: Box
    there: int
    now: Box
    used: Sequence[HeldStep]
    hosts: Collection[str]
    wants: Meaning  # the box as it is now, whatever it was
    mended: bool  # a step finds it as it is now, and not on the example

    def changes(self) -> Iterator[Change]:
        """Yield each difference; the mends go with the one that explains them."""
        frame = self._frame()
        words, names = self._words_changed(), self._names_changed()
        mends = self._mends(framed=frame is not None)
        labels = [mend for mend in mends if getattr(mend, "key", "") == "label"]
        others = [mend for mend in mends if getattr(mend, "key", "") != "label"]
        if frame is not None:
            yield frame
        if words or labels:
            yield self._label([*labels, *([] if names else others)])
        if names or (others and not (words or labels)):
            yield self._name(others)
        yield from self._small()
        yield from self._options()

    def _mends(self, *, framed: bool) -> list[Mend]:
        if framed or self.before.kind is not self.now.kind:
            return []
        return [mend for held in self.used for mend in self._rewrites(held)]

    def _rewrites(self, held: HeldStep) -> list[Rewrite]:
        """Return what leads a step here again; nothing is typed where the box may want another."""
        if not fills_the_same(held.step, self.wants):
            return []
        return box_rewrites(held, self.at, self.there, self.now)

    def _in_doubt(self) -> bool:
        """Say whether what is typed here may not be what the box wants now."""
        return not all(fills_the_same(held.step, self.wants) for held in self.used)

    @property
    def called(self) -> str:
        """Return what to call the box in a sentence."""
        return _own_words(self.before)[:LONGEST_WORDS] or _inner_name(self.before)

    def _stops(self) -> bool:
        return any(not still_works(held, self.there) for held in self.used)

    def _stops_by(self, lost: Callable[[HeldStep, int, int], bool]) -> bool:
        """Say whether a step stops because its words, or its selector, lead here no more."""
        broken = [held for held in self.used if not still_works(held, self.there)]
        return any(lost(held, self.at, self.there) for held in broken)

    def _words_changed(self) -> bool:
        theirs = {said(words) for words in (*self.now.labels, self.now.beside, self.now.hint)}
        if self.before.kind is not self.now.kind and not self.before.labels:
            return False  # the other kind of box is what there is to tell
        if theirs == {""} and not (self.before.labels or self.before.hint):
            return False  # words that only stood near: where a thing stands is no word of it
        mine = said(_own_words(self.before))
        return bool(mine or _own_words(self.now)) and mine not in theirs

    def _names_changed(self) -> bool:
        return (self.before.id, self.before.name) != (self.now.id, self.now.name)

    def _label(self, mends: Sequence[Mend]) -> Change:
        stops = self._stops_by(lost_words) or bool(mends and self._stops())
        return Change(
            kind=ChangeKind.LABEL,
            what=Text(
                "The box “{old}” is called “{new}” now.", old=self.called, new=_own_words(self.now)
            ),
            means=_UNPROVED if self._in_doubt() else self._meaning(stops=stops),
            stops=stops,
            mends=tuple(mends),
            look=(stops and not mends) or self._in_doubt(),
        )

    def _name(self, mends: Sequence[Mend]) -> Change:
        stops = self._stops_by(lost_selector) or bool(mends and self._stops())
        return Change(
            kind=ChangeKind.NAME,
            what=Text(
                "The box “{box}” is named otherwise inside the page: {old} is {new} now.",
                box=self.called,
                old=_inner_name(self.before),
                new=_inner_name(self.now),
            ),
            means=self._meaning(stops=stops),
            stops=stops,
            mends=tuple(mends),
            look=(stops and not mends) or self._in_doubt(),
        )

    def _meaning(self, *, stops: bool) -> Text:
        if self.mended and not self.used:
            return Text("The definition already says so; the example page is old.")
        return _meaning(stops=stops, used=bool(self.used))

    def _frame(self) -> Change | None:
        if self.before.frame == self.now.frame:
            return None
        allowed = not self.now.frame or host_allowed(self.now.frame, self.hosts)
        mends: list[Mend] = []
        for held in self.used if allowed else ():
            if not fills_the_same(held.step, self.wants):
                continue
            if (frame := frame_rewrite(held, self.now)) is not None:
                mends.append(frame)
            mends += self._rewrites(held)
        where = Text("the page itself") if not self.now.frame else self.now.frame
        return Change(
            kind=ChangeKind.FRAME,
            what=Text("The box “{box}” stands in {place} now.", box=self.called, place=where),
            means=_meaning(stops=bool(self.used), used=bool(self.used)),
            stops=bool(self.used),
            mends=tuple(mends),
            look=bool(self.used) and (self._in_doubt() or not mends),
        )

    def _small(self) -> Iterator[Change]:
        """Yield what no step looks at, and what a person should know all the same."""
        if said(self.before.autocomplete) != said(self.now.autocomplete):
            yield Change(
                kind=ChangeKind.AUTOCOMPLETE,
                what=Text(
                    "The box “{box}” told browsers “{old}”, and tells them “{new}” now.",
                    box=self.called,
                    old=self.before.autocomplete or "-",
                    new=self.now.autocomplete or "-",
                ),
                means=Text(
                    "The definition does not look at that. See that the box still asks "
                    "for the same."
                ),
            )
        if self.before.kind is not self.now.kind:
            yield Change(
                kind=ChangeKind.BOX_KIND,
                what=Text(
                    "The box “{box}” was of the kind {old}, and is of the kind {new} now.",
                    box=self.called,
                    old=self.before.kind.value,
                    new=self.now.kind.value,
                ),
                means=Text("Another step may be needed: look at it."),
                stops=bool(self.used),
                look=True,
            )
        if self.now.is_required and not self.before.is_required:
            yield self._required()

    def _required(self) -> Change:
        leaves_empty = not self.used or any(
            isinstance(held.step, Fill) and held.step.optional for held in self.used
        )
        return Change(
            kind=ChangeKind.NOW_REQUIRED,
            what=Text("The box “{box}” has to be filled now.", box=self.called),
            means=Text(
                "The definition may leave it empty. The page may then not let the person go on: "
                "nothing would be sent."
            )
            if leaves_empty
            else Text("The definition fills it already."),
            look=leaves_empty,
        )

    def _options(self) -> Iterator[Change]:
        if not (self.before.choices and self.now.choices):
            return
        options = compare_options(self.before.choices, self.now.choices)
        yield from self._renamed(options)
        chosen = {said(held.step.option) for held in self.used if isinstance(held.step, Choose)}
        for choice in options.gone:
            needed = bool(chosen & {said(choice.words), said(choice.value)} - {""})
            yield Change(
                kind=ChangeKind.OPTION_GONE,
                what=Text(
                    "“{box}” does not offer “{option}” any more.",
                    box=self.called,
                    option=choice.words,
                ),
                means=Text(
                    "The definition chooses it: a filing would stop there. Look what stands "
                    "for it now."
                )
                if needed
                else Text("The definition does not choose it."),
                stops=needed,
                look=needed,
            )
        for choice in options.new:
            yield Change(
                kind=ChangeKind.OPTION_NEW,
                what=Text("“{box}” offers “{option}” now.", box=self.called, option=choice.words),
                means=Text("See whether it is a better choice."),
            )

    def _renamed(self, options: Options) -> Iterator[Change]:
        for old, new in options.renamed:
            mends = [
                mend
                for held in self.used
                if isinstance(held.step, Choose)
                and held.step.option
                and said(held.step.option) in {said(old.words), said(old.value)}
                and (mend := option_rewrite(held, new)) is not None
            ]
            yield Change(
                kind=ChangeKind.OPTION_RENAMED,
                what=Text(
                    "“{box}” calls “{old}” now “{new}”.",
                    box=self.called,
                    old=old.words,
                    new=new.words,
                ),
                means=_meaning(stops=bool(mends), used=bool(mends)),
                stops=bool(mends),
                mends=tuple(mends),
            )


def _own_words(box: Box) -> str:
    """Return the words that are tied to a box most closely; what stands near it comes last."""
    return next(iter(box.labels), "") or box.hint or box.beside


def _meaning(*, stops: bool, used: bool) -> Text:
    if not used:
        return Text("The definition does not use it.")
    if stops:
        return Text("A filing would stop here, before anything is sent.")
    return Text("It is found all the same, in the other way that the definition names.")


_UNPROVED = Text(
    "We are not sure that it still asks for what the definition types: look before anybody files."
)


def _inner_name(box: Box) -> str:
    return " / ".join(dict.fromkeys(each for each in (box.id, box.name) if each)) or "-"


def _gone(
    at: int, box: Box, now: SeenPage, used: Sequence[HeldStep], pairs: Pairs, *, few: bool
) -> Change:
    """Tell a box that is not there any more, and what stands for it if that is plain."""
    called = box.label[:LONGEST_WORDS] or box.name or box.id or "?"
    split = _split(now, used, pairs)
    if split:
        return Change(
            kind=ChangeKind.SPLIT,
            what=Text(
                "The box “{box}” was split: one for the first name, one for the last.", box=called
            ),
            means=_meaning(stops=True, used=True),
            stops=True,
            mends=split,
        )
    doubt = pairs.unsure.get(at)
    if doubt is not None and gained_others_words(box, now.boxes[doubt]):
        return _asks_of_another(called, now.boxes[doubt], used)
    if doubt is not None:
        return Change(
            kind=ChangeKind.BOX_GONE,
            what=Text(
                "The box “{box}” is gone. “{new}” stands in its place, or has its name.",
                box=called,
                new=now.boxes[doubt].label or _inner_name(now.boxes[doubt]),
            ),
            means=Text("We are not sure whether it is the same: look."),
            stops=bool(used),
            look=True,
        )
    drops = tuple(DropStep(flow=held.flow, place=held.place) for held in used)
    return Change(
        kind=ChangeKind.BOX_GONE,
        what=Text("The box “{box}” is gone.", box=called),
        means=Text(
            "The page does not ask for it any more, or asks later: look whether it comes "
            "on another page."
        )
        if used
        else Text("The definition does not use it."),
        stops=bool(used),
        mends=drops if few else (),
        look=bool(used),
    )


def _asks_of_another(called: str, now: Box, used: Sequence[HeldStep]) -> Change:
    """Tell a box that wants a fact of somebody else, or of a paper, where one's own was asked."""
    return Change(
        kind=ChangeKind.BOX_GONE,
        what=Text(
            "The box “{box}” is gone. In its place, or with its name, stands “{new}”.",
            box=called,
            new=now.label[:LONGEST_WORDS] or _inner_name(now),
        ),
        means=Text(
            "Its words speak of another person, of another place or time, or of a paper: what "
            "the definition types does not belong there. Do not file with this definition."
        )
        if used
        else Text("The definition does not use it."),
        stops=bool(used),
        look=True,
    )


def _split(now: SeenPage, used: Sequence[HeldStep], pairs: Pairs) -> tuple[Mend, ...]:
    """Return two steps in place of one, where a name's box became two."""
    fills = [held for held in used if isinstance(held.step, Fill)]
    parts = _name_parts(now, pairs)
    if not (fills and parts and all(_fills(held, Field.FULL_NAME) for held in fills)):
        return ()
    return tuple(
        NewStep(
            flow=held.flow,
            before=held.place,
            keys=_fill(field, now.boxes[number]),
            instead=field is Field.FIRST_NAME,
        )
        for held in fills
        for field, number in parts.items()
    )


def _fills(held: HeldStep, field: Field) -> bool:
    return isinstance(held.step, Fill) and held.step.field is field


def _name_parts(now: SeenPage, pairs: Pairs) -> dict[Field, int]:
    """Return the one new box for the first name and the one for the last, if both are there."""
    taken = set(pairs.sure.values())
    meanings = meanings_of(now)
    free = [at for at, box in enumerate(now.boxes) if at not in taken and box.into]
    found = {
        field: [at for at in free if meanings[at].field is field and meanings[at].sure]
        for field in _NAME
    }
    if any(len(boxes) != 1 for boxes in found.values()):
        return {}
    return {field: boxes[0] for field, boxes in found.items()}


def new_name_parts(
    before: SeenPage, now: SeenPage, steps: Sequence[HeldStep], pairs: Pairs
) -> frozenset[int]:
    """Return the boxes that are told as parts of a split name, and so are not new."""
    for at in range(len(before.boxes)):
        used = [held for held in steps if held.before.whole.box == at]
        if at not in pairs.sure and _split(now, used, pairs):
            return frozenset(_name_parts(now, pairs).values())
    return frozenset()


def _fill(field: Field, box: Box) -> dict[str, str]:
    keys = {
        "do": "fill",
        "field": field.value,
        "label": box.called,
        "into": box.into,
        "in_frame": box.frame,
    }
    return {key: value for key, value in keys.items() if value}


def _wrong_places(now: SeenPage, steps: Sequence[HeldStep], pairs: Pairs) -> Iterator[Change]:
    """Tell each step that leads to a box which was another one before."""
    for held in steps:
        old, new = held.before.whole.box, held.now.whole.box
        if old is None or new is None or pairs.there(old) == new:
            continue
        was = pairs.was(new)
        if was is not None and was != old:
            yield Change(
                kind=ChangeKind.WRONG_PLACE,
                what=Text(
                    "{step} leads to the box “{box}” now.",
                    step=named(held.flow, held.place, held.step),
                    box=now.boxes[new].label or _inner_name(now.boxes[new]),
                ),
                means=Text(
                    "It would type the wrong thing into it. A filing reads everything back, "
                    "but does not know what a box is for."
                ),
                stops=True,
                look=True,
            )
