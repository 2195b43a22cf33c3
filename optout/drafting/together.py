"""Letters of one person set together, which takes half the time, and cut apart again.

Each letter's pages are those it would have alone, numbered from 1; it shares its fonts with the
others. Cut apart, it has no tags for a screen reader: this is for what goes onto paper. A letter
that is set alone has them.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.drafting.letter import Letter
from optout.drafting.pdf import letter_pdf, letters_pdf
from optout.drafting.stack import Pages, opened_without_tags, parts_of
from optout.errors import OptoutError
from optout.model.secret import Personal
from optout.text import Text

if TYPE_CHECKING:
    import pikepdf


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SetLetter(Personal):
    """One letter: the file that was set, which pages of it are its own, and these by themselves."""

    file: bytes
    pages: Pages
    alone: bytes


class NotApart(OptoutError):
    """Whose pages these are is not certain: then each letter is set alone."""

    def __init__(self) -> None:
        """Nobody reads this: the letters are set again."""
        super().__init__(Text("The pages of the letters could not be told apart."))


def set_together(
    letters: Sequence[Letter], *, large_print: bool = False
) -> tuple[SetLetter | OptoutError, ...]:
    """Set letters of one person; of one that cannot be set, return why, and set the others."""
    try:
        if len(letters) > 1:
            return tuple(_apart(letters_pdf(letters, large_print=large_print), letters))
    except OptoutError:
        pass  # one cannot be set, or its pages are not certain: alone, each tells for itself
    return tuple(_alone(letter, large_print=large_print) for letter in letters)


def _alone(letter: Letter, *, large_print: bool) -> SetLetter | OptoutError:
    try:
        pdf = letter_pdf(letter, large_print=large_print)
    except OptoutError as error:
        return error
    return SetLetter(file=pdf, pages=(0, None), alone=pdf)


def _apart(pdf: bytes, letters: Sequence[Letter]) -> Iterator[SetLetter]:
    """Give each letter the pages from its own heading, which names its reference, to the next."""
    source, pages = opened_without_tags(pdf)
    with source:
        parts = parts_of(source)
        if len(parts) != len(letters) or parts[0][1][0] != 0:
            raise NotApart
        for letter, (title, (first, after)) in zip(letters, parts, strict=True):
            if title != unicodedata.normalize("NFC", letter.subject_line) or first >= after:
                raise NotApart
            yield SetLetter(file=pdf, pages=(first, after), alone=_cut(pages[first:after], title))


def _cut(pages: Sequence[pikepdf.Page], title: str) -> bytes:
    import pikepdf  # noqa: PLC0415 - only a print run needs it

    with pikepdf.new() as cut:
        cut.pages.extend(pages)
        cut.docinfo["/Title"] = title
        written = io.BytesIO()
        cut.save(written, static_id=True, min_version="1.7")  # no hour in it
    return written.getvalue()
