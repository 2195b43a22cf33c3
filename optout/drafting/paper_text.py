"""From the plain text of a paper to its parts: headings, lines to write on, boxes to tick.

A template places marks, never values. Only after its lines are told apart are the values put in,
so that a name such as `## [ ] ____` stays a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from optout.model.secret import Personal

BLANK: Final = "____"
TICK: Final = "[ ]"
SIGN: Final = "Sign:"
Kind = Literal["heading", "subheading", "paragraph", "point", "choice", "line", "sign"]

_MARK: Final = re.compile("\x02(\\d+)\x03")
_PARTS: Final = re.compile("(\x02\\d+\x03|_{4,}|\\[ \\])")
_STANDS_ALONE: Final = re.compile("\\[ \\]|: *(\x02\\d+\x03|_{4,})|^(\x02\\d+\x03|_{4,})$")
_LIST: Final = re.compile("\x02L(\\w+)\x03")


class Blank(str):
    """A value that is not known: a line to fill by hand. A template sees it as not there."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """Nothing is there."""
        return False


@dataclass(frozen=True, slots=True, repr=False)
class Part(Personal):
    """Words, a value from the locked folder, a line to write on, or a box to tick."""

    kind: Literal["text", "value", "blank", "tick"]
    text: str = ""

    def plain(self) -> str:
        """Return it as plain text."""
        return {"blank": BLANK * 3, "tick": TICK}.get(self.kind, self.text)


@dataclass(frozen=True, slots=True, repr=False)
class PaperBlock(Personal):
    """One block of a paper, in reading order."""

    kind: Kind
    parts: tuple[Part, ...]

    def plain(self) -> str:
        """Return it as plain text."""
        before = {"heading": "## ", "subheading": "### ", "point": "- ", "sign": f"{SIGN} "}.get(
            self.kind, ""
        )
        return before + "".join(part.plain() for part in self.parts)


@dataclass(slots=True, repr=False)
class Marks(Personal):
    """Values on their way through a template: outside of it, each under a number."""

    values: list[str] = field(default_factory=list)

    def mark(self, value: str) -> str:
        """Return what stands for a value; for none, a line to fill by hand."""
        if not value:
            return Blank(BLANK)
        self.values.append(value)
        return f"\x02{len(self.values) - 1}\x03"

    def parts_of(self, text: str) -> tuple[Part, ...]:
        """Return the parts of one line, its values put in."""
        pieces = (piece for piece in _PARTS.split(text) if piece)
        return tuple(map(self._part, pieces))

    def _part(self, piece: str) -> Part:
        if found := _MARK.fullmatch(piece):
            return Part("value", self.values[int(found[1])])
        if piece == TICK:
            return Part("tick")
        return Part("blank") if piece.startswith(BLANK) else Part("text", piece)


def list_mark(name: str) -> str:
    """Return what stands for a list, alone in a paragraph."""
    return f"\x02L{name}\x03"


def title_and_blocks(
    text: str, lists: Mapping[str, Callable[[], Sequence[str]]], marks: Marks
) -> tuple[str, tuple[PaperBlock, ...]]:
    """Return the title, which is the first line, and the blocks below it."""
    title, _newline, rest = text.strip().partition("\n")
    blocks = tuple(
        PaperBlock(kind, marks.parts_of(line)) for kind, line in _lines(_opened(rest, lists))
    )
    return "".join(part.plain() for part in marks.parts_of(title.strip())), blocks


def _opened(text: str, lists: Mapping[str, Callable[[], Sequence[str]]]) -> str:
    """Put the rows of each list where its mark stands."""
    return _LIST.sub(lambda found: "\n".join(lists[found[1]]()), text)


def _lines(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield blocks. A plain line continues what stands above it, but no heading or line to fill."""
    kind: Kind = "paragraph"
    words: list[str] = []
    for line in (*map(str.strip, text.split("\n")), ""):
        begins = _kind_of(line)
        if words and (begins or not line or kind in _ONE_LINE):
            yield kind, " ".join(words)
            words = []
        if not words:
            kind = begins[0] if begins else "paragraph"
        words += filter(None, [begins[1] if begins else line])


def _kind_of(line: str) -> tuple[Kind, str] | None:
    """Return what a line begins, and its words; None where it continues."""
    for begins, kind in _BEGINS:
        if line.startswith(begins):
            return kind, line.removeprefix(begins).strip() if kind != "choice" else line
    return ("line", line) if _STANDS_ALONE.search(line) else None


_ONE_LINE: Final = frozenset({"heading", "subheading", "line", "sign"})
_BEGINS: Final[tuple[tuple[str, Kind], ...]] = (
    ("## ", "heading"),
    ("### ", "subheading"),
    ("- ", "point"),
    ("[ ] ", "choice"),
    (SIGN, "sign"),
)
