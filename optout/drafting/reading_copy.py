"""The copy of a letter that the person reads: the company gets the English one, and only that.

It is drafted from the very same values by templates of its own (`letters/es/copy/`), so it says
what the letter says, part by part. Where one word of it was not translated as the English stands
now, there is no copy: better none than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from optout.drafting.follow_up import FollowUpInput, draft_follow_up
from optout.drafting.letter import Ask, Block, Letter, LetterInput, draft_letter
from optout.drafting.pdf import compiled
from optout.drafting.template import BadTemplate
from optout.drafting.words import Words, words
from optout.i18n import entry, in_language
from optout.model.law import LawRight, Term
from optout.model.secret import Personal
from optout.text import Text

LetterGiven = LetterInput | FollowUpInput


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadingCopy(Personal):
    """A letter in the person's language, and what stands above it on each page."""

    letter: Letter
    mark: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all of it as plain text."""
        return "\n".join(self.lines) + f"\n\n{self.letter.text}"


def drafted(letter: LetterGiven) -> Letter:
    """Write a letter of either kind: one that asks, or one that follows it up."""
    return draft_follow_up(letter) if isinstance(letter, FollowUpInput) else draft_letter(letter)


def reading_copy(letter: LetterGiven, language: str) -> ReadingCopy | None:
    """Return the copy in this language; None where there is none that is up to date."""
    try:
        with in_language(language):
            said, copy = words(language), drafted(_read(letter, language))
    except BadTemplate:
        return None
    return ReadingCopy(letter=copy, mark=said.copy["mark"], lines=tuple(_above(said)))


def _above(said: Words) -> Iterator[str]:
    yield said.copy["line"]
    if not said.copy["read_by"]:
        yield said.copy["draft"]


def _read(letter: LetterGiven, language: str) -> LetterGiven:
    """Return what a letter is made from, with the sentences of its laws in this language."""
    if isinstance(letter, LetterInput):
        asks = tuple(_ask(each, letter.date) for each in letter.asks)
        products = tuple(map(entry, letter.products))
        return replace(letter, asks=asks, products=products, language=language)
    concerns = tuple(
        replace(each, ask=_ask(each.ask, letter.written_on)) for each in letter.concerns
    )
    return replace(letter, concerns=concerns, language=language)


def _ask(ask: Ask, on: date) -> Ask:
    right = _right(ask.law.rights[ask.right].on(on))
    law = replace(ask.law, says=tuple(map(_sentence, ask.law.says)), rights={ask.right: right})
    return replace(ask, law=law)


def _right(right: LawRight) -> LawRight:
    """Return a right as it stands on the day of the letter, in the person's language."""
    return replace(
        right,
        says=tuple(map(_sentence, right.says)),
        narrow=_sentence(right.narrow),
        acknowledge=_term(right.acknowledge),
        opt_out_within=_term(right.opt_out_within),
        longer=_term(right.longer),
        told_within=_term(right.told_within),
        answer=_term(right.answer),
        extension=_term(right.extension),
        changes=(),
    )


def _term(term: Term | None) -> Term | None:
    return term and replace(
        term, runs_from=_sentence(term.runs_from), only_if=_sentence(term.only_if)
    )


def _sentence(english: str) -> str:
    """Return what a law's file says, or refuse: a copy is never half English."""
    spoken = entry(english)
    if english and spoken == english:
        raise BadTemplate(Text("A sentence of a law is not translated."))
    return spoken


def reading_copy_pdf(copy: ReadingCopy, *, large_print: bool = False) -> bytes:
    """Set the copy as a tagged PDF; each page says that it is not sent, and nobody signs it."""
    letter = copy.letter
    return compiled(
        "paper.typ",
        {
            "title": letter.subject_line,
            "name": letter.reference_line,
            "language": letter.language,
            "large_print": large_print,
            "reference_line": letter.reference_line,
            "draft_mark": copy.mark,
            "draft_line": " ".join(copy.lines),
            "foot": copy.lines[:1],
            "blocks": [
                [_set(kind, words) for kind, words in group]
                for _kind, group in groupby(_parts(letter), itemgetter(0))
            ],
        },
    )


def _set(kind: str, words: str) -> dict[str, Any]:
    return {"kind": kind, "stays": False, "parts": [{"kind": "text", "text": words}]}


def _parts(letter: Letter) -> Iterator[tuple[str, str]]:
    """Yield what stands on the page, in reading order."""
    yield "paragraph", letter.date_line
    for block in letter.blocks:
        yield from _of_block(block)
    yield "paragraph", letter.signature
    if letter.enclosures:
        yield "heading", letter.enclosures_title
        yield from (("paragraph", f"{n}. {what}") for n, what in enumerate(letter.enclosures, 1))


def _of_block(block: Block) -> Iterator[tuple[str, str]]:
    if block.kind == "item":
        yield "heading", f"{block.number}. {block.title}"
        yield from (("paragraph", words) for words in (block.basis, *block.paragraphs) if words)
    elif block.kind == "details":
        yield from (("point", f"{label}: {value}") for label, value in block.rows)
    else:
        yield "paragraph", block.text
